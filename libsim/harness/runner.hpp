#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "libsim/harness/environment.hpp"
#include "libsim/harness/experiment.hpp"
#include "libsim/harness/scenario_outcome.hpp"

namespace sim::harness {

/// The status with which an experiment's program ends.
enum class ExitStatus : int {
  targets_met = 0,  ///< no target missed; with `--strict`, none degraded either
  target_missed = 1,
  bad_input = 2,     ///< wrong usage or input: one line on the error stream, nothing written
  run_failed = 3,    ///< a bug in the model: message and a line that reproduces it on the error stream
  inconclusive = 4,  ///< no target missed, but of some the replications do not tell
};

/// The whole program of an experiment: `int main(int argc, char** argv) { return sim::harness::run(experiment(), argc,
/// argv); }`.
int run(const Experiment& experiment, int argc, const char* const* argv);

/// The same with everything around it given, for tests. `arguments` are those after the program.
int run(const Experiment& experiment, const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err,
        const Environment& environment);

/// The same, which also leaves what the scenarios gave, for who runs several experiments.
int run(const Experiment& experiment, const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err,
        const Environment& environment, std::vector<ScenarioOutcome>& outcomes);

}  // namespace sim::harness
