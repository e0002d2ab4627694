#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <vector>

#include "libsim/testing.hpp"
#include "models/services/baseline.hpp"
#include "models/services/config.hpp"
#include "models/services/experiment.hpp"
#include "tests/models/documented_parameters.hpp"
#include "tests/models/scenario_runs.hpp"

using namespace sim;
using sim::testing::Parameters;

namespace {

const std::vector<std::string> scenarios = {"stripe_create_customer",
                                            "stripe_payments",
                                            "stripe_rate_limit",
                                            "stripe_breaker",
                                            "contentful",
                                            "cloudinary",
                                            "baseline",
                                            "contentful_rate_limit",
                                            "cloudinary_rate_limit",
                                            "monitor",
                                            "regression"};

constexpr sim::testing::RunsOf run{models::services::experiment};

/// The mean of a metric over seeds 1 to 10, which all settings share.
double mean_of(const std::string& scenario, const std::string& metric, const Parameters& parameters) {
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    sum += run(scenario, parameters, seed).value(metric);
  }
  return sum / 10;
}

}  // namespace

TEST_CASE("a run of third-party services follows from its seed", "[slow][services]") {
  for (const std::string& scenario : scenarios) {
    INFO(scenario);
    const auto first = run(scenario);
    CHECK(first == run(scenario));
    CHECK(first.totals.fingerprint != run(scenario, {}, 2).totals.fingerprint);
  }
}

TEST_CASE("every call to a third-party service ends in one way, also while its provider fails", "[services]") {
  const Parameters troubled = {{"stripe.error_probability", "0.3"},
                               {"provider.hang_probability", "0.05"},
                               {"client.limiter", "off"},
                               {"contentful.limit", "3"},
                               {"contentful.error_probability", "0.2"}};
  for (const char* scenario : {"stripe_payments", "contentful", "baseline", "monitor"}) {
    INFO(scenario);
    const auto result = run(scenario, troubled);
    // the sum is asserted by the account itself
    REQUIRE(result.accounts.size() == 1);
    CHECK(result.value("calls_in_flight") == 0);
    CHECK(result.value("outcome_answered") < result.value("calls_made"));
  }
  CHECK(run("contentful", troubled).value("outcome_throttled") > 0);
  CHECK(run("stripe_payments", troubled).value("outcome_server_error") > 0);
}

TEST_CASE("the client of content services waits for its limit, and the provider turns nobody away", "[services]") {
  const Parameters only_reads = {{"contentful.publish_bulk.latency", "20ms"},
                                 {"contentful.upload_asset.latency", "20ms"},
                                 {"contentful.get_entry.latency", "20ms"}};
  const auto limited = run("contentful", only_reads);
  CHECK(limited.value("throttled_by_provider") == 0);
  CHECK(limited.value("success_rate") == 100);
  CHECK(limited.value("operations_per_second") < 11);  // the limit is 10 a second

  Parameters unlimited = only_reads;
  unlimited.emplace_back("client.limiter", "off");
  const auto refused = run("contentful", unlimited);
  CHECK(refused.value("throttled_by_provider") > 100);
  CHECK(refused.value("success_rate") < 60);
}

TEST_CASE("a sliding log admits a hundred calls in a minute, a bucket that fills meanwhile admits more", "[services]") {
  CHECK(run("stripe_rate_limit").value("admitted_per_window") == 100);
  CHECK(run("stripe_rate_limit", {{"client.limiter_algorithm", "token_bucket"}}).value("admitted_per_window") > 100);
  // 45 s into a window that is counted by the clock, a second one begins in the middle of the attempts
  CHECK(run("stripe_rate_limit", {{"client.limiter_algorithm", "fixed_window"}, {"rate_limit.starts_after", "45s"}})
            .value("admitted_per_window") > 100);
  CHECK(run("stripe_rate_limit", {{"rate_limit.starts_after", "45s"}}).value("admitted_per_window") == 100);
}

TEST_CASE("calls in a row never reach a limit of a hundred in one second", "[services]") {
  const auto result = run("stripe_rate_limit");
  CHECK(result.value("rejected_window_short") == 0);
  CHECK(result.value("admitted_per_window_short") < 20);
}

TEST_CASE("clients that wait when they are throttled end every call, later", "[services]") {
  const auto waiting = run("stripe_rate_limit", {{"client.retries_when_throttled", "on"}});
  CHECK(waiting.value("rejected") == 0);
  CHECK(waiting.value("admitted_per_window") <= 100);
  CHECK(waiting.value("duration") > 60);
}

