#include "models/replay/component.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libsim/harness/arrivals.hpp"
#include "libsim/harness/input_limits.hpp"
#include "libsim/harness/number_text.hpp"
#include "libsim/harness/quoting.hpp"

namespace sim::models::replay {

const std::vector<ComponentKind>& component_kinds() {
  static const std::vector<ComponentKind> kinds = {
      {"circuit_breaker",
       "time_s,outcome[,duration_s] with ok, fail or timeout",
       {"resilience4j", "polly", "opossum"},
       &make_circuit_breaker},
      {"rate_limiter", "time_s[,permits]", {}, &make_rate_limiter},
      {"cache", "time_s,op,key with get or put", {}, &make_cache},
      {"connection_pool", "time_s,hold_s", {"hikari", "generic_pool"}, &make_connection_pool},
      {"bulkhead", "time_s,hold_s", {"resilience4j"}, &make_bulkhead}};
  return kinds;
}

namespace {

Expected<std::vector<int>> places_of(const std::vector<Column>& columns, const harness::CsvFile& file) {
  std::vector<int> places;
  for (const Column& column : columns) {
    const auto& names = file.columns();
    const auto found = std::find(names.begin(), names.end(), column.name);
    if (found == names.end() && column.required) {
      return tl::unexpected(file.column(column.name).error());
    }
    places.push_back(found == names.end() ? -1 : static_cast<int>(found - names.begin()));
  }
  return places;
}

/// The first column of every trace is the time.
Expected<void> read_time(const harness::CsvFile& file, int place, const Trace& before, TraceRow& row) {
  const auto column = static_cast<std::size_t>(place);
  row.time_text = file.field(column);
  const auto time = harness::parse_time_stamp(file.field(column));
  if (!time) {
    return tl::unexpected(file.wrong_field(column, "seconds such as 12.5, or a time such as 2023-11-16 18:17:03.98"));
  }
  row.at = Time{*time};
  if (!before.empty() && row.at < before.back().at) {
    return tl::unexpected(file.wrong_field(
        column, fmt::format("a time not before that of the row above, {}", harness::shown(before.back().time_text))));
  }
  return {};
}

}  // namespace

Expected<Trace> read_trace(const std::string& path, const Component& component) {
  auto file = harness::CsvFile::open(path, harness::data_bytes_max);
  if (!file) {
    return tl::unexpected(file.error());
  }
  const auto places = places_of(component.columns(), *file);
  if (!places) {
    return tl::unexpected(places.error());
  }
  Trace trace;
  const auto read_row = [&]() -> Expected<void> {
    TraceRow row;
    if (const auto time = read_time(*file, places->front(), trace, row); !time) {
      return tl::unexpected(time.error());
    }
    if (const auto rest = component.read(*file, *places, row); !rest) {
      return tl::unexpected(rest.error());
    }
    trace.push_back(std::move(row));
    return {};
  };
  if (const auto read = file->each_row(read_row); !read) {
    return tl::unexpected(read.error());
  }
  if (trace.empty()) {
    return unexpected(
        fmt::format("{}: has no rows: expected at least one below the header", harness::shown_path(path)));
  }
  return trace;
}

Expected<std::string> read_word(const harness::CsvFile& file, int place, const std::vector<std::string>& words) {
  const auto column = static_cast<std::size_t>(place);
  const std::string word(file.field(column));
  if (std::find(words.begin(), words.end(), word) == words.end()) {
    return tl::unexpected(file.wrong_field(column, harness::one_of(words)));
  }
  return word;
}

Expected<Duration> read_seconds(const harness::CsvFile& file, int place) {
  const auto column = static_cast<std::size_t>(place);
  const auto number = harness::parse_number(file.field(column));
  constexpr double seconds_max = 1e9;
  if (!number || *number < 0 || *number > seconds_max) {
    return tl::unexpected(file.wrong_field(column, "a number of seconds from 0 to 1e9"));
  }
  return from_seconds(*number);
}

std::string seconds_text(Duration duration) {
  constexpr std::int64_t per_second = 1'000'000'000;
  const std::int64_t nanoseconds = duration.count();
  std::string text = fmt::format("{}.{:09}", nanoseconds / per_second, nanoseconds % per_second);
  text.erase(text.find_last_not_of('0') + 1);
  return text.ends_with('.') ? text.substr(0, text.size() - 1) : text;
}

std::string percent_text(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? "none" : fmt::format("{:.4g} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

}  // namespace sim::models::replay
