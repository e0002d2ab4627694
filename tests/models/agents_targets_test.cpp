#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "libsim/harness/target.hpp"
#include "libsim/harness/verdict.hpp"
#include "libsim/testing.hpp"
#include "models/agents/experiment.hpp"

using namespace sim;
using harness::Verdict;
using sim::testing::run_scenario;

namespace {

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// A target, and a setting under which it is missed.
struct Missed {
  std::string scenario;
  std::string metric;
  Parameters parameters;
};

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

std::vector<harness::Target> targets() {
  const auto table =
      harness::read_targets(std::filesystem::path(LIBSIM_TEST_DATA) / ".." / "experiments" / "targets.csv");
  REQUIRE(table);
  return table->of_experiment("agents");
}

Verdict verdict(const std::string& scenario, const std::string& metric, const Parameters& parameters,
                std::uint64_t seed = 1) {
  const auto result =
      run_scenario(models::agents::experiment(), scenario, {.seed = seed, .parameters = parameters, .arrivals = {}});
  for (const harness::Target& target : targets()) {
    if (target.scenario == scenario && target.metric == metric) {
      return harness::judge(target, result.value(metric));
    }
  }
  FAIL("no target for " << scenario << " " << metric);
  return Verdict::missed;
}

}  // namespace

TEST_CASE("each of the fourteen targets of agents is missed under some setting", "[agents][targets]") {
  REQUIRE(settings_that_miss.size() == targets().size());
  for (const Missed& missed : settings_that_miss) {
    INFO(missed.scenario << " " << missed.metric);
    CHECK(verdict(missed.scenario, missed.metric, missed.parameters) == Verdict::missed);
  }
}

TEST_CASE("with their defaults the agents meet every target but two: the highest percentiles of the mix",
          "[agents][targets]") {
  for (const harness::Target& target : targets()) {
    INFO(target.scenario << " " << target.metric);
    const bool is_tail = target.metric == "latency_p95" || target.metric == "latency_p99";
    CHECK(verdict(target.scenario, target.metric, {}) == (is_tail ? Verdict::missed : Verdict::met));
  }
}

TEST_CASE("the mean times of the agents are degraded between target and critical", "[agents][targets]") {
  CHECK(verdict("fast", "invocation_time_mean", {{"fast.work_time", "lognormal(p50=60ms, p99=250ms)"}}) ==
        Verdict::degraded);
  CHECK(verdict("medium", "invocation_time_mean", {{"medium.work_time", "lognormal(p50=250ms, p99=900ms)"}}) ==
        Verdict::degraded);
  CHECK(verdict("slow", "invocation_time_mean", {{"slow.work_time", "lognormal(p50=600ms, p99=2s)"}}) ==
        Verdict::degraded);
}

TEST_CASE("all percentiles are met without the slow agent in the mix, or when slow ones are rare and cached",
          "[agents][targets]") {
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    for (const char* metric : {"latency_p50", "latency_p75", "latency_p90", "latency_p95", "latency_p99"}) {
      INFO(metric);
      CHECK(verdict("percentiles", metric, {{"mix.slow_share", "0"}}, seed) == Verdict::met);
      CHECK(verdict("percentiles", metric, {{"mix.slow_share", "0.01"}, {"cache", "on"}}, seed) == Verdict::met);
    }
  }
}
