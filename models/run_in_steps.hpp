#pragma once

#include <algorithm>

#include "libsim/sim.hpp"

namespace sim::models {

/// Runs until `condition` holds, which is asked after each step; false when it still does not after `limit`.
template <class Condition>
bool run_in_steps(Simulation& simulation, Condition condition, Duration limit, Duration step) {
  const Time last = simulation.now() + limit;
  while (!condition()) {
    if (simulation.now() >= last) {
      return false;
    }
    simulation.run_until(std::min(simulation.now() + step, last));
  }
  return true;
}

}  // namespace sim::models
