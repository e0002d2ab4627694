#include "libsim/study/morris.hpp"

#include <rapidcheck.h>
#include <catch2/catch.hpp>

#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include "libsim/failure.hpp"

using sim::study::factor_effects;
using sim::study::FactorEffect;
using sim::study::morris_trajectories;
using sim::study::Trajectory;

using Point01 = std::vector<double>;

namespace {

sim::RandomStream stream(std::uint64_t seed = 1) {
  return sim::RandomStream({.seed = seed, .actor = "study", .purpose = "trajectories"});
}

std::vector<std::vector<double>> results_of(const std::vector<Trajectory>& walks,
                                            const std::function<double(const Point01&)>& function) {
  std::vector<std::vector<double>> results;
  for (const auto& walk : walks) {
    results.emplace_back();
    for (const auto& point : walk.points) {
      results.back().push_back(function(point));
    }
  }
  return results;
}

std::vector<FactorEffect> effects_of(std::size_t factors, std::size_t walks, std::size_t levels,
                                     const std::function<double(const Point01&)>& function) {
  auto random = stream();
  const auto trajectories = *morris_trajectories(factors, walks, levels, random);
  return factor_effects(trajectories, results_of(trajectories, function));
}

/// The g-function of Sobol'. The greater a[i], the less factor i matters.
double g_function(const Point01& x, const std::vector<double>& a) {
  double product = 1.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    product *= (std::abs(4.0 * x[i] - 2.0) + a[i]) / (1.0 + a[i]);
  }
  return product;
}

}  // namespace

TEST_CASE("a trajectory changes each factor once, on the grid, by half of its levels", "[study][property]") {
  CHECK(rc::check("trajectories", [] {
    const auto factors = *rc::gen::inRange<std::size_t>(1, 20);
    const auto levels = 2 * *rc::gen::inRange<std::size_t>(1, 8);
    auto random = stream(*rc::gen::arbitrary<std::uint64_t>());
    const auto walks = *morris_trajectories(factors, 5, levels, random);
    RC_ASSERT(walks.size() == 5U);
    const double step = static_cast<double>(levels) / (2.0 * static_cast<double>(levels - 1));
    for (const auto& walk : walks) {
      RC_ASSERT(walk.points.size() == factors + 1);
      std::vector<int> changes(factors);
      for (std::size_t i = 0; i < factors; ++i) {
        for (std::size_t factor = 0; factor < factors; ++factor) {
          const double before = walk.points[i][factor];
          const double after = walk.points[i + 1][factor];
          RC_ASSERT(after >= 0.0);
          RC_ASSERT(after <= 1.0);
          const double level = after * static_cast<double>(levels - 1);
          RC_ASSERT(std::abs(level - std::round(level)) < 1e-9);
          if (factor == walk.changed[i]) {
            RC_ASSERT(std::abs(std::abs(after - before) - step) < 1e-12);
            ++changes[factor];
          } else {
            RC_ASSERT(after == before);
          }
        }
      }
      RC_ASSERT(changes == std::vector<int>(factors, 1));
    }
  }));
}

TEST_CASE("trajectories use all levels, directions and orders equally often", "[study]") {
  auto random = stream();
  constexpr int walks = 4'000;
  std::map<int, int> levels;
  std::map<std::vector<std::size_t>, int> orders;
  int upwards = 0;
  const auto trajectories = *morris_trajectories(3, walks, 4, random);
  for (const auto& walk : trajectories) {
    ++levels[static_cast<int>(std::lround(walk.points[2][1] * 3.0))];
    ++orders[walk.changed];
    upwards += walk.points.back()[0] > walk.points.front()[0] ? 1 : 0;
  }
  const auto within_four_errors = [](int count, double share) {
    return std::abs(count - walks * share) < 4.0 * std::sqrt(walks * share * (1.0 - share));
  };
  CHECK(levels.size() == 4);
  CHECK(orders.size() == 6);
  for (const auto& [level, count] : levels) {
    CHECK(within_four_errors(count, 1.0 / 4.0));
  }
  for (const auto& [order, count] : orders) {
    CHECK(within_four_errors(count, 1.0 / 6.0));
  }
  CHECK(within_four_errors(upwards, 0.5));
}

