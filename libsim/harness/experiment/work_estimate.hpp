#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "libsim/expected.hpp"

namespace sim::harness {

/// How much one replication of a scenario may do unless the user asks for more by `--long`: about a minute of one
/// processor, and some gigabytes. What a run does is counted in events, so that each machine draws the line alike.
struct WorkLimits {
  std::uint64_t events_max = 50'000'000;
  std::size_t pending_events_max = 8'000'000;  ///< at one time

  friend bool operator==(const WorkLimits&, const WorkLimits&) = default;
};

/// About how many events one replication has, as far as its parameters tell before it begins.
struct WorkEstimate {
  double events = 0.0;
  std::string because;  ///< the parameters that the number follows from, as in `--sessions 10000`
};

/// Refuses what is far beyond the limits; the error says by how much and because of what.
[[nodiscard]] Expected<void> check_length(const std::string& scenario, const WorkEstimate& estimate);

}  // namespace sim::harness
