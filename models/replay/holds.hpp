#pragma once

#include <optional>
#include <string>
#include <vector>

#include "models/replay/component.hpp"

namespace sim::models::replay {

/// What became of a request that wants to hold something for a while.
struct Hold {
  std::optional<Time> acquired_at;
  std::optional<Time> released_at;
  std::string result;  ///< acquired, timed_out or rejected
};

/// `time_s,hold_s`.
[[nodiscard]] std::vector<Column> hold_columns();
[[nodiscard]] Expected<void> read_hold(const harness::CsvFile& file, const std::vector<int>& places, TraceRow& row);

/// `time_s,acquired_s,released_s,result`.
[[nodiscard]] std::vector<std::string> hold_header();
[[nodiscard]] std::vector<std::string> hold_row(const TraceRow& row, const Hold& hold);

/// Counts by result, and the waits of those that were served.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> hold_summary(const Trace& trace,
                                                                            const std::vector<Hold>& holds);

}  // namespace sim::models::replay
