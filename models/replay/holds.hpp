#pragma once

#include <string>
#include <vector>

#include "models/replay/component.hpp"

namespace sim::models::replay {

/// What became of a request that wants to hold something for a while.
struct Hold {
  enum class Result { open, acquired, timed_out, rejected };

  Result result = Result::open;
  Time acquired_at{};  ///< where it is acquired
  Time released_at{};
};

/// A component of which requests hold a place or a thing for a while. Its trace has the columns `time_s,hold_s`, its
/// trajectory `time_s,acquired_s,released_s,result`.
class HoldComponent : public Component {
 public:
  [[nodiscard]] std::vector<Column> columns() const final { return {{"time_s"}, {"hold_s"}}; }
  [[nodiscard]] Expected<void> read(const CsvFile& file, const std::vector<int>& places, Trace& trace,
                                    TraceRow& row) const final;
  [[nodiscard]] std::vector<std::string> header() const final {
    return {"time_s", "acquired_s", "released_s", "result"};
  }
  [[nodiscard]] Expected<void> validate() const final { return {}; }

 protected:
  /// One hold per row of the trace; the summary counts by result and has the waits of those that were served.
  [[nodiscard]] static Summary show(const Trace& trace, const std::vector<Hold>& holds, const RowWriter& write);
};

}  // namespace sim::models::replay
