#include "libsim/study/pareto.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>

using sim::study::CostAndValue;
using sim::study::Direction;
using sim::study::dominates;
using sim::study::pareto_front;

using Indices = std::vector<std::size_t>;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// By the definition: compares each point with each other one.
Indices front_by_definition(const std::vector<CostAndValue>& points, Direction cost, Direction value) {
  Indices front;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const bool is_dominated = std::any_of(points.begin(), points.end(), [&](const CostAndValue& other) {
      const bool cost_no_worse =
          cost == Direction::minimize ? other.cost <= points[i].cost : other.cost >= points[i].cost;
      const bool value_no_worse =
          value == Direction::minimize ? other.value <= points[i].value : other.value >= points[i].value;
      return cost_no_worse && value_no_worse && !(other == points[i]);
    });
    if (!is_dominated) {
      front.push_back(i);
    }
  }
  return front;
}

}  // namespace

TEST_CASE("the front of cost against latency has the points where less cost means more latency", "[study]") {
  const std::vector<CostAndValue> points{{10, 5.0}, {4, 9.0}, {6, 9.5}, {7, 6.0}, {12, 5.0}, {20, 1.0}, {4, 11.0}};
  CHECK(pareto_front(points, Direction::minimize, Direction::minimize) == Indices{1, 3, 0, 5});
  CHECK(pareto_front(points, Direction::minimize, Direction::maximize) == Indices{6});
  CHECK(pareto_front({}, Direction::minimize, Direction::minimize).empty());
}

TEST_CASE("of two points with the same cost only the better stays, and equal points all stay", "[study]") {
  const std::vector<CostAndValue> points{{1, 2}, {1, 3}, {2, 1}, {1, 2}, {2, 2}};
  CHECK(pareto_front(points, Direction::minimize, Direction::minimize) == Indices{0, 3, 2});
}

TEST_CASE("a point without a finite number is on no front and keeps none from it", "[study]") {
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<CostAndValue> points{{1, not_a_number}, {3, 3}, {-infinity, 0}, {not_a_number, 0}, {4, 4}};
  CHECK(pareto_front(points, Direction::minimize, Direction::minimize) == Indices{1});
  CHECK_FALSE(dominates(points[2], points[1], Direction::minimize, Direction::minimize));
}

TEST_CASE("the front of any points is that of the definition, in every pair of directions", "[study][property]") {
  CHECK(rc::check("front", [] {
    const auto coordinates = *rc::gen::container<std::vector<std::pair<int, int>>>(
        rc::gen::pair(rc::gen::inRange(-4, 5), rc::gen::inRange(-4, 5)));
    std::vector<CostAndValue> points;
    for (const auto& [cost, value] : coordinates) {
      points.push_back({static_cast<double>(cost), static_cast<double>(value)});
    }
    for (const auto cost : {Direction::minimize, Direction::maximize}) {
      for (const auto value : {Direction::minimize, Direction::maximize}) {
        auto front = pareto_front(points, cost, value);
        for (std::size_t i = 1; i < front.size(); ++i) {
          const bool rises = points[front[i - 1]].cost <= points[front[i]].cost;
          const bool falls = points[front[i - 1]].cost >= points[front[i]].cost;
          RC_ASSERT((cost == Direction::minimize ? rises : falls));
        }
        std::sort(front.begin(), front.end());
        RC_ASSERT(front == front_by_definition(points, cost, value));
        for (const auto i : front) {
          for (const auto j : front) {
            RC_ASSERT(!dominates(points[i], points[j], cost, value));
          }
        }
      }
    }
  }));
}
