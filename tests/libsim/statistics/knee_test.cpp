#include "libsim/statistics/knee.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>
#include <vector>

#include "libsim/random/stream.hpp"
#include "libsim/statistics/quantiles.hpp"

using sim::Bend;
using sim::Direction;
using sim::find_knee;

namespace {

std::vector<double> steps(double from, double to, std::size_t count) {
  std::vector<double> values;
  for (std::size_t i = 0; i < count; ++i) {
    values.push_back(from + (to - from) * static_cast<double>(i) / static_cast<double>(count - 1));
  }
  return values;
}

template <class Function>
std::vector<double> values_of(Function function, const std::vector<double>& xs) {
  std::vector<double> ys;
  for (const double x : xs) {
    ys.push_back(function(x));
  }
  return ys;
}

/// The x of the knee, NaN when there is none.
template <class Function>
double knee_of(Function function, const std::vector<double>& xs, const sim::KneeConfig& config = {}) {
  const auto knee = find_knee(xs, values_of(function, xs), config);
  REQUIRE(knee);
  return *knee ? xs[**knee] : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

TEST_CASE("the knee of the figure that explains Kneedle is at 0.22", "[statistics]") {
  // Satopaa et al. (2011), figure 2: ten points of 5 - 1/(x + 0.1) from 0 to 1.
  const auto curve = [](double x) { return 5.0 - 1.0 / (x + 0.1); };
  CHECK(knee_of(curve, steps(0, 1, 10)) == Approx(0.22).margin(0.005));
}

TEST_CASE("the knee of the normal distribution with mean 50 and deviation 10 is near 60", "[statistics]") {
  // Satopaa et al. (2011): the sorted samples of this distribution over their share. From 5000 sorted samples, and of
  // the distribution itself.
  sim::RandomStream stream({.seed = 1, .actor = "knee", .purpose = "samples"});
  std::vector<double> samples;
  for (int i = 0; i < 5'000; ++i) {
    samples.push_back(50.0 + 10.0 * stream.standard_normal());
  }
  std::sort(samples.begin(), samples.end());
  const auto knee = find_knee(samples, steps(0, 1, samples.size()));
  REQUIRE(knee);
  REQUIRE(*knee);
  CHECK(samples[**knee] == Approx(60.5).epsilon(0.06));
  // Where the density is that of the chord: 1/60 over 20 … 80, at 50 + 10·√(2·ln(60 / (10·√(2π)))) = 63.2.
  CHECK(knee_of([](double x) { return sim::normal_probability((x - 50.0) / 10.0); }, steps(20, 80, 601)) ==
        Approx(63.2).margin(0.1));
}

TEST_CASE("the knee of a smooth curve is where it is as steep as its chord", "[statistics]") {
  // √x from 0 to 1 has the slope 1 at 1/4; 1 - e^(-5x) at ln(5 / (1 - e^-5)) / 5 = 0.3232.
  CHECK(knee_of([](double x) { return std::sqrt(x); }, steps(0, 1, 101)) == Approx(0.25));
  CHECK(knee_of([](double x) { return 1.0 - std::exp(-5.0 * x); }, steps(0, 1, 1'001)) == Approx(0.323));
  // However the axes are scaled and moved.
  CHECK(knee_of([](double x) { return 7.0 + 1e6 * std::sqrt((x + 3.0) / 40.0); }, steps(-3, 37, 101)) == Approx(7.0));
}

TEST_CASE("the knee of each kind of curve is the mirrored one", "[statistics]") {
  const auto xs = steps(0, 1, 101);
  const auto root = [](double x) { return std::sqrt(x); };
  CHECK(knee_of(root, xs, {.bend = Bend::concave}) == Approx(0.25));
  CHECK(knee_of([root](double x) { return -root(x); }, xs,
                {.bend = Bend::convex, .direction = Direction::decreasing}) == Approx(0.25));
  CHECK(knee_of([root](double x) { return root(1.0 - x); }, xs,
                {.bend = Bend::concave, .direction = Direction::decreasing}) == Approx(0.75));
  CHECK(knee_of([root](double x) { return -root(1.0 - x); }, xs,
                {.bend = Bend::convex, .direction = Direction::increasing}) == Approx(0.75));
}

TEST_CASE("the response time of M/M/1 has its knee where its slope is that of the chord", "[statistics]") {
  // 1 / (1 - x) from 0 to 0.95: the chord rises by 19 over 0.95 = 20; 1 / (1 - x)² = 20 at 1 - 1/√20 = 0.776.
  CHECK(knee_of([](double x) { return 1.0 / (1.0 - x); }, steps(0, 0.95, 96), {.bend = Bend::convex}) ==
        Approx(0.776).margin(0.006));
}

TEST_CASE("points at unequal distances keep the knee where it is", "[statistics]") {
  std::vector<double> xs;
  for (const double u : steps(0, 1, 101)) {
    xs.push_back(u * u);  // 0.25 = 0.5²
  }
  CHECK(knee_of([](double x) { return std::sqrt(x); }, xs) == Approx(0.25));
}

TEST_CASE("a curve that bends the other way, a line and a level have no knee", "[statistics]") {
  const auto xs = steps(0, 1, 50);
  for (const double sensitivity : {0.0, 1.0}) {
    for (const auto bend : {Bend::concave, Bend::convex}) {
      CHECK(
          std::isnan(knee_of([](double x) { return 3.0 * x + 0.1; }, xs, {.bend = bend, .sensitivity = sensitivity})));
      CHECK(std::isnan(knee_of([](double) { return 0.1; }, xs, {.bend = bend, .sensitivity = sensitivity})));
    }
    CHECK(std::isnan(knee_of([](double x) { return x * x; }, xs, {.sensitivity = sensitivity})));
    CHECK(std::isnan(
        knee_of([](double x) { return std::sqrt(x); }, xs, {.bend = Bend::convex, .sensitivity = sensitivity})));
  }
}

TEST_CASE("a larger sensitivity asks for a sharper knee", "[statistics]") {
  // Distances above the diagonal 0, 0.1, 0.2, 0.1, 0 for steps of 0.25: the fall after the peak is at most 0.2.
  const auto xs = steps(0, 1, 5);
  const std::array ys{0.0, 0.35, 0.7, 0.85, 1.0};
  CHECK(*find_knee(xs, ys, {.sensitivity = 0.0}) == 2);
  CHECK(*find_knee(xs, ys, {.sensitivity = 0.79}) == 2);
  CHECK(*find_knee(xs, ys, {.sensitivity = 0.81}) == std::nullopt);
  CHECK(*find_knee(xs, ys) == std::nullopt);
}

TEST_CASE("of two knees the one farther from the diagonal is taken", "[statistics]") {
  // Distances above the diagonal in steps of 0.1: peaks of 0.25 at 2 and 0.35 at 6, with a fall to 0.05 in between.
  const std::array above{0.0, 0.1, 0.25, 0.1, 0.05, 0.2, 0.35, 0.2, 0.1, 0.05, 0.0};
  const auto xs = steps(0, 1, 11);
  std::vector<double> ys;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    ys.push_back(xs[i] + above[i]);
  }
  CHECK(*find_knee(xs, ys) == 6);
  std::vector<double> mirrored;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    mirrored.push_back(xs[i] + above[xs.size() - 1 - i]);
  }
  CHECK(*find_knee(xs, mirrored) == 4);
}

TEST_CASE("a dip that is too shallow passes the candidate on to the next peak", "[statistics]") {
  // Steps of 0.1; the peak of 0.3 falls by 0.05 only before that of 0.28 comes.
  const std::array above{0.0, 0.15, 0.3, 0.25, 0.28, 0.2, 0.15, 0.1, 0.05, 0.02, 0.0};
  const auto xs = steps(0, 1, 11);
  std::vector<double> ys;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    ys.push_back(xs[i] + above[i]);
  }
  CHECK(*find_knee(xs, ys) == 4);
  CHECK(*find_knee(xs, ys, {.sensitivity = 0.4}) == 2);
}

TEST_CASE("of a level stretch the first point is the knee", "[statistics]") {
  CHECK(*find_knee(std::array{0.0, 1.0, 2.0, 3.0, 4.0}, std::array{0.0, 2.0, 3.0, 4.0, 4.0}, {.sensitivity = 0.5}) ==
        1);
}

TEST_CASE("three points have a knee when the middle one is far enough off", "[statistics]") {
  const std::array xs{0.0, 1.0, 2.0};
  CHECK(*find_knee(xs, std::array{0.0, 9.0, 10.0}, {.sensitivity = 0.5}) == 1);
  CHECK(*find_knee(xs, std::array{0.0, 5.0, 10.0}, {.sensitivity = 0.0}) == std::nullopt);
}

TEST_CASE("what is no curve is an error that says why", "[statistics]") {
  const std::array two{1.0, 2.0};
  CHECK(find_knee({}, {}).error().message == "0 points: a knee needs at least 3");
  CHECK(find_knee(std::array{1.0}, std::array{1.0}).error().message == "1 points: a knee needs at least 3");
  CHECK(find_knee(two, two).error().message == "2 points: a knee needs at least 3");
  CHECK(find_knee(two, std::array{1.0}).error().message ==
        "2 and 1 values: expected pairs, as many of one as of the other");
  const std::array ys{1.0, 2.0, 2.5};
  CHECK(find_knee(std::array{1.0, 3.0, 3.0}, ys).error().message == "x 3 follows 3: expected ascending values");
  CHECK(find_knee(std::array{1.0, 3.0, 2.0}, ys).error().message == "x 2 follows 3: expected ascending values");
  CHECK(find_knee(std::array{1.0, 2.0, std::numeric_limits<double>::quiet_NaN()}, ys).error().message ==
        "value 3 of 3 is nan: expected a finite number of magnitude at most 1e+100");
  CHECK_FALSE(find_knee(ys, std::array{1.0, 2.0, std::numeric_limits<double>::infinity()}));
  CHECK(find_knee(ys, ys, {.sensitivity = -1.0}).error().message == "sensitivity -1: expected 0 or more");
  CHECK_FALSE(find_knee(ys, ys, {.sensitivity = std::numeric_limits<double>::quiet_NaN()}));
}
