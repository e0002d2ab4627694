#include "libsim/study/design.hpp"

#include <fmt/format.h>

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <set>

using sim::study::Axis;
using sim::study::AxisSpec;
using sim::study::full_grid;
using sim::study::latin_hypercube;
using sim::study::parse_axis;
using sim::study::Point;

namespace {

sim::RandomStream stream(std::uint64_t seed = 1) {
  return sim::RandomStream({.seed = seed, .actor = "study", .purpose = "sample"});
}

std::vector<AxisSpec> axes_of(const std::vector<std::string>& texts) {
  std::vector<AxisSpec> axes;
  for (const auto& text : texts) {
    axes.push_back(*parse_axis(text));
  }
  return axes;
}

}  // namespace

TEST_CASE("a full grid has every combination, and its last axis changes fastest", "[study]") {
  const auto points = full_grid(axes_of({"a=1,2", "b=x,y,z"}));
  REQUIRE(points);
  CHECK(*points == std::vector<Point>{{{"a", "1"}, {"b", "x"}},
                                      {{"a", "1"}, {"b", "y"}},
                                      {{"a", "1"}, {"b", "z"}},
                                      {{"a", "2"}, {"b", "x"}},
                                      {{"a", "2"}, {"b", "y"}},
                                      {{"a", "2"}, {"b", "z"}}});
  CHECK(full_grid({}) == std::vector<Point>{Point{}});
}

TEST_CASE("a full grid of any axes has the product of their values as different points", "[study][property]") {
  CHECK(rc::check("product", [] {
    const auto sizes = *rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 5));
    RC_PRE(sizes.size() <= 5U);
    std::vector<AxisSpec> axes;
    std::size_t product = 1;
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      axes.push_back(*parse_axis(fmt::format("p{}=1:{}:1", i, sizes[i])));
      product *= static_cast<std::size_t>(sizes[i]);
    }
    const auto points = *full_grid(axes);
    RC_ASSERT(points.size() == product);
    RC_ASSERT(std::set<Point>(points.begin(), points.end()).size() == product);
    RC_ASSERT(std::is_sorted(points.begin(), points.end()));
  }));
}

TEST_CASE("a design with a parameter on two axes, or without end, is refused", "[study]") {
  auto random = stream();
  CHECK(full_grid(axes_of({"a=1,2", "b=1", "a=3"})).error().message ==
        "parameter a is on two axes, expected one axis for it");
  CHECK(latin_hypercube(axes_of({"a=1,2", "a=1:3"}), 5, random).error().message ==
        "parameter a is on two axes, expected one axis for it");
  CHECK(full_grid(axes_of({"a=1:3"})).error().message ==
        "the range of a has no steps: expected first:last:step for a full grid");
  CHECK(full_grid({Axis{"a", {}}}).error().message == "the axis of a has no value, expected one or more");
  CHECK(full_grid(axes_of({"a=1:1000:1", "b=1:1001:1"})).error().message ==
        "the full grid has more than 1000000 points, expected fewer values or a sample");
  CHECK(full_grid(axes_of({"a=1:1000:1", "b=1:1000:1"}))->size() == 1'000'000);
  CHECK(latin_hypercube({}, 5, random).error().message == "a sample without an axis, expected one axis or more");
  CHECK(latin_hypercube(axes_of({"a=1:3"}), 0, random).error().message ==
        "a sample of 0 points, expected 1 to 1000000");
}

