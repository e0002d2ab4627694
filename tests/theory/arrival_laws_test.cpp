#include <catch2/catch.hpp>
#include <cmath>

#include "tests/theory/station_bench.hpp"

using namespace theory;

namespace {

/// Renewal arrivals of some law with the lambda of the case, exponential service with its mu.
void check_arrivals(const std::vector<std::string>& ids, sim::Distribution (*law)(sim::Duration mean),
                    std::uint64_t jobs) {
  const Case& row = find_case(ids.front());
  Setup setup = markovian(row);
  setup.sources.front().between_arrivals = law(sim::from_seconds(1.0 / row.number("lambda")));
  setup.jobs = jobs;
  check_cases(setup, ids);
}

sim::Distribution always(sim::Duration mean) { return sim::constant(mean); }

/// Arrivals at a rate that a pure function of time gives: those of a faster Poisson stream, each kept with the
/// probability rate / rate_max.
class VaryingSource {
 public:
  struct Next {
    friend bool operator==(const Next&, const Next&) = default;
  };
  using Inbox = sim::Inbox<sim::Start, Next>;

  VaryingSource(sim::Context& ctx, const Case& row, sim::Port<ServiceRequest> station)
      : ctx_(ctx),
        mean_(row.number("lambda_bar")),
        amplitude_(row.number("b")),
        frequency_(row.number("gamma")),
        between_(exponential_rate(mean_ + amplitude_)),
        station_(station),
        rng_(ctx.random("arrival")) {}
  void on(const sim::Start&) { ctx_.after(between_.sample(rng_), Next{}); }
  void on(const Next&) {
    const double t = sim::to_seconds(ctx_.now().time_since_epoch());
    if (rng_.chance((mean_ + amplitude_ * std::sin(frequency_ * t)) / (mean_ + amplitude_))) {
      ctx_.send(station_, ServiceRequest{});
    }
    ctx_.after(between_.sample(rng_), Next{});
  }

 private:
  sim::Context& ctx_;
  double mean_;
  double amplitude_;
  double frequency_;
  sim::Distribution between_;
  sim::Port<ServiceRequest> station_;
  sim::RandomStream& rng_;
};

/// Poisson arrivals that are switched on and off after exponential times.
class InterruptedSource {
 public:
  using Inbox = sim::Inbox<>;

  InterruptedSource(sim::Context& ctx, const Case& row, sim::Port<ServiceRequest> station)
      : ctx_(ctx),
        between_(exponential_rate(row.number("lambda_on"))),
        on_(exponential_rate(row.number("rate_on_to_off"))),
        off_(exponential_rate(row.number("rate_off_to_on"))),
        station_(station),
        arrival_rng_(ctx.random("arrival")),
        switch_rng_(ctx.random("switch")) {}

  sim::Process run() {
    for (;;) {
      const sim::Time off_at = ctx_.now() + on_.sample(switch_rng_);
      for (sim::Duration wait = between_.sample(arrival_rng_); ctx_.now() + wait < off_at;
           wait = between_.sample(arrival_rng_)) {
        co_await ctx_.sleep(wait);
        ctx_.send(station_, ServiceRequest{});
      }
      co_await ctx_.sleep(off_at - ctx_.now());
      co_await ctx_.sleep(off_.sample(switch_rng_));
    }
  }

 private:
  sim::Context& ctx_;
  sim::Distribution between_;
  sim::Distribution on_;
  sim::Distribution off_;
  sim::Port<ServiceRequest> station_;
  sim::RandomStream& arrival_rng_;
  sim::RandomStream& switch_rng_;
};

}  // namespace

TEST_CASE("G/M/1 waits by the law of its arrivals", "[theory][gm1]") {
  check_arrivals({"A-GM1-01", "A-GM1-03"}, always, 60'000);
  check_arrivals({"A-GM1-05"}, always, 60'000);
  check_arrivals(
      {"A-GM1-07", "A-GM1-09"}, [](sim::Duration mean) { return sim::erlang(2, mean); }, 60'000);
  check_arrivals(
      {"A-GM1-11"}, [](sim::Duration mean) { return sim::erlang(10, mean); }, 60'000);
  check_arrivals(
      {"A-GM1-13", "A-GM1-15"}, [](sim::Duration mean) { return sim::hyperexponential(mean, 2.0); }, 150'000);
  check_arrivals(
      {"A-GM1-17"}, [](sim::Duration mean) { return sim::uniform(0s, 2 * mean); }, 60'000);
}

TEST_CASE("jobs that come in batches wait for each other", "[theory][batch]") {
  const Case& row = find_case("A-BATCH-01");
  Setup setup;
  setup.server.service_time = exponential_rate(row.number("mu"));
  setup.sources = {{.between_arrivals = exponential_rate(row.number("batch_rate")),
                    .batch = static_cast<std::uint32_t>(row.number("b"))}};
  check_cases(setup, {"A-BATCH-01"});
}

TEST_CASE("bursts of arrivals make waits longer than their mean rate says", "[theory][burst]") {
  const Case& row = find_case("A-BURST-01");
  std::vector<double> samples;
  for (std::uint32_t replication = 0; replication < replications; ++replication) {
    sim::Simulation simulation(config_of(row.id, replication));
    const auto server =
        simulation.spawn<Server>("server", Server::Config{.service_time = exponential_rate(row.number("mu"))});
    simulation.spawn<InterruptedSource>("source", row, server);
    simulation.run_for(10'000s);
    simulation.metrics().reset_statistics();
    simulation.run_for(100'000s);
    samples.push_back(simulation.metrics().tally("server_time_in_system_s", "server").mean());
  }
  judge("A-BURST-01", samples);
}

TEST_CASE("with a server for everybody the jobs peak later than their arrivals", "[theory][infinite]") {
  const Case& row = find_case("A-INF-05");
  const double frequency = row.number("gamma");
  std::vector<double> samples;
  for (std::uint32_t replication = 0; replication < replications; ++replication) {
    sim::Simulation simulation(config_of(row.id, replication));
    const auto server = simulation.spawn<Server>(
        "server", Server::Config{.station = {.servers = 200}, .service_time = exponential_rate(row.number("mu"))});
    simulation.spawn<VaryingSource>("source", row, server);
    simulation.run_for(20s);
    // The phase of the jobs' first harmonic, over 100 periods in steps of a 64th.
    double sine = 0.0;
    double cosine = 0.0;
    for (int step = 0; step < 100 * 64; ++step) {
      simulation.run_for(sim::from_seconds(2.0 * M_PI / frequency / 64));
      const double phase = frequency * sim::to_seconds(simulation.now().time_since_epoch());
      const auto jobs = static_cast<double>(simulation.get(server).station().in_system());
      sine += jobs * std::sin(phase);
      cosine += jobs * std::cos(phase);
    }
    samples.push_back(std::atan2(-cosine, sine) / frequency);
  }
  judge("A-INF-05", samples);
}
