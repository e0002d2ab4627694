#pragma once

#include <algorithm>
#include <optional>

#include "libsim/time.hpp"

/// Times at which something is due, if at all: what pools ask themselves.
namespace sim::policies::due_times {

/// What lies beyond the end of virtual time, as `forever` does, is never due.
[[nodiscard]] inline std::optional<Time> after(Time start, Duration delay) {
  return delay >= Time::max() - start ? std::nullopt : std::optional(start + delay);
}

/// When the entry that has stood longest in a line will have stood there for `delay`.
template <class Line>
[[nodiscard]] std::optional<Time> first_due(const Line& line, Duration delay) {
  return line.empty() ? std::nullopt : after(line.value(line.oldest()), delay);
}

[[nodiscard]] inline std::optional<Time> earlier(std::optional<Time> first, std::optional<Time> second) {
  return first && second ? std::min(first, second) : (first ? first : second);
}

}  // namespace sim::policies::due_times
