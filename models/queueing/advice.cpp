#include "models/queueing/advice.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "libsim/harness/number_text.hpp"

namespace sim::models::queueing {

namespace {

double mean_service_s(const Config& config) {
  double mean_s = 0.0;
  for (const JobClass& job_class : classes_of(config)) {
    mean_s += job_class.share * job_class.service.mean_s();
  }
  return mean_s;
}

/// Of a service of any class.
double service_variation(const Config& config) {
  double second_moment = 0.0;
  for (const JobClass& job_class : classes_of(config)) {
    const double mean_s = job_class.service.mean_s();
    second_moment += job_class.share * (job_class.service.variance_s2() + mean_s * mean_s);
  }
  const double mean_s = mean_service_s(config);
  return second_moment / (mean_s * mean_s) - 1.0;
}

bool sheds_load(const Config& config) { return config.capacity > 0 || has_patience(config); }

void advise_of_length(harness::ScenarioRun& run, const Config& config, double load, double variation) {
  const double jobs_per_service = arrivals_per_s_of(config) * mean_service_s(config);
  const double speed = std::pow(1.0 - std::sqrt(load), 2);
  const double relaxation_jobs = jobs_per_service * (1.0 + variation / speed / config.servers);
  constexpr double relaxations_min = 100.0;
  constexpr double warm_up_relaxations_min = 3.0;
  const auto jobs = [](double count) { return harness::with_thousands(static_cast<std::uint64_t>(std::ceil(count))); };
  if (static_cast<double>(config.jobs) < relaxations_min * relaxation_jobs) {
    run.warn(fmt::format("too short: the station needs {} jobs to forget its state, measure at least --jobs {}",
                         jobs(relaxation_jobs), std::ceil(relaxations_min * relaxation_jobs)));
  }
  if (static_cast<double>(config.warm_up) < warm_up_relaxations_min * relaxation_jobs) {
    run.warn(
        fmt::format("warm-up too short: the station needs {} jobs to forget its empty start, let it have --warm_up "
                    "{}",
                    jobs(relaxation_jobs), std::ceil(warm_up_relaxations_min * relaxation_jobs)));
  }
}

}  // namespace

double arrivals_per_s_of(const Config& config) {
  if (config.sources == 0) {
    return 1.0 / config.arrival.mean_s();
  }
  const double round_s = config.think_time.mean_s() + config.service.mean_s();
  return std::min(config.sources / round_s, config.servers / config.service.mean_s());
}

Duration time_for(std::uint64_t jobs, double arrivals_per_s) {
  return from_seconds(std::min(static_cast<double>(jobs) / arrivals_per_s, 9e9));
}

double load_of(const Config& config) {
  return config.sources > 0 ? 0.0 : mean_service_s(config) / config.arrival.mean_s() / config.servers;
}

void advise(harness::ScenarioRun& run, const Config& config) {
  if (config.sources > 0 || sheds_load(config)) {
    return;
  }
  const double load = load_of(config);
  if (load >= 1.0) {
    return advise_of_load(run, "the station", load);
  }
  const bool by_size = config.discipline == Discipline::srpt || config.discipline == Discipline::ps;
  const double variation = 0.5 * (config.arrival.squared_coefficient_of_variation() + service_variation(config));
  if (std::isfinite(variation)) {
    advise_of_length(run, config, load, variation);
  } else if (!by_size) {
    run.warn("services without a variance: the mean wait is infinite, and the measured one grows with the run");
  }
}

void advise_of_load(harness::ScenarioRun& run, std::string_view station, double load) {
  if (load >= 1.0) {
    run.warn(
        fmt::format("unstable: the work that reaches {} is {:.4g} % of what its servers can do; the queue grows "
                    "without end, and the means depend on how long you look",
                    station, 100.0 * load));
  }
}

}  // namespace sim::models::queueing
