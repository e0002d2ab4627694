#pragma once

#include <cstdint>

#include "libsim/time.hpp"

namespace sim::actors {

enum class WorkOutcome : std::uint8_t {
  done,
  timed_out,  ///< ran for as long as a task may
  rejected,   ///< the line of waiting tasks was full
};

/// What a pool of workers answers to a task.
template <class Result>
struct Worked {
  WorkOutcome outcome = WorkOutcome::done;
  Result result{};    ///< when done
  Duration waited{};  ///< in line, for a worker

  friend bool operator==(const Worked&, const Worked&) = default;
};

}  // namespace sim::actors
