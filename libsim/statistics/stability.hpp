#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/statistics/interval.hpp"

namespace sim {

/// When a level counts as growing.
struct GrowthConfig {
  double confidence = confidence_default;
  /// The growth over the run, as a share of the mean level, below which it is not called growing, however sure. A level
  /// that grows along a line from nothing reaches 2, one that doubles 2/3; what is left of a warm-up less.
  double relevant_share = 2.0 / 3.0;
  /// Into how many equal batches the windows of a single run are joined, at least 4.
  std::uint32_t batches = 10;

  friend bool operator==(const GrowthConfig&, const GrowthConfig&) = default;
};

/// The trend of a level over a run.
struct Growth {
  Interval slope;  ///< level per window
  double mean_level = 0.0;
  double share = 0.0;  ///< slope × windows / mean level; 0 when the mean level is 0
  /// The lower bound of the slope is positive and the growth is relevant: the system takes in more than it can do, or
  /// the run is much too short. No mean of this run, and no interval of one, says anything about a steady state.
  bool growing = false;

  friend bool operator==(const Growth&, const Growth&) = default;
};

/// Whether a level (a queue length, a waiting time) grows over replications. Each replication gives its means over the
/// same equal windows of time, in order, the first ones of the warm-up left out; a line is fitted through them by least
/// squares, and the slopes of the replications, which are independent, give the t interval. An error says when there
/// are fewer than two replications or three windows, when the replications have different numbers of windows, or names
/// the setting or value that is out of range.
[[nodiscard]] Expected<Growth> growth_of_replications(std::span<const std::vector<double>> replications,
                                                      const GrowthConfig& config = {});

/// The same for a single run: the windows are joined into equal batches (what does not fill them is left out at the
/// front), and the interval is that of the regression line through the batch means, on batches - 2 degrees of freedom.
/// It holds as far as batches are independent of each other: if they are shorter than the memory of the system, slow
/// swings look like growth, which the relevant share mostly keeps out: of single runs of 50,000 customers of M/M/1 it
/// calls 1 in 100 growing at utilisation 0.9, 2 at 0.95, and 99 at 1.02; of runs of 10,000 already 4 at 0.9. An error
/// says when there are fewer windows than batches, or names the setting or value that is out of range. Source of the
/// regression: Draper and Smith, Applied Regression Analysis, 3rd ed. (1998), section 1.4.
[[nodiscard]] Expected<Growth> growth_of_run(std::span<const double> windows, const GrowthConfig& config = {});

/// Whether the servers keep up with what is offered to them.
enum class Load { below_capacity, unclear, at_capacity };

/// Judges the interval of a utilisation: offered (arrival rate × mean service time / servers), which may exceed 1, or
/// measured (the share of time that servers are busy), which may not. At capacity when even the lower bound is 1 or
/// more: no queue before such servers has a steady state. Below capacity when even the upper bound is below 1.
[[nodiscard]] Load judge_load(const Interval& utilisation);

}  // namespace sim
