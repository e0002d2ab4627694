#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "libsim/expected.hpp"
#include "libsim/statistics/interval.hpp"

namespace sim {

/// Two settings over the same replications (common random numbers).
struct PairedComparison {
  Interval first;
  Interval second;
  Interval difference;     ///< of first - second, pair by pair
  double p_value = 1.0;    ///< two-sided, of the paired t test, of the sign test where all differences are equal
  double correlation = 0;  ///< of the two over the replications; 0 when either never varies
  /// Share of the variance that the common random numbers took from the difference, by which they save replications:
  /// 1 - Var(first - second) / (Var(first) + Var(second)). 0 for independent runs and when neither varies, 1 at best,
  /// negative (down to -1) when the two answer to the same draws in opposite ways.
  double variance_removed = 0.0;
  /// Further replications until the two are told apart (`more_samples_to_tell_apart`); 0 when they are, none when the
  /// means are equal.
  std::optional<std::uint64_t> more_replications;

  /// Whether the two differ at the confidence of the intervals.
  [[nodiscard]] bool differ() const { return p_value <= 1.0 - difference.confidence; }

  friend bool operator==(const PairedComparison&, const PairedComparison&) = default;
};

/// Compares one value per replication of one setting with that of the other setting in the same replication. An error
/// says when there are more of one than of the other, fewer than two pairs, or a value that is no finite number.
/// For k metrics, or k settings, pass `bonferroni_confidence(confidence, k)`. Source: Law, Simulation Modeling and
/// Analysis, 5th ed. (2015), sections 10.2.1 (paired-t interval) and 11.2 (common random numbers).
[[nodiscard]] Expected<PairedComparison> compare_pairs(std::span<const double> first, std::span<const double> second,
                                                       double confidence = confidence_default);

}  // namespace sim
