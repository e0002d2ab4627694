#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "libsim/harness/invocation.hpp"
#include "libsim/harness/options.hpp"
#include "libsim/harness/replication_set.hpp"
#include "libsim/harness/scenario_outcome.hpp"
#include "libsim/harness/verdict.hpp"

namespace sim::harness {

/// How often a scenario is replicated before its means are believed.
struct SamplingPlan {
  std::uint32_t replications = 1;  ///< at least
  std::uint32_t replications_max = 1'000;
  std::uint32_t jobs = 1;
  double confidence = confidence_default;
  double precision = 0.0;            ///< relative half-width; 0: `replications` are enough
  std::vector<std::string> metrics;  ///< of which precision is asked; empty: those with targets, or else all
};

[[nodiscard]] SamplingPlan sampling_plan(const Options& options);

/// The replications of a scenario of an invocation, none so far. They are kept in `OUT/EXPERIMENT/store` unless
/// `program`, the hash of the executable, is empty or everything is to be run anew. Experiment and invocation outlive
/// it.
[[nodiscard]] ReplicationSet replication_set(const Experiment& experiment, const Invocation& invocation,
                                             std::size_t scenario, const std::string& program, Detail detail,
                                             EventSink* events = nullptr);

/// How many replications there should be in all, given what there are; no more than these if they are enough. With a
/// precision, verdicts must be conclusive, too. Grows at most fivefold, because the spread is known badly at first.
[[nodiscard]] std::uint32_t replications_wanted(const SamplingPlan& plan, const ScenarioResult& result,
                                                const std::vector<Target>& targets);

/// Extends each set until the plan is content with it, or it has failed. The stages do not depend on `jobs`. Source of
/// the procedure: Law, Simulation Modeling and Analysis, 5th ed. (2015), section 9.4.1 (the sequential procedure, with
/// at least 10 replications at first).
[[nodiscard]] Expected<void> sample(const std::vector<ReplicationSet*>& sets, const SamplingPlan& plan,
                                    const std::vector<Target>& targets, const ExtensionProgress& progress);

/// A metric of `--metric` that no scenario reports is a mistake; which ones there are is known only after a run. The
/// error names the nearest one.
[[nodiscard]] Expected<void> check_metrics(const std::vector<std::string>& metrics,
                                           const std::vector<ScenarioOutcome>& outcomes);

}  // namespace sim::harness
