#pragma once

#include <cstdint>
#include <functional>
#include <vector>

/// Stationary probabilities of the number of jobs in a station whose jobs come and go one by one.
namespace sim::queueing_theory {

/// Probabilities of `first`, `first` + 1, …; those of all other states are below 1e-30 of the largest.
struct StateProbabilities {
  std::uint64_t first = 0;
  std::vector<double> values;

  [[nodiscard]] double of(std::uint64_t state) const;
  [[nodiscard]] double at_least(std::uint64_t state) const;
  [[nodiscard]] double mean() const;
  /// Mean of min(state, servers): the busy servers.
  [[nodiscard]] double busy_mean(std::uint64_t servers) const;
  /// Mean of max(state - servers, 0): the waiting jobs.
  [[nodiscard]] double waiting_mean(std::uint64_t servers) const;
};

/// Rates upwards from a state, and downwards from a state above 0.
struct BirthDeathRates {
  std::function<double(std::uint64_t state)> up;
  std::function<double(std::uint64_t state)> down;
  std::uint64_t state_max = UINT64_MAX;  ///< none above; UINT64_MAX for no limit
};

/// The detailed balance p(n) up(n) = p(n + 1) down(n + 1), from the likeliest state outwards, so that neither huge nor
/// tiny products occur. up(n) / down(n + 1) must not increase in n, and be below 1 in the end if there is no limit.
[[nodiscard]] StateProbabilities stationary(const BirthDeathRates& rates);

}  // namespace sim::queueing_theory
