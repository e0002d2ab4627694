#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "libsim/time.hpp"

namespace sim {

/// Seconds as programs write them: `12.5`, `0.30000000000000004`, `1e-05`. Any number of digits is read and rounded to
/// the nearest nanosecond, ties to even. Nothing for a negative number, for one beyond 292 years, and for other text.
[[nodiscard]] std::optional<Duration> parse_seconds(std::string_view text);

/// A span of time: seconds as above, or a number with a unit such as `250ms`.
[[nodiscard]] std::optional<Duration> parse_span(std::string_view text);

/// A point in time as a recorded trace has it.
struct TimeStamp {
  enum class Form { seconds, calendar };
  Duration since_1970{};  ///< of seconds: since whatever they count from
  Form form = Form::seconds;

  friend bool operator==(const TimeStamp&, const TimeStamp&) = default;
};

/// Seconds as above, or `YYYY-MM-DD hh:mm:ss`, also with `T` between and a fraction of any length. Behind it `Z`,
/// `UTC` or an offset such as `+01:00`, `+0100` or `-05`; without one the time is taken for UTC.
[[nodiscard]] std::optional<TimeStamp> parse_time_stamp(std::string_view text);

/// What should stand in place of a text that is no time, for messages. Seconds that must be milliseconds,
/// microseconds or nanoseconds since 1970 are called so.
[[nodiscard]] std::string expected_time(std::string_view found);

}  // namespace sim
