#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "libsim/expected.hpp"
#include "libsim/random/distribution.hpp"
#include "libsim/time.hpp"

namespace sim::models {

namespace detail {

inline std::string value_text(Duration value) { return to_text(value); }
template <class T>
std::string value_text(const T& value) {
  return fmt::format("{}", value);
}

}  // namespace detail

/// Refuses a value above that of another parameter, which is its bound. The error names both parameters and both
/// values.
template <class T>
[[nodiscard]] Expected<void> check_at_most(std::string_view name, const T& value, std::string_view bound_name,
                                           const T& bound) {
  if (value <= bound) {
    return {};
  }
  return unexpected(fmt::format("--{} {}: expected at most --{}, which is {}", name, detail::value_text(value),
                                bound_name, detail::value_text(bound)));
}

/// The same for a value that has to stay below the other.
template <class T>
[[nodiscard]] Expected<void> check_below(std::string_view name, const T& value, std::string_view bound_name,
                                         const T& bound) {
  if (value < bound) {
    return {};
  }
  return unexpected(fmt::format("--{} {}: expected less than --{}, which is {}", name, detail::value_text(value),
                                bound_name, detail::value_text(bound)));
}

/// Refuses times that are all 0, where whoever waits for them would go round at one instant for ever. The error says
/// `why` they have to be longer.
[[nodiscard]] inline Expected<void> check_takes_time(std::string_view name, const Distribution& times,
                                                     std::string_view why) {
  return times.mean_s() > 0.0
             ? Expected<void>{}
             : unexpected(fmt::format("--{} {}: expected times with a mean above 0s: {}", name, to_text(times), why));
}

/// A span of time by the names of its parameters.
struct NamedSpan {
  std::string_view begin_name;
  Duration begin{};
  std::string_view length_name;
  Duration length{};
};

/// Refuses a span that is not over by the bound, or not `left` before it. The error names all three parameters.
[[nodiscard]] inline Expected<void> check_ends_by(const NamedSpan& span, std::string_view bound_name, Duration bound,
                                                  Duration left = {}) {
  // Not the sum of both, which may be beyond the end of time.
  if (left <= bound && span.length <= bound - left && span.begin <= bound - left - span.length) {
    return {};
  }
  return unexpected(fmt::format("--{} {} and --{} {}: expected an end {} --{}, which is {}", span.begin_name,
                                to_text(span.begin), span.length_name, to_text(span.length),
                                left > Duration{} ? "at least " + to_text(left) + " before" : "by", bound_name,
                                to_text(bound)));
}

/// Refuses a first delay above the longest of those that grow from it: `NAME` is at most `NAME_max`.
[[nodiscard]] inline Expected<void> check_delay(const std::string& name, Duration delay, Duration delay_max) {
  return check_at_most(name, delay, name + "_max", delay_max);
}

}  // namespace sim::models
