#include <catch2/catch.hpp>
#include <cstdint>
#include <vector>

#include "libsim/harness/judge/verdict.hpp"
#include "models/agents/experiment.hpp"
#include "tests/models/target_cases.hpp"

using namespace sim;
using namespace sim::testing::target_cases;
using harness::Verdict;
using models::agents::experiment;

namespace {

const std::vector<Missed> settings_that_miss = {
    {"fast", "invocation_time_mean", {{"fast.work_time", "lognormal(p50=150ms, p99=600ms)"}}},
    {"fast", "invocations_per_second", {{"fast.work_time", "lognormal(p50=60ms, p99=250ms)"}}},
    {"medium", "invocation_time_mean", {{"medium.work_time", "lognormal(p50=600ms, p99=2s)"}}},
    {"medium", "invocations_per_second", {{"medium.work_time", "lognormal(p50=250ms, p99=900ms)"}}},
    {"slow", "invocation_time_mean", {{"slow.work_time", "lognormal(p50=1200ms, p99=4s)"}}},
    {"slow", "invocations_per_second", {{"slow.work_time", "lognormal(p50=600ms, p99=2s)"}}},
    {"secure", "security_overhead", {{"secure.agent", "fast"}}},
    {"percentiles", "latency_p50", {{"workers", "1"}}},
    {"percentiles", "latency_p75", {{"workers", "2"}}},
    {"percentiles", "latency_p90", {{"workers", "2"}}},
    {"percentiles", "latency_p95", {{"workers", "2"}}},
    {"percentiles", "latency_p99", {}},
    {"parallel", "speedup_over_sequence", {{"workers", "1"}, {"orchestrator.aggregation_time", "20ms"}}},
    {"concurrent", "invocations_ok", {{"workers.queue_max", "50"}}}};

}  // namespace

TEST_CASE("each of the fourteen targets of agents is missed under some setting", "[agents][targets]") {
  check_each_is_missed(experiment(), settings_that_miss);
}

TEST_CASE("with their defaults the agents meet every target but two: the highest percentiles of the mix",
          "[agents][targets]") {
  CHECK(not_met_with_defaults(experiment()) ==
        Lines{"percentiles latency_p95: missed", "percentiles latency_p99: missed"});
}

TEST_CASE("the mean times of the agents are degraded between target and critical", "[agents][targets]") {
  CHECK(verdict(experiment(), "fast", "invocation_time_mean", {{"fast.work_time", "lognormal(p50=60ms, p99=250ms)"}}) ==
        Verdict::degraded);
  CHECK(verdict(experiment(), "medium", "invocation_time_mean",
                {{"medium.work_time", "lognormal(p50=250ms, p99=900ms)"}}) == Verdict::degraded);
  CHECK(verdict(experiment(), "slow", "invocation_time_mean", {{"slow.work_time", "lognormal(p50=600ms, p99=2s)"}}) ==
        Verdict::degraded);
}

TEST_CASE("all percentiles are met without the slow agent in the mix, or when slow ones are rare and cached",
          "[agents][targets]") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    for (const char* metric : {"latency_p50", "latency_p75", "latency_p90", "latency_p95", "latency_p99"}) {
      INFO(metric);
      CHECK(verdict(experiment(), "percentiles", metric, {{"mix.slow_share", "0"}}, seed) == Verdict::met);
      CHECK(verdict(experiment(), "percentiles", metric, {{"mix.slow_share", "0.01"}, {"cache", "on"}}, seed) ==
            Verdict::met);
    }
  }
}
