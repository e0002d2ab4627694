#pragma once

#include <cctype>
#include <string>
#include <string_view>

#include "actors/circuit_breaker/circuit_breaker.hpp"

namespace sim::testing::breaker_script {

using namespace sim::policies;

/// Calls through a breaker at one time, each of them over at once, written as one letter each: `s`uccess, `f`ailure,
/// `t`imeout, `i`gnored; a capital is slow. The answer has the state after each call: `C`losed, `O`pen, `H`alf-open,
/// `D`isabled, forced open `X`; a small letter when the call was rejected.
inline std::string states_after(CircuitBreaker& breaker, std::string_view letters, Time now) {
  using Outcome = CircuitBreaker::Outcome;
  std::string states;
  for (const char letter : letters) {
    const std::optional<CircuitBreaker::Ticket> ticket = breaker.try_acquire(now);
    if (ticket) {
      const bool is_slow = std::isupper(static_cast<unsigned char>(letter)) != 0;
      const int kind = std::tolower(static_cast<unsigned char>(letter));
      const Outcome outcome = kind == 's'   ? Outcome::success
                              : kind == 'f' ? Outcome::failure
                              : kind == 't' ? Outcome::timeout
                                            : Outcome::ignored;
      breaker.record(*ticket, outcome, breaker.config().slow_call_duration_threshold + (is_slow ? 1ns : 0ns), now);
    }
    const char state = "COHXD"[static_cast<int>(breaker.state(now))];
    states += ticket ? state : static_cast<char>(std::tolower(static_cast<unsigned char>(state)));
  }
  return states;
}

inline Time at(Duration since_start) { return Time{} + since_start; }

}  // namespace sim::testing::breaker_script
