#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace sim::study {

/// Which values of a criterion are better.
enum class Direction { minimize, maximize };

/// What a candidate costs and what it gives.
struct CostAndValue {
  double cost = 0.0;
  double value = 0.0;

  friend bool operator==(const CostAndValue&, const CostAndValue&) = default;
};

/// Whether `first` is no worse than `second` in both criteria and better in one. A point with a number that is not
/// finite neither dominates nor is dominated.
[[nodiscard]] bool dominates(const CostAndValue& first, const CostAndValue& second, Direction cost, Direction value);

/// Indices of the points that no other one dominates: for each of them less cost is only to be had for a worse value.
/// They are ordered from the best cost to the best value; equal points are all kept, in their order. A point with a
/// number that is not finite is never among them. Takes n log n steps.
[[nodiscard]] std::vector<std::size_t> pareto_front(std::span<const CostAndValue> points, Direction cost,
                                                    Direction value);

}  // namespace sim::study
