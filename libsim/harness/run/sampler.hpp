#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "libsim/harness/cli/invocation.hpp"
#include "libsim/harness/cli/options.hpp"
#include "libsim/harness/judge/verdict.hpp"
#include "libsim/harness/run/replication_set.hpp"
#include "libsim/study/search.hpp"

namespace sim::harness {

/// How often a scenario is replicated before its means are believed.
struct SamplingPlan {
  std::uint32_t replications = 1;  ///< at least
  std::uint32_t replications_max = 1'000;
  std::uint32_t jobs = 1;
  double confidence = confidence_default;  ///< that a decision is right
  double precision = 0.0;                  ///< relative half-width; 0: `replications` are enough
  std::vector<std::string> metrics;        ///< of which precision is asked; empty: those with targets, or else all

  /// When it is looked whether there are enough: once, or with a precision again and again.
  [[nodiscard]] std::vector<study::Look> looks() const;

  /// Of the intervals that are shown and judged. With a precision the error is shared among the looks, so that what is
  /// seen at the one that ends it may be trusted.
  [[nodiscard]] double interval_confidence() const { return looks().front().confidence; }
};

[[nodiscard]] SamplingPlan sampling_plan(const Options& options);

/// The replications of a scenario of an invocation, none so far. They are kept in `OUT/EXPERIMENT/store` unless
/// `program`, the hash of the executable, is empty or everything is to be run anew. Experiment and invocation outlive
/// it.
[[nodiscard]] ReplicationSet replication_set(const Experiment& experiment, const Invocation& invocation,
                                             std::size_t scenario, const std::string& program, Detail detail,
                                             EventSink* events = nullptr);

/// Whether there are enough replications: each interval is as narrow as asked for, and no verdict is inconclusive.
[[nodiscard]] bool is_precise(const SamplingPlan& plan, const ScenarioResult& result,
                              const std::vector<Target>& targets);

/// A line for each metric that is not as precise as asked for, with how many more replications would probably do.
[[nodiscard]] std::vector<std::string> imprecise_lines(const SamplingPlan& plan, const ScenarioResult& result,
                                                       const std::vector<Target>& targets);

/// Extends each set from look to look until it is precise, or has failed. The looks do not depend on `jobs`. Source of
/// the procedure: Law, Simulation Modeling and Analysis, 5th ed. (2015), section 9.4.1 (the sequential procedure, with
/// at least 10 replications at first); `study::looks` says why its intervals are wider here.
[[nodiscard]] Expected<void> sample(const std::vector<ReplicationSet*>& sets, const SamplingPlan& plan,
                                    const std::vector<Target>& targets, const ExtensionProgress& progress);

}  // namespace sim::harness
