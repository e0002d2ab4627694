#pragma once

#include <cstdint>
#include <initializer_list>
#include <string_view>

#include "libsim/time.hpp"

namespace sim::calls {

/// Why a call has no reply.
enum class CallFailure : std::uint8_t {
  failed,             ///< the reply was an error
  timed_out,          ///< no reply within the timeout
  target_down,        ///< the one who was called is gone
  circuit_open,       ///< the circuit breaker let nothing through
  bulkhead_full,      ///< too many calls at once
  rate_limited,       ///< too many calls for the time
  deadline_exceeded,  ///< the caller's deadline was over before the call began
};

[[nodiscard]] constexpr std::string_view to_text(CallFailure failure) {
  constexpr std::string_view texts[] = {"failed",        "timed out",    "target down",      "circuit open",
                                        "bulkhead full", "rate limited", "deadline exceeded"};
  return texts[static_cast<std::size_t>(failure)];
}

struct CallError {
  CallFailure failure = CallFailure::failed;
  Duration retry_after{};  ///< what the other side asked for; 0: nothing

  friend bool operator==(const CallError&, const CallError&) = default;
};

/// A set of failures, as in `FailureSet{CallFailure::failed, CallFailure::timed_out}`.
class FailureSet {
 public:
  constexpr FailureSet(std::initializer_list<CallFailure> failures) {
    for (const CallFailure failure : failures) {
      bits_ |= bit(failure);
    }
  }
  [[nodiscard]] constexpr bool contains(CallFailure failure) const { return (bits_ & bit(failure)) != 0; }

  friend bool operator==(const FailureSet&, const FailureSet&) = default;

 private:
  [[nodiscard]] static constexpr std::uint32_t bit(CallFailure failure) {
    return std::uint32_t{1} << static_cast<std::uint32_t>(failure);
  }

  std::uint32_t bits_ = 0;
};

/// What tells that the other side cannot serve at present: it failed, kept silent or is gone.
inline constexpr FailureSet target_failures{CallFailure::failed, CallFailure::timed_out, CallFailure::target_down};

}  // namespace sim::calls
