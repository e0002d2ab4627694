#include "libsim/queueing_theory/quantile_search.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace sim::queueing_theory {

namespace {

bool is_quantile_probability(double probability) { return probability >= 0.0 && probability < 1.0; }

/// The smallest double with `holds(t)`, given that it holds from some t >= `begin` on, and never below.
template <class Predicate>
double first_where(Predicate holds, double begin) {
  double below = 0.0;
  double above = begin;
  while (!holds(above)) {
    below = above;
    above *= 2.0;
  }
  for (;;) {
    const double middle = below + (above - below) / 2.0;
    if (middle <= below || middle >= above) {
      return above;
    }
    (holds(middle) ? above : below) = middle;
  }
}

}  // namespace

QuantileFunction quantiles_of(Survival survival, double scale_s) {
  return [survival = std::move(survival), scale_s](double probability) -> std::optional<double> {
    if (!is_quantile_probability(probability)) {
      return std::nullopt;
    }
    const double left = 1.0 - probability;
    if (survival(0.0) <= left) {
      return 0.0;
    }
    return first_where([&](double t_s) { return survival(t_s) <= left; }, scale_s);
  };
}

QuantileFunction exponential_tail_quantiles(double positive, double rate) {
  return [positive, rate](double probability) -> std::optional<double> {
    if (!is_quantile_probability(probability)) {
      return std::nullopt;
    }
    // The difference of logarithms is as good for tiny tails as for a probability of 0.
    return positive > 0.0 ? std::max(0.0, (std::log(positive) - std::log1p(-probability)) / rate) : 0.0;
  };
}

QuantileFunction always_zero() { return exponential_tail_quantiles(0.0, 1.0); }

double survival_of_two_phases(double rate, double other_rate, double t_s) {
  const double slow = std::min(rate, other_rate);
  const double difference_t = (std::max(rate, other_rate) - slow) * t_s;
  // (fast e^(-slow t) - slow e^(-fast t)) / (fast - slow), without its cancellation for rates that are nearly equal.
  const double mean_decay = difference_t > 0.0 ? -std::expm1(-difference_t) / difference_t : 1.0;
  return std::exp(-slow * t_s) * (1.0 + slow * t_s * mean_decay);
}

}  // namespace sim::queueing_theory
