#include "libsim/statistics/littles_law.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <fmt/format.h>

#include "libsim/statistics/observations.hpp"

namespace sim {

namespace {

constexpr double rounding_share = 1e-9;

Expected<void> validate_triples(std::span<const double> numbers, std::span<const double> rates,
                                std::span<const double> times) {
  if (numbers.size() != rates.size() || rates.size() != times.size()) {
    return unexpected(fmt::format("{} numbers, {} rates and {} times: expected one of each per replication",
                                  numbers.size(), rates.size(), times.size()));
  }
  for (const auto values : {numbers, rates, times}) {
    if (auto valid = validate_observations(values); !valid) {
      return valid;
    }
  }
  return {};
}

}  // namespace

Expected<LittlesLaw> littles_law(std::span<const double> numbers, std::span<const double> rates,
                                 std::span<const double> times, double confidence, double edge_share) {
  if (const auto valid = validate_triples(numbers, rates, times); !valid) {
    return tl::unexpected(valid.error());
  }
  if (!(edge_share >= 0.0 && edge_share < 1.0)) {
    return unexpected(fmt::format("edge_share {}: expected a number from 0 to below 1, such as 0.01", edge_share));
  }
  std::vector<double> products;
  for (std::size_t i = 0; i < rates.size(); ++i) {
    products.push_back(rates[i] * times[i]);
  }
  if (const auto valid = validate_observations(products); !valid) {
    return tl::unexpected(valid.error());
  }
  const auto gap = paired_difference_interval(numbers, products, confidence);
  if (!gap) {
    return tl::unexpected(gap.error());
  }
  LittlesLaw law;
  law.number = *mean_interval(numbers, confidence);
  law.gap = *gap;
  law.gap_share = gap->mean == 0.0 ? 0.0 : gap->mean / law.number.mean;
  const double allowed = edge_share * std::abs(law.number.mean);
  law.holds = gap->lower() <= allowed && gap->upper() >= -allowed;
  return law;
}

bool holds_from_empty_to_empty(double number_integral, double sum_of_times) {
  const double larger = std::max(std::abs(number_integral), std::abs(sum_of_times));
  return std::abs(number_integral - sum_of_times) <= rounding_share * larger;
}

}  // namespace sim
