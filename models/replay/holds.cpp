#include "models/replay/holds.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libsim/statistics/order_statistics.hpp"

namespace sim::models::replay {

namespace {

std::string to_text(Hold::Result result) {
  switch (result) {
    case Hold::Result::open:
      return "";
    case Hold::Result::acquired:
      return "acquired";
    case Hold::Result::timed_out:
      return "timed_out";
    case Hold::Result::rejected:
      return "rejected";
  }
  return "";
}

/// In the seconds of the trace.
std::vector<std::string> hold_row(const TraceRow& row, const Hold& hold, Duration origin) {
  const auto text = [&](Time time) {
    return hold.result == Hold::Result::acquired ? seconds_text(origin + time.time_since_epoch()) : std::string{};
  };
  return {std::string(row.time_text), text(hold.acquired_at), text(hold.released_at), to_text(hold.result)};
}

Summary summary_of(const Trace& trace, const std::vector<Hold>& holds) {
  const auto count = [&](Hold::Result result) {
    return fmt::to_string(
        std::count_if(holds.begin(), holds.end(), [&](const Hold& hold) { return hold.result == result; }));
  };
  std::vector<Duration> waits;
  for (std::size_t row = 0; row < trace.rows.size(); ++row) {
    if (holds[row].result == Hold::Result::acquired) {
      waits.push_back(holds[row].acquired_at - trace.rows[row].at);
    }
  }
  std::sort(waits.begin(), waits.end());
  const auto percentile = [&](double percent) {
    return waits.empty() ? std::string("none") : seconds_text(waits[nearest_rank(percent, waits.size()) - 1]) + " s";
  };
  return {{"requests", fmt::to_string(trace.rows.size())},
          {"acquired", count(Hold::Result::acquired)},
          {"timed out", count(Hold::Result::timed_out)},
          {"rejected", count(Hold::Result::rejected)},
          {"wait p50", percentile(50)},
          {"wait p95", percentile(95)},
          {"wait max", percentile(100)}};
}

}  // namespace

Expected<void> HoldComponent::read(const CsvFile& file, const std::vector<int>& places, Trace& /*trace*/,
                                   TraceRow& row) const {
  return read_seconds(file, places[1]).map([&](Duration span) { row.span = span; });
}

Summary HoldComponent::show(const Trace& trace, const std::vector<Hold>& holds, const RowWriter& write) {
  for (std::size_t row = 0; row < trace.rows.size(); ++row) {
    write(hold_row(trace.rows[row], holds[row], trace.origin));
  }
  return summary_of(trace, holds);
}

}  // namespace sim::models::replay
