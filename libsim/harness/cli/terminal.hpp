#pragma once

#include <ostream>

#include "libsim/text/page.hpp"

namespace sim::harness {

/// Where people read: the standard output or the standard error. Takes pages only, so that nothing reaches a terminal
/// that did not go through `Printable`.
class Terminal {
 public:
  /// The stream outlives the object.
  explicit Terminal(std::ostream& stream) : stream_(stream) {}

  Terminal& operator<<(const Page& page) {
    stream_ << page.text();
    return *this;
  }

  /// For progress, which moves the cursor.
  [[nodiscard]] std::ostream& stream() { return stream_; }

 private:
  std::ostream& stream_;
};

}  // namespace sim::harness
