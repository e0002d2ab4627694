#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "libsim/expected.hpp"
#include "libsim/ticks.hpp"

namespace sim {

using namespace std::chrono_literals;

/// A span of virtual time in whole nanoseconds; the range is ±292 years. Sums, differences and products that lie beyond
/// it end there (see `Ticks`): a duration may be too short by what nobody lives to see, never of the wrong sign.
using Duration = std::chrono::duration<Ticks, std::nano>;

/// The virtual clock. It has no `now()`: only a simulation knows the time, so no code can read it by accident.
struct Clock {
  using rep = Ticks;
  using period = std::nano;
  using duration = Duration;
  using time_point = std::chrono::time_point<Clock, Duration>;
  static constexpr bool is_steady = true;
};

/// A point in virtual time. A simulation starts at `Time{}`. Nothing ever happens at `Time::max()`, the end of time.
using Time = Clock::time_point;

/// The span that stands for "for ever": what is to happen after it, or otherwise beyond the end of time, never does.
inline constexpr Duration forever = Duration::max();

/// The value in seconds, for metrics and output only; the kernel never computes with it.
[[nodiscard]] constexpr double to_seconds(Duration duration) { return static_cast<double>(duration.count()) * 1e-9; }

/// The nearest whole nanosecond (ties to even). Throws `AssertionFailure` for NaN and for values beyond ±292 years.
[[nodiscard]] Duration from_seconds(double seconds);

/// The same for what parameters make, as sizes over rates do: beyond ±292 years the longest duration of that sign.
/// Throws `AssertionFailure` for NaN.
[[nodiscard]] Duration nearest_duration(double seconds);

/// Reads a duration as text: a decimal number and one of `ns us ms s min h d`, as in `250ms` or `1.5h`; `0` needs no
/// unit. The error names the text and what was expected. Negative durations are refused.
[[nodiscard]] Expected<Duration> parse_duration(std::string_view text);

/// The shortest exact text that `parse_duration` reads back, as in `90s` or `1.5ms`.
[[nodiscard]] std::string to_text(Duration duration);

/// A point in virtual time as seconds since the start with nine decimals: `12.000000000`.
[[nodiscard]] std::string to_text(Time time);

}  // namespace sim
