#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/attack/program.hpp"
#include "tests/attack/scratch.hpp"

namespace attack {

/// The promises of every program of this project that a run has broken, one line each. `before` and `after` are the
/// folder in which it ran, whose `in/` had the inputs:
///
/// * it ends with 0, 1, 2 or 4, within its limits, and not by a signal;
/// * a refusal (2) is one printable line on the standard error, nothing on the standard output, and has written
/// nothing;
/// * the inputs are what they were, but for one that only `--log` names; nothing is left over that belongs to nobody;
/// * everything that it printed or wrote is printable UTF-8, and no cell of a CSV file is a formula.
[[nodiscard]] std::vector<std::string> broken_promises(const Program& program, const Ended& ended,
                                                       const Snapshot& before, const Snapshot& after);

/// The same without what a refusal owes to its files: for runs whose output could not be written.
[[nodiscard]] std::vector<std::string> broken_on_full_disk(const Program& program, const Ended& ended,
                                                           const Snapshot& before, const Snapshot& after);

}  // namespace attack
