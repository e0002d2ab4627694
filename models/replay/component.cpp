#include "models/replay/component.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "libsim/files/input_limits.hpp"
#include "libsim/harness/experiment/trace_times.hpp"
#include "libsim/text/number_text.hpp"
#include "libsim/text/quoting.hpp"
#include "libsim/text/time_stamp.hpp"

namespace sim::models::replay {

const std::vector<ComponentKind>& component_kinds() {
  static const std::vector<ComponentKind> kinds = {
      {"circuit_breaker",
       "time_s,outcome[,duration_s] with ok, fail, timeout or ignored",
       {"resilience4j", "polly", "opossum", "gobreaker"},
       &make_circuit_breaker},
      {"rate_limiter", "time_s[,permits]", {}, &make_rate_limiter},
      {"cache", "[time_s,][op,]key with get or put; without op all are gets", {}, &make_cache},
      {"connection_pool", "time_s,hold_s", {"hikari", "generic_pool"}, &make_connection_pool},
      {"bulkhead", "time_s,hold_s", {"resilience4j"}, &make_bulkhead}};
  return kinds;
}

namespace {

Expected<std::vector<int>> places_of(const std::vector<Column>& columns, const CsvFile& file) {
  std::vector<std::string_view> required;
  for (const Column& column : columns) {
    if (column.required) {
      required.push_back(column.name);
    }
  }
  if (const auto found = file.columns_named(required); !found) {
    return tl::unexpected(found.error());
  }
  std::vector<int> places;
  for (const Column& column : columns) {
    const auto& names = file.columns();
    const auto found = std::find(names.begin(), names.end(), column.name);
    places.push_back(found == names.end() ? -1 : static_cast<int>(found - names.begin()));
  }
  return places;
}

/// Reads the rows of one trace.
class RowReader {
 public:
  RowReader(CsvFile file, std::vector<int> places, const Component& component)
      : file_(std::move(file)), places_(std::move(places)), component_(component) {}

  Expected<Trace> read() {
    if (const auto read = file_.each_row([&] { return add_row(); }); !read) {
      return tl::unexpected(read.error());
    }
    trace_.origin = times_.first();
    return std::move(trace_);
  }

 private:
  Expected<void> add_row() {
    TraceRow row;
    if (auto time = read_time(row); !time) {
      return time;
    }
    if (auto rest = component_.read(file_, places_, trace_, row); !rest) {
      return rest;
    }
    trace_.rows.push_back(row);
    return {};
  }

  /// The first column of every trace is the time. A trace without times happens at time 0.
  Expected<void> read_time(TraceRow& row) {
    if (places_.front() < 0) {
      return {};
    }
    const auto column = static_cast<std::size_t>(places_.front());
    row.time_text = trace_.keep(file_.field(column));
    return times_.next(file_, column).map([&](Duration since_first) { row.at = Time{since_first}; });
  }

  CsvFile file_;
  std::vector<int> places_;
  const Component& component_;
  harness::TraceTimes times_;
  Trace trace_;
};

}  // namespace

Expected<Trace> read_trace(InputFiles& files, const std::string& path, const Component& component) {
  auto file = CsvFile::open(files, path, data_bytes_max);
  if (!file) {
    return tl::unexpected(file.error());
  }
  auto places = places_of(component.columns(), *file);
  if (!places) {
    return tl::unexpected(places.error());
  }
  auto trace = RowReader(std::move(*file), std::move(*places), component).read();
  if (trace && trace->rows.empty()) {
    return unexpected(fmt::format("{}: has no rows: expected at least one below the header", shown_path(path)));
  }
  return trace;
}

std::string_view Trace::keep(std::string_view text) {
  auto* const kept = static_cast<char*>(texts_->allocate(text.size(), 1));
  std::copy(text.begin(), text.end(), kept);
  return {kept, text.size()};
}

Expected<std::string_view> read_word(const CsvFile& file, int place, std::span<const std::string_view> words) {
  const auto column = static_cast<std::size_t>(place);
  const auto word = std::find(words.begin(), words.end(), file.field(column));
  if (word == words.end()) {
    return tl::unexpected(file.wrong_field(column, harness::one_of({words.begin(), words.end()})));
  }
  return *word;
}

Expected<Duration> read_seconds(const CsvFile& file, int place) {
  const auto column = static_cast<std::size_t>(place);
  const auto seconds = parse_seconds(file.field(column));
  constexpr Duration seconds_max = 1'000'000'000s;
  if (!seconds || *seconds > seconds_max) {
    return tl::unexpected(file.wrong_field(column, "a number of seconds from 0 to 1e9"));
  }
  return *seconds;
}

double span_s(const Trace& trace) {
  double end_s = 0;
  for (const TraceRow& row : trace.rows) {
    end_s = std::max(end_s, to_seconds(row.at.time_since_epoch()) + to_seconds(row.span));
  }
  return end_s;
}

Expected<void> check_work(std::string_view parameter, Duration value, std::string_view what, double count) {
  constexpr double count_max = 10'000'000;
  return count <= count_max ? Expected<void>{}
                            : unexpected(fmt::format(
                                  "--{} {}: this makes {} {} over the trace: expected at most 10 million, or --long",
                                  parameter, to_text(value), short_text(std::round(count)), what));
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
