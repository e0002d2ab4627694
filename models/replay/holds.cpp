#include "models/replay/holds.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libsim/statistics/order_statistics.hpp"

namespace sim::models::replay {

namespace {

/// In the seconds of the trace.
std::vector<std::string> hold_row(const TraceRow& row, const Hold& hold, Duration origin) {
  const auto text = [&](const std::optional<Time>& time) {
    return time ? seconds_text(origin + time->time_since_epoch()) : std::string{};
  };
  return {row.time_text, text(hold.acquired_at), text(hold.released_at), hold.result};
}

std::vector<std::pair<std::string, std::string>> hold_summary(const Trace& trace, const std::vector<Hold>& holds) {
  const auto count = [&](std::string_view result) {
    return fmt::to_string(
        std::count_if(holds.begin(), holds.end(), [&](const Hold& hold) { return hold.result == result; }));
  };
  std::vector<Duration> waits;
  for (std::size_t row = 0; row < trace.rows.size(); ++row) {
    if (holds[row].acquired_at) {
      waits.push_back(*holds[row].acquired_at - trace.rows[row].at);
    }
  }
  std::sort(waits.begin(), waits.end());
  const auto percentile = [&](double percent) {
    return waits.empty() ? std::string("none") : seconds_text(waits[nearest_rank(percent, waits.size()) - 1]) + " s";
  };
  return {{"requests", fmt::to_string(trace.rows.size())},
          {"acquired", count("acquired")},
          {"timed out", count("timed_out")},
          {"rejected", count("rejected")},
          {"wait p50", percentile(50)},
          {"wait p95", percentile(95)},
          {"wait max", percentile(100)}};
}

}  // namespace

Expected<void> HoldComponent::read(const harness::CsvFile& file, const std::vector<int>& places, TraceRow& row) const {
  const auto span = read_seconds(file, places[1]);
  if (!span) {
    return tl::unexpected(span.error());
  }
  row.span = *span;
  return {};
}

Replayed HoldComponent::replayed(const Trace& trace, const std::vector<Hold>& holds) {
  Replayed result;
  for (std::size_t row = 0; row < trace.rows.size(); ++row) {
    result.rows.push_back(hold_row(trace.rows[row], holds[row], trace.origin));
  }
  result.summary = hold_summary(trace, holds);
  return result;
}

}  // namespace sim::models::replay
