#include "models/queueing/exact_times.hpp"

#include <fmt/format.h>

#include <initializer_list>

#include "libsim/files/input_limits.hpp"
#include "libsim/text/csv_file.hpp"
#include "libsim/text/quoting.hpp"
#include "libsim/text/time_stamp.hpp"

namespace sim::models::queueing {

namespace {

std::vector<Duration> tenths_of_a_second(std::initializer_list<int> tenths) {
  std::vector<Duration> times;
  for (const int tenth : tenths) {
    times.emplace_back(tenth * 100ms);
  }
  return times;
}

std::vector<Duration> minutes(std::initializer_list<int> counts) {
  std::vector<Duration> times;
  for (const int count : counts) {
    times.emplace_back(count * 1min);
  }
  return times;
}

// The first customer comes at the start.
Trace checkout() {
  return {.interarrivals = minutes({0, 8, 6, 1, 8, 3, 8, 7, 2, 3, 1, 1, 5, 6, 3, 8, 1, 2, 4, 5}),
          .services = minutes({4, 1, 4, 3, 2, 4, 5, 4, 5, 3, 3, 5, 4, 1, 5, 4, 3, 3, 2, 3}),
          .end = {},
          .source = "Banks, Carson, Nelson & Nicol, Discrete-Event System Simulation, 3rd ed. (2001), example 2.1",
          .published = {{"wait_mean", "168"},
                        {"wait_probability", "65"},
                        {"sojourn_mean", "372"},
                        {"utilisation", "79"},
                        {"jobs_served", "20"}}};
}

Trace single_server() {
  return {.interarrivals = tenths_of_a_second({4, 12, 5, 17, 2, 16, 2, 14, 19}),
          .services = tenths_of_a_second({20, 7, 2, 11, 37, 6}),
          .end = 8600ms,
          .source = "Law, Simulation Modeling and Analysis, 5th ed. (2015), section 1.4.2",
          .published = {{"wait_mean", "0.95"}, {"queue_length_mean", "1.15"}, {"utilisation", "90"}}};
}

Expected<std::vector<Duration>> read(Expected<CsvFile> csv, const std::string& name) {
  if (!csv) {
    return tl::unexpected(csv.error());
  }
  if (auto column = csv->read_first_column(); !column) {
    return tl::unexpected(column.error());
  }
  std::vector<Duration> times;
  const auto read_row = [&]() -> Expected<void> {
    const auto time = parse_span(csv->field(0));
    if (!time) {
      return tl::unexpected(csv->wrong_field(0, "seconds such as 0.4, or a duration such as 400ms"));
    }
    times.push_back(*time);
    return {};
  };
  if (auto rows = csv->each_row(read_row); !rows) {
    return tl::unexpected(rows.error());
  }
  return times.empty() ? unexpected(fmt::format("{}: has no times: expected a row for each", shown_path(name)))
                       : Expected<std::vector<Duration>>(std::move(times));
}

}  // namespace

Trace example_trace(TraceExample example) {
  switch (example) {
    case TraceExample::checkout:
      return checkout();
    case TraceExample::single_server:
      return single_server();
  }
  return {};
}

Expected<std::vector<Duration>> read_times(const std::string& path, InputFiles& files) {
  return path.empty() ? std::vector<Duration>{} : read(CsvFile::open(files, path, data_bytes_max), path);
}

Expected<std::vector<Duration>> parse_times(const std::string& name, const std::string& text) {
  return read(CsvFile::of_text(name, text), name);
}

}  // namespace sim::models::queueing
