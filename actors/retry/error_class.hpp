#pragma once

#include <cstdint>
#include <initializer_list>

namespace sim::policies {

/// What kind of failure a caller saw. Which of them are worth another attempt is up to the caller.
enum class ErrorClass : std::uint8_t {
  connection_failed,  ///< refused, reset, unavailable
  timed_out,          ///< no answer in time
  throttled,          ///< over a rate limit or quota (HTTP 429)
  server_error,       ///< HTTP 5xx
  rejected,           ///< turned away before any work: open breaker, full bulkhead, shed load
  client_error,       ///< wrong request; the same request fails again
};

/// A set of error classes.
class ErrorClasses {
 public:
  constexpr ErrorClasses() = default;
  constexpr ErrorClasses(std::initializer_list<ErrorClass> classes) {
    for (const ErrorClass error_class : classes) {
      bits_ |= bit(error_class);
    }
  }

  [[nodiscard]] static constexpr ErrorClasses all() {
    return {ErrorClass::connection_failed, ErrorClass::timed_out, ErrorClass::throttled,
            ErrorClass::server_error,      ErrorClass::rejected,  ErrorClass::client_error};
  }

  [[nodiscard]] constexpr bool contains(ErrorClass error_class) const { return (bits_ & bit(error_class)) != 0; }

  friend constexpr bool operator==(const ErrorClasses&, const ErrorClasses&) = default;

 private:
  [[nodiscard]] static constexpr std::uint32_t bit(ErrorClass error_class) {
    return std::uint32_t{1} << static_cast<std::uint8_t>(error_class);
  }

  std::uint32_t bits_ = 0;
};

}  // namespace sim::policies
