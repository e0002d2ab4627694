#include "libsim/study/morris.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "libsim/failure.hpp"
#include "libsim/random/permutation.hpp"
#include "libsim/statistics/moments.hpp"

namespace sim::study {

namespace {

constexpr std::size_t levels_max = 1'000;
constexpr std::size_t morris_points_max = 1'000'000;

/// A walk in whole levels: half of all levels is one step, so that each level has exactly one partner.
Trajectory trajectory(std::size_t factors, std::size_t levels, RandomStream& random) {
  std::vector<std::size_t> place(factors);
  for (auto& level : place) {
    level = random.below(levels);
  }
  const auto coordinates = [&] {
    std::vector<double> point;
    for (const auto level : place) {
      point.push_back(static_cast<double>(level) / static_cast<double>(levels - 1));
    }
    return point;
  };
  Trajectory walk;
  walk.changed = random_permutation(factors, random);
  walk.points.push_back(coordinates());
  for (const auto factor : walk.changed) {
    const std::size_t step = levels / 2;
    place[factor] = place[factor] < step ? place[factor] + step : place[factor] - step;
    walk.points.push_back(coordinates());
  }
  return walk;
}

}  // namespace

Expected<std::vector<Trajectory>> morris_trajectories(std::size_t factors, std::size_t trajectories, std::size_t levels,
                                                      RandomStream& random) {
  if (factors == 0 || trajectories == 0) {
    return unexpected(
        fmt::format("{} trajectories of {} parameters, expected 1 or more of both", trajectories, factors));
  }
  if (levels < 2 || levels > levels_max || levels % 2 != 0) {
    return unexpected(fmt::format("{} levels, expected an even number from 2 to {}", levels, levels_max));
  }
  if (factors >= morris_points_max || trajectories > morris_points_max / (factors + 1)) {
    return unexpected(fmt::format("{} trajectories of {} parameters, expected at most {} points", trajectories, factors,
                                  morris_points_max));
  }
  std::vector<Trajectory> walks;
  for (std::size_t i = 0; i < trajectories; ++i) {
    walks.push_back(trajectory(factors, levels, random));
  }
  return walks;
}

std::vector<FactorEffect> factor_effects(const std::vector<Trajectory>& trajectories,
                                         const std::vector<std::vector<double>>& results) {
  check(trajectories.size() == results.size(), "each trajectory has its results");
  const std::size_t factors = trajectories.empty() ? 0 : trajectories.front().changed.size();
  std::vector<Moments> signed_effects(factors);
  std::vector<Moments> absolute_effects(factors);
  for (std::size_t t = 0; t < trajectories.size(); ++t) {
    const auto& walk = trajectories[t];
    check(walk.changed.size() == factors && walk.points.size() == factors + 1 && results[t].size() == factors + 1,
          "each point of a trajectory has a result");
    for (std::size_t i = 0; i < factors; ++i) {
      const auto factor = walk.changed[i];
      const double step = walk.points[i + 1][factor] - walk.points[i][factor];
      const double effect = (results[t][i + 1] - results[t][i]) / step;
      if (std::abs(effect) <= Moments::magnitude_max) {  // also false for what is not a number
        signed_effects[factor].add(effect);
        absolute_effects[factor].add(std::abs(effect));
      }
    }
  }
  std::vector<FactorEffect> effects(factors);
  for (std::size_t factor = 0; factor < factors; ++factor) {
    const auto& moments = signed_effects[factor];
    effects[factor].factor = factor;
    effects[factor].effects = moments.count();
    if (moments.count() > 0) {
      effects[factor].mean = moments.mean();
      effects[factor].mean_absolute = absolute_effects[factor].mean();
    }
    if (moments.count() > 1) {
      effects[factor].deviation = moments.standard_deviation();
    }
  }
  return effects;
}

std::vector<FactorEffect> ranked(std::vector<FactorEffect> effects) {
  std::stable_sort(effects.begin(), effects.end(), [](const FactorEffect& left, const FactorEffect& right) {
    const bool left_known = left.effects > 0;
    const bool right_known = right.effects > 0;
    return left_known != right_known ? left_known : left.mean_absolute > right.mean_absolute;
  });
  return effects;
}

}  // namespace sim::study
