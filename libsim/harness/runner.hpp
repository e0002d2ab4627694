#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "libsim/harness/environment.hpp"
#include "libsim/harness/exit_status.hpp"
#include "libsim/harness/experiment.hpp"
#include "libsim/harness/scenario_outcome.hpp"

namespace sim::harness {

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
