#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "actors/faults/failing_service.hpp"
#include "actors/faults/fault_injector.hpp"
#include "actors/faults/link.hpp"
#include "tests/actors/ask_once.hpp"

using namespace sim;
using namespace sim::actors;
using policies::ErrorClass;
using policies::FaultKind;
using policies::FaultSchedule;

namespace {

struct Charge {
  struct Reply {
    std::uint32_t amount = 0;
    bool succeeded = true;
  };
  std::uint32_t amount = 0;
};
struct MakeReply {
  Charge::Reply operator()(const Charge& charge, const RequestOutcome& outcome) const {
    return {charge.amount, !outcome.error};
  }
};
using Service = FailingService<Charge, MakeReply>;
using Ask = testing::AskOnce<Charge>;

/// A client that asks every second, and counts how its calls end.
class Client {
 public:
  using Inbox = sim::Inbox<>;
  Client(Context& ctx, Port<Charge> port, int calls) : ctx_(ctx), port_(port), calls_(calls) {}
  Process run() {
    for (int call = 0; call < calls_; ++call) {
      const auto reply = co_await ctx_.ask(port_, Charge{1}, 900ms);
      outcomes.push_back(!reply ? 't' : reply->succeeded ? 'o' : 'e');
      co_await ctx_.sleep(Time{} + (call + 1) * 1s - ctx_.now());
    }
  }
  std::string outcomes;

 private:
  Context& ctx_;
  Port<Charge> port_;
  int calls_;
};

struct Ping {
  int number = 0;
};
class Sink {
 public:
  using Inbox = sim::Inbox<Ping>;
  explicit Sink(Context& ctx) : ctx_(ctx) {}
  void on(const Ping& ping) { received.emplace_back(ping.number, ctx_.now()); }
  std::vector<std::pair<int, Time>> received;

 private:
  Context& ctx_;
};

Service::Config constant_service(Duration latency) { return {.latency = constant(latency), .behaviour = {}}; }

FaultSchedule::Row row(Duration from, const char* target, policies::Fault fault, Duration duration = forever) {
  return {Time{} + from, target, fault, duration, "faults.csv:2"};
}

}  // namespace

TEST_CASE("a failing service answers an ask after its latency with what the functor makes", "[failing_service]") {
  Simulation simulation;
  const auto service = simulation.spawn<Service>("service", constant_service(80ms));
  const auto client = simulation.spawn<Ask>("client", service, Charge{42});
  simulation.run();
  REQUIRE(simulation.get(client).answer()->amount == 42);
  REQUIRE(simulation.get(client).answer()->succeeded);
  REQUIRE(simulation.get(client).answered_at() == Time{80ms});
  REQUIRE(simulation.metrics().tally("service_latency_s", "service").count() == 1);
}

TEST_CASE("a service that breaks down fails what is in progress, and answers again once repaired",
          "[failing_service]") {
  Simulation simulation;
  auto config = constant_service(100ms);
  config.time_to_failure = constant(2050ms);
  config.time_to_repair = constant(1500ms);
  const auto service = simulation.spawn<Service>("service", config);
  const auto client = simulation.spawn<Client>("client", service, 7);
  simulation.run_until(Time{7s});
  // Down from 2.05 s to 3.55 s and from 5.6 s to 7.1 s: the calls at 2 s and 3 s fail, the one at 6 s as well.
  REQUIRE(simulation.get(client).outcomes == "ooeeooe");
  REQUIRE(simulation.get(service).up_down()->failures_count() == 2);
  REQUIRE(simulation.metrics().gauge("service_up_bool", "service").mean() == Approx(4.1 / 7));  // 2.05 + 2.05 s
}

TEST_CASE("who asks a service that hangs gets no answer", "[failing_service]") {
  Simulation simulation;
  auto config = constant_service(100ms);
  config.behaviour.hangs = {{Time{1s}, 1s}};
  config.behaviour.hang_duration = 10s;
  const auto service = simulation.spawn<Service>("service", config);
  const auto client = simulation.spawn<Client>("client", service, 3);
  simulation.run();
  REQUIRE(simulation.get(client).outcomes == "oto");
  REQUIRE(simulation.metrics().counter_total("service_hung_count") == 1);
}

