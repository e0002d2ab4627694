#include "libsim/statistics/observations.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "libsim/statistics/moments.hpp"

namespace sim {

Expected<void> validate_observations(std::span<const double> observations) {
  const auto wrong = std::find_if(observations.begin(), observations.end(),
                                  [](double value) { return !(std::abs(value) <= Moments::magnitude_max); });
  if (wrong != observations.end()) {
    return unexpected(fmt::format("value {} of {} is {}: expected a finite number of magnitude at most {}",
                                  wrong - observations.begin() + 1, observations.size(), *wrong,
                                  Moments::magnitude_max));
  }
  return {};
}

Expected<void> validate_pairs(std::span<const double> first, std::span<const double> second) {
  if (first.size() != second.size()) {
    return unexpected(
        fmt::format("{} and {} values: expected pairs, as many of one as of the other", first.size(), second.size()));
  }
  return validate_observations(first).and_then([second] { return validate_observations(second); });
}

}  // namespace sim
