#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "libsim/harness/judge/target.hpp"
#include "libsim/harness/judge/verdict.hpp"
#include "models/users/experiment.hpp"
#include "tests/models/target_cases.hpp"

using namespace sim;
using namespace sim::testing::target_cases;
using harness::Verdict;
using models::users::experiment;

namespace {

/// A target, a setting under which it is degraded (none: it has no critical value), and one under which it is missed.
struct Setting {
  std::string scenario;
  std::string metric;
  Parameters degraded;
  Parameters missed;
};

/// Each stage of five fails with this probability and is not tried again.
Parameters failing_agents(const std::string& probability) {
  return {{"agents.attempts_max", "1"}, {"agents.failure_probability", probability}};
}

/// Everybody waits for agents that take longer.
Parameters slow_agents(const std::string& mean) {
  return {{"agents.latency", "lognormal(mean=" + mean + ", cv=0.8)"}, {"agents.timeout", "1h"}, {"user.timeout", "1h"}};
}

/// Everybody waits for few agents.
Parameters few_agents(const std::string& concurrent_max) {
  return {{"agents.concurrent_max", concurrent_max}, {"agents.timeout", "1h"}, {"user.timeout", "1h"}};
}

/// Statements fail with this probability, are not tried again, and nothing stands in for them.
Parameters failing_queries(const std::string& probability) {
  return {{"database.error_probability", probability},
          {"query.attempts_max", "1"},
          {"cache", "off"},
          {"fallback.cached", "off"},
          {"writes", "direct"}};
}

const Parameters none = {};
const Parameters one_connection = {{"pool.size", "1"}, {"writes", "direct"}};

const std::vector<Setting> settings = {
    {"full_workflow", "success_rate", failing_agents("0.025"), failing_agents("0.1")},
    {"full_workflow", "response_p95", slow_agents("1.2s"), slow_agents("2s")},
    {"full_workflow", "response_p99", slow_agents("1.4s"), slow_agents("2.5s")},
    {"full_workflow", "throughput", few_agents("3"), few_agents("1")},
    {"full_workflow", "concurrent_users", {{"users", "80"}}, {{"users", "30"}}},
    {"read_heavy", "reads_per_second", none, one_connection},
    {"read_heavy", "duration", none, one_connection},
    {"read_heavy", "success_rate", failing_queries("0.15"), failing_queries("0.3")},
    {"write_heavy", "writes_per_second", none, one_connection},
    {"write_heavy", "duration", none, one_connection},
    {"write_heavy", "success_rate", failing_queries("0.15"), failing_queries("0.3")},
    {"ramp_up", "success_rate", failing_agents("0.025"), failing_agents("0.1")},
    {"ramp_up", "response_p95", slow_agents("1.3s"), slow_agents("2.5s")},
    {"ramp_up", "response_p99", slow_agents("1.6s"), slow_agents("3s")},
    {"ramp_up", "throughput", few_agents("3"), few_agents("1")},
    {"sustained", "success_rate", failing_agents("0.035"), failing_agents("0.1")},
    {"sustained", "response_p95", slow_agents("1.5s"), slow_agents("2.5s")},
    {"sustained", "response_p99", slow_agents("1.5s"), slow_agents("2.5s")},
    {"sustained", "throughput", few_agents("3"), few_agents("1")},
    {"spike", "success_rate", failing_agents("0.03"), failing_agents("0.1")},
    {"spike", "response_p95", slow_agents("1.2s"), slow_agents("2s")},
    {"spike", "response_p99", slow_agents("1.3s"), slow_agents("2.5s")},
    {"spike", "throughput", few_agents("3"), few_agents("1")}};

}  // namespace

TEST_CASE("with its defaults the application meets each of the targets of users", "[users][targets]") {
  REQUIRE(targets(experiment()).size() == 23);
  CHECK(not_met_with_defaults(experiment()) == Lines{});
}

TEST_CASE("each of the targets of users is missed under some setting, and degraded under another", "[users][targets]") {
  REQUIRE(settings.size() == targets(experiment()).size());
  for (const Setting& setting : settings) {
    INFO(setting.scenario << " " << setting.metric);
    CHECK(verdict(experiment(), setting.scenario, setting.metric, setting.missed) == Verdict::missed);
    if (!setting.degraded.empty()) {
      CHECK(verdict(experiment(), setting.scenario, setting.metric, setting.degraded) == Verdict::degraded);
    }
  }
}

TEST_CASE("only the targets of users without critical value have no degraded setting", "[users][targets]") {
  for (const harness::Target& target : targets(experiment())) {
    for (const Setting& setting : settings) {
      if (setting.scenario == target.scenario && setting.metric == target.metric) {
        INFO(target.scenario << " " << target.metric);
        CHECK(setting.degraded.empty() == !target.critical.has_value());
      }
    }
  }
}