TEST_CASE("a breaker that opened rejects without a request, and closes after two successes", "[services]") {
  for (const char* threshold : {"1", "5", "7", "20"}) {
    INFO(threshold);
    const auto result =
        run("stripe_breaker", {{"client.failure_threshold", threshold}, {"breaker.failing_calls", "25"}});
    CHECK(result.value("opened_after_failures") == std::stod(threshold));
    CHECK(result.value("good_call_requests") == 0);
    CHECK(result.value("good_calls_until_closed") == 2);
  }
  CHECK(run("stripe_breaker", {{"client.success_threshold", "4"}}).value("good_calls_until_closed") == 4);
}

TEST_CASE("without retries five calls fail and the other two are rejected", "[services]") {
  const auto result = run("stripe_breaker", {{"client.attempts_max", "1"}});
  CHECK(result.value("opened_after_failures") == 5);
  CHECK(result.value("outcome_server_error") == 5);
  CHECK(result.value("failing_calls_rejected") == 2);
}

TEST_CASE("without a breaker every failing call is tried to the end", "[services]") {
  const auto result = run("stripe_breaker", {{"client.breaker", "off"}});
  CHECK(result.value("outcome_server_error") == 7);
  CHECK(result.value("failing_calls_rejected") == 0);
  CHECK(result.value("good_call_rejected_while_open") == 0);
}

TEST_CASE("calls that need not wait for a batch make more of the same concurrency", "[services]") {
  CHECK(mean_of("stripe_payments", "operations_per_second", {{"concurrent.in_batches", "off"}}) >
        1.3 * mean_of("stripe_payments", "operations_per_second", {}));
  // one connection: the ten calls stand in line
  CHECK(mean_of("stripe_payments", "operations_per_second", {{"client.connections_max", "1"}}) <
        0.3 * mean_of("stripe_payments", "operations_per_second", {}));
}

TEST_CASE("retries turn provider errors into answers", "[services]") {
  const Parameters with = {{"stripe.error_probability", "0.1"}, {"client.breaker", "off"}};
  Parameters without = with;
  without.emplace_back("client.attempts_max", "1");
  CHECK(mean_of("stripe_create_customer", "success_rate", with) > 99);
  CHECK(mean_of("stripe_create_customer", "success_rate", without) < 95);
}

TEST_CASE("memory grows with what leaks, and without collections with everything", "[services]") {
  const double collected = mean_of("cloudinary", "memory_growth_max", {});
  CHECK(mean_of("cloudinary", "memory_growth_max", {{"heap.leak_share", "0.1"}}) > collected + 20);
  CHECK(mean_of("cloudinary", "memory_growth_max", {{"heap.collects", "off"}}) > 400);
  CHECK(mean_of("cloudinary", "memory_growth_max", {{"heap.collection_threshold_mb", "4"}}) < collected);
  CHECK(mean_of("cloudinary", "memory_leaked", {{"heap.leak_share", "0"}}) == 0);
}

TEST_CASE("the monitor raises events in a brownout of one provider and none in healthy runs", "[slow][services]") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO(seed);
    const auto result = run("monitor", {}, seed);
    CHECK(result.value("alerts_raised") == 2);  // both operations of the payment provider, once each
    CHECK(result.value("alerts_elsewhere") == 0);
    CHECK(result.value("alerts_without_brownout") == 0);
    CHECK(result.value("slow_calls_without_brownout") > 10);
  }
}

TEST_CASE("callers without a pause that are turned away at once do not stop the clock", "[slow][services]") {
  const auto result = run("monitor", {{"monitor.pause", "0s"}, {"cloudinary.limit", "100"}});
  CHECK(result.value("outcome_throttled") > 10'000);
}

TEST_CASE("a monitor that looks at single calls raises events in healthy runs as well", "[services]") {
  CHECK(run("monitor", {{"monitor.window_calls", "1"}}).value("alerts_without_brownout") > 10);
}

TEST_CASE("the regression check flags no run of the unchanged system and finds one that is slower",
          "[slow][services]") {
  double flags_at_5_percent = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    INFO(seed);
    const auto result = run("regression", {}, seed);
    CHECK(result.value("false_alarms") == 0);
    CHECK(result.value("injected_slowdown_detected") == 1);
    CHECK(result.value("slowdown_estimate") > 22);
    CHECK(result.value("slowdown_estimate") < 38);
    flags_at_5_percent += result.value("flags_at_5_percent");
  }
  // 400 runs at 5 %: 20 expected, standard deviation 4.4; the runs share the error of the baseline, which widens it
  CHECK(flags_at_5_percent > 5);
  CHECK(flags_at_5_percent < 40);
}

