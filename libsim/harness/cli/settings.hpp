#pragma once

#include <string>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/harness/cli/command_line.hpp"
#include "libsim/harness/experiment/parameters.hpp"
#include "libsim/harness/experiment/sample_files.hpp"

namespace sim::harness {

/// Sets flags and parameters from a command line and from the INI file that it names: a default yields to the file, the
/// file to the command line. Returns the flags as the command line gave them. The first error is returned, with the
/// flag or with the line of the file; what was set before it stays set.
[[nodiscard]] Expected<std::vector<GivenFlag>> read_settings(const std::vector<std::string>& arguments,
                                                             const Parameters& flags, const Parameters& parameters,
                                                             SampleFiles& files);

}  // namespace sim::harness
