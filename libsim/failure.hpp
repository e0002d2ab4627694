#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include "libsim/time.hpp"

namespace sim {

/// A broken invariant of a model or of the kernel: a bug, never an input error. The run ends with a `RunFailure`.
class AssertionFailure : public std::logic_error {
 public:
  using std::logic_error::logic_error;
};

/// A line of source. Not `std::source_location`: clang 14 does not have it.
struct SourceLine {
  const char* file;
  unsigned line;

  static constexpr SourceLine current(const char* file = __builtin_FILE(), unsigned line = __builtin_LINE()) {
    return {file, line};
  }
};

/// Throws an `AssertionFailure` unless `condition` holds; stays on in release builds.
/// `what` is the invariant in words, as in `"a server never serves more than its capacity"`.
inline void check(bool condition, std::string_view what, SourceLine where = SourceLine::current());

/// Throws the `AssertionFailure` for `check`.
[[noreturn]] void fail_check(std::string_view what, SourceLine where);

inline void check(bool condition, std::string_view what, SourceLine where) {
  if (!condition) [[unlikely]] {
    fail_check(what, where);
  }
}

/// A run that would take longer than virtual time lasts (292 years). No bug: a limit that its parameters reached.
class EndOfTime : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A run that ended because of a bug in a model: a handler threw, an assertion failed, or a message had no handler.
class RunFailure : public std::runtime_error {
 public:
  /// Where the run stood when it failed.
  struct Place {
    std::string actor;              ///< name of the actor whose event failed, empty outside of any event
    std::string message;            ///< name of the message that it handled
    Time at{};                      ///< virtual time
    std::uint64_t event = 0;        ///< number of the event, counted from 1
    std::uint64_t seed = 0;         ///< seed of the run
    std::uint32_t replication = 0;  ///< replication of the run
  };

  RunFailure(std::string reason, Place place);

  [[nodiscard]] const std::string& reason() const { return reason_; }
  [[nodiscard]] const Place& place() const { return place_; }

 private:
  std::string reason_;
  Place place_;
};

/// A run that was ended because it is longer than whoever started it allowed: no bug.
class RunTooLong : public RunFailure {
 public:
  using RunFailure::RunFailure;
};

}  // namespace sim
