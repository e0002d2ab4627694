#include "models/queueing/matching_formula.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "libsim/queueing_theory/finite_source.hpp"
#include "libsim/queueing_theory/markovian.hpp"
#include "libsim/queueing_theory/networks.hpp"
#include "libsim/queueing_theory/priority.hpp"
#include "libsim/queueing_theory/reneging.hpp"
#include "libsim/queueing_theory/single_server.hpp"
#include "models/queueing/laws_of_theory.hpp"

namespace sim::models::queueing {

namespace {

namespace qt = queueing_theory;

Theory none(std::string reason) { return {.formula = {}, .reason = std::move(reason), .values = {}}; }

void add(Theory& theory, const std::string& metric, std::optional<double> value, double scale = 1.0) {
  if (value && std::isfinite(*value)) {
    theory.values.emplace_back(metric, *value * scale);
  }
}

// Where nobody can be lost there is nothing to compare.
void add_if_positive(Theory& theory, const std::string& metric, std::optional<double> value, double scale) {
  if (value && *value > 0.0) {
    add(theory, metric, value, scale);
  }
}

void add_quantiles(Theory& theory, const std::string& name, const qt::QuantileFunction& quantile) {
  for (const int percent : {50, 95, 99}) {
    add(theory, fmt::format("{}_p{}", name, percent), quantile ? quantile(percent / 100.0) : std::nullopt);
  }
}

Theory from(const qt::SteadyState& state) {
  constexpr double percent = 100.0;
  Theory theory{.formula = state.formula, .reason = {}, .values = {}};
  add(theory, "utilisation", state.utilisation, percent);
  add(theory, "throughput", state.throughput_per_s);
  add(theory, "wait_mean", state.wait_mean_s);
  add_quantiles(theory, "wait", state.wait_quantile_s);
  add(theory, "wait_probability", state.wait_probability, percent);
  add(theory, "sojourn_mean", state.sojourn_mean_s);
  add_quantiles(theory, "sojourn", state.sojourn_quantile_s);
  add(theory, "queue_length_mean", state.queue_length_mean);
  add(theory, "in_system_mean", state.in_system_mean);
  add_if_positive(theory, "loss", state.loss_probability, percent);
  add_if_positive(theory, "abandonment", state.abandonment_probability, percent);
  return theory;
}

Theory from(const Expected<qt::SteadyState>& state) { return state ? from(*state) : none(state.error().message); }

// What a shared server has no meaning for, and what depends on the order of service.
qt::SteadyState when_shared(qt::SteadyState state) {
  state.formula += ", shared (Cohen 1979: whatever the law of the service)";
  state.wait_mean_s = state.wait_probability = state.queue_length_mean = std::nullopt;
  state.wait_quantile_s = state.sojourn_quantile_s = {};
  return state;
}

/// The station of the flags, as formulas see it.
struct Station {
  const Config& config;
  double arrivals_per_s = 1.0 / config.arrival.mean_s();
  double service_mean_s = config.service.mean_s();
  double services_per_s = 1.0 / service_mean_s;
  std::uint32_t capacity = static_cast<std::uint32_t>(config.capacity);
  bool limited = config.capacity > 0;

