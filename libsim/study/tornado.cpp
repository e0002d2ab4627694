#include "libsim/study/tornado.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>
#include <string_view>

#include "libsim/failure.hpp"

namespace sim::study {

Expected<std::vector<Point>> tornado_points(const std::vector<TornadoFactor>& factors) {
  if (factors.empty()) {
    return unexpected("a one-at-a-time study without a parameter, expected one or more");
  }
  Point base;
  std::set<std::string_view> seen;
  for (const auto& factor : factors) {
    if (!seen.insert(factor.parameter).second) {
      return unexpected(fmt::format("parameter {} comes twice, expected once", factor.parameter));
    }
    base.emplace_back(factor.parameter, factor.base);
  }
  std::vector<Point> points{base};
  for (std::size_t i = 0; i < factors.size(); ++i) {
    for (const auto& value : {factors[i].low, factors[i].high}) {
      points.push_back(base);
      points.back()[i].second = value;
    }
  }
  return points;
}

double Swing::size() const {
  const auto [least, greatest] = std::minmax({at_low, at_base, at_high});
  return greatest - least;
}

std::vector<Swing> tornado_swings(const std::vector<TornadoFactor>& factors, const std::vector<double>& results) {
  check(results.size() == 1 + 2 * factors.size(), "a one-at-a-time study has a result for each of its points");
  std::vector<Swing> swings;
  for (std::size_t i = 0; i < factors.size(); ++i) {
    swings.push_back({factors[i].parameter, results[1 + 2 * i], results[0], results[2 + 2 * i]});
  }
  const auto key = [](const Swing& swing) {
    const bool finite = std::isfinite(swing.at_low) && std::isfinite(swing.at_base) && std::isfinite(swing.at_high);
    return finite ? swing.size() : -1.0;
  };
  std::stable_sort(swings.begin(), swings.end(),
                   [key](const Swing& left, const Swing& right) { return key(left) > key(right); });
  return swings;
}

}  // namespace sim::study
