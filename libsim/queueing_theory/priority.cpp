#include "libsim/queueing_theory/priority.hpp"

#include <fmt/format.h>

#include <cmath>

#include "libsim/queueing_theory/markovian.hpp"
#include "libsim/queueing_theory/validation.hpp"

namespace sim::queueing_theory {

namespace {

tl::unexpected<Error> in_class(std::size_t index, const Error& error) {
  return unexpected(fmt::format("class {}: {}", index, error.message));
}

/// The loads of the classes up to each one, its own included.
Expected<std::vector<double>> loads_up_to(std::span<const PriorityClass> classes) {
  std::vector<double> loads;
  double load = 0.0;
  for (const auto& one : classes) {
    load += one.arrivals_per_s * one.service_mean_s;
    if (const auto valid = first_error(validate_positive("arrivals_per_s", one.arrivals_per_s),
                                       validate_positive("service_mean_s", one.service_mean_s),
                                       validate_second_moment(one.service_mean_s, one.service_second_moment_s2),
                                       validate_steady(load));
        !valid) {
      return in_class(loads.size(), valid.error());
    }
    loads.push_back(load);
  }
  return loads;
}

/// The same for equal services by several servers.
Expected<std::vector<double>> loads_up_to(std::span<const double> arrivals_per_s, double services_per_s,
                                          std::uint32_t servers) {
  if (const auto valid = first_error(validate_positive("services_per_s", services_per_s), validate_servers(servers));
      !valid) {
    return tl::unexpected(valid.error());
  }
  std::vector<double> loads;
  double sum_per_s = 0.0;
  for (const double rate : arrivals_per_s) {
    sum_per_s += rate;
    const double load = sum_per_s / (services_per_s * static_cast<double>(servers));
    if (const auto valid = first_error(validate_positive("arrivals_per_s", rate), validate_steady(load)); !valid) {
      return in_class(loads.size(), valid.error());
    }
    loads.push_back(load);
  }
  return loads;
}

double load_before(const std::vector<double>& loads, std::size_t index) { return index == 0 ? 0.0 : loads[index - 1]; }

/// The wait is absent where it is infinite.
SteadyState state_of_class(double arrivals_per_s, double service_mean_s, double servers, double wait_mean_s) {
  SteadyState state;
  state.utilisation = arrivals_per_s * service_mean_s / servers;
  state.throughput_per_s = arrivals_per_s;
  state.loss_probability = 0.0;
  state.abandonment_probability = 0.0;
  if (std::isfinite(wait_mean_s)) {
    state.wait_mean_s = wait_mean_s;
    state.sojourn_mean_s = wait_mean_s + service_mean_s;
    state.queue_length_mean = arrivals_per_s * wait_mean_s;
    state.in_system_mean = arrivals_per_s * *state.sojourn_mean_s;
  }
  return state;
}

/// Mean rest of the service that an arrival finds: lambda E[S^2] / 2 of one class.
double residual_s(const PriorityClass& one) { return 0.5 * one.arrivals_per_s * one.service_second_moment_s2; }

}  // namespace

Expected<std::vector<SteadyState>> mg_1_priority(std::span<const PriorityClass> classes) {
  const auto loads = loads_up_to(classes);
  if (!loads) {
    return tl::unexpected(loads.error());
  }
  double rest_s = 0.0;
  for (const auto& one : classes) {
    rest_s += residual_s(one);
  }
  std::vector<SteadyState> states;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const double wait_s = rest_s / ((1.0 - load_before(*loads, i)) * (1.0 - (*loads)[i]));
    states.push_back(state_of_class(classes[i].arrivals_per_s, classes[i].service_mean_s, 1.0, wait_s));
    states.back().wait_probability = loads->back();
    states.back().formula = "Cobham";
  }
  return states;
}

Expected<std::vector<SteadyState>> mg_1_preemptive_priority(std::span<const PriorityClass> classes) {
  const auto loads = loads_up_to(classes);
  if (!loads) {
    return tl::unexpected(loads.error());
  }
  std::vector<SteadyState> states;
  double rest_s = 0.0;
  for (std::size_t i = 0; i < classes.size(); ++i) {
    const double before = load_before(*loads, i);
    const double service_s = classes[i].service_mean_s;
    rest_s += residual_s(classes[i]);
    // What it finds, and what interrupts its own service.
    const double wait_s = rest_s / ((1.0 - before) * (1.0 - (*loads)[i])) + service_s * before / (1.0 - before);
    states.push_back(state_of_class(classes[i].arrivals_per_s, service_s, 1.0, wait_s));
    states.back().formula = "M/G/1 preemptive-resume priority";
  }
  return states;
}

Expected<std::vector<SteadyState>> mm_c_priority(std::span<const double> arrivals_per_s, double services_per_s,
                                                 std::uint32_t servers) {
  const auto loads = loads_up_to(arrivals_per_s, services_per_s, servers);
  if (!loads) {
    return tl::unexpected(loads.error());
  }
  const auto c = static_cast<double>(servers);
  std::vector<SteadyState> states;
  for (std::size_t i = 0; i < arrivals_per_s.size(); ++i) {
    const auto waiting = erlang_c(c * loads->back(), servers);
    if (!waiting) {
      return tl::unexpected(waiting.error());
    }
    const double rest_s = *waiting / (c * services_per_s);
    const double wait_s = rest_s / ((1.0 - load_before(*loads, i)) * (1.0 - (*loads)[i]));
    states.push_back(state_of_class(arrivals_per_s[i], 1.0 / services_per_s, c, wait_s));
    states.back().wait_probability = *waiting;
    states.back().formula = "M/M/c priority (Kella–Yechiali)";
  }
  return states;
}

Expected<std::vector<SteadyState>> mm_c_preemptive_priority(std::span<const double> arrivals_per_s,
                                                            double services_per_s, std::uint32_t servers) {
  const auto loads = loads_up_to(arrivals_per_s, services_per_s, servers);
  if (!loads) {
    return tl::unexpected(loads.error());
  }
  const auto c = static_cast<double>(servers);
  std::vector<SteadyState> states;
  double waiting_before = 0.0;
  for (std::size_t i = 0; i < arrivals_per_s.size(); ++i) {
    const auto together = mm_c((*loads)[i] * c * services_per_s, services_per_s, servers);
    if (!together) {
      return in_class(i, together.error());
    }
    const double waiting = *together->queue_length_mean;
    const double wait_s = (waiting - waiting_before) / arrivals_per_s[i];
    states.push_back(state_of_class(arrivals_per_s[i], 1.0 / services_per_s, c, wait_s));
    states.back().formula = "M/M/c preemptive priority";
    waiting_before = waiting;
  }
  return states;
}

}  // namespace sim::queueing_theory