  // First come first served gives the quantiles, too; any order that looks at no service times the means.
  [[nodiscard]] Expected<qt::SteadyState> in_order(Expected<qt::SteadyState> state) const {
    return state && config.discipline != Discipline::fifo ? qt::in_any_order(std::move(*state)) : state;
  }
};

Theory of_finite_source(const Station& station) {
  const Config& config = station.config;
  if (!is_exponential(config.service)) {
    return none("a finite source: only exponential services have a formula");
  }
  if (station.limited || has_patience(config)) {
    return none("a finite source: there is a formula only without a limit and with endless patience");
  }
  if (config.discipline == Discipline::sjf || config.discipline == Discipline::srpt ||
      config.discipline == Discipline::ps) {
    return none("a finite source: there is a formula for the disciplines fifo, lifo and siro");
  }
  return from(station.in_order(
      qt::machine_repairman(config.sources, 1.0 / config.think_time.mean_s(), station.services_per_s, config.servers)));
}

Theory of_renewal_arrivals(const Station& station) {
  const Config& config = station.config;
  if (!is_exponential(config.service) || config.servers > 1 || station.limited || has_patience(config)) {
    return none(
        "arrivals that are not Poisson have a formula only at one server with exponential services, no limit "
        "and endless patience (G/M/1)");
  }
  if (config.discipline != Discipline::fifo && config.discipline != Discipline::lifo &&
      config.discipline != Discipline::siro) {
    return none("arrivals that are not Poisson have a formula for the disciplines fifo, lifo and siro");
  }
  return from(station.in_order(qt::gm_1(interarrival_law(config.arrival), station.services_per_s)));
}

Theory of_sharing(const Station& station) {
  const Config& config = station.config;
  if (station.limited) {
    const auto state = qt::mm_c_k(station.arrivals_per_s, station.services_per_s, config.servers, station.capacity);
    return state ? from(when_shared(*state)) : none(state.error().message);
  }
  if (config.servers == 1) {
    return from(qt::mg_1_ps(station.arrivals_per_s, station.service_mean_s));
  }
  const auto state = qt::mm_c(station.arrivals_per_s, station.services_per_s, config.servers);
  return state ? from(when_shared(*state)) : none(state.error().message);
}

Theory of_sizes(const Station& station) {
  const Config& config = station.config;
  if (config.servers > 1 || station.limited || has_patience(config)) {
    return none("disciplines by size have a formula only at one server without a limit and with endless patience");
  }
  const qt::ServiceLaw law = service_law(config.service);
  return from(config.discipline == Discipline::sjf ? qt::mg_1_sjf(station.arrivals_per_s, law)
                                                   : qt::mg_1_srpt(station.arrivals_per_s, law));
}

/// Over all classes, and the means of each.
Theory from_classes(const std::vector<qt::SteadyState>& states, const std::vector<JobClass>& classes) {
  qt::SteadyState all;
  all.formula = states.front().formula;
  all.utilisation = all.throughput_per_s = all.wait_mean_s = all.sojourn_mean_s = 0.0;
  all.queue_length_mean = all.in_system_mean = 0.0;
  const auto add_up = [](std::optional<double>& sum, const std::optional<double>& value, double share = 1.0) {
    sum = sum && value ? std::optional(*sum + share * *value) : std::nullopt;
  };
  for (std::size_t index = 0; index < states.size(); ++index) {
    const qt::SteadyState& state = states[index];
    add_up(all.utilisation, state.utilisation);
    add_up(all.throughput_per_s, state.throughput_per_s);
    add_up(all.wait_mean_s, state.wait_mean_s, classes[index].share);
    add_up(all.sojourn_mean_s, state.sojourn_mean_s, classes[index].share);
    add_up(all.queue_length_mean, state.queue_length_mean);
    add_up(all.in_system_mean, state.in_system_mean);
  }
  Theory theory = from(all);
  for (std::size_t index = 0; index < states.size(); ++index) {
    add(theory, fmt::format("wait_mean_class_{}", index + 1), states[index].wait_mean_s);
    add(theory, fmt::format("sojourn_mean_class_{}", index + 1), states[index].sojourn_mean_s);
  }
  return theory;
}

Theory of_priorities(const Station& station) {
  const Config& config = station.config;
  if (station.limited || has_patience(config)) {
    return none("priorities have a formula only without a limit and with endless patience");
  }
  const std::vector<JobClass> classes = classes_of(config);
  std::vector<qt::PriorityClass> described;
  std::vector<double> rates;
  bool same_exponential = true;
  for (const JobClass& job_class : classes) {
    rates.push_back(station.arrivals_per_s * job_class.share);
    described.push_back({rates.back(), job_class.service.mean_s(), second_moment_s2(job_class.service)});
    same_exponential =
        same_exponential && is_exponential(job_class.service) && job_class.service == classes.front().service;
  }
  if (config.servers > 1 && !same_exponential) {
    return none("priorities at several servers have a formula only for exponential services of one mean");
  }
  const double services_per_s = 1.0 / classes.front().service.mean_s();
  const bool preemptive = config.priority.preemptive;
  const auto states = config.servers == 1
                          ? preemptive ? qt::mg_1_preemptive_priority(described) : qt::mg_1_priority(described)
                      : preemptive ? qt::mm_c_preemptive_priority(rates, services_per_s, config.servers)
                                   : qt::mm_c_priority(rates, services_per_s, config.servers);
  return states ? from_classes(*states, classes) : none(states.error().message);
}

Theory of_impatience(const Station& station) {
  const Config& config = station.config;
  if (!is_exponential(config.service)) {
    return none("patience has a formula only with exponential services (Erlang A)");
  }
  if (is_exponential(config.patience)) {
    const double give_ups_per_s = 1.0 / config.patience.mean_s();
    return from(station.in_order(
        station.limited ? qt::mm_c_k_m(station.arrivals_per_s, station.services_per_s, config.servers, station.capacity,
                                       give_ups_per_s)
                        : qt::mm_c_m(station.arrivals_per_s, station.services_per_s, config.servers, give_ups_per_s)));
  }
  if (is_constant(config.patience) && !station.limited && config.discipline == Discipline::fifo) {
    return from(qt::mm_c_d(station.arrivals_per_s, station.services_per_s, config.servers, config.patience.mean_s()));
  }
  return none("patience has a formula when it is exponential, or constant with --discipline fifo and no limit");
}

Theory of_limited_room(const Station& station) {
  const Config& config = station.config;
  if (is_exponential(config.service)) {
    return from(
        station.in_order(qt::mm_c_k(station.arrivals_per_s, station.services_per_s, config.servers, station.capacity)));
  }
  if (station.capacity == config.servers) {
    return from(qt::mg_c_c(station.arrivals_per_s, station.service_mean_s, config.servers));
  }
  return none("room for a line, but not for everybody, has a formula only with exponential services (M/M/c/K)");
}

Theory of_open_line(const Station& station) {
  const Config& config = station.config;
  if (is_exponential(config.service)) {
    return from(station.in_order(qt::mm_c(station.arrivals_per_s, station.services_per_s, config.servers)));
  }
  if (config.servers > 1) {
    return none(
        "several servers have an exact formula only with exponential services (M/M/c), or without a line "
        "(--capacity as many as --servers)");
  }
  if (is_constant(config.service)) {
    return from(station.in_order(qt::md_1(station.arrivals_per_s, station.service_mean_s)));
  }
  return from(
      station.in_order(qt::mg_1(station.arrivals_per_s, station.service_mean_s, second_moment_s2(config.service))));
}

}  // namespace

std::optional<double> Theory::value(std::string_view metric) const {
  const auto found =
      std::find_if(values.begin(), values.end(), [&](const auto& value) { return value.first == metric; });
  return found == values.end() ? std::nullopt : std::optional(found->second);
}

Theory theory_of_station(const Config& config) {
  const Station station{.config = config};
  if (config.sources > 0) {
    return of_finite_source(station);
  }
  if (!is_exponential(config.arrival)) {
    return of_renewal_arrivals(station);
  }
  switch (config.discipline) {
    case Discipline::ps:
      return of_sharing(station);
    case Discipline::sjf:
    case Discipline::srpt:
      return of_sizes(station);
    case Discipline::priority:
      return of_priorities(station);
    case Discipline::fifo:
    case Discipline::lifo:
    case Discipline::siro:
      return has_patience(config) ? of_impatience(station)
             : station.limited    ? of_limited_room(station)
                                  : of_open_line(station);
  }
  return none("no formula is known");
}

}  // namespace sim::models::queueing
