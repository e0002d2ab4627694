#pragma once

#include <span>

#include "libsim/expected.hpp"
#include "libsim/statistics/interval.hpp"

namespace sim {

/// The share of the mean number by which number and rate × time may differ at the edges of a window.
inline constexpr double edge_share_default = 0.01;

/// N = X·R over replications: the mean number in a system, the rate through it, and the mean time in it.
struct LittlesLaw {
  Interval number;
  Interval gap;            ///< of N - X·R, in entities
  double gap_share = 0.0;  ///< the mean gap over the mean number; 0 when there is no gap
  bool holds = true;

  friend bool operator==(const LittlesLaw&, const LittlesLaw&) = default;
};

/// Checks N = X·R from three values of each replication over the same window of time: the time average of the number in
/// the system, completions per second, and the mean time in the system, in seconds, of what completed. It holds when
/// the interval of the gap reaches into ± `edge_share` × the mean number.
///
/// In a finite window the law is not exact: the time that whoever was there at the start had spent before, and the time
/// so far of whoever is there at the end, count on one side only. The gap has the order of (number × time in the
/// system) / window, and always the same sign in a run that begins empty, so that enough replications would see it:
/// hence `edge_share`. Make the window at least 100 times as long as the mean time for the default of 1 %. A larger gap
/// means that something is counted twice, or lost, or timed wrongly.
///
/// An error says when the three have different lengths, there are fewer than two replications, a value is no finite
/// number, or a setting is out of range. Source: Little, "A Proof for the Queuing Formula L = λW", Operations Research
/// 9 (1961).
[[nodiscard]] Expected<LittlesLaw> littles_law(std::span<const double> numbers, std::span<const double> rates,
                                               std::span<const double> times, double confidence = confidence_default,
                                               double edge_share = edge_share_default);

/// The identity behind the law, exact for a period that begins and ends with an empty system: the integral of the
/// number over time is the sum of the times of all that passed through. `number_integral` (entities × seconds, from
/// `TimeWeighted::integral`) and `sum_of_times` (seconds) may differ by rounding only, a share of 1e-9. No assumption
/// about arrivals, order of service or steady state enters. NaN never holds. Source: Stidham, "A Last Word on L = λW",
/// Operations Research 22 (1974).
[[nodiscard]] bool holds_from_empty_to_empty(double number_integral, double sum_of_times);

}  // namespace sim