TEST_CASE("a breakdown or an error moves no latency draw", "[failing_service]") {
  const auto latencies = [](bool fails) {
    Simulation simulation({.seed = 3});
    Service::Config config;
    config.latency = exponential(50ms);
    config.behaviour.errors = {{ErrorClass::server_error, fails ? 0.5 : 0.0}};
    const auto service = simulation.spawn<Service>("service", config);
    std::vector<Time> answered;
    std::vector<Ref<Ask>> clients;
    for (int client = 0; client < 20; ++client) {
      clients.push_back(simulation.spawn<Ask>("client-" + std::to_string(client), service, Charge{1}));
    }
    simulation.run();
    for (const auto client : clients) {
      answered.push_back(simulation.get(client).answered_at());
    }
    return answered;
  };
  REQUIRE(latencies(true) == latencies(false));
}

TEST_CASE("a schedule begins and ends its faults on time", "[fault_injector]") {
  Simulation simulation;
  const auto service = simulation.spawn<Service>("service", constant_service(100ms));
  const auto client = simulation.spawn<Client>("client", service, 10);
  const FaultInjector::Config config{
      FaultSchedule({row(3500ms, "service", {.kind = FaultKind::down}, 2s),
                     row(950ms, "service", {.kind = FaultKind::errors, .probability = 1}, 1s),
                     row(6500ms, "service", {.kind = FaultKind::slow, .factor = 10}, 1s),
                     row(8900ms, "service", {.kind = FaultKind::kill})}),
      {{"service", fault_target(service, {FaultKind::down, FaultKind::errors, FaultKind::slow, FaultKind::kill})}}};
  REQUIRE(FaultInjector::validate(config).has_value());
  const auto injector = simulation.spawn<FaultInjector>("faults", config);
  simulation.run();
  // The call at 1 s fails, those at 4 s and 5 s are refused, the one at 7 s takes 1 s, at 9 s nobody is there.
  REQUIRE(simulation.get(client).outcomes == "oeooeeotot");
  REQUIRE_FALSE(simulation.alive(service));
  REQUIRE_FALSE(simulation.alive(injector));
  REQUIRE(simulation.metrics().counter_total("faults_begun_count") == 4);
  REQUIRE(simulation.metrics().counter_total("faults_ended_count") == 3);
}

TEST_CASE("a fault for a target that is gone is counted", "[fault_injector]") {
  Simulation simulation;
  const auto service = simulation.spawn<Service>("service", constant_service(100ms));
  const auto target = fault_target(service, {FaultKind::kill, FaultKind::pause});
  simulation.spawn<FaultInjector>(
      "faults", FaultInjector::Config{FaultSchedule({row(1s, "service", {.kind = FaultKind::kill}),
                                                     row(2s, "service", {.kind = FaultKind::kill}),
                                                     row(3s, "service", {.kind = FaultKind::pause}, 1s)}),
                                      {{"service", target}}});
  simulation.run();
  REQUIRE(simulation.metrics().counter_total("faults_without_target_count") == 2);
}

TEST_CASE("a schedule for targets that are not there is refused before the run", "[fault_injector]") {
  Simulation simulation;
  const auto service = simulation.spawn<Service>("service", constant_service(100ms));
  const FaultInjector::Config unknown{FaultSchedule({row(1s, "database", {.kind = FaultKind::kill})}),
                                      {{"service", fault_target(service, {FaultKind::kill})}}};
  REQUIRE(FaultInjector::validate(unknown).error().message == "faults.csv:2: target database: expected one of service");
  const FaultInjector::Config refused{FaultSchedule({row(1s, "service", {.kind = FaultKind::pause}, 1s)}),
                                      {{"service", fault_target(service, {FaultKind::kill})}}};
  REQUIRE(FaultInjector::validate(refused).error().message ==
          "faults.csv:2: fault pause: service does not take it: expected one of kill");
  REQUIRE_THROWS_AS(simulation.spawn<FaultInjector>("faults", refused), AssertionFailure);
}

TEST_CASE("a link delivers messages later and in order", "[link]") {
  Simulation simulation({.seed = 1});
  const auto sink = simulation.spawn<Sink>("sink");
  const auto link = simulation.spawn<actors::Link<Ping>>("link", LinkConfig{.latency = exponential(50ms), .rules = {}},
                                                         Port<Ping>(sink));
  for (int number = 0; number < 200; ++number) {
    simulation.send(link, Ping{number}, number * 10ms);
  }
  simulation.run();
  const auto& received = simulation.get(sink).received;
  REQUIRE(received.size() == 200);
  for (int number = 0; number < 200; ++number) {
    REQUIRE(received[number].first == number);
    REQUIRE(received[number].second >= Time{} + number * 10ms);
  }
}

