#include "actors/circuit_breaker/breaker_proxy.hpp"

#include <catch2/catch.hpp>
#include <optional>
#include <vector>

using namespace sim;
using actors::BreakerProxy;
using actors::ServiceAnswer;
using actors::ServiceCall;
using policies::ErrorClass;
using Kind = BreakerProxy::Entry::Kind;

namespace {

/// Answers 10 ms later; fails, or does not answer at all, when told so.
class Backend {
 public:
  struct Config {};
  using Inbox = sim::Inbox<ServiceCall>;

  Backend(Context& ctx, Config) : ctx_(ctx) {}
  Process on(ServiceCall, ReplyTo<ServiceAnswer> reply_to) {
    ++calls_count;
    const std::optional<ErrorClass> told = error;
    if (is_silent) {
      co_return;
    }
    co_await ctx_.sleep(10ms);
    ServiceAnswer answer;
    answer.error = told;
    ctx_.reply(reply_to, answer);
  }

  std::optional<ErrorClass> error;
  bool is_silent = false;
  std::uint32_t calls_count = 0;

 private:
  Context& ctx_;
};

/// Calls, and writes down what it is told and how long that took.
class User {
 public:
  struct Config {};
  struct CallNow {};
  using Inbox = sim::Inbox<CallNow>;

  struct Told {
    std::optional<ErrorClass> error;
    Duration took{};
  };

  User(Context& ctx, Config, Port<ServiceCall> port) : ctx_(ctx), port_(port) {}
  Process on(CallNow) {
    const Time began = ctx_.now();
    const ServiceCall call;
    const auto answer = co_await ctx_.ask(port_, call);
    told.push_back({answer->error, ctx_.now() - began});
  }

  std::vector<Told> told;

 private:
  Context& ctx_;
  Port<ServiceCall> port_;
};

/// Opens after two failures in a row, waits for 10 s, closes after two successes. Each message takes it 1 ms.
struct ProxyBench {
  explicit ProxyBench(bool is_enabled = true) {
    BreakerProxy::Config config;
    config.breaker.opens_on = policies::CircuitBreaker::OpensOn::consecutive_failures;
    config.breaker.failure_threshold = 2;
    config.breaker.wait_duration_in_open_state = 10s;
    config.breaker.half_open_decision = policies::CircuitBreaker::HalfOpenDecision::successes;
    config.breaker.success_threshold = 2;
    config.breaker.permitted_calls_in_half_open = 2;
    config.is_enabled = is_enabled;
    config.timeout = 1s;
    config.processing_time = constant(1ms);
    backend = simulation.spawn<Backend>("backend", Backend::Config{});
    proxy = simulation.spawn<BreakerProxy>("proxy", config, backend);
    user = simulation.spawn<User>("user", User::Config{}, proxy);
  }

  void call(int times = 1) {
    for (int i = 0; i < times; ++i) {
      simulation.send(user, User::CallNow{});
      simulation.run();
    }
  }
  void fail_with(std::optional<ErrorClass> error) { simulation.get(backend).error = error; }
  const User::Told& last() { return simulation.get(user).told.back(); }
  std::vector<Kind> kinds() {
    std::vector<Kind> kinds;
    for (const auto& entry : simulation.get(proxy).journal()) {
      kinds.push_back(entry.kind);
    }
    return kinds;
  }

  Simulation simulation;
  Ref<Backend> backend;
  Ref<BreakerProxy> proxy;
  Ref<User> user;
};

}  // namespace

TEST_CASE("a call through a breaker proxy takes the service and two passes of the proxy", "[breaker_proxy]") {
  ProxyBench bench;
  bench.call();
  CHECK_FALSE(bench.last().error);
  CHECK(bench.last().took == 12ms);
  bench.fail_with(ErrorClass::client_error);  // no failure of the service, and no entry
  bench.call();
  CHECK(bench.last().error == ErrorClass::client_error);
  CHECK(bench.kinds() == std::vector{Kind::succeeded});
}

TEST_CASE("an open breaker proxy answers after one pass, and the service hears nothing", "[breaker_proxy]") {
  ProxyBench bench;
  bench.fail_with(ErrorClass::server_error);
  bench.call(2);
  bench.call();
  CHECK(bench.last().error == ErrorClass::rejected);
  CHECK(bench.last().took == 1ms);
  CHECK(bench.simulation.get(bench.backend).calls_count == 2);
  CHECK(bench.kinds() == std::vector{Kind::failed, Kind::failed, Kind::opened, Kind::rejected});
  CHECK(bench.simulation.metrics().counter_total("breaker_rejected_count") == 1);
  CHECK(bench.simulation.metrics().counter_total("breaker_opened_count") == 1);
}

TEST_CASE("the journal of a breaker proxy tells of every change after the result that brought it about",
          "[breaker_proxy]") {
  ProxyBench bench;
  bench.fail_with(ErrorClass::server_error);
  bench.call(2);
  bench.simulation.run_for(11s);
  bench.call();  // the probe fails
  bench.simulation.run_for(11s);
  bench.fail_with(std::nullopt);
  bench.call(2);
  CHECK(bench.kinds() == std::vector{Kind::failed, Kind::failed, Kind::opened, Kind::half_opened, Kind::failed,
                                     Kind::opened, Kind::half_opened, Kind::succeeded, Kind::succeeded, Kind::closed});
}

TEST_CASE("a service that says nothing has failed for a breaker proxy after its timeout", "[breaker_proxy]") {
  ProxyBench bench;
  bench.simulation.get(bench.backend).is_silent = true;
  bench.call();
  CHECK(bench.last().error == ErrorClass::timed_out);
  CHECK(bench.last().took == 1s + 2ms);
  bench.simulation.kill(bench.backend);
  bench.call();
  CHECK(bench.last().error == ErrorClass::connection_failed);
  CHECK(bench.kinds() == std::vector{Kind::failed, Kind::failed, Kind::opened});
}

TEST_CASE("calls that come together wait for each other in a breaker proxy", "[breaker_proxy]") {
  ProxyBench bench;
  for (int i = 0; i < 3; ++i) {
    bench.simulation.send(bench.user, User::CallNow{});
  }
  bench.simulation.run();
  CHECK(bench.simulation.get(bench.user).told[2].took == 14ms);  // 3 passes, the service, and its own pass back
}

TEST_CASE("a breaker proxy that is switched off lets every call through", "[breaker_proxy]") {
  ProxyBench bench(false);
  bench.fail_with(ErrorClass::server_error);
  bench.call(20);
  CHECK(bench.simulation.get(bench.backend).calls_count == 20);
  CHECK(bench.kinds() == std::vector<Kind>(20, Kind::failed));
}
