#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "libsim/testing.hpp"
#include "models/agents/experiment.hpp"
#include "tests/models/documented_parameters.hpp"
#include "tests/models/scenario_runs.hpp"

using namespace sim;
using sim::testing::Parameters;

namespace {

const std::vector<std::string> scenarios = {"fast",        "medium",   "slow",      "secure",
                                            "percentiles", "parallel", "concurrent"};

constexpr sim::testing::RunsOf run{models::agents::experiment};

double mean_of(const std::string& scenario, const std::string& metric, const Parameters& parameters) {
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    sum += run(scenario, parameters, seed).value(metric);
  }
  return sum / 10;
}

/// Agents that take exactly 10, 100 and 300 ms, an orchestrator that takes exactly 1 ms for each thing it does.
Parameters exact(const Parameters& more = {}) {
  Parameters parameters = {{"fast.setup_time", "0ms"},
                           {"fast.work_time", "10ms"},
                           {"medium.setup_time", "20ms"},
                           {"medium.work_time", "80ms"},
                           {"slow.setup_time", "0ms"},
                           {"slow.work_time", "300ms"},
                           {"orchestrator.dispatch_time", "1ms"},
                           {"orchestrator.aggregation_time", "1ms"},
                           {"cache.lookup_time", "1ms"},
                           {"security.authentication_time", "5ms"},
                           {"security.validation_time", "2ms"},
                           {"security.encryption_time", "1ms"}};
  parameters.insert(parameters.end(), more.begin(), more.end());
  return parameters;
}

}  // namespace

TEST_CASE("the same seed gives the same invocations, another seed others", "[agents]") {
  for (const std::string& scenario : scenarios) {
    INFO(scenario);
    const auto first = run(scenario);
    CHECK(first == run(scenario));
    CHECK(first.metrics != run(scenario, {}, 2).metrics);
  }
}

TEST_CASE("every invocation ends in one way, whatever goes wrong", "[agents]") {
  const std::vector<Parameters> troubles = {
      {},
      {{"failure_probability", "0.2"}},
      {{"workers", "2"}, {"workers.queue_max", "3"}},
      {{"client.timeout", "90ms"}},
      {{"security", "on"}, {"security.invalid_token_share", "0.1"}, {"security.invalid_content_share", "0.1"}},
      {{"batching", "on"}, {"cache", "on"}, {"failure_probability", "0.2"}, {"workers.queue_max", "0"}}};
  for (const Parameters& trouble : troubles) {
    for (const std::string& scenario : scenarios) {
      INFO(scenario);
      const auto result = run(scenario, trouble);
      double ended = 0;
      for (const char* end : {"ok", "failed", "rejected", "refused"}) {
        ended += result.value(std::string("invocations_") + end);
      }
      ended += scenario == "parallel" ? 0 : result.value("invocations_timed_out");
      CHECK(result.value("invocations") == ended);
      CHECK(result.value("invocations_in_flight") == 0);
    }
  }
}

TEST_CASE("an invocation takes its dispatch and its work when nobody else is there", "[agents]") {
  CHECK(run("fast", exact()).value("invocation_time_mean") == Approx(11));
  CHECK(run("medium", exact()).value("invocation_time_mean") == Approx(101));  // 20 ms of setup
  CHECK(run("slow", exact()).value("invocation_time_mean") == Approx(301));
  CHECK(run("slow", exact()).value("invocations_per_second") == Approx(1000.0 / 301));
}

TEST_CASE("a sequence takes the sum of its agents, a parallel team the longest of them", "[agents]") {
  const auto result = run("parallel", exact());
  CHECK(result.value("sequence_time_mean") == Approx(11 + 101 + 301));
  // the slow agent is dispatched third; its answer is put together last
  CHECK(result.value("parallel_time_mean") == Approx(3 + 300 + 1));
  CHECK(result.value("speedup_over_sequence") == Approx(413.0 / 304));
}

TEST_CASE("a sequence ends at the first agent that fails", "[agents]") {
  const auto result = run("parallel", {{"failure_probability", "1"}});
  CHECK(result.value("invocations") == 30 + 3 * 30);  // one of each sequence, three of each parallel team
  CHECK(result.value("invocations_failed") == 120);
}

TEST_CASE("a hundred invocations at once wait for the workers in rounds", "[agents]") {
  const auto result = run("concurrent", exact({{"orchestrator.dispatch_time", "0ms"}}));
  CHECK(result.value("last_answer_time") == Approx(1000));  // ten rounds of 100 ms
  CHECK(result.value("invocation_time_mean") == Approx(550));
  CHECK(result.value("busy_workers_max") == 10);
  CHECK(result.value("calls_waiting_max") == 90);
  CHECK(result.value("invocations_in_progress_max") == 100);
  // one event loop: the last of a hundred is dispatched after 200 ms, when the first ones have been worked on
  CHECK(run("concurrent", exact({{"orchestrator.dispatch_time", "2ms"}})).value("calls_waiting_max") < 90);
}

TEST_CASE("a line that is full rejects, and the rejected ones are counted", "[agents]") {
  const auto result = run("concurrent", exact({{"orchestrator.dispatch_time", "0ms"}, {"workers.queue_max", "25"}}));
  CHECK(result.value("invocations_ok") == 35);
  CHECK(result.value("invocations_rejected") == 65);
}

