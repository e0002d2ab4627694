#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libsim/harness/experiment/arrivals.hpp"
#include "libsim/harness/experiment/experiment.hpp"
#include "libsim/harness/run/event_sink.hpp"
#include "libsim/harness/run/scenario_result.hpp"
#include "libsim/kernel/fingerprint.hpp"

namespace sim::testing {

using harness::ScenarioResult;

/// How a test wants a scenario to be run.
struct RunOptions {
  std::uint64_t seed = 1;
  std::uint32_t replications = 1;

  /// Parameters by name with their values as text, as on a command line: `{{"container.concurrency", "2"}}`.
  std::vector<std::pair<std::string, std::string>> parameters = {};

  /// Arrivals for an experiment that takes recorded ones.
  harness::Arrivals arrivals = {};

  /// A file of faults, for an experiment that takes them; empty: none.
  std::string faults = {};

  FingerprintOf fingerprint = FingerprintOf::names;
};

/// Runs one scenario of an experiment. Throws `std::invalid_argument` with one line for an unknown scenario, an unknown
/// parameter, a refused value or file, and `harness::ScenarioFailure` for a bug in the model, or for what takes longer
/// than virtual time lasts (see its `kind`).
[[nodiscard]] ScenarioResult run_scenario(const harness::Experiment& experiment, std::string_view scenario,
                                          const RunOptions& options = {});

/// The same, seen by `events`.
[[nodiscard]] ScenarioResult run_scenario(const harness::Experiment& experiment, std::string_view scenario,
                                          const RunOptions& options, harness::EventSink& events);

/// The first events of a scenario as text, one line each, as `--log` writes them: golden traces. An actor's name, or
/// the beginning of names with `*` behind it, shows only what those receive.
[[nodiscard]] std::string trace_scenario(const harness::Experiment& experiment, std::string_view scenario,
                                         std::uint64_t lines_max, const RunOptions& options = {},
                                         std::string_view actors = "*");

}  // namespace sim::testing
