#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "libsim/harness/target.hpp"
#include "libsim/harness/verdict.hpp"
#include "libsim/testing.hpp"
#include "models/services/experiment.hpp"

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
    {"stripe_create_customer", "response_mean", {{"stripe.create_customer.latency", "lognormal(p50=2s, p99=9600ms)"}}},
    {"stripe_create_customer", "success_rate", {{"stripe.error_probability", "0.5"}}},
    {"stripe_create_customer", "memory_growth", {{"heap.collects", "off"}, {"stripe.create_customer.object_mb", "3"}}},
    {"stripe_payments", "operations_per_second", {{"client.connections_max", "1"}}},
    {"stripe_rate_limit", "admitted_per_window", {{"client.limiter_algorithm", "token_bucket"}}},
    {"stripe_rate_limit", "rejected", {{"client.retries_when_throttled", "on"}}},
    {"stripe_breaker", "opened_after_failures", {{"client.failure_threshold", "4"}}},
    {"stripe_breaker", "good_call_rejected_while_open", {{"breaker.pause", "2min"}}},
    {"contentful", "response_mean", {{"contentful.limit", "1"}, {"client.limiter_wait_max", "1min"}}},
    {"contentful", "success_rate", {{"contentful.limit", "1"}}},
    {"contentful", "memory_growth", {{"heap.collects", "off"}}},
    {"cloudinary", "response_mean", {{"cloudinary.upload_image.latency", "lognormal(p50=5s, p99=20s)"}}},
    {"cloudinary", "success_rate", {{"cloudinary.limit", "200"}}},
    {"cloudinary", "memory_growth", {{"heap.leak_share", "0.15"}}},
    {"baseline", "concurrent_requests", {{"client.connections_max", "9"}}},
    {"contentful_rate_limit", "rejected", {{"client.limiter", "off"}}},
    {"cloudinary_rate_limit", "rejected", {{"cloudinary.transform_image.latency", "lognormal(p50=1200ms, p99=5s)"}}},
    {"monitor",
     "alerts_raised",
     {{"monitor.brownout_latency_factor", "1.5"}, {"monitor.brownout_error_probability", "0"}}},
    {"regression", "injected_slowdown_detected", {{"regression.slowdown", "1.05"}}},
    {"regression", "false_alarms", {{"regression.level", "0.3"}}}};

std::vector<harness::Target> targets() {
  const auto table =
      harness::read_targets(std::filesystem::path(LIBSIM_TEST_DATA) / ".." / "experiments" / "targets.csv");
  REQUIRE(table);
  return table->of_experiment("services");
}

Verdict verdict(const std::string& scenario, const std::string& metric, const Parameters& parameters,
                std::uint64_t seed = 1) {
  const auto result =
      run_scenario(models::services::experiment(), scenario, {.seed = seed, .parameters = parameters, .arrivals = {}});
  for (const harness::Target& target : targets()) {
    if (target.scenario == scenario && target.metric == metric) {
      return harness::judge(target, result.value(metric));
    }
  }
  FAIL("no target for " << scenario << " " << metric);
  return Verdict::missed;
}

}  // namespace

TEST_CASE("each of the twenty targets of services is missed under some setting", "[services][targets]") {
  REQUIRE(settings_that_miss.size() == targets().size());
  for (const Missed& missed : settings_that_miss) {
    INFO(missed.scenario << " " << missed.metric);
    CHECK(verdict(missed.scenario, missed.metric, missed.parameters) == Verdict::missed);
  }
}

TEST_CASE("with its defaults the third-party services meet every target", "[services][targets]") {
  for (const harness::Target& target : targets()) {
    INFO(target.scenario << " " << target.metric);
    CHECK(verdict(target.scenario, target.metric, {}) == Verdict::met);
  }
}

TEST_CASE("a breaker that never opens leaves the number of failures at its opening unmeasured, which is a miss",
          "[services][targets]") {
  CHECK(verdict("stripe_breaker", "opened_after_failures", {{"client.breaker", "off"}}) == Verdict::missed);
  CHECK(verdict("stripe_breaker", "good_call_rejected_while_open", {{"client.breaker", "off"}}) == Verdict::missed);
}

TEST_CASE("calls at once count only when every call is answered", "[services][targets]") {
  CHECK(verdict("baseline", "concurrent_requests",
                {{"stripe.error_probability", "0.3"}, {"client.attempts_max", "1"}}) == Verdict::missed);
}
