#include <cmath>
#include <deque>

#include "actors/load/arrival_process.hpp"
#include "actors/load/load_generator.hpp"
#include "tests/actors/load/load_cases.hpp"

using namespace sim;
using namespace sim::policies;
using namespace sim::testing;

namespace {

RandomStream stream(std::uint64_t seed, std::string_view purpose) {
  return RandomStream({.seed = seed, .replication = 0, .actor = "load", .incarnation = 0, .purpose = purpose});
}

/// Mean time in the system of a single exponential server with mean 1 s, by Lindley's recursion: the wait of an arrival
/// is what the one before left of its wait and service, less the gap between them.
double mean_time_in_system_s(const ArrivalProcess::Law& law, std::uint32_t batch_size, std::uint64_t seed,
                             std::uint64_t arrivals) {
  ArrivalProcess process({law, batch_size});
  RandomStream arrival_random = stream(seed, "arrival");
  RandomStream service_random = stream(seed, "service");
  const Distribution service_time = exponential(1s);
  Moments times_s;
  Time last{};
  Duration left{};
  for (std::uint64_t arrival = 0; arrival < arrivals; ++arrival) {
    const Time at = *process.next(arrival_random);
    left = std::max(left - (at - last), Duration(0)) + service_time.sample(service_random);
    last = at;
    if (arrival >= arrivals / 20) {
      times_s.add(to_seconds(left));
    }
  }
  return times_s.mean();
}

std::vector<double> replications(const ArrivalProcess::Law& law, std::uint32_t batch_size = 1) {
  std::vector<double> means;
  for (std::uint64_t seed = 1; seed <= 40; ++seed) {
    means.push_back(mean_time_in_system_s(law, batch_size, seed, 50'000));
  }
  return means;
}

/// How far behind the rate the number of busy servers of M_t/M/∞ runs, from the phase of its first harmonic over 1,000
/// periods.
double lag_of_peak_s(std::uint64_t seed) {
  constexpr double gamma = 0.5;
  constexpr double two_pi = 6.283185307179586;
  const Duration period = from_seconds(two_pi / gamma);
  const Time from = Time{} + 2 * period;  // nobody stays for two periods
  const Time to = from + 1'000 * period;
  ArrivalProcess process({SinusoidalPoissonArrivals{20.0, 10.0, period}});
  RandomStream arrival_random = stream(seed, "arrival");
  RandomStream service_random = stream(seed, "service");
  const Distribution service_time = exponential(1s);
  double sine = 0.0;
  double cosine = 0.0;
  for (auto at = process.next(arrival_random); at && *at < to; at = process.next(arrival_random)) {
    // One who is there from a to b adds the integrals of sin and cos over that time.
    const Time a = std::max(*at, from);
    const Time b = std::min(*at + service_time.sample(service_random), to);
    if (a < b) {
      const double angle_a = gamma * to_seconds(a - from);
      const double angle_b = gamma * to_seconds(b - from);
      sine += std::cos(angle_a) - std::cos(angle_b);
      cosine += std::sin(angle_b) - std::sin(angle_a);
    }
  }
  return std::atan2(-cosine, sine) / gamma;
}

/// Thinks, then visits three stations in turn, which have the demands of the closed network of case A-MVA.
class ThreeStations {
 public:
  struct Config {};
  using Inbox = sim::Inbox<Job>;

  ThreeStations(Context& ctx, Config, std::vector<Port<Job>> stations) : ctx_(ctx), stations_(std::move(stations)) {}

  Process on(Job job, ReplyTo<Job::Done> reply_to) {
    for (const Port<Job> station : stations_) {
      const auto done = co_await ctx_.ask(station, job);
      check(done.has_value(), "a station serves every job");
    }
    ctx_.reply(reply_to, Job::Done{});
  }

 private:
  Context& ctx_;
  std::vector<Port<Job>> stations_;
};

double closed_network_throughput_per_s(std::uint64_t seed, std::uint32_t vus) {
  using Generator = actors::LoadGenerator<Job, MakeJob>;
  Simulation simulation({.seed = seed});
  std::vector<Port<Job>> stations;
  for (const auto& [name, demand] :
       {std::pair("cpu", 605ms), std::pair("disk 1", 2100ms), std::pair("disk 2", 1350ms)}) {
    stations.emplace_back(simulation.spawn<FifoServer>(name, FifoServer::Config{exponential(demand)}));
  }
  const auto network = simulation.spawn<ThreeStations>("network", ThreeStations::Config{}, stations);
  constexpr Duration duration = 11'000s;
  Generator::Config users;
  users.executor.executor = ConstantVus{vus, duration};
  users.think_time = exponential(15s);
  simulation.spawn<Generator>("users", users, network, MakeJob{});
  simulation.run_for(1'000s);
  simulation.metrics().reset_statistics();
  simulation.run_for(10'000s);
  return static_cast<double>(simulation.metrics().tally("request_duration_s", "users").count()) / 10'000.0;
}

}  // namespace

TEST_CASE("A-GM1-01: arrivals at a constant rate make D/M/1 wait as theory says", "[load][theory]") {
  const double expected = expected_of_case("A-GM1-01");
  REQUIRE(std::abs(z_of(replications(ConstantRateArrivals{0.8}), expected, 0.01)) < 4.0);
  REQUIRE(std::abs(z_of(replications(PoissonArrivals{0.8}), expected, 0.03)) > 4.0);
}

TEST_CASE("A-BATCH-01: Poisson arrivals in batches of four wait as theory says", "[load][theory]") {
  const double expected = expected_of_case("A-BATCH-01");
  REQUIRE(std::abs(z_of(replications(PoissonArrivals{0.15}, 4), expected, 0.01)) < 4.0);
  REQUIRE(std::abs(z_of(replications(PoissonArrivals{0.2}, 3), expected, 0.01)) > 4.0);  // the same load
}

TEST_CASE("A-BURST-01: on-off arrivals make a server wait as theory says", "[load][theory]") {
  const double expected = expected_of_case("A-BURST-01");
  const OnOffArrivals bursts{2.0, exponential(2s), exponential(4s), true};
  REQUIRE(std::abs(z_of(replications(bursts), expected, 0.01)) < 4.0);
  // The same load without bursts waits 3 s, with shorter ones less than theory says for these.
  const OnOffArrivals shorter{2.0, exponential(1s), exponential(2s), true};
  REQUIRE(std::abs(z_of(replications(shorter), expected, 0.01)) > 4.0);
}

TEST_CASE("A-INF-05: the peak of the busy servers lags behind that of a sinusoidal rate as theory says",
          "[load][theory]") {
  std::vector<double> lags_s;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    lags_s.push_back(lag_of_peak_s(seed));
  }
  const double expected = expected_of_case("A-INF-05");
  REQUIRE(std::abs(z_of(lags_s, expected, 0.01)) < 4.0);
  REQUIRE(std::abs(z_of(lags_s, 1.0, 0.01)) > 4.0);  // the mean service time, which it would lag behind a slow rate
}

TEST_CASE("A-MVA-05: ten looping users with think time make the throughput of mean value analysis", "[load][theory]") {
  std::vector<double> throughputs;
  std::vector<double> throughputs_of_nine;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    throughputs.push_back(closed_network_throughput_per_s(seed, 10));
    throughputs_of_nine.push_back(closed_network_throughput_per_s(seed, 9));
  }
  const double expected = expected_of_case("A-MVA-05");
  REQUIRE(std::abs(z_of(throughputs, expected, 0.005)) < 4.0);
  REQUIRE(std::abs(z_of(throughputs_of_nine, expected, 0.005)) > 4.0);
}
