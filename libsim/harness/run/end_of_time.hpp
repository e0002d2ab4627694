#pragma once

#include <string>

namespace sim::harness {

/// Refuses a scenario before it runs: throws `EndOfTime` when `seconds`, which may be infinite, are more than there
/// are. `made_by` names the parameters and their values: `--measured_jobs 50000 with --arrival 2d`.
void expect_within_virtual_time(double seconds, const std::string& made_by);

}  // namespace sim::harness
