#include "libsim/study/pareto.hpp"

#include <algorithm>
#include <cmath>

namespace sim::study {

namespace {

bool is_finite(const CostAndValue& point) { return std::isfinite(point.cost) && std::isfinite(point.value); }

/// Both criteria turned so that less is better.
CostAndValue turned(const CostAndValue& point, Direction cost, Direction value) {
  return {cost == Direction::minimize ? point.cost : -point.cost,
          value == Direction::minimize ? point.value : -point.value};
}

}  // namespace

bool dominates(const CostAndValue& first, const CostAndValue& second, Direction cost, Direction value) {
  if (!is_finite(first) || !is_finite(second)) {
    return false;
  }
  const auto a = turned(first, cost, value);
  const auto b = turned(second, cost, value);
  return a.cost <= b.cost && a.value <= b.value && (a.cost < b.cost || a.value < b.value);
}

std::vector<std::size_t> pareto_front(std::span<const CostAndValue> points, Direction cost, Direction value) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (is_finite(points[i])) {
      order.push_back(i);
    }
  }
  const auto at = [&](std::size_t index) { return turned(points[index], cost, value); };
  std::sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
    const auto a = at(left);
    const auto b = at(right);
    return a.cost != b.cost ? a.cost < b.cost : a.value != b.value ? a.value < b.value : left < right;
  });
  // All points before one cost no more, so it is dominated unless it has a better value than all of them, or is equal
  // to the last one kept.
  std::vector<std::size_t> front;
  for (const auto index : order) {
    if (front.empty() || at(index).value < at(front.back()).value || at(index) == at(front.back())) {
      front.push_back(index);
    }
  }
  return front;
}

}  // namespace sim::study