TEST_CASE("a screening that cannot be made is refused", "[study]") {
  auto random = stream();
  CHECK(morris_trajectories(0, 5, 4, random).error().message ==
        "5 trajectories of 0 parameters, expected 1 or more of both");
  CHECK(morris_trajectories(5, 0, 4, random).error().message ==
        "0 trajectories of 5 parameters, expected 1 or more of both");
  CHECK(morris_trajectories(5, 5, 3, random).error().message == "3 levels, expected an even number from 2 to 1000");
  CHECK(morris_trajectories(5, 5, 0, random).error().message == "0 levels, expected an even number from 2 to 1000");
  CHECK(morris_trajectories(9, 100'001, 4, random).error().message ==
        "100001 trajectories of 9 parameters, expected at most 1000000 points");
}

TEST_CASE("the effects on a linear function are its coefficients, without deviation", "[study][property]") {
  CHECK(rc::check("linear", [] {
    const auto slopes = *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(-9, 10)));
    const auto effects = effects_of(slopes.size(), 6, 4, [&slopes](const Point01& x) {
      double sum = 3.0;
      for (std::size_t i = 0; i < x.size(); ++i) {
        sum += slopes[i] * x[i];
      }
      return sum;
    });
    for (std::size_t i = 0; i < slopes.size(); ++i) {
      RC_ASSERT(effects[i].factor == i);
      RC_ASSERT(effects[i].effects == 6U);
      RC_ASSERT(std::abs(effects[i].mean - slopes[i]) < 1e-9);
      RC_ASSERT(std::abs(effects[i].mean_absolute - std::abs(slopes[i])) < 1e-9);
      RC_ASSERT(effects[i].deviation < 1e-6);
    }
  }));
}

