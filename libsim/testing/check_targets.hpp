#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "libsim/harness/judge/verdict.hpp"
#include "libsim/harness/run/scenario_result.hpp"

namespace sim::testing {

/// How a result stands to its targets.
struct TargetsReport {
  std::vector<harness::JudgedTarget> targets;

  /// Whether there are targets and each is met.
  [[nodiscard]] bool all_met() const;

  /// One line per target that is not met, or `no targets`; empty when all are met, so that a test can compare it with
  /// "".
  [[nodiscard]] std::string failures() const;
};

/// Judges the targets of the result's scenario in a table (CSV text). Throws `std::invalid_argument` with one line for
/// a malformed table, and for a target whose metric the result does not have or has in another unit.
[[nodiscard]] TargetsReport check_targets(const harness::ScenarioResult& result, const std::string& targets_csv);

/// The same with a table in a file.
[[nodiscard]] TargetsReport check_targets(const harness::ScenarioResult& result,
                                          const std::filesystem::path& targets_file);

}  // namespace sim::testing
