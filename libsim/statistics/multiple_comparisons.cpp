#include "libsim/statistics/multiple_comparisons.hpp"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

#include "libsim/statistics/interval.hpp"

namespace sim {

Expected<double> bonferroni_confidence(double confidence, std::uint64_t comparisons) {
  if (const auto valid = validate_confidence(confidence); !valid) {
    return tl::unexpected(valid.error());
  }
  if (comparisons == 0) {
    return unexpected("0 comparisons: expected at least 1");
  }
  return comparisons == 1 ? confidence : 1.0 - (1.0 - confidence) / static_cast<double>(comparisons);
}

Expected<std::vector<double>> holm_adjusted(std::span<const double> p_values) {
  for (const double p : p_values) {
    if (!(p >= 0.0 && p <= 1.0)) {
      return unexpected(fmt::format("p value {}: expected a number from 0 to 1", p));
    }
  }
  std::vector<std::size_t> ascending(p_values.size());
  std::iota(ascending.begin(), ascending.end(), std::size_t{0});
  std::stable_sort(ascending.begin(), ascending.end(),
                   [p_values](std::size_t left, std::size_t right) { return p_values[left] < p_values[right]; });
  std::vector<double> adjusted(p_values.size());
  double largest = 0.0;
  for (std::size_t rank = 0; rank < ascending.size(); ++rank) {
    const std::size_t at = ascending[rank];
    // Never below the one before: a hypothesis stands as soon as a likelier one does.
    largest = std::max(largest, static_cast<double>(ascending.size() - rank) * p_values[at]);
    adjusted[at] = std::min(largest, 1.0);
  }
  return adjusted;
}

}  // namespace sim
