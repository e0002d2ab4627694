#include "libsim/study/tornado.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <limits>

#include "libsim/failure.hpp"

using sim::study::Point;
using sim::study::tornado_points;
using sim::study::tornado_swings;
using sim::study::TornadoFactor;

namespace {

std::vector<std::string> names_of(const std::vector<sim::study::Swing>& swings) {
  std::vector<std::string> names;
  for (const auto& swing : swings) {
    names.push_back(swing.parameter);
  }
  return names;
}

}  // namespace

TEST_CASE("a one-at-a-time study moves one parameter away from the base at a time", "[study]") {
  const std::vector<TornadoFactor> factors{{"containers", "2", "4", "8"}, {"think", "1s", "5s", "9s"}};
  CHECK(tornado_points(factors) == std::vector<Point>{{{"containers", "4"}, {"think", "5s"}},
                                                      {{"containers", "2"}, {"think", "5s"}},
                                                      {{"containers", "8"}, {"think", "5s"}},
                                                      {{"containers", "4"}, {"think", "1s"}},
                                                      {{"containers", "4"}, {"think", "9s"}}});
}

TEST_CASE("swings are ordered by size and keep their ends", "[study]") {
  const std::vector<TornadoFactor> factors{{"a", "0", "1", "2"}, {"b", "0", "1", "2"}, {"c", "0", "1", "2"}};
  const auto swings = tornado_swings(factors, {10.0, 9.0, 11.0, 14.0, 6.0, 10.0, 12.0});
  REQUIRE(names_of(swings) == std::vector<std::string>{"b", "a", "c"});
  CHECK(swings[0].at_low == 14.0);
  CHECK(swings[0].at_base == 10.0);
  CHECK(swings[0].at_high == 6.0);
  CHECK(swings[0].size() == 8.0);
  CHECK(swings[1].size() == 2.0);
}

TEST_CASE("a result that bends back at the base is a swing all the same", "[study]") {
  const auto swings = tornado_swings({{"a", "0", "1", "2"}}, {10.0, 7.0, 7.0});
  CHECK(swings[0].size() == 3.0);
}

TEST_CASE("swings without a result come last", "[study]") {
  const std::vector<TornadoFactor> factors{{"a", "0", "1", "2"}, {"b", "0", "1", "2"}};
  const double none = std::numeric_limits<double>::quiet_NaN();
  CHECK(names_of(tornado_swings(factors, {1.0, none, 5.0, 1.0, 1.0})) == std::vector<std::string>{"b", "a"});
}

TEST_CASE("a one-at-a-time study needs parameters, each once, and all its results", "[study]") {
  CHECK(tornado_points({}).error().message == "a one-at-a-time study without a parameter, expected one or more");
  CHECK(tornado_points({{"a", "0", "1", "2"}, {"a", "0", "1", "2"}}).error().message ==
        "parameter a comes twice, expected once");
  CHECK_THROWS_AS(tornado_swings({{"a", "0", "1", "2"}}, {1.0, 2.0}), sim::AssertionFailure);
}

TEST_CASE("the swings of a linear result are its slopes times the ranges", "[study][property]") {
  CHECK(rc::check("linear", [] {
    const auto slopes = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(-50, 50)));
    std::vector<TornadoFactor> factors;
    std::vector<double> results{0.0};
    for (std::size_t i = 0; i < slopes.size(); ++i) {
      factors.push_back({std::to_string(i), "-1", "0", "1"});
      results.push_back(-slopes[i]);
      results.push_back(slopes[i]);
    }
    const auto swings = tornado_swings(factors, results);
    for (std::size_t i = 0; i < swings.size(); ++i) {
      RC_ASSERT(swings[i].size() == 2.0 * std::abs(slopes[std::stoul(swings[i].parameter)]));
      RC_ASSERT((i == 0 || swings[i].size() <= swings[i - 1].size()));
    }
  }));
}
