#include "actors/calls/api_client.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "actors/calls/api_gateway.hpp"
#include "libsim/sim.hpp"
#include "tests/actors/ask_once.hpp"

using namespace sim;
using actors::ApiCallId;
using actors::ApiClient;
using actors::ApiGateway;
using actors::ApiOperation;
using actors::MakeApiCall;
using policies::ErrorClass;

namespace {

using Asked = sim::testing::AskOnce<MakeApiCall>;

/// Takes so long for each request, and fails the first so many.
class Backend {
 public:
  using Inbox = sim::Inbox<actors::ApiRequest>;
  Backend(Context& ctx, Duration latency, int failures) : ctx_(ctx), latency_(latency), failures_(failures) {}
  Process on(actors::ApiRequest /*request*/, ReplyTo<actors::ApiReply> reply_to) {
    actors::ApiReply reply;
    if (failures_ > 0) {
      --failures_;
      reply.error = calls::CallError{ErrorClass::server_error, {}};
    }
    co_await ctx_.sleep(latency_);
    ctx_.reply(reply_to, reply);
  }

 private:
  Context& ctx_;
  Duration latency_;
  int failures_;
};

ApiClient::Config client_config() {
  ApiClient::Config config;
  config.retry.schedule = {
      .attempts_max = 3, .backoff = policies::RetrySchedule::Backoff::constant, .initial_delay = 2s};
  config.rate_limit.limiter = {
      .algorithm = policies::RateLimiter::Algorithm::sliding_window_log, .limit = 100, .window = 1s};
  config.heap = {.base_mb = 10, .collection_threshold_mb = 1000, .collects = true};
  config.operations = {{"mail:send", 4}};
  config.object_cv = 0;
  return config;
}

/// A client, a gateway and one endpoint behind it.
struct Trial {
  Trial(Duration latency, int failures, const ApiClient::Config& client_config, std::uint32_t limit = 1000)
      : backend(simulation.spawn<Backend>("backend", latency, failures)),
        gateway(simulation.spawn<ApiGateway>(
            "gateway",
            ApiGateway::Config{.limit = {.algorithm = policies::RateLimiter::Algorithm::fixed_window, .limit = limit},
                               .refusal_latency = constant(40ms),
                               .timeout = 20s},
            std::vector<Port<actors::ApiRequest>>{backend})),
        client(simulation.spawn<ApiClient>("client", client_config, gateway)) {}

  Ref<Asked> ask(std::uint64_t call) {
    return simulation.spawn<Asked>("asker-" + std::to_string(call), client,
                                   MakeApiCall{ApiOperation{0}, ApiCallId{call}});
  }
  const std::optional<actors::ApiCallEnded>& answer(Ref<Asked> asked) { return simulation.get(asked).answer(); }

  Simulation simulation;
  Ref<Backend> backend;
  Ref<ApiGateway> gateway;
  Ref<ApiClient> client;
};

}  // namespace

TEST_CASE("a call of a client takes as long as its attempts and the waits between them", "[api]") {
  Trial trial(1s, 2, client_config());
  const auto asked = trial.ask(7);
  trial.simulation.run();
  REQUIRE(trial.answer(asked) == actors::ApiCallEnded{std::nullopt, 7s});  // 1 s, 2 s wait, 1 s, 2 s wait, 1 s
  const auto& visits = trial.simulation.get(trial.gateway).visits();
  REQUIRE(visits.size() == 3);
  REQUIRE(visits[2] == ApiGateway::Visit{ApiOperation{0}, ApiCallId{7}, Time{} + 6s, Time{} + 7s, false});
}

TEST_CASE("a call whose attempts all fail ends with the last error", "[api]") {
  Trial trial(1s, 3, client_config());
  const auto asked = trial.ask(1);
  trial.simulation.run();
  REQUIRE(trial.answer(asked)->error == calls::CallError{ErrorClass::server_error, {}});
}

TEST_CASE("a gateway tells who asks too often how long to wait", "[api]") {
  ApiClient::Config config = client_config();
  config.retry.schedule.retryable = {};
  Trial trial(100ms, 0, config, 2);  // two in each second
  std::vector<Ref<Asked>> asked;
  for (std::uint64_t call = 0; call < 3; ++call) {
    asked.push_back(trial.ask(call));
  }
  trial.simulation.run();
  REQUIRE_FALSE(trial.answer(asked[1])->error);
  REQUIRE(trial.answer(asked[2]) == actors::ApiCallEnded{calls::CallError{ErrorClass::throttled, 1s}, 40ms});
  REQUIRE(trial.simulation.get(trial.gateway).visits()[2].was_throttled);
}

TEST_CASE("an endpoint that says nothing is a server error of the gateway", "[api]") {
  ApiClient::Config config = client_config();
  config.retry.schedule.attempts_max = 1;
  Trial trial(1h, 0, config);
  const auto asked = trial.ask(1);
  trial.simulation.run();
  REQUIRE(trial.answer(asked) == actors::ApiCallEnded{calls::CallError{ErrorClass::server_error, {}}, 20s});
}

TEST_CASE("calls hold memory while they are in progress, and some of it for good", "[api]") {
  ApiClient::Config config = client_config();
  config.leak_share = 0.25;
  Trial trial(1s, 0, config);
  trial.ask(1);
  trial.ask(2);
  trial.simulation.run_until(Time{} + 500ms);
  const ApiClient& client = trial.simulation.get(trial.client);
  REQUIRE(client.in_progress() == 2);
  REQUIRE(client.heap().live_mb() == 8);
  trial.simulation.run();
  REQUIRE(client.in_progress() == 0);
  REQUIRE(client.heap().live_mb() == 0);
  REQUIRE(client.heap().leaked_mb() == 2);
  REQUIRE(client.heap().used_mb() == 18);  // no collection yet
}

TEST_CASE("what calls allocate varies about its mean", "[api]") {
  ApiClient::Config config = client_config();
  config.object_cv = 0.5;
  config.rate_limit.limiter.limit = 10'000;
  config.connections.max_concurrent_calls = 10'000;
  config.heap.collection_threshold_mb = 1e9;
  Trial trial(1s, 0, config);
  for (std::uint64_t call = 0; call < 400; ++call) {
    trial.ask(call);
  }
  trial.simulation.run();
  // 400 calls of 4 MB: 1600 MB, with a standard deviation of 0.5 × 4 × √400 = 40
  const double garbage_mb = trial.simulation.get(trial.client).heap().garbage_mb();
  CHECK(garbage_mb > 1600 - 120);
  CHECK(garbage_mb < 1600 + 120);
  CHECK(garbage_mb != 1600);
}

TEST_CASE("an open breaker ends calls at once, without a request", "[api]") {
  ApiClient::Config config = client_config();
  config.retry.schedule.attempts_max = 1;
  config.breaker.breaker.opens_on = policies::CircuitBreaker::OpensOn::consecutive_failures;
  config.breaker.breaker.failure_threshold = 2;
  Trial trial(1s, 100, config);
  trial.ask(1);
  trial.ask(2);
  trial.simulation.run();
  const auto asked = trial.ask(3);
  trial.simulation.run();
  REQUIRE(trial.answer(asked) == actors::ApiCallEnded{calls::CallError{ErrorClass::rejected, {}}, 0s});
  REQUIRE(trial.simulation.get(trial.gateway).visits().size() == 2);
}
