#include "libsim/queueing_theory/found_on_arrival.hpp"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "libsim/queueing_theory/quantile_search.hpp"

namespace sim::queueing_theory {

namespace {

constexpr double negligible_share = 1e-19;

/// Sums weight(n) * value(n) from the likeliest number of steps outwards, where weight is the Poisson probability.
class PoissonSum {
 public:
  explicit PoissonSum(double mean) : mean_(mean) {}

  template <class Value>
  [[nodiscard]] double of(Value value) const {
    const auto likeliest = static_cast<std::uint64_t>(mean_);
    // Relative to the likeliest: dividing by their sum in the end makes them probabilities.
    double weight_sum = 1.0;
    double total = value(likeliest);
    double weight = 1.0;
    for (std::uint64_t n = likeliest + 1; weight > negligible_share; ++n) {
      weight *= mean_ / static_cast<double>(n);
      weight_sum += weight;
      total += weight * value(n);
    }
    weight = 1.0;
    for (std::uint64_t n = likeliest; n > 0 && weight > negligible_share; --n) {
      weight *= static_cast<double>(n) / mean_;
      weight_sum += weight;
      total += weight * value(n - 1);
    }
    return total / weight_sum;
  }

 private:
  double mean_;
};

/// still_waiting[i]: the share of jobs that do not start service before i others have left.
std::vector<double> still_waiting(const StateProbabilities& found, std::uint32_t servers) {
  std::vector<double> tail;
  const std::uint64_t end = found.first + found.values.size();
  double sum = 0.0;
  for (std::uint64_t state = end; state-- > servers;) {
    sum += found.of(state);
    tail.push_back(sum);
  }
  std::reverse(tail.begin(), tail.end());
  tail.push_back(0.0);
  const double all = found.at_least(0);
  for (double& value : tail) {
    value /= all;
  }
  return tail;
}

/// The share of jobs that have not left after i steps: waiting, or in a service that ends at 1 of `servers` steps.
std::vector<double> still_here(const std::vector<double>& waiting, std::uint32_t servers) {
  const double goes_on = 1.0 - 1.0 / static_cast<double>(servers);
  std::vector<double> here{1.0};
  double in_service = 1.0 - waiting.front();
  for (std::size_t i = 1; i < waiting.size(); ++i) {
    in_service = in_service * goes_on + (waiting[i - 1] - waiting[i]);
    here.push_back(in_service + waiting[i]);
  }
  return here;
}

double mean_found_s(const StateProbabilities& found, double services_per_s) {
  return (1.0 + found.mean()) / services_per_s;
}

}  // namespace

double uniformised_survival(const std::vector<double>& not_ended, double decay, double steps_per_s, double t_s) {
  const auto value = [&](std::uint64_t n) {
    return n < not_ended.size() ? not_ended[n]
                                : not_ended.back() * std::pow(decay, static_cast<double>(n - (not_ended.size() - 1)));
  };
  return PoissonSum(steps_per_s * t_s).of(value);
}

QuantileFunction wait_quantiles(StateProbabilities found, double services_per_s, std::uint32_t servers) {
  const double steps_per_s = services_per_s * static_cast<double>(servers);
  const double scale_s = mean_found_s(found, services_per_s);
  return quantiles_of([waiting = still_waiting(found, servers),
                       steps_per_s](double t_s) { return uniformised_survival(waiting, 0.0, steps_per_s, t_s); },
                      scale_s);
}

QuantileFunction sojourn_quantiles(StateProbabilities found, double services_per_s, std::uint32_t servers) {
  const double steps_per_s = services_per_s * static_cast<double>(servers);
  const double scale_s = mean_found_s(found, services_per_s);
  return quantiles_of(
      [here = still_here(still_waiting(found, servers), servers), servers, steps_per_s](double t_s) {
        return uniformised_survival(here, 1.0 - 1.0 / static_cast<double>(servers), steps_per_s, t_s);
      },
      scale_s);
}

}  // namespace sim::queueing_theory