TEST_CASE("a service that has really become slower is flagged in all runs", "[slow][services]") {
  const auto result = run("regression", {{"cloudinary.upload_image.latency", "lognormal(p50=1800ms, p99=7s)"}});
  CHECK(result.value("false_alarms") == 20);
  // against a baseline of its own it has not changed
  const auto measured = run("regression", {{"cloudinary.upload_image.latency", "lognormal(p50=1800ms, p99=7s)"},
                                           {"regression.baseline", "measured"}});
  CHECK(measured.value("false_alarms") == 0);
  CHECK(measured.value("injected_slowdown_detected") == 1);
}

TEST_CASE("operations that are not answered cannot be compared, and the regression check says so", "[services]") {
  const auto result = run("regression", {{"cloudinary.error_probability", "1"}});
  REQUIRE(result.warnings.size() == 1);
  // The breaker opens in the second call, and after it nothing takes any time: two response times of the first
  // operation, none of the other two, in 21 runs.
  CHECK(result.warnings.front() == "42 of 168 comparisons left out: too few response times, or none that vary");
  CHECK(result.value("injected_slowdown_detected") == 1);
}

TEST_CASE("a run that is faster than the baseline is not flagged", "[services]") {
  CHECK(run("regression", {{"regression.slowdown", "0.7"}}).value("injected_slowdown_detected") == 0);
}

TEST_CASE("the stored baseline is what the present defaults give", "[services]") {
  const auto measured = run("regression", {{"regression.baseline", "measured"}}, 1000);
  const models::services::Config config;
  for (const auto& provider : config.providers) {
    for (const auto& operation : provider.operations) {
      INFO(provider.name << " " << operation.name);
      const std::string prefix = "baseline_" + provider.name + "_" + operation.name + "_";
      const auto stored = models::services::parse_baseline(operation.baseline);
      REQUIRE(stored);
      CHECK(stored->samples == 5000);
      CHECK(std::exp(stored->mean) == Approx(measured.value(prefix + "typical")).epsilon(1e-4));
      CHECK(std::exp(stored->standard_deviation) == Approx(measured.value(prefix + "spread")).epsilon(1e-4));
    }
  }
}

TEST_CASE("a stored sample is read back as it was written, and half of one is refused", "[services]") {
  const SampleSummary summary{200, -1.25, 0.5};
  const std::string text = models::services::baseline_text(summary);
  CHECK(text == "calls=200 typical=0.2865 spread=1.6487");
  const auto read = models::services::parse_baseline(text);
  REQUIRE(read);
  CHECK(read->samples == 200);
  CHECK(read->mean == Approx(-1.25).margin(1e-4));
  CHECK(read->standard_deviation == Approx(0.5).margin(1e-4));
  for (const char* wrong :
       {"", "calls=200", "calls=1 typical=0.3 spread=2", "calls=200 typical=0.3", "calls=200 typical=0.3 spread=1",
        "calls=200 typical=-1 spread=2", "calls=200 typical=0.3 spread=2 more=1", "typical=0.3 calls=200 spread=2",
        "calls=2e2 typical=0.3 spread=2", "calls=200 typical=fast spread=2", "calls=200  typical=0.3 spread=2"}) {
    INFO(wrong);
    CHECK_FALSE(models::services::parse_baseline(wrong));
  }
}

TEST_CASE("the documentation lists every parameter of the third-party services with its default", "[services][docs]") {
  CHECK(sim::testing::undocumented_parameters(models::services::experiment()) == std::vector<std::string>{});
}

TEST_CASE("settings of third-party services that contradict each other are refused by name", "[services]") {
  REQUIRE_THROWS_WITH(run("baseline", {{"concurrent.at_once", "101"}}), Catch::Contains("--concurrent.calls"));
  REQUIRE_THROWS_WITH(run("monitor", {{"monitor.brownout_duration", "11min"}}), Catch::Contains("--monitor.duration"));
  REQUIRE_THROWS_WITH(run("regression", {{"regression.baseline.stripe.create_payment", "fast"}}),
                      Catch::Contains("--regression.baseline.stripe.create_payment fast: expected calls=N"));
}
