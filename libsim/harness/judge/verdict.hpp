#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/harness/judge/target.hpp"
#include "libsim/harness/run/scenario_result.hpp"

namespace sim::harness {

/// `degraded`: the target is missed, its critical bound is not. `inconclusive`: more replications would tell.
enum class Verdict { met, degraded, missed, inconclusive };

[[nodiscard]] std::string_view to_text(Verdict verdict);

/// Compares a value with a target. A value that is not finite, as of a metric without samples, misses.
[[nodiscard]] Verdict judge(const Target& target, double value);

/// Compares a confidence interval with a target; of nothing measured it is missed. A verdict that holds for one end of
/// the interval and not for the other is inconclusive. Without an interval the mean is judged. A target that demands an
/// exact value is met only when each replication gave just that.
[[nodiscard]] Verdict judge(const Target& target, const Estimate& estimate);

/// A target with the value that was measured for it.
struct JudgedTarget {
  Target target;
  Estimate estimate;
  Verdict verdict = Verdict::missed;
  /// Where the verdict is inconclusive: how many more replications would probably settle it, if the mean stays what it
  /// is. Nothing when that cannot be said.
  std::optional<std::uint64_t> more_replications = std::nullopt;
};

/// How many targets got which verdict.
struct VerdictCounts {
  std::size_t met = 0;
  std::size_t degraded = 0;
  std::size_t missed = 0;
  std::size_t inconclusive = 0;

  void add(Verdict verdict);
  [[nodiscard]] std::size_t all() const { return met + degraded + missed + inconclusive; }

  friend bool operator==(const VerdictCounts&, const VerdictCounts&) = default;
};

/// Judges the targets of the result's scenario; other targets are passed over. Over several replications the interval
/// of the mean is judged. It is an error, never a pass, when the result lacks a target's metric or gives it in another
/// unit; it names the target's file and line, and the nearest metric.
[[nodiscard]] Expected<std::vector<JudgedTarget>> judge_targets(const ScenarioResult& result,
                                                                const std::vector<Target>& targets);

}  // namespace sim::harness
