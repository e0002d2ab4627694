#include "actors/monitoring/burn_rate_alert.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using Alert = BurnRateAlert;
using Changes = std::vector<Alert::Change>;

Time at(Duration since_start) { return Time{} + since_start; }

/// Ten requests per second from `from` to `to`, every `error_every`-th an error (0: none), judged every 10 s. Returns
/// when the rule changed.
std::vector<Time> serve(Alert& alert, Duration from, Duration to, int error_every, std::uint32_t rule = 0) {
  std::vector<Time> changes;
  int number = 0;
  for (Duration now = from; now < to; now += 100ms) {
    ++number;
    alert.record(at(now), error_every > 0 && number % error_every == 0);
    if (now % 10s == 0s) {
      for (const Alert::Change& change : alert.evaluate(at(now))) {
        if (change.rule == rule) {
          changes.push_back(at(now));
        }
      }
    }
  }
  return changes;
}

/// One rule, objective 90 %, windows of 60 s and 6 s in buckets of 1 s and 100 ms.
Alert::Config small(double burn_rate) {
  return {.objective = 0.9, .rules = {{.long_window = 60s, .short_window = 6s, .burn_rate = burn_rate}}};
}

}  // namespace

TEST_CASE("the rules of the workbook spend 2, 5 and 10 percent of the budget of 30 days", "[burn_rate_alert]") {
  const Alert::Config config;
  const std::vector<double> spent = {0.02, 0.05, 0.1};
  REQUIRE(config.rules.size() == spent.size());
  for (std::size_t rule = 0; rule < spent.size(); ++rule) {
    const auto& [long_window, short_window, burn_rate, severity] = config.rules[rule];
    REQUIRE(Alert::budget_spent(burn_rate, long_window, 24h * 30) == Approx(spent[rule]));
    REQUIRE(short_window * 12 == long_window);
    REQUIRE(severity == (rule < 2 ? Alert::Severity::page : Alert::Severity::ticket));
  }
}

TEST_CASE("a burn rate is the share of errors over the share that the objective allows", "[burn_rate_alert]") {
  Alert alert{small(5)};
  REQUIRE(alert.long_burn_rate(0) == 0);
  for (int number = 0; number < 8; ++number) {
    alert.record(at(0s), number < 2);
  }
  alert.evaluate(at(0s));
  REQUIRE(alert.long_burn_rate(0) == Approx(2.5));  // 0.25 / 0.1
  REQUIRE(alert.short_burn_rate(0) == Approx(2.5));
  alert.evaluate(at(6s));  // 60 buckets of 100 ms later
  REQUIRE(alert.short_burn_rate(0) == 0);
  REQUIRE(alert.long_burn_rate(0) == Approx(2.5));
  alert.evaluate(at(60s) - 1ns);
  REQUIRE(alert.long_burn_rate(0) == Approx(2.5));
  alert.evaluate(at(60s));
  REQUIRE(alert.long_burn_rate(0) == 0);
}

TEST_CASE("a rule fires above its burn rate, not at it", "[burn_rate_alert]") {
  const auto fires = [](int errors) {
    Alert alert{{.objective = 0.5, .rules = {{.long_window = 60s, .short_window = 6s, .burn_rate = 1}}}};
    for (int number = 0; number < 4; ++number) {
      alert.record(at(0s), number < errors);
    }
    return !alert.evaluate(at(0s)).empty();
  };
  REQUIRE_FALSE(fires(2));  // half of the requests over half allowed is exactly 1
  REQUIRE(fires(3));
}

TEST_CASE("both windows have to burn: an old burst in the long one or a new one in the short one is not enough",
          "[burn_rate_alert]") {
  Alert old_burst{small(2)};
  for (int number = 0; number < 10; ++number) {
    old_burst.record(at(0s), true);
  }
  old_burst.record(at(10s), false);
  REQUIRE(old_burst.evaluate(at(10s)).empty());  // long: 10/11 / 0.1 = 9.1, short: 0
  Alert new_burst{small(2)};
  for (int number = 0; number < 99; ++number) {
    new_burst.record(at(0s), false);
  }
  new_burst.record(at(10s), true);
  REQUIRE(new_burst.evaluate(at(10s)).empty());  // long: 1/100 / 0.1 = 0.1, short: 10
  REQUIRE(new_burst.short_burn_rate(0) == Approx(10));
}

