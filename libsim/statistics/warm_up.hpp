#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "libsim/expected.hpp"

namespace sim {

/// Where the warm-up of a run ends.
struct WarmUp {
  std::uint64_t observations = 0;  ///< of the whole run
  std::uint64_t dropped = 0;       ///< at the front; a multiple of the batch size
  /// The squared standard error of the mean of the kept batches if they were independent, which the cut makes least.
  double statistic = 0.0;

  /// Whether the cut lies in the second half. It is then no estimate: the run never settled, or settled too late to
  /// show that it did. Make the run longer. Source: White, Cobb and Spratt (2000).
  [[nodiscard]] bool run_too_short() const { return dropped > observations / 2; }

  friend bool operator==(const WarmUp&, const WarmUp&) = default;
};

inline constexpr std::uint64_t mser_batch_size = 5;

/// The marginal standard error rule on batches of five, MSER-5: of all cuts the one that leaves the kept batch means
/// with the least Σ(y - mean)² / kept², the earliest of several. Cuts that keep fewer than five batches are not tried,
/// because a few values that lie close together by chance would win. What does not fill a batch is at the end and not
/// looked at.
///
/// `observations` are in order: of one run, or averaged over replications (`average_of_replications`), which shows a
/// transient better. A level over time (a queue length) is sampled at equal distances, or averaged over equal windows.
/// An error says when there are fewer than 50 observations, or names a value that is no finite number. Sources: White,
/// "An Effective Truncation Heuristic for Bias Reduction in Simulation Output", Simulation 69 (1997); White, Cobb and
/// Spratt, "A Comparison of Five Steady-State Truncation Heuristics for Simulation", Winter Simulation Conference 2000;
/// Franklin and White, "Stationarity Tests and MSER-5: Exploring the Intuition Behind Mean-Squared-Error-Reduction in
/// Detecting and Correcting Initialization Bias", Winter Simulation Conference 2008.
[[nodiscard]] Expected<WarmUp> mser5(std::span<const double> observations);

/// The i-th value is the mean of the i-th values of all replications, as far as the shortest one reaches: the averaged
/// process of Welch, "The Statistical Analysis of Simulation Results", in Lavenberg (ed.), Computer Performance
/// Modeling Handbook (1983). An error says when there is no replication or one without values.
[[nodiscard]] Expected<std::vector<double>> average_of_replications(std::span<const std::vector<double>> replications);

}  // namespace sim