TEST_CASE("batches take one dispatch and one setup, and answer all of their inputs at their end", "[agents]") {
  const auto batched = run("concurrent", exact({{"batching", "on"}}));
  // ten batches of ten: the last one is dispatched after 10 ms, and takes 20 ms and ten times 80 ms
  CHECK(batched.value("last_answer_time") == Approx(10 + 20 + 800));
  CHECK(batched.value("agent_work_mean") == Approx(820));
  CHECK(batched.value("invocations_ok") == 100);
  // alone, an input waits until nobody else has come
  CHECK(run("fast", exact({{"batching", "on"}})).value("invocation_time_mean") == Approx(20 + 11));
}

TEST_CASE("the response cache answers what an agent has answered before, and nothing else", "[agents]") {
  const auto repeated = run("percentiles", exact({{"cache", "on"}, {"mix.inputs", "1"}, {"mix.slow_share", "0"}}));
  CHECK(repeated.value("answers_from_cache") >
        980);  // all but the first of each of two agents, and who comes meanwhile
  CHECK(repeated.value("latency_p50") < 2);
  CHECK(run("percentiles", exact({{"mix.inputs", "1"}})).value("answers_from_cache") == 0);
  CHECK(run("fast", exact({{"cache", "on"}})).value("invocation_time_mean") == Approx(12));  // every input is new
  const auto forgetting = run("percentiles", {{"cache", "on"}, {"cache.ttl", "1ms"}});
  CHECK(forgetting.value("answers_from_cache") < 100);
}

TEST_CASE("a failed answer is not remembered", "[agents]") {
  const auto failing = run("percentiles", {{"cache", "on"}, {"mix.inputs", "1"}, {"failure_probability", "1"}});
  CHECK(failing.value("answers_from_cache") == 0);
  CHECK(failing.value("invocations_failed") == 1000);
}

TEST_CASE("secure invocations pay for each step, and for nothing else", "[agents]") {
  const auto result = run("secure", exact());
  CHECK(result.value("plain_time_mean") == Approx(101));
  CHECK(result.value("secure_time_mean") == Approx(101 + 5 + 2 + 1 + 1));  // encrypted both ways
  CHECK(result.value("security_overhead") == Approx(100 * 9.0 / 101));
  // with steps that take no time both runs are the same: same inputs, same draws
  const auto free_of_charge = run("secure", {{"security.authentication_time", "0ms"},
                                             {"security.validation_time", "0ms"},
                                             {"security.encryption_time", "0ms"}});
  CHECK(free_of_charge.value("security_overhead") == Approx(0).margin(1e-9));
}

TEST_CASE("the security gate refuses an unknown caller before it validates, and an invalid input before the agent",
          "[agents]") {
  const auto unknown = run("concurrent", exact({{"security", "on"}, {"security.invalid_token_share", "1"}}));
  CHECK(unknown.value("invocations_refused") == 100);
  const auto invalid = run("concurrent", exact({{"security", "on"}, {"security.invalid_content_share", "1"}}));
  CHECK(invalid.value("invocations_refused") == 100);
  CHECK(invalid.value("busy_workers_max") == 0);
  const auto nobody_looks = run("concurrent", exact({{"security.invalid_token_share", "1"}}));
  CHECK(nobody_looks.value("invocations_ok") == 100);
}

TEST_CASE("each optimisation of the agents helps where it should", "[agents]") {
  for (const char* metric : {"latency_p50", "latency_p75", "latency_p95", "latency_mean"}) {
    INFO(metric);
    CHECK(mean_of("percentiles", metric, {{"cache", "on"}}) < mean_of("percentiles", metric, {}));
  }
  const Parameters rush = {{"concurrent.invocations", "1000"}};
  const Parameters rush_in_batches = {{"concurrent.invocations", "1000"}, {"batching", "on"}};
  CHECK(mean_of("concurrent", "last_answer_time", rush_in_batches) < mean_of("concurrent", "last_answer_time", rush));
}

TEST_CASE("batches cost where few come at the same time: each waits for others in vain", "[agents]") {
  CHECK(mean_of("percentiles", "latency_p50", {{"batching", "on"}}) > mean_of("percentiles", "latency_p50", {}));
  CHECK(mean_of("fast", "invocation_time_mean", {{"batching", "on"}}) > mean_of("fast", "invocation_time_mean", {}));
}

TEST_CASE("more workers mean less waiting", "[agents]") {
  double last = 1e9;
  for (const char* workers : {"2", "5", "10", "100"}) {
    const double wait = mean_of("concurrent", "worker_wait_mean", {{"workers", workers}});
    CHECK(wait < last);
    last = wait;
  }
  CHECK(last == 0);
}

TEST_CASE("the documentation of agents lists every parameter with its default", "[agents][docs]") {
  CHECK(sim::testing::undocumented_parameters(models::agents::experiment()) == std::vector<std::string>{});
}

TEST_CASE("shares of the mix that add up to more than all are refused by name", "[agents]") {
  REQUIRE_THROWS_WITH(run("fast", {{"mix.slow_share", "0.9"}}), Catch::Contains("--mix.slow_share 0.9"));
}

TEST_CASE("invocations that come faster than the workers can work take longer and longer, and are warned of",
          "[agents]") {
  // 0.6 × 10 + 0.35 × 100 + 0.05 × 300 = 56 ms of work each, for 10 workers: 178 a second
  const auto every = [](const char* between) {
    return run("percentiles", exact({{"mix.between_invocations", between}}));
  };
  CHECK(every("exponential(8ms)").warnings.empty());
  CHECK(sim::testing::warns_of(every("exponential(4ms)"), "unstable, or too short: the invocation times grew"));
}
