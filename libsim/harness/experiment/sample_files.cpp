#include "libsim/harness/experiment/sample_files.hpp"

#include <fmt/format.h>

#include "libsim/files/input_limits.hpp"
#include "libsim/text/csv_file.hpp"
#include "libsim/text/quoting.hpp"
#include "libsim/text/time_stamp.hpp"

namespace sim::harness {

namespace {

/// Far above any service time and far below the end of virtual time.
constexpr Duration sample_max = 1'000'000'000s;

/// Numbers are bounded, what has a unit was meant.
bool is_too_long(std::string_view text, Duration sample) { return sample > sample_max && parse_seconds(text); }

Expected<std::vector<Duration>> read_column(CsvFile& csv, std::size_t column, std::string_view file) {
  std::vector<Duration> samples;
  const auto read_row = [&]() -> Expected<void> {
    const auto sample = parse_span(csv.field(column));
    if (!sample || is_too_long(csv.field(column), *sample)) {
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
  auto csv = CsvFile::open(files_, file, data_bytes_max);
  if (!csv) {
    return tl::unexpected(std::move(csv.error()));
  }
  const auto index = csv->column(column);
  if (!index) {
    return tl::unexpected(index.error());
  }
  return read_column(*csv, *index, file);
}

SampleLoader SampleFiles::loader() {
  return [this](std::string_view file, std::string_view column) { return read(file, column); };
}

}  // namespace sim::harness
