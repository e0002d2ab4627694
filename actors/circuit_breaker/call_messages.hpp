#pragma once

#include <cstdint>
#include <optional>

#include "actors/calls/call_error.hpp"
#include "actors/retry/deadline.hpp"
#include "actors/retry/error_class.hpp"

namespace sim::actors {

/// How a call ended, as its caller is told.
struct ServiceAnswer {
  std::optional<policies::ErrorClass> error = {};  ///< nothing: it succeeded

  friend bool operator==(const ServiceAnswer&, const ServiceAnswer&) = default;
};

/// One call of some service. Every attempt at it has the same number.
struct ServiceCall {
  using Reply = ServiceAnswer;

  std::uint64_t number = 0;
  std::uint32_t service = 0;    ///< for who stands before several
  policies::Deadline deadline;  ///< the caller waits no longer

  friend bool operator==(const ServiceCall&, const ServiceCall&) = default;
};

/// A failed answer is the error of a guarded call.
[[nodiscard]] inline std::optional<calls::CallError> call_error(const ServiceAnswer& answer) {
  return answer.error ? std::optional(calls::CallError{*answer.error, {}}) : std::nullopt;
}

}  // namespace sim::actors
