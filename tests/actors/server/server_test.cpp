#include "actors/server/server.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "libsim/testing/fake_context.hpp"
#include "tests/actors/ask_once.hpp"

using namespace sim;
using namespace sim::actors;
using Station = sim::policies::ServiceStation;

namespace {

struct Told {
  Duration at{};
  std::uint64_t job = 0;
  ServiceOutcome outcome{};
  Duration waited{};

  friend bool operator==(const Told&, const Told&) = default;
};

/// Keeps what stations tell.
class Customer {
 public:
  using Inbox = sim::Inbox<Serviced, HandedOver>;
  explicit Customer(Context& ctx) : ctx_(ctx) {}
  void on(const Serviced& serviced) {
    told.push_back(
        {ctx_.now().time_since_epoch(), static_cast<std::uint64_t>(serviced.job), serviced.outcome, serviced.waited});
  }
  void on(const HandedOver& handed_over) {
    let_in.emplace_back(ctx_.now().time_since_epoch(), static_cast<std::uint64_t>(handed_over.job));
  }

  std::vector<Told> told;
  std::vector<std::pair<Duration, std::uint64_t>> let_in;

 private:
  Context& ctx_;
};

struct Bench {
  explicit Bench(const Server::Config& config, Port<ServiceRequest> next = {})
      : customer(simulation.spawn<Customer>("customer")), server(simulation.spawn<Server>("server", config, next)) {}

  void send(Duration at, std::uint64_t job, ServiceRequest request = {}) {
    request.job = JobId{job};
    request.reply_to = customer;
    simulation.send(server, request, at);
  }
  const std::vector<Told>& told() {
    simulation.run();
    return simulation.get(customer).told;
  }
  std::uint64_t count(const std::string& metric) { return simulation.metrics().counter_total(metric); }
  Gauge& gauge(const std::string& metric) { return simulation.metrics().gauge(metric, "server"); }

  Simulation simulation;
  Ref<Customer> customer;
  Ref<Server> server;
};

constexpr auto served = ServiceOutcome::served;

}  // namespace

TEST_CASE("a server draws its service times and tells who was served, and how long it took", "[server]") {
  Bench bench({.service_time = constant(2s)});
  bench.send(0s, 1);
  bench.send(1s, 2);
  REQUIRE(bench.told() == std::vector<Told>{{2s, 1, served, 0s}, {4s, 2, served, 1s}});
}

TEST_CASE("a job that arrives when a service ends finds the server free", "[server]") {
  Bench bench({.station = {.capacity = 1}, .service_time = constant(1s)});
  bench.send(1s, 2);  // sent before the service begins whose end it meets
  bench.send(0s, 1);
  REQUIRE(bench.told() == std::vector<Told>{{1s, 1, served, 0s}, {2s, 2, served, 0s}});
}

TEST_CASE("a job may bring its own service time and priority", "[server]") {
  Bench bench({.station = {.discipline = Station::Discipline::preemptive_priority, .priorities = 2}});
  bench.send(0s, 1, {.service_time = 5s, .priority = 1});
  bench.send(1s, 2, {.service_time = 1s, .priority = 0});
  REQUIRE(bench.told() == std::vector<Told>{{2s, 2, served, 0s}, {6s, 1, served, 1s}});
}

TEST_CASE("a process can ask for service", "[server]") {
  Simulation simulation;
  const auto server = simulation.spawn<Server>("server", Server::Config{.service_time = constant(3s)});
  const auto asker = simulation.spawn<testing::AskOnce<ServiceRequest>>("asker", Port<ServiceRequest>(server),
                                                                        ServiceRequest{.job = JobId{7}});
  simulation.run();
  REQUIRE(simulation.get(asker).answer() == Serviced{JobId{7}, 0s, 3s, served});
  REQUIRE(simulation.get(asker).answered_at() == Time{3s});
}

