#pragma once

#include "actors/retry/error_class.hpp"
#include "libsim/time.hpp"

namespace sim::calls {

/// Why a call has no reply.
struct CallError {
  policies::ErrorClass error = policies::ErrorClass::server_error;
  Duration retry_after{};  ///< the wait that the other side asked for; 0: none

  friend bool operator==(const CallError&, const CallError&) = default;
};

}  // namespace sim::calls
