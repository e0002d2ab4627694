#include "models/faults/fault_file.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>
#include <vector>

#include "libsim/files/input_limits.hpp"
#include "libsim/text/csv_file.hpp"
#include "libsim/text/quoting.hpp"
#include "libsim/text/time_stamp.hpp"

namespace sim::models {

namespace {

using policies::FaultKind;
using policies::FaultSchedule;

constexpr std::string_view expected_time = "a time such as 90s, 1.5h or, in seconds, 12.5";
constexpr std::string_view expected_duration = "a duration above 0 such as 90s, or, in seconds, 12.5; nothing: no end";

/// Reads the rows of one schedule.
class Reader {
 public:
  Reader(CsvFile csv, std::string name) : csv_(std::move(csv)), name_(std::move(name)) {}

  Expected<FaultSchedule> read() && {
    const auto columns = csv_.columns_named<5>({"time", "target", "fault", "parameters", "duration"});
    if (!columns) {
      return tl::unexpected(columns.error());
    }
    columns_ = *columns;
    if (auto added = csv_.each_row([&] { return add_row(); }); !added) {
      return tl::unexpected(added.error());
    }
    return FaultSchedule(std::move(rows_));
  }

 private:
  Expected<void> add_row() {
    FaultSchedule::Row row;
    row.place = fmt::format("{}:{}", shown_path(name_), csv_.line());
    const auto time = parse_span(csv_.field(columns_[0]));
    if (!time) {
      return tl::unexpected(csv_.wrong_field(columns_[0], expected_time));
    }
    row.at = Time{} + *time;
    row.target = csv_.field(columns_[1]);
    if (row.target.empty()) {
      return tl::unexpected(csv_.wrong_field(columns_[1], "the name of a target"));
    }
    if (auto fault = read_fault(); fault) {
      row.fault = *fault;
    } else {
      return tl::unexpected(fault.error());
    }
    if (auto set = set_duration(row); !set) {
      return set;
    }
    rows_.push_back(std::move(row));
    return {};
  }

  Expected<policies::Fault> read_fault() {
    const auto kind = policies::parse_fault_kind(csv_.field(columns_[2]));
    if (!kind) {
      return in_column(columns_[2], kind.error());
    }
    auto fault = policies::parse_fault(*kind, csv_.field(columns_[3]));
    return fault ? fault : in_column(columns_[3], fault.error());
  }

  Expected<void> set_duration(FaultSchedule::Row& row) {
    const std::string_view text = csv_.field(columns_[4]);
    if (text.empty()) {
      return {};
    }
    if (row.fault.kind == FaultKind::kill) {
      return tl::unexpected(csv_.wrong_field(columns_[4], "nothing: a kill has no duration"));
    }
    const auto duration = parse_span(text);
    if (!duration || *duration == 0s) {
      return tl::unexpected(csv_.wrong_field(columns_[4], expected_duration));
    }
    row.duration = *duration;
    return {};
  }

  /// The error of a part of a field, with the place of the field before it.
  [[nodiscard]] tl::unexpected<Error> in_column(std::size_t column, const Error& error) const {
    return unexpected(fmt::format("{}:{}: column {} ({}): {}", shown_path(name_), csv_.line(), column + 1,
                                  csv_.columns()[column], one_line(error.message)));
  }

  CsvFile csv_;
  std::string name_;
  std::array<std::size_t, 5> columns_{};
  std::vector<FaultSchedule::Row> rows_;
};

Expected<FaultSchedule> read(Expected<CsvFile> csv, std::string name) {
  return csv ? Reader(std::move(*csv), std::move(name)).read() : tl::unexpected(std::move(csv.error()));
}

}  // namespace

Expected<FaultSchedule> read_fault_schedule(const InputFile& file) { return read(CsvFile::of(file), file.path); }

Expected<void> read_faults_into(FaultSchedule& schedule, const InputFile& file) {
  return read_fault_schedule(file).map([&](FaultSchedule read) { schedule = std::move(read); });
}

Expected<FaultSchedule> parse_fault_schedule(const std::string& name, const std::string& text) {
  return read(CsvFile::of_text(name, text), name);
}

}  // namespace sim::models
