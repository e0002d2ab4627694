#include "tests/theory/station_bench.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <numeric>

#include "libsim/statistics/order_statistics.hpp"

namespace theory {

using sim::to_seconds;

void Watch::arrival(sim::Time now) {
  const std::size_t jobs = server->station().in_system();
  if (jobs >= seen.size()) {
    seen.resize(jobs + 1);
  }
  ++seen[jobs];
  if (jobs == 0) {
    busy_since = now;
  }
}

void Watch::departure(sim::Time now) {
  if (server->station().in_system() == 0) {
    busy_periods_s.add(to_seconds(now - busy_since));
  }
}

void Watch::reset() {
  seen.clear();
  busy_periods_s = {};
}

Source::Source(sim::Context& ctx, Config config, sim::Port<ServiceRequest> station, sim::Port<Serviced> sink,
               Watch* watch)
    : ctx_(ctx),
      config_(std::move(config)),
      station_(station),
      sink_(sink),
      watch_(watch),
      arrival_rng_(ctx.random("arrival")),
      service_rng_(ctx.random("service")) {}

void Source::on(const sim::Start&) { ctx_.after(config_.between_arrivals.sample(arrival_rng_), Next{}); }

void Source::on(const Next&) {
  for (std::uint32_t job = 0; job < config_.batch; ++job) {
    if (watch_ != nullptr) {
      watch_->arrival(ctx_.now());
    }
    const sim::Duration service_time =
        config_.service_time ? config_.service_time->sample(service_rng_) : ServiceRequest::drawn;
    ctx_.send(station_, {.job = JobId{static_cast<std::uint64_t>(ctx_.now().time_since_epoch().count())},
                         .service_time = service_time,
                         .priority = config_.priority,
                         .reply_to = sink_});
    ++sent;
  }
  ctx_.after(config_.between_arrivals.sample(arrival_rng_), Next{});
}

void Sink::on(const Serviced& serviced) {
  switch (serviced.outcome) {
    case ServiceOutcome::served:
      waits_s.push_back(to_seconds(serviced.waited));
      sojourns_s.push_back(to_seconds(ctx_.now() - sim::Time{sim::Duration{static_cast<std::int64_t>(serviced.job)}}));
      break;
    case ServiceOutcome::reneged:
      waits_s.push_back(to_seconds(serviced.waited));
      ++reneged;
      break;
    case ServiceOutcome::lost:
    case ServiceOutcome::balked:
      ++turned_away;
      return;
  }
  if (watch_ != nullptr) {
    watch_->departure(ctx_.now());
  }
}

void Sink::reset() {
  waits_s.clear();
  sojourns_s.clear();
  reneged = 0;
  turned_away = 0;
}

double Sink::percentile_of(std::vector<double>& samples, double percent) {
  const auto rank = static_cast<std::ptrdiff_t>(sim::nearest_rank(percent, samples.size()));
  std::nth_element(samples.begin(), samples.begin() + rank - 1, samples.end());
  return samples[static_cast<std::size_t>(rank - 1)];
}

double arrivals_per_s(const Source::Config& source) { return source.batch / source.between_arrivals.mean_s(); }

sim::Duration Setup::time_for(std::uint64_t count) const {
  double rate = 0.0;
  for (const Source::Config& source : sources) {
    rate += arrivals_per_s(source);
  }
  return sim::from_seconds(static_cast<double>(count) / rate);
}

Setup markovian(const Case& row) {
  Setup setup;
  const bool many = row.parameters.find(";c=") != std::string::npos;
  setup.server.station.servers = many ? static_cast<std::uint32_t>(row.number("c")) : 1;
  setup.server.service_time = exponential_rate(row.number("mu"));
  setup.sources = {{.between_arrivals = exponential_rate(row.number("lambda"))}};
  return setup;
}

namespace {

/// One replication, warmed up and measured.
class Replication {
 public:
  Replication(const Setup& setup, const sim::Simulation::Config& config) : simulation_(config) {
    server_ = simulation_.spawn<Server>("server", setup.server);
    watch_.server = &simulation_.get(server_);
    for (std::size_t i = 0; i < setup.sources.size(); ++i) {
      sinks_.push_back(simulation_.spawn<Sink>("sink " + std::to_string(i), &watch_));
      simulation_.spawn<Source>("source " + std::to_string(i), setup.sources[i], server_, sinks_.back(), &watch_);
    }
    simulation_.run_for(setup.time_for(std::max<std::uint64_t>(setup.jobs / 10, 5'000)));
    simulation_.metrics().reset_statistics();
    watch_.reset();
    for (const auto sink : sinks_) {
      simulation_.get(sink).reset();
    }
    simulation_.run_for(setup.time_for(setup.jobs));
  }

  double value_of(const std::string& metric) {
    if (metric == "L_mean_in_system") {
      return simulation_.metrics().gauge("server_in_system_items", "server").mean();
    }
    if (metric == "utilisation") {
      return simulation_.metrics().gauge("server_utilisation_ratio", "server").mean();
    }
    if (metric == "W_mean_time_in_system" || metric == "W_accepted_mean") {
      return simulation_.metrics().tally("server_time_in_system_s", "server").mean();
    }
    if (metric == "Wq_mean_wait" || metric == "mean_wait_all") {
      return simulation_.metrics().tally("server_wait_s", "server").mean();
    }
    if (metric == "P_loss" || metric.rfind("P_block", 0) == 0) {
      return share_of_arrivals("server_lost_count");
    }
    if (metric == "P_abandon") {
      return share_of_arrivals("server_reneged_count");
    }
    if (metric == "busy_period_mean") {
      return watch_.busy_periods_s.mean();
    }
    if (metric == "P_N_ge_5") {
      return share_that_found(5);
    }
    if (metric == "P_N_gt_15") {
      return share_that_found(16);
    }
    return value_from_sink(metric);
  }

 private:
  // Class 0 is the first sink.
  double value_from_sink(const std::string& metric) {
    Sink& sink = simulation_.get(sinks_.front());
    if (metric.rfind("P_wait", 0) == 0) {
      const auto waited = std::count_if(sink.waits_s.begin(), sink.waits_s.end(), [](double wait) { return wait > 0; });
      return static_cast<double>(waited) / static_cast<double>(sink.waits_s.size());
    }
    if (metric == "Wq_second_moment") {
      return std::inner_product(sink.waits_s.begin(), sink.waits_s.end(), sink.waits_s.begin(), 0.0) /
             static_cast<double>(sink.waits_s.size());
    }
    if (metric.rfind("Wq_p", 0) == 0) {
      return sink.wait_percentile(std::stod(metric.substr(4)));
    }
    if (metric.rfind("T_p", 0) == 0) {
      return sink.sojourn_percentile(std::stod(metric.substr(3)));
    }
    if (metric.rfind("Wq_class_", 0) == 0) {
      return mean_of(simulation_.get(sinks_[std::stoul(metric.substr(9))]).waits_s);
    }
    if (metric.rfind("T_class_", 0) == 0) {
      return mean_of(simulation_.get(sinks_[std::stoul(metric.substr(8))]).sojourns_s);
    }
    FAIL("nobody measures " << metric);
    return 0.0;
  }

  static double mean_of(const std::vector<double>& samples) {
    return std::accumulate(samples.begin(), samples.end(), 0.0) / static_cast<double>(samples.size());
  }

  double share_of_arrivals(const std::string& counter) {
    return static_cast<double>(simulation_.metrics().counter_total(counter)) /
           static_cast<double>(simulation_.metrics().counter_total("server_arrived_count"));
  }

  // Poisson arrivals see time averages.
  double share_that_found(std::size_t jobs_min) const {
    const auto from = watch_.seen.begin() + static_cast<std::ptrdiff_t>(std::min(jobs_min, watch_.seen.size()));
    return static_cast<double>(std::accumulate(from, watch_.seen.end(), std::uint64_t{0})) /
           static_cast<double>(std::accumulate(watch_.seen.begin(), watch_.seen.end(), std::uint64_t{0}));
  }

  sim::Simulation simulation_;
  Watch watch_;
  sim::Ref<Server> server_;
  std::vector<sim::Ref<Sink>> sinks_;
};

}  // namespace

void check_cases(const Setup& setup, const std::vector<std::string>& ids) {
  Samples samples;
  for (std::uint32_t number = 0; number < replications; ++number) {
    Replication replication(setup, config_of(ids.front(), number));
    for (const std::string& id : ids) {
      samples[id].push_back(replication.value_of(find_case(id).metric));
    }
  }
  judge(samples);
}

}  // namespace theory
