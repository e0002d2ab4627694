#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

#include "libsim/harness/experiment.hpp"
#include "libsim/harness/scenario_result.hpp"
#include "libsim/harness/scenario_run.hpp"

namespace sim::harness {

/// A scenario that did not come to its end because of a bug in the model.
class ScenarioFailure : public std::runtime_error {
 public:
  ScenarioFailure(const std::string& scenario, std::uint32_t replication, const std::string& reason);

  [[nodiscard]] const std::string& scenario() const { return scenario_; }
  [[nodiscard]] std::uint32_t replication() const { return replication_; }

 private:
  std::string scenario_;
  std::uint32_t replication_;
};

/// Runs all replications of a scenario one after the other; replication r has number r, counted from 0. `before_each`
/// is called before each of them. Throws a `ScenarioFailure`.
[[nodiscard]] ScenarioResult execute_scenario(const Experiment& experiment, const Setup& setup, std::size_t scenario,
                                              RunSettings settings, std::uint32_t replications,
                                              const std::function<void(std::uint32_t replication)>& before_each = {});

}  // namespace sim::harness
