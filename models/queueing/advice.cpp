#include "models/queueing/advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "libsim/text/number_text.hpp"
#include "models/queueing/warm_up.hpp"

namespace sim::models::queueing {

namespace {

double mean_service_s(const std::vector<JobClass>& classes) {
  double mean_s = 0.0;
  for (const JobClass& job_class : classes) {
    mean_s += job_class.share * job_class.service.mean_s();
  }
  return mean_s;
}

/// The squared coefficient of variation of a service of any class.
double service_variation(const std::vector<JobClass>& classes) {
  double second_moment_s2 = 0.0;
  for (const JobClass& job_class : classes) {
    const double mean_s = job_class.service.mean_s();
    second_moment_s2 += job_class.share * (job_class.service.variance_s2() + mean_s * mean_s);
  }
  const double mean_s = mean_service_s(classes);
  return second_moment_s2 / (mean_s * mean_s) - 1.0;
}

std::string whole(double count) { return with_thousands(static_cast<std::uint64_t>(std::ceil(count))); }

/// The jobs that come within the warm-up, at the mean. What a pilot decides needs no advice.
double warm_up_jobs(const Config& config) {
  const WarmUpRule rule = warm_up_rule(config);
  switch (rule.kind) {
    case WarmUpRule::Kind::jobs:
      return static_cast<double>(rule.jobs);
    case WarmUpRule::Kind::time:
      return to_seconds(rule.time) * arrivals_per_s_of(config);
    case WarmUpRule::Kind::automatic:
      break;
  }
  return std::numeric_limits<double>::infinity();
}

// `memory` in jobs: as many arrive while the state is forgotten.
void advise_of_length(harness::ScenarioRun& run, const Config& config, std::string_view who, double memory) {
  constexpr double measured_min = 100.0;
  constexpr double warm_up_min = 3.0;
  constexpr double memory_max = 1e15;
  memory = std::min(memory, memory_max);
  if (static_cast<double>(config.jobs) < measured_min * memory) {
    run.warn(fmt::format("too short: {} needs {} jobs to forget its state, measure at least {} (--measured_jobs)", who,
                         whole(memory), whole(measured_min * memory)));
  }
  if (warm_up_jobs(config) < warm_up_min * memory) {
    run.warn(fmt::format("warm-up too short: {} needs {} jobs to forget its empty start, let it have {} (--warm-up)",
                         who, whole(memory), whole(warm_up_min * memory)));
  }
}

void advise_of_load(harness::ScenarioRun& run, std::string_view who, double load) {
  run.warn(
      fmt::format("unstable: the work that reaches {} is {:.4g} % of what its servers can do; the queue grows "
                  "without end, and the means depend on how long you look",
                  who, 100.0 * load));
}

}  // namespace

double arrivals_per_s_of(const Config& config) {
  if (config.sources == 0) {
    return 1.0 / config.arrival.mean_s();
  }
  const double round_s = config.think_time.mean_s() + config.service.mean_s();
  return std::min(config.sources / round_s, config.servers / config.service.mean_s());
}

double seconds_for(std::uint64_t jobs, double arrivals_per_s) {
  return jobs == 0 ? 0.0 : static_cast<double>(jobs) / arrivals_per_s;
}

// The mean of a law may differ in its last bit between processors; the end of a run must not.
Duration time_for(std::uint64_t jobs, double arrivals_per_s) {
  const double seconds = seconds_for(jobs, arrivals_per_s);
  return nearest_duration(parse_number(fmt::format("{:.9g}", seconds)).value_or(seconds));
}

double relaxation_s(double load, double service_mean_s, std::uint32_t servers, double variation) {
  const double margin = 1.0 - std::sqrt(load);
  return service_mean_s * (1.0 + variation / (margin * margin) / servers);
}

void advise_of_station(harness::ScenarioRun& run, const Config& config) {
  if (config.sources > 0) {
    return advise_of_customers(run, config, config.sources);
  }
  if (config.capacity > 0 || has_patience(config)) {
    return;  // what is too much goes away
  }
  const std::vector<JobClass> classes = classes_of(config);
  const double service_s = mean_service_s(classes);
  const double arrivals_per_s = arrivals_per_s_of(config);
  const double load = arrivals_per_s * service_s / config.servers;
  if (load >= 1.0) {
    return advise_of_load(run, "the station", load);
  }
  const double variation = 0.5 * (config.arrival.squared_coefficient_of_variation() + service_variation(classes));
  if (std::isfinite(variation)) {
    return advise_of_length(run, config, "the station",
                            arrivals_per_s * relaxation_s(load, service_s, config.servers, variation));
  }
  if (config.discipline != Discipline::srpt && config.discipline != Discipline::ps) {
    run.warn(
        "services or arrivals without a variance: the mean wait may be infinite, the measured one then grows with "
        "the run");
  }
}

void advise_of_network(harness::ScenarioRun& run, const Config& config, const Network& network) {
  std::vector<double> entering_per_s(network.stations.size(), 0.0);
  double all_per_s = 0.0;
  for (std::size_t index = 0; index < entering_per_s.size(); ++index) {
    if (const auto& arrival = network.stations[index].arrival) {
      entering_per_s[index] = 1.0 / arrival->mean_s();
      all_per_s += entering_per_s[index];
    }
  }
  const std::vector<double> arrivals_per_s = visits(network, entering_per_s);
  for (std::size_t index = 0; index < arrivals_per_s.size(); ++index) {
    const Network::Station& station = network.stations[index];
    const std::string who = fmt::format("station {}", station.name);
    const double load = arrivals_per_s[index] * station.service.mean_s() / station.servers;
    const double variation = 0.5 * (1.0 + station.service.squared_coefficient_of_variation());
    if (load >= 1.0) {
      advise_of_load(run, who, load);
    } else if (std::isfinite(variation)) {
      advise_of_length(run, config, who,
                       all_per_s * relaxation_s(load, station.service.mean_s(), station.servers, variation));
    }
  }
}

void advise_of_customers(harness::ScenarioRun& run, const Config& config, std::uint32_t customers) {
  constexpr std::uint64_t rounds_min = 20;
  constexpr std::uint64_t warm_up_rounds_min = 3;
  if (config.jobs < rounds_min * customers ||
      warm_up_jobs(config) < static_cast<double>(warm_up_rounds_min * customers)) {
    run.warn(
        fmt::format("too short: {} customers come back {:.3g} times while measured, and {:.3g} times before: "
                    "expected at least {} and {} (--measured_jobs, --warm-up)",
                    customers, static_cast<double>(config.jobs) / customers, warm_up_jobs(config) / customers,
                    rounds_min, warm_up_rounds_min));
  }
}

}  // namespace sim::models::queueing