TEST_CASE("who is lost, balks or gives up hears of it", "[server]") {
  Bench bench({.station = {.capacity = 3, .balking_queue_length = 2}, .patience = constant(1s)});
  bench.send(0s, 1, {.service_time = 5s});
  bench.send(0s, 2, {.service_time = 5s});
  bench.send(0s, 3, {.service_time = 5s, .deadline = Time{500ms}});
  bench.send(0s, 4);
  REQUIRE(bench.told() == std::vector<Told>{{0s, 4, ServiceOutcome::balked, 0s},
                                            {500ms, 3, ServiceOutcome::reneged, 500ms},
                                            {1s, 2, ServiceOutcome::reneged, 1s},
                                            {5s, 1, served, 0s}});
  Bench full({.station = {.capacity = 1}, .service_time = constant(1s)});
  full.send(0s, 1);
  full.send(0s, 2);
  REQUIRE(full.told() == std::vector<Told>{{0s, 2, ServiceOutcome::lost, 0s}, {1s, 1, served, 0s}});
  REQUIRE(full.count("server_lost_count") == 1);
  REQUIRE(bench.count("server_balked_count") == 1);
  REQUIRE(bench.count("server_reneged_count") == 2);
  REQUIRE(bench.count("server_served_count") == 1);
  REQUIRE(bench.count("server_arrived_count") == 4);
}

TEST_CASE("a deadline that has passed does not matter to a server that is free", "[server]") {
  Bench bench({.service_time = constant(2s)});
  bench.send(1s, 1, {.deadline = Time{500ms}});
  bench.send(2s, 2, {.deadline = Time{1s}});
  REQUIRE(bench.told() == std::vector<Told>{{2s, 2, ServiceOutcome::reneged, 0s}, {3s, 1, served, 0s}});
}

TEST_CASE("a server measures waits, sojourns, jobs and its own load", "[server]") {
  Bench bench({.service_time = constant(2s)});
  bench.send(0s, 1);
  bench.send(1s, 2);
  bench.simulation.run_until(Time{8s});
  const auto& waits = bench.simulation.metrics().tally("server_wait_s", "server");
  const auto& sojourns = bench.simulation.metrics().tally("server_time_in_system_s", "server");
  REQUIRE(std::vector(waits.samples().begin(), waits.samples().end()) == std::vector{0.0, 1.0});
  REQUIRE(std::vector(sojourns.samples().begin(), sojourns.samples().end()) == std::vector{2.0, 3.0});
  REQUIRE(bench.gauge("server_queue_items").integral() == 1.0);      // one from 1 s to 2 s
  REQUIRE(bench.gauge("server_in_system_items").integral() == 5.0);  // 2 s + 3 s
  REQUIRE(bench.gauge("server_utilisation_ratio").mean() == 0.5);    // 4 s of 8 s
  REQUIRE(bench.gauge("server_available_bool").mean() == 1.0);
}

TEST_CASE("jobs that are served go on to the next station, which answers", "[server]") {
  Simulation simulation;
  const auto customer = simulation.spawn<Customer>("customer");
  const auto second = simulation.spawn<Server>("second", Server::Config{.service_time = constant(5s)});
  const auto first =
      simulation.spawn<Server>("first", Server::Config{.service_time = constant(1s)}, Port<ServiceRequest>(second));
  for (const std::uint64_t job : {1, 2}) {
    simulation.send(first, ServiceRequest{.job = JobId{job}, .reply_to = customer});
  }
  simulation.run();
  REQUIRE(simulation.get(customer).told == std::vector<Told>{{6s, 1, served, 0s}, {11s, 2, served, 4s}});
  REQUIRE(simulation.dead_letters() == 0);
}

TEST_CASE("a finished job blocks its server until the next station lets it in", "[server]") {
  Simulation simulation;
  const auto customer = simulation.spawn<Customer>("customer");
  const auto second = simulation.spawn<Server>(
      "second",
      Server::Config{.station = {.capacity = 1, .when_full = Station::WhenFull::block}, .service_time = constant(5s)});
  const auto first = simulation.spawn<Server>(
      "first", Server::Config{.station = {.blocks_after_service = true}, .service_time = constant(1s)},
      Port<ServiceRequest>(second));
  for (const std::uint64_t job : {1, 2, 3}) {
    simulation.send(first, ServiceRequest{.job = JobId{job}, .reply_to = customer});
  }
  simulation.run();
  // 1 is in the second from 1 s; 2 is done at 2 s and blocks until 6 s; 3 then takes until 7 s and blocks until 11 s.
  REQUIRE(simulation.get(customer).told ==
          std::vector<Told>{{6s, 1, served, 0s}, {11s, 2, served, 0s}, {16s, 3, served, 0s}});
  const auto& sojourns = simulation.metrics().tally("server_time_in_system_s", "first");
  REQUIRE(std::vector(sojourns.samples().begin(), sojourns.samples().end()) == std::vector{1.0, 6.0, 11.0});
}

