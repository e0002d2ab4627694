#include <algorithm>
#include <cmath>
#include <vector>

#include "libsim/queueing_theory/single_server.hpp"

namespace sim::queueing_theory {

namespace {

constexpr double negligible_probability = 1e-25;

/// exp(-mean) mean^n / n! for n = 0, 1, … until it is negligible_probability; the mean is at most 1.
std::vector<double> poisson_probabilities(double mean) {
  std::vector<double> probabilities;
  double term = std::exp(-mean);
  for (int n = 1; term > negligible_probability; ++n) {
    probabilities.push_back(term);
    term *= mean / n;
  }
  return probabilities;
}

/// The wait in M/D/1 in units of the service time.
class WaitOfConstantServices {
 public:
  explicit WaitOfConstantServices(double load) : load_(load), arrivals_in_service_(poisson_probabilities(load)) {
    more_arrivals_.resize(arrivals_in_service_.size());
    double tail = 0.0;
    for (std::size_t n = arrivals_in_service_.size(); n-- > 0;) {
      more_arrivals_[n] = tail;
      tail += arrivals_in_service_[n];
    }
    states_.push_back(1.0 - load_);
    add_state();
    waiting_at_most_.push_back(states_[0] + states_[1]);
  }

  /// The time that the wait stays at or below with the probability; absent when that is too near 1 for a double.
  std::optional<double> quantile(double probability) {
    if (probability <= 1.0 - load_) {
      return 0.0;
    }
    std::size_t whole = 0;  // the quantile lies between `whole` and the next service time
    while (cdf(whole, 1.0) < probability) {
      if (states_.back() < negligible_probability) {
        return std::nullopt;
      }
      ++whole;
    }
    return static_cast<double>(whole) + within(whole, probability);
  }

 private:
  /// P(wait <= whole + part), 0 <= part <= 1. With the arrival rate as load, Franx's sum of positive terms
  /// exp(-load (1 - part)) * sum over j of Q(whole - j) (load (1 - part))^j / j!, Q(m) = P(at most m jobs wait).
  double cdf(std::size_t whole, double part) {
    while (waiting_at_most_.size() <= whole) {
      add_state();
      waiting_at_most_.push_back(waiting_at_most_.back() + states_.back());
    }
    const auto weights = poisson_probabilities(load_ * (1.0 - part));
    double sum = 0.0;
    for (std::size_t j = 0; j < weights.size() && j <= whole; ++j) {
      sum += weights[j] * waiting_at_most_[whole - j];
    }
    return sum;
  }

  double within(std::size_t whole, double probability) {
    double below = 0.0;
    double above = 1.0;
    for (;;) {
      const double middle = (below + above) / 2.0;
      if (middle <= below || middle >= above) {
        return above;
      }
      (cdf(whole, middle) >= probability ? above : below) = middle;
    }
  }

  /// The next state's probability, by as many departures that leave n jobs as arrivals that find n:
  /// p(n + 1) a(0) = p(0) P(A > n) + sum over i from 1 to n of p(i) P(A > n + 1 - i), A the arrivals in a service.
  void add_state() {
    const std::size_t n = states_.size() - 1;
    double rises = states_[0] * more_than(n);
    const std::size_t first = n + 1 > more_arrivals_.size() ? n + 1 - more_arrivals_.size() : 0;
    for (std::size_t i = std::max<std::size_t>(1, first); i <= n; ++i) {
      rises += states_[i] * more_than(n + 1 - i);
    }
    states_.push_back(rises / arrivals_in_service_.front());
  }

  [[nodiscard]] double more_than(std::size_t n) const { return n < more_arrivals_.size() ? more_arrivals_[n] : 0.0; }

  double load_;
  std::vector<double> arrivals_in_service_;
  std::vector<double> more_arrivals_;    // P(A > n)
  std::vector<double> states_;           // P(n jobs in the system)
  std::vector<double> waiting_at_most_;  // P(at most n jobs wait)
};

QuantileFunction wait_quantiles_of_md_1(double load, double service_s, double add_s) {
  return [=](double probability) -> std::optional<double> {
    if (!(probability >= 0.0 && probability < 1.0)) {
      return std::nullopt;
    }
    const auto services = WaitOfConstantServices(load).quantile(probability);
    return services ? std::optional(*services * service_s + add_s) : std::nullopt;
  };
}

}  // namespace

Expected<SteadyState> md_1(double arrivals_per_s, double service_s) {
  auto state = mg_1(arrivals_per_s, service_s, service_s * service_s);
  if (!state) {
    return state;
  }
  const double load = arrivals_per_s * service_s;
  state->wait_quantile_s = wait_quantiles_of_md_1(load, service_s, 0.0);
  state->sojourn_quantile_s = wait_quantiles_of_md_1(load, service_s, service_s);
  state->formula = "M/D/1 (Crommelin)";
  return state;
}

}  // namespace sim::queueing_theory
