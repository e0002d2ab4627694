#include "libsim/queueing_theory/markovian.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "libsim/queueing_theory/birth_death.hpp"
#include "libsim/queueing_theory/found_on_arrival.hpp"
#include "libsim/queueing_theory/quantile_search.hpp"
#include "libsim/queueing_theory/validation.hpp"

namespace sim::queueing_theory {

namespace {

/// Each state of a finite station is kept in memory.
constexpr std::uint32_t capacity_max = 10'000'000;

double loss_share(double offered_load, std::uint32_t servers) {
  double share = 1.0;
  for (std::uint32_t c = 1; c <= servers; ++c) {
    share = offered_load * share / (static_cast<double>(c) + offered_load * share);
  }
  return share;
}

double waiting_share(double offered_load, std::uint32_t servers) {
  const auto c = static_cast<double>(servers);
  const double lost = loss_share(offered_load, servers);
  return c * lost / (c - offered_load * (1.0 - lost));
}

QuantileFunction sojourn_quantiles_of_mm_c(double waiting, double leaving_per_s, double services_per_s) {
  const auto survival = [=](double t_s) {
    return (1.0 - waiting) * std::exp(-services_per_s * t_s) +
           waiting * survival_of_two_phases(services_per_s, leaving_per_s, t_s);
  };
  return quantiles_of(survival, 1.0 / services_per_s);
}

Expected<void> validate_capacity(std::uint32_t servers, std::uint32_t capacity) {
  if (capacity < servers || capacity > capacity_max) {
    return unexpected(fmt::format("capacity {}: expected from {} (servers) to {} jobs in the system", capacity, servers,
                                  capacity_max));
  }
  return {};
}

StateProbabilities states_of_mm_c_k(double arrivals_per_s, double services_per_s, std::uint32_t servers,
                                    std::uint32_t capacity) {
  return stationary({.up = [=](std::uint64_t) { return arrivals_per_s; },
                     .down = [=](std::uint64_t n) { return services_per_s * std::min<double>(n, servers); },
                     .state_max = capacity});
}

/// What entering jobs find: the same probabilities without the full station.
StateProbabilities found_when_not_full(StateProbabilities states, std::uint32_t capacity) {
  if (states.first + states.values.size() > capacity) {
    states.values.back() = 0.0;
  }
  return states;
}

}  // namespace

Expected<double> erlang_b(double offered_load, std::uint32_t servers) {
  if (const auto valid = validate_not_negative("offered load", offered_load); !valid) {
    return tl::unexpected(valid.error());
  }
  return loss_share(offered_load, servers);
}

Expected<double> erlang_c(double offered_load, std::uint32_t servers) {
  if (const auto valid = first_error(validate_not_negative("offered load", offered_load), validate_servers(servers),
                                     validate_steady(offered_load / static_cast<double>(servers)));
      !valid) {
    return tl::unexpected(valid.error());
  }
  return waiting_share(offered_load, servers);
}

Expected<SteadyState> mm_c(double arrivals_per_s, double services_per_s, std::uint32_t servers) {
  const auto c = static_cast<double>(servers);
  const double load = arrivals_per_s / services_per_s;
  if (const auto valid =
          first_error(validate_station(arrivals_per_s, services_per_s, servers), validate_steady(load / c));
      !valid) {
    return tl::unexpected(valid.error());
  }
  const double waiting = waiting_share(load, servers);
  const double leaving_per_s = c * services_per_s - arrivals_per_s;
  SteadyState state;
  state.utilisation = load / c;
  state.throughput_per_s = arrivals_per_s;
  state.wait_mean_s = waiting / leaving_per_s;
  state.sojourn_mean_s = *state.wait_mean_s + 1.0 / services_per_s;
  state.queue_length_mean = arrivals_per_s * *state.wait_mean_s;
  state.in_system_mean = arrivals_per_s * *state.sojourn_mean_s;
  state.wait_probability = waiting;
  state.loss_probability = 0.0;
  state.abandonment_probability = 0.0;
  state.wait_quantile_s = exponential_tail_quantiles(waiting, leaving_per_s);
  state.sojourn_quantile_s = servers == 1 ? exponential_tail_quantiles(1.0, leaving_per_s)
                                          : sojourn_quantiles_of_mm_c(waiting, leaving_per_s, services_per_s);
  state.formula = servers == 1 ? "M/M/1" : "Erlang C";
  return state;
}

Expected<SteadyState> mm_c_k(double arrivals_per_s, double services_per_s, std::uint32_t servers,
                             std::uint32_t capacity) {
  if (const auto valid =
          first_error(validate_station(arrivals_per_s, services_per_s, servers), validate_capacity(servers, capacity));
      !valid) {
    return tl::unexpected(valid.error());
  }
  const auto states = states_of_mm_c_k(arrivals_per_s, services_per_s, servers, capacity);
  const auto found = found_when_not_full(states, capacity);
  const double entering = found.at_least(0);
  const double entering_per_s = arrivals_per_s * entering;
  SteadyState state;
  state.utilisation = states.busy_mean(servers) / static_cast<double>(servers);
  state.throughput_per_s = entering_per_s;
  state.queue_length_mean = states.waiting_mean(servers);
  state.in_system_mean = states.mean();
  state.wait_mean_s = *state.queue_length_mean / entering_per_s;
  state.sojourn_mean_s = *state.in_system_mean / entering_per_s;
  state.wait_probability = found.at_least(servers) / entering;
  state.loss_probability = states.of(capacity);
  state.abandonment_probability = 0.0;
  state.wait_quantile_s = wait_quantiles(found, services_per_s, servers);
  state.sojourn_quantile_s = sojourn_quantiles(found, services_per_s, servers);
  state.formula = capacity == servers ? "Erlang B" : "M/M/c/K";
  return state;
}

Expected<SteadyState> mg_c_c(double arrivals_per_s, double service_mean_s, std::uint32_t servers) {
  if (const auto valid = first_error(validate_positive("arrivals_per_s", arrivals_per_s),
                                     validate_positive("service_mean_s", service_mean_s), validate_servers(servers));
      !valid) {
    return tl::unexpected(valid.error());
  }
  const double lost = loss_share(arrivals_per_s * service_mean_s, servers);
  SteadyState state;
  state.throughput_per_s = arrivals_per_s * (1.0 - lost);
  state.in_system_mean = *state.throughput_per_s * service_mean_s;
  state.utilisation = *state.in_system_mean / static_cast<double>(servers);
  state.wait_mean_s = 0.0;
  state.sojourn_mean_s = service_mean_s;
  state.queue_length_mean = 0.0;
  state.wait_probability = 0.0;
  state.loss_probability = lost;
  state.abandonment_probability = 0.0;
  state.wait_quantile_s = always_zero();
  state.formula = "Erlang B (any service law)";
  return state;
}

Expected<SteadyState> mm_inf(double arrivals_per_s, double services_per_s) {
  if (const auto valid = validate_station(arrivals_per_s, services_per_s, 1); !valid) {
    return tl::unexpected(valid.error());
  }
  SteadyState state;
  state.throughput_per_s = arrivals_per_s;
  state.wait_mean_s = 0.0;
  state.sojourn_mean_s = 1.0 / services_per_s;
  state.queue_length_mean = 0.0;
  state.in_system_mean = arrivals_per_s / services_per_s;
  state.wait_probability = 0.0;
  state.loss_probability = 0.0;
  state.abandonment_probability = 0.0;
  state.wait_quantile_s = always_zero();
  state.sojourn_quantile_s = exponential_tail_quantiles(1.0, services_per_s);
  state.formula = "M/M/∞";
  return state;
}

Expected<double> mm_inf_more_than(double arrivals_per_s, double services_per_s, std::uint32_t jobs) {
  if (const auto valid = validate_station(arrivals_per_s, services_per_s, 1); !valid) {
    return tl::unexpected(valid.error());
  }
  return boost::math::gamma_p(static_cast<double>(jobs) + 1.0, arrivals_per_s / services_per_s);
}

Expected<double> mm_1_at_least(double arrivals_per_s, double services_per_s, std::uint32_t jobs) {
  const double load = arrivals_per_s / services_per_s;
  if (const auto valid = first_error(validate_station(arrivals_per_s, services_per_s, 1), validate_steady(load));
      !valid) {
    return tl::unexpected(valid.error());
  }
  return std::pow(load, static_cast<double>(jobs));
}

}  // namespace sim::queueing_theory
