#include "libsim/harness/sample_files.hpp"

#include <fmt/format.h>

#include <optional>

#include "libsim/harness/csv_file.hpp"
#include "libsim/harness/input_limits.hpp"
#include "libsim/harness/number_text.hpp"
#include "libsim/harness/quoting.hpp"

namespace sim::harness {

namespace {

std::optional<Duration> parse_sample(std::string_view text) {
  // Far above any service time and far below the end of virtual time.
  constexpr double seconds_max = 1e9;
  if (const auto seconds = parse_number(text)) {
    return *seconds >= 0.0 && *seconds <= seconds_max ? std::optional(from_seconds(*seconds)) : std::nullopt;
  }
  const auto duration = parse_duration(text);
  return duration ? std::optional(*duration) : std::nullopt;
}

Expected<std::vector<Duration>> read_column(CsvFile& csv, std::size_t column, std::string_view file) {
  std::vector<Duration> samples;
  const auto read_row = [&]() -> Expected<void> {
    const auto sample = parse_sample(csv.field(column));
    if (!sample) {
      return tl::unexpected(csv.wrong_field(column, "a duration such as 250ms, or seconds from 0 to 1000000000"));
    }
    samples.push_back(*sample);
    return {};
  };
  if (const auto read = csv.each_row(read_row); !read) {
    return tl::unexpected(read.error());
  }
  return samples.empty() ? unexpected(fmt::format("{}: has no samples: expected a row for each", shown_path(file)))
                         : Expected<std::vector<Duration>>(std::move(samples));
}

}  // namespace

Expected<std::vector<Duration>> SampleFiles::read(std::string_view file, std::string_view column) {
  auto csv = CsvFile::open(file, data_bytes_max);
  if (!csv) {
    return tl::unexpected(std::move(csv.error()));
  }
  const auto index = csv->column(column);
  if (!index) {
    return tl::unexpected(index.error());
  }
  auto samples = read_column(*csv, *index, file);
  if (samples) {
    content_hashes_[std::string(file)] = csv->content_hash();
  }
  return samples;
}

SampleLoader SampleFiles::loader() {
  return [this](std::string_view file, std::string_view column) { return read(file, column); };
}

}  // namespace sim::harness
