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

/// A component of which requests hold a place or a thing for a while. Its trace has the columns `time_s,hold_s`, its
/// trajectory `time_s,acquired_s,released_s,result`.
class HoldComponent : public Component {
 public:
  [[nodiscard]] std::vector<Column> columns() const final { return {{"time_s"}, {"hold_s"}}; }
  [[nodiscard]] Expected<void> read(const harness::CsvFile& file, const std::vector<int>& places,
                                    TraceRow& row) const final;
  [[nodiscard]] std::vector<std::string> header() const final {
    return {"time_s", "acquired_s", "released_s", "result"};
  }
  [[nodiscard]] Expected<void> validate() const final { return {}; }

 protected:
  /// One hold per row of the trace; the summary counts by result and has the waits of those that were served.
  [[nodiscard]] static Replayed replayed(const Trace& trace, const std::vector<Hold>& holds);
};

}  // namespace sim::models::replay
