#pragma once

#include <string>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/text/page.hpp"

namespace sim::harness {

/// What comparing two runs gave.
struct DeterminismReport {
  bool deterministic = false;
  Page text;  ///< for the user: the fingerprint, or the first event that differs in both runs
};

/// Runs a program twice in processes of its own, whose heaps, stacks and uninitialised bytes differ, and compares their
/// events one by one while they run. `executable` is started with these arguments; it knows by the variable
/// `LIBSIM_EVENT_STREAM` that it has to send its events. The error says why a process could not be started.
[[nodiscard]] Expected<DeterminismReport> compare_two_processes(const std::string& executable,
                                                                const std::vector<std::string>& arguments);

}  // namespace sim::harness
