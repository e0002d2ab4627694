#include "actors/monitoring/threshold_alert.hpp"

#include <catch2/catch.hpp>
#include <limits>
#include <optional>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using Alert = ThresholdAlert;
using Event = Alert::Event;
using State = Alert::State;

Time at(Duration since_start) { return Time{} + since_start; }

std::optional<Alert::Change> change(Duration since_start, Event event) { return Alert::Change{at(since_start), event}; }

/// Whether a single observation fires.
bool fires(Alert::Config config, double value) { return Alert(config).observe(at(0s), value).has_value(); }

}  // namespace

TEST_CASE("an alert fires beyond its threshold, at it only when the bound is inclusive", "[threshold_alert]") {
  const double below = 0.5 - 1e-12;
  const double above = 0.5 + 1e-12;
  using Bound = Alert::Bound;
  using Direction = Alert::Direction;
  REQUIRE(fires({.threshold = 0.5}, above));
  REQUIRE_FALSE(fires({.threshold = 0.5}, 0.5));
  REQUIRE_FALSE(fires({.threshold = 0.5}, below));
  REQUIRE(fires({.threshold = 0.5, .bound = Bound::inclusive}, 0.5));
  REQUIRE_FALSE(fires({.threshold = 0.5, .bound = Bound::inclusive}, below));
  REQUIRE(fires({.direction = Direction::below, .threshold = 0.5}, below));
  REQUIRE_FALSE(fires({.direction = Direction::below, .threshold = 0.5}, 0.5));
  REQUIRE_FALSE(fires({.direction = Direction::below, .threshold = 0.5}, above));
  REQUIRE(fires({.direction = Direction::below, .threshold = 0.5, .bound = Bound::inclusive}, 0.5));
}

TEST_CASE("an alert is pending until the metric has been beyond for the whole duration, then fires, then is resolved",
          "[threshold_alert]") {
  Alert alert{{.threshold = 0.5, .pending_duration = 10min}};
  REQUIRE_FALSE(alert.observe(at(0s), 0.4));
  REQUIRE(alert.observe(at(1min), 0.6) == change(1min, Event::pending));
  REQUIRE(alert.state() == State::pending);
  REQUIRE(alert.active_since() == at(1min));
  REQUIRE_FALSE(alert.observe(at(11min) - 1ns, 0.6));
  REQUIRE(alert.observe(at(11min), 0.6) == change(11min, Event::fired));
  REQUIRE(alert.is_firing());
  REQUIRE_FALSE(alert.observe(at(12min), 0.9));
  REQUIRE(alert.active_since() == at(1min));
  REQUIRE(alert.observe(at(13min), 0.5) == change(13min, Event::resolved));
  REQUIRE(alert.state() == State::inactive);
  REQUIRE_FALSE(alert.active_since());
  REQUIRE(alert.statistics() ==
          Alert::Statistics{.observations_count = 6, .fired_count = 1, .resolved_count = 1, .firing_time = 2min});
}

TEST_CASE("a metric that comes back while the alert is pending has to be beyond for the whole duration again",
          "[threshold_alert]") {
  Alert alert{{.threshold = 0.5, .pending_duration = 10min}};
  alert.observe(at(0min), 0.6);
  REQUIRE(alert.observe(at(9min), 0.5) == change(9min, Event::cancelled));
  REQUIRE(alert.observe(at(10min), 0.6) == change(10min, Event::pending));
  REQUIRE_FALSE(alert.observe(at(19min), 0.6));
  REQUIRE(alert.observe(at(20min), 0.6) == change(20min, Event::fired));
  REQUIRE(alert.statistics().cancelled_count == 1);
}

TEST_CASE("judged at observations only, an alert that was due in between fires at the next one that is still beyond",
          "[threshold_alert]") {
  const Alert::Config config{.threshold = 0.5, .pending_duration = 90s};
  Alert alert{config};
  alert.observe(at(0s), 0.6);
  REQUIRE_FALSE(alert.next_change_at());
  REQUIRE_FALSE(alert.advance(at(100s)));
  Alert other = alert;
  REQUIRE(alert.observe(at(120s), 0.6) == change(120s, Event::fired));
  REQUIRE(other.observe(at(120s), 0.4) == change(120s, Event::cancelled));
}