TEST_CASE("a link takes faults: latency, duplication, partition", "[link]") {
  Simulation simulation;
  const auto sink = simulation.spawn<Sink>("sink");
  const auto link =
      simulation.spawn<actors::Link<Ping>>("link", LinkConfig{.latency = constant(1ms), .rules = {}}, Port<Ping>(sink));
  simulation.spawn<FaultInjector>(
      "faults", FaultInjector::Config{FaultSchedule({row(1s, "link", {.kind = FaultKind::latency, .delay = 20ms}, 1s),
                                                     row(2s, "link", {.kind = FaultKind::duplication}, 1s),
                                                     row(3s, "link", {.kind = FaultKind::partition}, 1s)}),
                                      {{"link", fault_target(link, policies::Link::faults())}}});
  for (int number = 0; number < 5; ++number) {
    simulation.send(link, Ping{number}, number * 1s + 500ms);
  }
  simulation.run();
  const std::vector<std::pair<int, Time>> expected{
      {0, Time{501ms}}, {1, Time{1521ms}}, {2, Time{2501ms}}, {2, Time{2501ms}}, {4, Time{4501ms}}};
  REQUIRE(simulation.get(sink).received == expected);
  REQUIRE(simulation.metrics().counter_total("link_lost_count") == 1);
  REQUIRE(simulation.metrics().counter_total("link_duplicated_count") == 1);
}

TEST_CASE("a request over a link takes the way there and back", "[link]") {
  Simulation simulation;
  const auto service = simulation.spawn<Service>("service", constant_service(80ms));
  const auto link = simulation.spawn<actors::Link<Charge>>("link", LinkConfig{.latency = constant(10ms), .rules = {}},
                                                           Port<Charge>(service));
  const auto client = simulation.spawn<Ask>("client", link, Charge{42});
  simulation.run();
  REQUIRE(simulation.get(client).answer()->amount == 42);
  REQUIRE(simulation.get(client).answered_at() == Time{100ms});  // 10 + 80 + 10
}

TEST_CASE("a request over a partitioned link is not answered, one that is lost on the way back was served", "[link]") {
  Simulation simulation;
  const auto service = simulation.spawn<Service>("service", constant_service(100ms));
  const auto link = simulation.spawn<actors::Link<Charge>>("link", LinkConfig{.latency = constant(10ms), .rules = {}},
                                                           Port<Charge>(service));
  const auto client = simulation.spawn<Client>("client", link, 4);
  simulation.spawn<FaultInjector>(
      "faults", FaultInjector::Config{FaultSchedule({row(950ms, "link", {.kind = FaultKind::partition}, 100ms),
                                                     row(2050ms, "link", {.kind = FaultKind::partition}, 500ms)}),
                                      {{"link", fault_target(link, policies::Link::faults())}}});
  simulation.run();
  REQUIRE(simulation.get(client).outcomes == "otto");
  REQUIRE(simulation.get(service).rules().statistics().answered_count == 3);
  REQUIRE(simulation.get(link).rules().statistics().partitioned_count == 1);
  REQUIRE(simulation.get(link).rules_back().statistics().partitioned_count == 1);
}

TEST_CASE("a doubled request is served twice and answered once", "[link]") {
  Simulation simulation;
  const auto service = simulation.spawn<Service>("service", constant_service(80ms));
  const LinkConfig config{.latency = constant(10ms), .rules = {.duplication_probability = 1}};
  const auto link = simulation.spawn<actors::Link<Charge>>("link", config, Port<Charge>(service));
  const auto client = simulation.spawn<Client>("client", link, 1);
  simulation.run();
  REQUIRE(simulation.get(client).outcomes == "o");
  REQUIRE(simulation.get(service).rules().statistics().answered_count == 2);
}

TEST_CASE("a kill without an actor meets whoever has the name at that time", "[faults]") {
  Simulation simulation;
  const auto spawn = [&] { return simulation.spawn<Service>("service", constant_service(1s)); };
  const auto first = spawn();
  simulation.spawn<FaultInjector>("faults",
                                  FaultInjector::Config{FaultSchedule({row(1s, "service", {.kind = FaultKind::kill}),
                                                                       row(3s, "service", {.kind = FaultKind::kill}),
                                                                       row(4s, "service", {.kind = FaultKind::kill})}),
                                                        {{"service", {.takes = {FaultKind::kill}}}}});
  simulation.run_until(Time{} + 2s);
  REQUIRE_FALSE(simulation.alive(first));
  const auto second = spawn();
  simulation.run();
  REQUIRE_FALSE(simulation.alive(second));
  REQUIRE(simulation.metrics().counter_total("faults_begun_count") == 3);
  REQUIRE(simulation.metrics().counter_total("faults_without_target_count") == 1);
}
