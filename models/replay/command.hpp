#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "libsim/harness/cli/environment.hpp"

namespace sim::models::replay {

/// The program `replay`: what would this component have done with that recorded trace? Prints the trajectory as CSV on
/// `out` and a summary per configuration on `err`. Returns the exit status: 0; 2 for wrong usage or input, which is one
/// line on `err` with nothing on `out`; 3 for a bug, or when `out` cannot be written, which is one line on `err`.
int run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err,
        const harness::Environment& environment = {});

}  // namespace sim::models::replay