TEST_CASE("a continuous alert fires and is resolved when it is due", "[threshold_alert]") {
  Alert alert{{.threshold = 0.5,
               .pending_duration = 90s,
               .keep_firing_duration = 30s,
               .evaluation = Alert::Evaluation::continuous}};
  alert.observe(at(0s), 0.6);
  REQUIRE(alert.next_change_at() == at(90s));
  REQUIRE_FALSE(alert.advance(at(90s) - 1ns));
  REQUIRE(alert.advance(at(90s)) == change(90s, Event::fired));
  REQUIRE_FALSE(alert.next_change_at());
  REQUIRE_FALSE(alert.observe(at(100s), 0.4));
  REQUIRE(alert.next_change_at() == at(130s));
  REQUIRE_FALSE(alert.advance(at(130s) - 1ns));
  REQUIRE(alert.advance(at(130s)) == change(130s, Event::resolved));
  REQUIRE_FALSE(alert.next_change_at());
  REQUIRE(alert.statistics().firing_time == 40s);

  alert.observe(at(200s), 0.6);
  REQUIRE_FALSE(alert.observe(at(300s), 0.4));  // it has fired at 290 s; not resolved before 330 s
  REQUIRE(alert.is_firing());
  REQUIRE(alert.statistics().fired_count == 2);
  REQUIRE(alert.advance(at(400s)) == change(330s, Event::resolved));
}

TEST_CASE("an alert keeps firing for a while after the metric has come back, and starts anew when it goes again",
          "[threshold_alert]") {
  Alert alert{{.threshold = 0.5, .keep_firing_duration = 5min}};
  REQUIRE(alert.observe(at(0min), 0.6) == change(0min, Event::fired));  // without pending_duration at once
  REQUIRE_FALSE(alert.observe(at(1min), 0.4));
  REQUIRE_FALSE(alert.observe(at(5min), 0.4));
  REQUIRE_FALSE(alert.observe(at(5min), 0.6));  // beyond again
  REQUIRE_FALSE(alert.observe(at(6min), 0.4));
  REQUIRE_FALSE(alert.observe(at(11min) - 1ns, 0.4));
  REQUIRE(alert.observe(at(11min), 0.4) == change(11min, Event::resolved));
}

TEST_CASE("with a recovery threshold a firing alert ends only when the metric has come back so far",
          "[threshold_alert]") {
  Alert alert{{.threshold = 80, .recovery_threshold = 60}};
  REQUIRE_FALSE(alert.observe(at(0s), 70));  // not firing: the threshold counts
  REQUIRE(alert.observe(at(1s), 81) == change(1s, Event::fired));
  REQUIRE_FALSE(alert.observe(at(2s), 70));
  REQUIRE_FALSE(alert.observe(at(3s), 60.5));
  REQUIRE(alert.observe(at(4s), 60) == change(4s, Event::resolved));
  REQUIRE_FALSE(alert.observe(at(5s), 70));

  Alert low{{.direction = Alert::Direction::below, .threshold = 10, .recovery_threshold = 20}};
  REQUIRE(low.observe(at(0s), 9) == change(0s, Event::fired));
  REQUIRE_FALSE(low.observe(at(1s), 19));
  REQUIRE(low.observe(at(2s), 20) == change(2s, Event::resolved));
}

TEST_CASE("a recovery threshold does not hold up a pending alert", "[threshold_alert]") {
  Alert alert{{.threshold = 80, .recovery_threshold = 60, .pending_duration = 10s}};
  alert.observe(at(0s), 81);
  REQUIRE(alert.observe(at(1s), 70) == change(1s, Event::cancelled));
}

TEST_CASE("states and events of an alert have names", "[threshold_alert]") {
  REQUIRE(to_text(State::inactive) == "inactive");
  REQUIRE(to_text(State::pending) == "pending");
  REQUIRE(to_text(State::firing) == "firing");
  REQUIRE(to_text(Event::pending) == "pending");
  REQUIRE(to_text(Event::cancelled) == "cancelled");
  REQUIRE(to_text(Event::fired) == "fired");
  REQUIRE(to_text(Event::resolved) == "resolved");
}

TEST_CASE("wrong settings of an alert, time that goes back and values that are no numbers are bugs",
          "[threshold_alert]") {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  REQUIRE_THROWS_AS(Alert{{.threshold = nan}}, AssertionFailure);
  REQUIRE_THROWS_AS(Alert{{.pending_duration = -1ns}}, AssertionFailure);
  REQUIRE_THROWS_AS(Alert{{.keep_firing_duration = forever}}, AssertionFailure);
  REQUIRE_THROWS_AS((Alert{{.threshold = 1, .recovery_threshold = 2}}), AssertionFailure);
  REQUIRE_THROWS_AS((Alert{{.direction = Alert::Direction::below, .threshold = 2, .recovery_threshold = 1}}),
                    AssertionFailure);
  Alert alert{{}};
  alert.observe(at(1s), 0);
  REQUIRE_THROWS_AS(alert.observe(at(1s) - 1ns, 0), AssertionFailure);
  REQUIRE_THROWS_AS(alert.observe(at(2s), nan), AssertionFailure);
}
