#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/statistics/interval.hpp"

namespace sim {

/// How one long run is cut into batches. First the warm-up is dropped (whichever of the two is longer), then the rest
/// is divided into equal batches; what does not fill them is dropped at the front, next to the warm-up.
struct BatchMeansConfig {
  /// At least 3. More than about 30 gain little width but make dependence between batches likelier (Schmeiser, "Batch
  /// Size Effects in the Analysis of Simulation Output", Operations Research 30 (1982)).
  std::uint32_t batches = 30;
  std::uint64_t warm_up_observations = 0;
  double warm_up_share = 0.0;  ///< of the observations, from 0 to below 1
  double confidence = confidence_default;

  friend bool operator==(const BatchMeansConfig&, const BatchMeansConfig&) = default;
};

/// The interval of the steady-state mean, and whether it can be believed.
struct BatchMeansResult {
  Interval interval;                  ///< its samples are the batch means
  std::uint64_t batch_size = 0;       ///< observations per batch
  std::uint64_t dropped = 0;          ///< observations that are in no batch
  double lag1_autocorrelation = 0.0;  ///< of the batch means; 0 when they are all equal
  /// Whether von Neumann's ratio keeps the hypothesis that the batch means are independent, against positive
  /// correlation, at level `independence_level`. When false the interval is too narrow: make the run longer. The batch
  /// means of a long enough run are refused by chance at just that level. Source: Fishman, "Grouping Observations in
  /// Digital Simulation", Management Science 24 (1978).
  bool independent = true;

  friend bool operator==(const BatchMeansResult&, const BatchMeansResult&) = default;
};

inline constexpr double independence_level = 0.05;

/// Correlation of neighbours: the sum of (x_i - mean)(x_{i+1} - mean) over the sum of (x_i - mean)²; 0 when all are
/// equal or fewer than two.
[[nodiscard]] double lag1_autocorrelation(std::span<const double> values);

/// Non-overlapping batch means of the observations of one run, in order. An error names the setting that is out of
/// range, or says how many observations are missing.
[[nodiscard]] Expected<BatchMeansResult> batch_means(std::span<const double> observations,
                                                     const BatchMeansConfig& config = {});

/// Batch means of a run of unknown length in constant memory.
///
/// Sums over equal groups of consecutive observations are kept; when there are `groups_max`, neighbours are joined and
/// the groups double in size. Batches are whole groups, so that up to (batches - 1) groups, and the last unfinished
/// one, are dropped besides the warm-up, which is rounded up to whole groups: with 30 batches under 7 % of a long run.
class BatchMeans {
 public:
  static constexpr std::size_t groups_max = 1024;

  BatchMeans();

  void add(double observation);

  [[nodiscard]] std::uint64_t count() const { return finished_groups() * group_size_ + in_group_; }

  /// The result for the observations so far. Errors are those of `batch_means`; more batches than half of `groups_max`
  /// are refused, too.
  [[nodiscard]] Expected<BatchMeansResult> result(const BatchMeansConfig& config = {}) const;

 private:
  [[nodiscard]] std::uint64_t finished_groups() const { return sums_.size(); }
  void finish_group();

  std::vector<double> sums_;
  std::uint64_t group_size_ = 1;
  std::uint64_t in_group_ = 0;
  double sum_ = 0.0;
};

}  // namespace sim
