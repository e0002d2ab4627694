#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "libsim/harness/cli/environment.hpp"
#include "libsim/harness/experiment/experiment.hpp"

namespace sim::harness {

/// The whole program that runs every scenario of several experiments with the same flags and prints one table: a row
/// per scenario with its verdicts, fingerprint, virtual and wall time. It takes the flags that mean the same to all of
/// them, ends with the gravest of their statuses, and stops at the first one with wrong input or a bug.
int run_all(const std::vector<Experiment>& experiments, int argc, const char* const* argv);

/// The same with everything around it given, for tests. `arguments` are those after the program.
int run_all(const std::vector<Experiment>& experiments, const std::vector<std::string>& arguments, std::ostream& out,
            std::ostream& err, const Environment& environment);

}  // namespace sim::harness
