#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/harness/scenario_result.hpp"
#include "libsim/harness/target.hpp"

namespace sim::harness {

/// `degraded`: the target is missed, its critical bound is not.
enum class Verdict { met, degraded, missed };

[[nodiscard]] std::string_view to_text(Verdict verdict);

/// Compares a value with a target. A value that is not finite, as of a metric without samples, misses.
[[nodiscard]] Verdict judge(const Target& target, double value);

/// A target with the value that was measured for it.
struct JudgedTarget {
  Target target;
  Estimate estimate;
  Verdict verdict = Verdict::missed;
};

/// How many targets got which verdict.
struct VerdictCounts {
  std::size_t met = 0;
  std::size_t degraded = 0;
  std::size_t missed = 0;

  void add(Verdict verdict);
  [[nodiscard]] std::size_t all() const { return met + degraded + missed; }

  friend bool operator==(const VerdictCounts&, const VerdictCounts&) = default;
};

/// Judges the targets of the result's scenario; other targets are passed over. Over several replications the mean is
/// judged. It is an error, never a pass, when the result lacks a target's metric or gives it in another unit; it names
/// the target's file and line, and the nearest metric.
[[nodiscard]] Expected<std::vector<JudgedTarget>> judge_targets(const ScenarioResult& result,
                                                                const std::vector<Target>& targets);

}  // namespace sim::harness
