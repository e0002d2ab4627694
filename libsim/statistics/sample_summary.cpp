#include "libsim/statistics/sample_summary.hpp"

#include <algorithm>
#include <numeric>

#include "libsim/statistics/order_statistics.hpp"

namespace sim {

double mean_of(std::span<const double> samples) {
  return samples.empty() ? nothing_measured
                         : std::accumulate(samples.begin(), samples.end(), 0.0) / static_cast<double>(samples.size());
}

double smallest_of(std::span<const double> samples) {
  return samples.empty() ? nothing_measured : *std::min_element(samples.begin(), samples.end());
}

double largest_of(std::span<const double> samples) {
  return samples.empty() ? nothing_measured : *std::max_element(samples.begin(), samples.end());
}

double percentile_of(std::vector<double> samples, double percent) {
  std::sort(samples.begin(), samples.end());
  return samples.empty() ? nothing_measured : percentile(samples, percent);
}

}  // namespace sim
