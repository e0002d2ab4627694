#include "actors/language_model/language_model.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace sim;
using namespace sim::actors;

namespace {

struct Caller {
  struct Config {};
  using Inbox = sim::Inbox<Completion>;

  Caller(Context& context, Config) : ctx(context) {}
  void on(const Completion& completion) {
    answered_at.push_back(ctx.now());
    succeeded.push_back(completion.succeeded);
  }

  Context& ctx;
  std::vector<Time> answered_at;
  std::vector<bool> succeeded;
};

struct Bench {
  explicit Bench(LanguageModel::Config config)
      : caller(simulation.spawn<Caller>("caller", Caller::Config{})),
        model(simulation.spawn<LanguageModel>("model", config)) {}

  void call(bool short_answer = false, std::uint32_t context_tokens = 0, std::uint32_t generated_tokens = 0) {
    simulation.send(model, Complete{1, short_answer, context_tokens, generated_tokens, caller});
  }
  const std::vector<Time>& answered_at() {
    simulation.run();
    return simulation.get(caller).answered_at;
  }

  Simulation simulation;
  Ref<Caller> caller;
  Ref<LanguageModel> model;
};

LanguageModel::Config constant_times() {
  return {
      .latency = constant(2s), .short_latency = constant(1s), .overhead = constant(200ms), .failure_probability = 0};
}

}  // namespace

TEST_CASE("token counts give the time: overhead, prefill and decode", "[language_model]") {
  Bench bench(constant_times());
  bench.call(false, 1500, 120);
  REQUIRE(bench.answered_at() == std::vector{Time{} + 200ms + 300ms + 2s});  // 1500 / 5000 and 120 / 60 seconds
}

TEST_CASE("without token counts the time is drawn, for a remark from its own law", "[language_model]") {
  Bench bench(constant_times());
  bench.call(false);
  bench.call(true);
  REQUIRE(bench.answered_at() == std::vector{Time{} + 1s, Time{} + 2s});
}

TEST_CASE("calls beyond the quota wait in line", "[language_model]") {
  auto config = constant_times();
  config.concurrent_requests_max = 2;
  Bench bench(config);
  for (int call = 0; call < 3; ++call) {
    bench.call();
  }
  REQUIRE(bench.answered_at() == std::vector{Time{} + 2s, Time{} + 2s, Time{} + 4s});
}

TEST_CASE("every call fails when failures are certain, none when they are impossible", "[language_model]") {
  for (const double probability : {0.0, 1.0}) {
    auto config = constant_times();
    config.failure_probability = probability;
    Bench bench(config);
    bench.call();
    bench.answered_at();
    REQUIRE(bench.simulation.get(bench.caller).succeeded == std::vector{probability == 0.0});
  }
}

TEST_CASE("calls that begin while the model is slow take longer, those that end under errors fail",
          "[language_model]") {
  Bench bench(constant_times());
  const auto slow = policies::ActiveFaults::Number{1};
  const auto errors = policies::ActiveFaults::Number{2};
  bench.call();
  bench.simulation.run_until(Time{} + 1s);
  bench.simulation.send(bench.model, ApplyFault{slow, {.kind = policies::FaultKind::slow, .factor = 3, .delay = 1s}});
  bench.call();  // 3 * 2 s + 1 s
  bench.simulation.run_until(Time{} + 2s);
  bench.simulation.send(bench.model, EndFault{slow});
  bench.simulation.send(bench.model, ApplyFault{errors, {.kind = policies::FaultKind::errors, .probability = 1}});
  bench.call();
  bench.simulation.run_until(Time{} + 4s);
  bench.simulation.send(bench.model, EndFault{errors});
  REQUIRE(bench.answered_at() == std::vector{Time{} + 2s, Time{} + 4s, Time{} + 8s});
  REQUIRE(bench.simulation.get(bench.caller).succeeded == std::vector{true, false, true});
}