TEST_CASE("whom a station turns away frees the server of the station before", "[server]") {
  Simulation simulation;
  const auto customer = simulation.spawn<Customer>("customer");
  const auto second =
      simulation.spawn<Server>("second", Server::Config{.station = {.capacity = 1}, .service_time = constant(5s)});
  const auto first = simulation.spawn<Server>(
      "first", Server::Config{.station = {.blocks_after_service = true}, .service_time = constant(1s)},
      Port<ServiceRequest>(second));
  for (const std::uint64_t job : {1, 2}) {
    simulation.send(first, ServiceRequest{.job = JobId{job}, .reply_to = customer});
  }
  simulation.run();
  REQUIRE(simulation.get(customer).told == std::vector<Told>{{2s, 2, ServiceOutcome::lost, 0s}, {6s, 1, served, 0s}});
  REQUIRE(simulation.get(first).station().in_system() == 0);
}

TEST_CASE("a sender hears when its job is let in", "[server]") {
  Bench bench({.station = {.capacity = 1, .when_full = Station::WhenFull::block}, .service_time = constant(2s)});
  bench.send(0s, 1, {.sender = bench.customer});
  bench.send(1s, 2, {.sender = bench.customer});
  bench.simulation.run();
  using LetIn = std::pair<Duration, std::uint64_t>;
  REQUIRE(bench.simulation.get(bench.customer).let_in == std::vector<LetIn>{{0s, 1}, {2s, 2}});
  const auto& sojourns = bench.simulation.metrics().tally("server_time_in_system_s", "server");
  REQUIRE(std::vector(sojourns.samples().begin(), sojourns.samples().end()) == std::vector{2.0, 2.0});
}

TEST_CASE("a server breaks down and is repaired, again and again", "[server]") {
  Bench bench({.service_time = constant(10s), .breakdowns = Server::Breakdowns{constant(4s), constant(1s)}});
  bench.send(0s, 1);
  bench.simulation.run_until(Time{20s});
  // Up 0 to 4, 5 to 9, 10 to 14, 15 to 19: 10 s of work end at 12 s.
  REQUIRE(bench.simulation.get(bench.customer).told == std::vector<Told>{{12s, 1, served, 2s}});
  REQUIRE(bench.count("server_failures_count") == 4);
  REQUIRE(bench.gauge("server_available_bool").mean() == 0.8);
}

TEST_CASE("a server can be taken down from outside", "[server]") {
  Bench bench({.service_time = constant(2s)});
  bench.send(0s, 1);
  bench.simulation.send(bench.server, TakeDown{}, 1s);
  bench.simulation.send(bench.server, BringUp{}, 4s);
  REQUIRE(bench.told() == std::vector<Told>{{5s, 1, served, 3s}});
}

TEST_CASE("draws for one purpose do not move those for another", "[server]") {
  const auto served_at = [](const Server::Config& config) {
    Bench bench(config);
    for (std::uint64_t job = 0; job < 10; ++job) {
      bench.send(job * 100s, job);
    }
    bench.simulation.run_until(Time{2000s});
    return bench.simulation.get(bench.customer).told;
  };
  const auto plain = served_at({});
  REQUIRE(served_at({.station = {.balking_probability = 0.5}, .patience = exponential(1s)}) == plain);
}

TEST_CASE("in the steady state a server costs one timer for each job", "[server]") {
  Bench bench({.service_time = constant(1001ms)});  // no service ends when a job arrives
  for (std::uint64_t job = 0; job < 100; ++job) {
    bench.send(job * 500ms, job);
  }
  bench.simulation.run();
  // For each job: the request, the timer, the answer. And one Start.
  REQUIRE(bench.simulation.events() == 301);
}