TEST_CASE("the effects on a product are those of its other factor", "[study]") {
  // x·y on four levels: the effect of x is y, uniform among 0, 1/3, 2/3 and 1: mean 1/2, variance 5/36.
  const auto effects = effects_of(2, 20'000, 4, [](const Point01& x) { return x[0] * x[1]; });
  for (const auto& effect : effects) {
    CHECK(effect.mean == Approx(0.5).margin(4.0 * std::sqrt(5.0 / 36.0 / 20'000.0)));
    CHECK(effect.deviation == Approx(std::sqrt(5.0 / 36.0)).epsilon(0.02));
    CHECK(effect.mean_absolute == effect.mean);
  }
}

TEST_CASE("effects that cancel have a small mean and a large mean of absolute values", "[study]") {
  // (x - 1/2)² on four levels: from 0 to 2/3 the slope is (1/36 - 1/4) / (2/3) = -1/3, from 1/3 to 1 it is +1/3. A
  // product with y - 1/2 has slopes ±1/2 and ±1/6 in equal parts: μ = 0, μ* = 1/3.
  const auto squares = effects_of(1, 5'000, 4, [](const Point01& x) { return (x[0] - 0.5) * (x[0] - 0.5); });
  CHECK(squares[0].mean == Approx(0.0).margin(4.0 / 3.0 / std::sqrt(5'000.0)));
  CHECK(squares[0].mean_absolute == Approx(1.0 / 3.0));
  CHECK(squares[0].deviation == Approx(1.0 / 3.0).epsilon(0.01));
  const auto products = effects_of(2, 5'000, 4, [](const Point01& x) { return (x[0] - 0.5) * (x[1] - 0.5); });
  CHECK(products[0].mean == Approx(0.0).margin(4.0 * 0.38 / std::sqrt(5'000.0)));
  CHECK(products[0].mean_absolute == Approx(1.0 / 3.0).epsilon(0.02));
}

TEST_CASE("screening orders the factors of the g-function of Sobol by their coefficients", "[study]") {
  // Campolongo, Cariboni & Saltelli (2007) screen this function with μ*. Its total-effect indices fall with growing a,
  // here by known order: 78, 12, 0.5, 2, 97, 33.
  const std::vector<double> a{78.0, 12.0, 0.5, 2.0, 97.0, 33.0};
  const auto effects = effects_of(6, 50, 4, [&a](const Point01& x) { return g_function(x, a); });
  std::vector<std::size_t> order;
  for (const auto& effect : ranked(effects)) {
    order.push_back(effect.factor);
  }
  CHECK(order == std::vector<std::size_t>{2, 3, 1, 5, 0, 4});
}

TEST_CASE("the effects on the g-function of Sobol are its slopes on four levels", "[study]") {
  // |4x - 2| is 2, 2/3, 2/3, 2 on the levels: one step changes it by 4/3 in one direction or the other over 2/3, that
  // is by a slope of 2. With one factor all effects are ±2 / (1 + a).
  const auto effects = effects_of(1, 1'000, 4, [](const Point01& x) { return g_function(x, {3.0}); });
  CHECK(effects[0].mean_absolute == Approx(0.5));
  // With two, the effect of the first is ±2/(1+a) times the other part: (2+b)/(1+b) or (2/3+b)/(1+b) equally often.
  const auto both = effects_of(2, 20'000, 4, [](const Point01& x) { return g_function(x, {3.0, 1.0}); });
  CHECK(both[0].mean_absolute == Approx(0.5 * (1.5 + 5.0 / 6.0) / 2.0).epsilon(0.01));
}

TEST_CASE("screening finds the important factors of Morris's own test function", "[study]") {
  // Morris (1991), section 5: 20 factors, w = 2 (x - 1/2) but for factors 3, 5 and 7 2 (1.1 x / (x + 0.1) - 1/2);
  // first-order coefficients 20 for factors 1 … 10, second-order -15 among 1 … 6, third-order -10 among 1 … 5,
  // fourth-order 5 among 1 … 4; the rest is standard normal or (-1)^i and (-1)^(i+j), and zero above second order.
  auto coefficients = stream(20);
  std::vector<double> first(20);
  std::vector<std::vector<double>> second(20, std::vector<double>(20));
  for (std::size_t i = 0; i < 20; ++i) {
    first[i] = i < 10 ? 20.0 : coefficients.standard_normal();
    for (std::size_t j = i + 1; j < 20; ++j) {
      second[i][j] = j < 6 ? -15.0 : coefficients.standard_normal();
    }
  }
  const auto morris = [&](const Point01& x) {
    std::vector<double> w;
    for (std::size_t i = 0; i < 20; ++i) {
      const bool is_curved = i == 2 || i == 4 || i == 6;
      w.push_back(2.0 * ((is_curved ? 1.1 * x[i] / (x[i] + 0.1) : x[i]) - 0.5));
    }
    double y = 0.0;
    for (std::size_t i = 0; i < 20; ++i) {
      y += first[i] * w[i];
      for (std::size_t j = i + 1; j < 20; ++j) {
        y += second[i][j] * w[i] * w[j];
        for (std::size_t l = j + 1; l < 5; ++l) {
          y += -10.0 * w[i] * w[j] * w[l];
          for (std::size_t s = l + 1; s < 4; ++s) {
            y += 5.0 * w[i] * w[j] * w[l] * w[s];
          }
        }
      }
    }
    return y;
  };
  const auto effects = effects_of(20, 30, 4, morris);
  // The first ten matter, the last ten hardly. 8, 9 and 10 act alone: by about 2 · 20 per unit and with little
  // deviation; 1 to 7 have a large one, from interactions or, as 7, from curvature.
  double least_important = std::numeric_limits<double>::infinity();
  double greatest_other = 0.0;
  for (const auto& effect : effects) {
    (effect.factor < 10 ? least_important : greatest_other) = effect.factor < 10
                                                                  ? std::min(least_important, effect.mean_absolute)
                                                                  : std::max(greatest_other, effect.mean_absolute);
  }
  CHECK(least_important > 2.0 * greatest_other);
  double least_curved = std::numeric_limits<double>::infinity();
  double greatest_alone = 0.0;
  for (std::size_t i = 0; i < 7; ++i) {
    least_curved = std::min(least_curved, effects[i].deviation);
  }
  for (std::size_t i = 7; i < 10; ++i) {
    CHECK(effects[i].mean == Approx(40.0).margin(8.0));
    greatest_alone = std::max(greatest_alone, effects[i].deviation);
  }
  CHECK(least_curved > 1.5 * greatest_alone);
}

TEST_CASE("effects without a result are left out and come last", "[study]") {
  const std::vector<Trajectory> walks{{{{0.0, 0.0}, {1.0, 0.0}, {1.0, 1.0}}, {0, 1}},
                                      {{{1.0, 1.0}, {1.0, 0.0}, {0.0, 0.0}}, {1, 0}}};
  const double none = std::numeric_limits<double>::quiet_NaN();
  const auto effects = factor_effects(walks, {{1.0, 4.0, none}, {none, 2.0, 1.0}});
  CHECK(effects[0] == FactorEffect{0, 2.0, 2.0, std::sqrt(2.0), 2});
  CHECK(effects[1] == FactorEffect{1, 0.0, 0.0, 0.0, 0});
  const auto order = sim::study::ranked({effects[1], effects[0]});
  CHECK(order[0].factor == 0);
  CHECK(order[1].factor == 1);
  CHECK(sim::study::ranked({{0, 0.0, 0.0, 0.0, 0}, {1, 0.0, 0.0, 0.0, 3}})[0].factor == 1);
  CHECK(factor_effects({}, {}).empty());
  CHECK_THROWS_AS(factor_effects(walks, {{1.0, 2.0, 3.0}}), sim::AssertionFailure);
  CHECK_THROWS_AS(factor_effects(walks, {{1.0, 2.0}, {1.0, 2.0}}), sim::AssertionFailure);
}

TEST_CASE("equal effects keep the order of their factors", "[study]") {
  const auto order = sim::study::ranked({{0, 1.0, 1.0, 0.0, 3}, {1, -2.0, 2.0, 0.0, 3}, {2, 1.0, 1.0, 0.0, 3}});
  CHECK(order[0].factor == 1);
  CHECK(order[1].factor == 0);
  CHECK(order[2].factor == 2);
}
