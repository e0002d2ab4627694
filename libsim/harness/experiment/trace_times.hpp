#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "libsim/expected.hpp"
#include "libsim/text/csv_file.hpp"
#include "libsim/text/time_stamp.hpp"
#include "libsim/time.hpp"

namespace sim::harness {

/// The times of a recorded trace, row by row. Time 0 is the first row, so that a trace gives the same answers whatever
/// its times count from.
class TraceTimes {
 public:
  /// The time in a column of the present row, since the first row. Refused with file, line and column: what is no time,
  /// a time before the one above it, and time stamps among seconds or the other way round.
  [[nodiscard]] Expected<Duration> next(const CsvFile& csv, std::size_t column);

  /// What the first row has: since 1970, or in seconds as the trace counts them.
  [[nodiscard]] Duration first() const { return first_ ? first_->since_1970 : Duration{}; }

 private:
  std::optional<TimeStamp> first_;
  Duration last_{};
  std::string last_text_;
};

}  // namespace sim::harness
