#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "libsim/harness/experiment/experiment.hpp"
#include "libsim/testing/run_scenario.hpp"

namespace sim::testing {

/// A regression test of a whole scenario: compares a run with what a file says of an earlier one. Empty when both are
/// equal; else the first metric and the first event that differ, with the events of this run around that place. Events
/// are told from each other by one digit of the fingerprint each, so that a difference may be seen an event too late
/// (one time in 16); in runs of more than 4096 events a digit stands for several.
///
/// `LIBSIM_UPDATE_GOLDEN=1` writes the file instead. A file that is missing differs. Throws as `run_scenario` does.
///
///     CHECK(sim::testing::compare_with_reference("reference/kill.txt", experiment(), "kill") == "");
[[nodiscard]] std::string compare_with_reference(const std::filesystem::path& file,
                                                 const harness::Experiment& experiment, std::string_view scenario,
                                                 const RunOptions& options = {});

/// What the file of a run holds: totals, metrics, and the digits of its events.
[[nodiscard]] std::string reference_text(const harness::Experiment& experiment, std::string_view scenario,
                                         const RunOptions& options = {});

}  // namespace sim::testing
