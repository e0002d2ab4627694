#pragma once

#include <tl/expected.hpp>

#include "libsim/text/printable.hpp"

namespace sim {

/// What the outside world got wrong, as one line for its author: what was read, and what was expected instead.
struct Error {
  Printable message;

  friend bool operator==(const Error&, const Error&) = default;
};

/// A value, or the reason why there is none. For what a caller or a user can get wrong; what only a bug can get wrong
/// is asserted (`libsim/failure.hpp`).
template <class T, class E = Error>
using Expected = tl::expected<T, E>;

/// An `Error` ready to be returned from a function whose result is an `Expected`.
[[nodiscard]] inline tl::unexpected<Error> unexpected(const Printable& message) {
  return tl::unexpected<Error>(Error{message});
}

}  // namespace sim
