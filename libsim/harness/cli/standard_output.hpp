#pragma once

#include <ostream>

#include "libsim/expected.hpp"

namespace sim::harness {

/// For a program at its start: a pipe that nobody reads and a file that may not grow are errors of a write, not the end
/// of the process, and no file that is opened takes the place of a standard stream that is closed.
void guard_standard_streams();

/// What was written to the standard output is there, or the error says why not.
[[nodiscard]] Expected<void> finish_output(std::ostream& out);

/// The status of a program whose output could not be written, unless it is worse already.
[[nodiscard]] int status_without_output(int status);

}  // namespace sim::harness
