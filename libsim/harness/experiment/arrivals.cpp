#include "libsim/harness/experiment/arrivals.hpp"

#include <fmt/format.h>

#include "libsim/files/input_limits.hpp"
#include "libsim/harness/experiment/trace_times.hpp"
#include "libsim/text/csv_file.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::harness {

namespace {

/// Reads the rows of one trace.
class TraceReader {
 public:
  TraceReader(CsvFile csv, std::string source) : csv_(std::move(csv)) { arrivals_.source = std::move(source); }

  Expected<void> find_columns(const ArrivalColumns& wanted) {
    std::vector<std::string_view> names{wanted.time};
    names.insert(names.end(), wanted.values.begin(), wanted.values.end());
    auto columns = csv_.columns_named(names);
    if (!columns) {
      return tl::unexpected(std::move(columns.error()));
    }
    time_column_ = columns->front();
    value_columns_.assign(columns->begin() + 1, columns->end());
    arrivals_.values.resize(value_columns_.size());
    return {};
  }

  Expected<Arrivals> read() && {
    if (auto added = csv_.each_row([&] { return add_row(); }); !added) {
      return tl::unexpected(added.error());
    }
    if (arrivals_.empty()) {
      return unexpected(fmt::format("{}: has no arrivals: expected a row for each", shown_path(arrivals_.source)));
    }
    return std::move(arrivals_);
  }

 private:
  Expected<void> add_row() {
    const auto time = times_.next(csv_, time_column_);
    if (!time) {
      return tl::unexpected(time.error());
    }
    for (std::size_t index = 0; index < value_columns_.size(); ++index) {
      const auto value = csv_.whole_number(value_columns_[index]);
      if (!value) {
        return tl::unexpected(value.error());
      }
      arrivals_.values[index].push_back(*value);
    }
    arrivals_.at.push_back(*time);
    return {};
  }

  CsvFile csv_;
  std::size_t time_column_ = 0;
  std::vector<std::size_t> value_columns_;
  TraceTimes times_;
  Arrivals arrivals_;
};

}  // namespace

Expected<Arrivals> read_arrivals(const InputFile& file, const ArrivalColumns& columns) {
  auto csv = CsvFile::of(file);
  if (!csv) {
    return tl::unexpected(std::move(csv.error()));
  }
  TraceReader reader(std::move(*csv), file.path);
  if (auto found = reader.find_columns(columns); !found) {
    return tl::unexpected(std::move(found.error()));
  }
  return std::move(reader).read();
}

}  // namespace sim::harness
