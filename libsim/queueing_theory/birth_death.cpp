#include "libsim/queueing_theory/birth_death.hpp"

#include <algorithm>
#include <numeric>

namespace sim::queueing_theory {

namespace {

constexpr double negligible_weight = 1e-30;

/// The first state from which the next one is not likelier.
std::uint64_t likeliest_state(const BirthDeathRates& rates) {
  const auto falls = [&](std::uint64_t state) {
    return state >= rates.state_max || rates.up(state) <= rates.down(state + 1);
  };
  std::uint64_t above = 1;
  while (!falls(above)) {
    above *= 2;
  }
  std::uint64_t below = 0;
  while (below < above) {
    const std::uint64_t middle = below + (above - below) / 2;
    if (falls(middle)) {
      above = middle;
    } else {
      below = middle + 1;
    }
  }
  return above;
}

void normalise(std::vector<double>& values) {
  const double total = std::accumulate(values.begin(), values.end(), 0.0);
  for (double& value : values) {
    value /= total;
  }
}

/// The weights of the states above, relative to that of `state`.
std::vector<double> upwards(const BirthDeathRates& rates, std::uint64_t state) {
  std::vector<double> weights;
  double weight = 1.0;
  for (; state < rates.state_max; ++state) {
    weight *= rates.up(state) / rates.down(state + 1);
    if (weight < negligible_weight) {
      break;
    }
    weights.push_back(weight);
  }
  return weights;
}

/// The weights of the states below, relative to that of `state`, nearest first.
std::vector<double> downwards(const BirthDeathRates& rates, std::uint64_t state) {
  std::vector<double> weights;
  double weight = 1.0;
  for (; state > 0; --state) {
    weight *= rates.down(state) / rates.up(state - 1);
    if (weight < negligible_weight) {
      break;
    }
    weights.push_back(weight);
  }
  return weights;
}

/// Sum of probability times `value(state)`, from the unlikely states above to those below.
template <class Value>
double sum(const StateProbabilities& states, Value value) {
  double total = 0.0;
  for (std::size_t i = states.values.size(); i-- > 0;) {
    total += states.values[i] * static_cast<double>(value(states.first + i));
  }
  return total;
}

}  // namespace

double StateProbabilities::of(std::uint64_t state) const {
  return state < first || state - first >= values.size() ? 0.0 : values[state - first];
}

double StateProbabilities::at_least(std::uint64_t state) const {
  return sum(*this, [state](std::uint64_t n) { return n >= state ? 1 : 0; });
}

double StateProbabilities::mean() const {
  return sum(*this, [](std::uint64_t n) { return n; });
}

double StateProbabilities::busy_mean(std::uint64_t servers) const {
  return sum(*this, [servers](std::uint64_t n) { return std::min(n, servers); });
}

double StateProbabilities::waiting_mean(std::uint64_t servers) const {
  return sum(*this, [servers](std::uint64_t n) { return n - std::min(n, servers); });
}

StateProbabilities stationary(const BirthDeathRates& rates) {
  const std::uint64_t likeliest = likeliest_state(rates);
  const auto below = downwards(rates, likeliest);
  const auto above = upwards(rates, likeliest);
  StateProbabilities states;
  states.first = likeliest - below.size();
  states.values.assign(below.rbegin(), below.rend());
  states.values.push_back(1.0);
  states.values.insert(states.values.end(), above.begin(), above.end());
  normalise(states.values);
  return states;
}

}  // namespace sim::queueing_theory