TEST_CASE("a Latin hypercube has one point in each stratum of each axis", "[study][property]") {
  CHECK(rc::check("one per stratum", [] {
    const auto points = *rc::gen::inRange<std::size_t>(1, 200);
    auto random = stream(*rc::gen::arbitrary<std::uint64_t>());
    const auto sample = *latin_hypercube(axes_of({"a=0.0:8.5", "b=0.001:1000:log", "think=0s:8s"}), points, random);
    RC_ASSERT(sample.size() == points);
    for (const auto& axis : {std::string("a"), std::string("b"), std::string("think")}) {
      std::set<std::size_t> strata;
      for (const auto& point : sample) {
        const double value = sim::study::numbers_of(point).at(axis);
        const double share = axis == "a"       ? value / 8.5
                             : axis == "think" ? value / 8.0
                                               : (std::log10(value) + 3.0) / 6.0;
        strata.insert(static_cast<std::size_t>(std::floor(share * static_cast<double>(points) + 1e-9)));
      }
      RC_ASSERT(strata.size() == points);
      RC_ASSERT(*strata.rbegin() < points);
    }
  }));
}

TEST_CASE("a Latin hypercube uses the values of a list and the whole numbers of a range equally often", "[study]") {
  auto random = stream();
  const auto sample = *latin_hypercube(axes_of({"policy=lru,lfu,fifo", "containers=1:6"}), 60, random);
  std::map<std::string, int> counts;
  for (const auto& point : sample) {
    ++counts[point[0].second];
    ++counts["n" + point[1].second];
  }
  CHECK(counts == std::map<std::string, int>{{"lru", 20},
                                             {"lfu", 20},
                                             {"fifo", 20},
                                             {"n1", 10},
                                             {"n2", 10},
                                             {"n3", 10},
                                             {"n4", 10},
                                             {"n5", 10},
                                             {"n6", 10}});
}

TEST_CASE("a Latin hypercube estimates an additive mean far better than random points do", "[study]") {
  // McKay, Beckman & Conover (1979), and Stein, Technometrics 29 (1987): the variance of the mean of an additive
  // function falls below that of independent points; of the sum of two uniforms it is 1/(6n) there, here 1/(6n^3).
  constexpr int repetitions = 200;
  constexpr int points = 20;
  auto random = stream();
  double squares = 0.0;
  for (int i = 0; i < repetitions; ++i) {
    double sum = 0.0;
    const auto sample = *latin_hypercube(axes_of({"a=0.0:1.5", "b=0.0:1.5"}), points, random);
    for (const auto& point : sample) {
      const auto numbers = sim::study::numbers_of(point);
      sum += (numbers.at("a") + numbers.at("b")) / 1.5;
    }
    squares += (sum / points - 1.0) * (sum / points - 1.0);
  }
  const double variance = squares / repetitions;
  // The estimate of a variance from 200 values has a relative standard error of about √(2/200) = 0.1.
  CHECK(variance == Approx(1.0 / (6.0 * points * points * points)).epsilon(0.4));
}

TEST_CASE("the axes of a Latin hypercube are drawn independently of each other", "[study]") {
  auto random = stream();
  constexpr int points = 1'000;
  double products = 0.0;
  const auto sample = *latin_hypercube(axes_of({"a=-0.5:0.5", "b=-0.5:0.5"}), points, random);
  for (const auto& point : sample) {
    const auto numbers = sim::study::numbers_of(point);
    products += numbers.at("a") * numbers.at("b") * 12.0;
  }
  CHECK(std::abs(products / points) < 4.0 / std::sqrt(points));  // the correlation, within four standard errors
}

TEST_CASE("the same stream gives the same Latin hypercube", "[study]") {
  auto first = stream(7);
  auto second = stream(7);
  auto third = stream(8);
  const auto axes = axes_of({"a=0.0:1.5", "b=1,2,3"});
  const auto sample = *latin_hypercube(axes, 30, first);
  CHECK(sample == *latin_hypercube(axes, 30, second));
  CHECK(sample != *latin_hypercube(axes, 30, third));
}

TEST_CASE("the numbers of a point leave out its other values, and durations count in seconds", "[study]") {
  CHECK(sim::study::numbers_of({{"containers", "8"}, {"think", "250ms"}, {"policy", "lru"}, {"p", "-0.5"}}) ==
        std::map<std::string, double>{{"containers", 8.0}, {"think", 0.25}, {"p", -0.5}});
}
