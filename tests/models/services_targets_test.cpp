#include <catch2/catch.hpp>
#include <vector>

#include "libsim/harness/judge/verdict.hpp"
#include "models/services/experiment.hpp"
#include "tests/models/target_cases.hpp"

using namespace sim;
using namespace sim::testing::target_cases;
using harness::Verdict;
using models::services::experiment;

namespace {

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

}  // namespace

TEST_CASE("each of the twenty targets of services is missed under some setting", "[services][targets]") {
  check_each_is_missed(experiment(), settings_that_miss);
}

TEST_CASE("with its defaults the third-party services meet every target", "[services][targets]") {
  CHECK(not_met_with_defaults(experiment()) == Lines{});
}

TEST_CASE("a breaker that never opens leaves the number of failures at its opening unmeasured, which is a miss",
          "[services][targets]") {
  CHECK(verdict(experiment(), "stripe_breaker", "opened_after_failures", {{"client.breaker", "off"}}) ==
        Verdict::missed);
  CHECK(verdict(experiment(), "stripe_breaker", "good_call_rejected_while_open", {{"client.breaker", "off"}}) ==
        Verdict::missed);
}

TEST_CASE("calls at once count only when every call is answered", "[services][targets]") {
  CHECK(verdict(experiment(), "baseline", "concurrent_requests",
                {{"stripe.error_probability", "0.3"}, {"client.attempts_max", "1"}}) == Verdict::missed);
}