TEST_CASE("a total outage pages within minutes and the page ends within five minutes of its end", "[burn_rate_alert]") {
  Alert alert{{}};
  REQUIRE(serve(alert, 0s, 2h, 0).empty());
  // Errors of m seconds in an hour that is otherwise good burn at m / 3600 / 0.001; 14.4 is passed after 51.84 s.
  const std::vector<Time> fired = serve(alert, 2h, 2h + 10min, 1);
  REQUIRE(fired.size() == 1);
  REQUIRE(fired[0] >= at(2h + 50s));
  REQUIRE(fired[0] <= at(2h + 60s));
  REQUIRE(alert.is_firing(0));
  // The short window burns above 14.4 as long as more than 1.44 % of it, 4.32 s, are errors.
  const std::vector<Time> resolved = serve(alert, 2h + 10min, 2h + 20min, 0);
  REQUIRE(resolved.size() == 1);
  REQUIRE(resolved[0] >= at(2h + 10min + 280s));
  REQUIRE(resolved[0] <= at(2h + 10min + 300s));
  REQUIRE_FALSE(alert.is_firing(0));
  REQUIRE(alert.is_firing(1));  // a third of the last half hour were errors
}

TEST_CASE("errors at one percent burn ten times too fast: the second and third rule fire, the first does not",
          "[burn_rate_alert]") {
  Alert alert{{}};
  serve(alert, 0s, 2h, 100);
  REQUIRE_FALSE(alert.is_firing(0));
  REQUIRE(alert.is_firing(1));
  REQUIRE(alert.is_firing(2));
  REQUIRE(alert.long_burn_rate(0) == Approx(10).epsilon(0.05));
  REQUIRE(alert.statistics().error_count == 720);
  REQUIRE(alert.statistics().good_count == 72'000 - 720);
}

TEST_CASE("without requests nothing burns, and what fired is resolved", "[burn_rate_alert]") {
  Alert alert{small(2)};
  alert.record(at(0s), true);
  const auto fired = alert.evaluate(at(0s));
  REQUIRE(Changes(fired.begin(), fired.end()) == Changes{{0, true}});
  REQUIRE(alert.evaluate(at(1s)).empty());
  const auto resolved = alert.evaluate(at(6s));
  REQUIRE(Changes(resolved.begin(), resolved.end()) == Changes{{0, false}});
  REQUIRE(alert.statistics().fired_count == 1);
  REQUIRE(alert.statistics().resolved_count == 1);
}

TEST_CASE("wrong settings of a burn rate alert are bugs", "[burn_rate_alert]") {
  REQUIRE_THROWS_AS(Alert{{.objective = 1}}, AssertionFailure);
  REQUIRE_THROWS_AS(Alert{{.objective = 0}}, AssertionFailure);
  REQUIRE_THROWS_AS(Alert{{.buckets_per_window = 0}}, AssertionFailure);
  REQUIRE_THROWS_AS((Alert{{.rules = {{.long_window = 1min, .short_window = 1h}}}}), AssertionFailure);
  REQUIRE_THROWS_AS((Alert{{.rules = {{.short_window = 59ns}}}}), AssertionFailure);
  REQUIRE_THROWS_AS((Alert{{.rules = {{.burn_rate = -1}}}}), AssertionFailure);
  Alert alert{{}};
  alert.record(at(1s), false);
  REQUIRE_THROWS_AS(alert.record(at(0s), false), AssertionFailure);
  REQUIRE_THROWS_AS(alert.evaluate(at(0s)), AssertionFailure);
}
