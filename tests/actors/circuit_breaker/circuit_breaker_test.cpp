#include "actors/circuit_breaker/circuit_breaker.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "circuit_breaker_script.hpp"
#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;
using namespace sim::testing::breaker_script;

namespace {

using Breaker = CircuitBreaker;
using State = Breaker::State;
using Outcome = Breaker::Outcome;
using OpensOn = Breaker::OpensOn;
using Bound = Breaker::Bound;
using Counts = OutcomeWindow::Counts;

/// Ten results, at least four, more than or as much as half of them failed.
Breaker::Config half_of_ten(Bound bound) {
  Breaker::Config config;
  config.failure_rate_threshold = 50;
  config.rate_bound = bound;
  config.sliding_window_size = 10;
  config.minimum_number_of_calls = 4;
  return config;
}

std::string states_of(const Breaker::Config& config, std::string_view letters) {
  Breaker breaker{config};
  return states_after(breaker, letters, at(0s));
}

}  // namespace

TEST_CASE("the third failure in a row opens, a success in between starts the row anew", "[circuit_breaker]") {
  Breaker::Config config;
  config.opens_on = OpensOn::consecutive_failures;
  config.failure_threshold = 3;
  REQUIRE(states_of(config, "ffsffsfff") == "CCCCCCCCO");
  REQUIRE(states_of(config, "ffits") == "CCCOo");  // a timeout is a failure, an ignored call is nothing
}

TEST_CASE("the third failure opens however many successes lie between, when failures accumulate", "[circuit_breaker]") {
  Breaker::Config config;
  config.opens_on = OpensOn::cumulative_failures;
  config.failure_threshold = 3;
  REQUIRE(states_of(config, "fsssfssf") == "CCCCCCCO");
}

TEST_CASE("accumulated failures are forgotten when the breaker closes", "[circuit_breaker]") {
  Breaker::Config config;
  config.opens_on = OpensOn::cumulative_failures;
  config.failure_threshold = 3;
  config.half_open_decision = Breaker::HalfOpenDecision::successes;
  Breaker breaker{config};
  REQUIRE(states_after(breaker, "fff", at(0s)) == "CCO");
  REQUIRE(states_after(breaker, "sfff", at(60s)) == "CCCO");
}

TEST_CASE("exactly half of the calls failed: enough for an inclusive threshold, not for a strict one",
          "[circuit_breaker]") {
  REQUIRE(states_of(half_of_ten(Bound::inclusive), "ssff") == "CCCO");       // 2 of 4 = 50 %
  REQUIRE(states_of(half_of_ten(Bound::strict), "ssfff") == "CCCCO");        // 2 of 4, then 3 of 5 = 60 %
  REQUIRE(states_of(half_of_ten(Bound::strict), "sfsfsfsf") == "CCCCCCCC");  // 4 of 8
}

TEST_CASE("fewer than the minimum number of calls are not judged", "[circuit_breaker]") {
  REQUIRE(states_of(half_of_ten(Bound::inclusive), "ffff") == "CCCO");
  REQUIRE(states_of(half_of_ten(Bound::inclusive), "fffiiif") == "CCCCCCO");  // ignored calls do not count
}

TEST_CASE("a success can complete the minimum and open, unless only failures are judged", "[circuit_breaker]") {
  Breaker::Config config = half_of_ten(Bound::inclusive);
  REQUIRE(states_of(config, "fffs") == "CCCO");  // 3 of 4
  config.judged_after = Breaker::JudgedAfter::failures;
  REQUIRE(states_of(config, "fffsf") == "CCCCO");
}

TEST_CASE("results that slid out of the window no longer count", "[circuit_breaker]") {
  Breaker::Config config = half_of_ten(Bound::inclusive);
  config.sliding_window_size = 4;
  // The last four after each call: s, ss, sss, sssf, ssfs, sfsf: 2 of 4.
  REQUIRE(states_of(config, "sssfsf") == "CCCCCO");
  // f, fs, fss, fsss, sssf: the first failure has left.
  REQUIRE(states_of(config, "fsssf") == "CCCCC");
}

TEST_CASE("the minimum number of calls is never more than a count-based window can hold", "[circuit_breaker]") {
  Breaker::Config config = Breaker::resilience4j();
  config.sliding_window_size = 2;
  REQUIRE(states_of(config, "ff") == "CO");
  config.sliding_window_type = OutcomeWindow::Type::time_based;
  REQUIRE(states_of(config, std::string(99, 'f') + "f") == std::string(99, 'C') + "O");
}

namespace {

struct Step {
  Duration at;
  char letter;
  Counts window;  ///< after the call
  char state;
};

void follow(const Breaker::Config& config, const std::vector<Step>& steps) {
  Breaker breaker{config};
  for (const Step& step : steps) {
    INFO("at " << to_text(step.at) << ": " << step.letter);
    REQUIRE(states_after(breaker, std::string(1, step.letter), at(step.at)) == std::string(1, step.state));
    REQUIRE(breaker.window_counts() == step.window);
  }
}

Counts results(std::uint32_t successes, std::uint32_t failures, std::uint32_t slow = 0) {
  return {.successes = successes, .failures = failures, .slow = slow};
}

}  // namespace

TEST_CASE("a time-based window of three seconds, worked out by hand", "[circuit_breaker]") {
  Breaker::Config config = Breaker::resilience4j();
  config.sliding_window_type = OutcomeWindow::Type::time_based;
  config.sliding_window_size = 3;
  config.minimum_number_of_calls = 4;
  follow(config, {{0s, 'f', results(0, 1), 'C'},
                  {999ms, 'f', results(0, 2), 'C'},
                  {1s, 's', results(1, 2), 'C'},      // seconds 0 and 1
                  {3s, 's', results(2, 0), 'C'},      // second 0 has left as a whole, failure of 0.999 s included
                  {3500ms, 'f', results(2, 1), 'C'},  // seconds 1 and 3
                  {3999ms, 's', results(3, 1), 'C'},  // 1 of 4 = 25 %
                  {4s, 'f', results(2, 2), 'O'},      // second 1 has left: 2 of 4 = 50 %
                  {4s, 's', results(2, 2), 'o'}});
}

TEST_CASE("Polly opens at a tenth of a hundred calls within thirty seconds, worked out by hand", "[circuit_breaker]") {
  Breaker breaker{Breaker::polly()};
  // Ten buckets of 3 s that begin with their first entry: [1 s, 4 s), [4 s, 7 s), ...
  REQUIRE(states_after(breaker, "ffffff", at(1s)) == "CCCCCC");
  REQUIRE(states_after(breaker, std::string(91, 's'), at(4s)) == std::string(91, 'C'));
  REQUIRE(states_after(breaker, "ff", at(30s)) == "CC");      // 8 of 99: too few calls
  REQUIRE(states_after(breaker, "s", at(31s) - 1ns) == "C");  // 8 of 100
  REQUIRE(states_after(breaker, "ff", at(31s)) == "CC");      // the six have left: 4 of 96
  // 8 of 100 after the fourth, 10 of 102 = 9.8 % after the sixth, 11 of 103 = 10.7 % after the seventh.
  REQUIRE(states_after(breaker, "fffffff", at(31s)) == "CCCCCCO");
  REQUIRE(states_of(Breaker::polly(), std::string(90, 's') + "ffffffffff") == std::string(99, 'C') + "O");
}

TEST_CASE("a call that takes exactly the threshold is not slow, a nanosecond more is", "[circuit_breaker]") {
  Breaker::Config config = Breaker::resilience4j();
  config.slow_call_duration_threshold = 2s;
  Breaker breaker{config};
  breaker.record(*breaker.try_acquire(at(0s)), Outcome::success, 2s, at(2s));
  REQUIRE(breaker.window_counts() == results(1, 0, 0));
  breaker.record(*breaker.try_acquire(at(2s)), Outcome::success, 2s + 1ns, at(5s));
  REQUIRE(breaker.window_counts() == results(2, 0, 1));
}

TEST_CASE("slow calls open, whether they fail or not", "[circuit_breaker]") {
  Breaker::Config config = half_of_ten(Bound::inclusive);
  config.failure_rate_threshold = 80;
  config.slow_call_rate_threshold = 50;
  REQUIRE(states_of(config, "ssSS") == "CCCO");  // 2 of 4 slow
  REQUIRE(states_of(config, "ssSF") == "CCCO");
  REQUIRE(states_of(config, "ssSf") == "CCCC");  // 1 of 4 slow, 1 of 4 failed
  config.rate_bound = Bound::strict;
  REQUIRE(states_of(config, "ssSSS") == "CCCCO");  // 2 of 4, then 3 of 5
  config.slow_call_rate_threshold = 0;
  REQUIRE(states_of(config, "SSSSSS") == "CCCCCC");  // not watched
}

TEST_CASE("a failure rate that is not watched opens nothing", "[circuit_breaker]") {
  Breaker::Config config = half_of_ten(Bound::inclusive);
  config.failure_rate_threshold = 0;
  REQUIRE(states_of(config, "ffffffff") == "CCCCCCCC");
  REQUIRE(states_of(config, "FFFF") == "CCCO");
}

TEST_CASE("rates are known once there are enough calls", "[circuit_breaker]") {
  Breaker breaker{half_of_ten(Bound::strict)};
  states_after(breaker, "sSf", at(0s));
  REQUIRE_FALSE(breaker.failure_rate());
  REQUIRE_FALSE(breaker.slow_call_rate());
  states_after(breaker, "s", at(0s));
  REQUIRE(breaker.failure_rate() == 25.0);
  REQUIRE(breaker.slow_call_rate() == 25.0);
}

TEST_CASE("rejected and unfinished calls dilute the failure rate when arrivals are the volume", "[circuit_breaker]") {
  Breaker::Config config = Breaker::opossum();
  config.wait_duration_in_open_state = 1s;
  Breaker breaker{config};
  const auto unfinished = breaker.try_acquire(at(0s));
  REQUIRE(states_after(breaker, "ff", at(0s)) == "CO");  // 1 of 2 is not more than half, 2 of 3 is
  REQUIRE(states_after(breaker, "ss", at(0s)) == "oo");
  REQUIRE(breaker.window_counts() == Counts{.arrivals = 5, .rejected = 2, .successes = 0, .failures = 2});
  REQUIRE(states_after(breaker, "s", at(1s)) == "C");
  REQUIRE(states_after(breaker, "ff", at(1s)) == "CC");  // 4 of 8, rejections included; 4 of 5 results
  breaker.record(*unfinished, Outcome::timeout, 1s, at(1s));
  REQUIRE(breaker.state(at(1s)) == State::open);  // 5 of 8
  REQUIRE(breaker.window_counts() ==
          Counts{.arrivals = 8, .rejected = 2, .successes = 1, .failures = 5, .timeouts = 1});
}

TEST_CASE("a failure whose arrival has left the window opens without a minimum, as in opossum", "[circuit_breaker]") {
  Breaker::Config config = Breaker::opossum();
  Breaker breaker{config};
  const auto ticket = breaker.try_acquire(at(0s));
  breaker.record(*ticket, Outcome::failure, 10s, at(10s));
  REQUIRE(breaker.window_counts() == results(0, 1));  // 1 of 0
  REQUIRE(breaker.state(at(10s)) == State::open);
  REQUIRE_FALSE(breaker.failure_rate());
}

TEST_CASE("statistics count what became of every call", "[circuit_breaker]") {
  Breaker::Config config;
  config.opens_on = OpensOn::consecutive_failures;
  config.failure_threshold = 2;
  Breaker breaker{config};
  const auto late = breaker.try_acquire(at(0s));
  const auto unfinished = breaker.try_acquire(at(0s));
  states_after(breaker, "sSiftss", at(0s));  // opens at t
  breaker.record(*late, Outcome::success, 0s, at(1s));
  REQUIRE(unfinished);
  REQUIRE(breaker.in_flight() == 1);
  REQUIRE(breaker.statistics() == Breaker::Statistics{.permitted_count = 7,
                                                      .rejected_count = 2,
                                                      .successes_count = 3,
                                                      .failures_count = 2,
                                                      .timeouts_count = 1,
                                                      .slow_count = 1,
                                                      .ignored_count = 1,
                                                      .late_count = 1,
                                                      .opened_count = 1,
                                                      .transitions_count = 1});
  REQUIRE(breaker.last_transition() == Breaker::Transition{at(0s), State::closed, State::open});
}

TEST_CASE("the window is cleared on closing, on opening or never", "[circuit_breaker]") {
  Breaker::Config config = half_of_ten(Bound::inclusive);
  config.half_open_decision = Breaker::HalfOpenDecision::successes;
  const auto after = [&config](Breaker::ClearsWindow clears_window, bool half_open_results_in_window) {
    config.clears_window = clears_window;
    config.half_open_results_in_window = half_open_results_in_window;
    Breaker breaker{config};
    states_after(breaker, "ssff", at(0s));
    const Counts open = breaker.window_counts();
    states_after(breaker, "f", at(60s));
    const Counts open_again = breaker.window_counts();
    states_after(breaker, "s", at(120s));
    return std::vector<Counts>{open, open_again, breaker.window_counts()};
  };
  using Clears = Breaker::ClearsWindow;
  REQUIRE(after(Clears::on_close, false) == std::vector{results(2, 2), results(2, 2), results(0, 0)});
  REQUIRE(after(Clears::on_close, true) == std::vector{results(2, 2), results(2, 3), results(1, 0)});
  REQUIRE(after(Clears::on_open, false) == std::vector{results(0, 0), results(0, 0), results(0, 0)});
  REQUIRE(after(Clears::on_open, true) == std::vector{results(0, 0), results(0, 0), results(1, 0)});
  REQUIRE(after(Clears::never, false) == std::vector{results(2, 2), results(2, 2), results(2, 2)});
  REQUIRE(after(Clears::never, true) == std::vector{results(2, 2), results(2, 3), results(3, 3)});
}

TEST_CASE("a breaker with a wrong configuration says so", "[circuit_breaker]") {
  const auto refuses = [](auto change) {
    Breaker::Config config;
    change(config);
    REQUIRE_THROWS_AS(Breaker(config), AssertionFailure);
  };
  refuses([](auto& config) { config.failure_threshold = 0; });
  refuses([](auto& config) { config.failure_rate_threshold = 101; });
  refuses([](auto& config) { config.slow_call_rate_threshold = -1; });
  refuses([](auto& config) { config.failure_rate_threshold = config.slow_call_rate_threshold = 0; });
  refuses([](auto& config) { config.slow_call_duration_threshold = -1ns; });
  refuses([](auto& config) { config.call_volume = Breaker::CallVolume::arrivals; });
  refuses([](auto& config) { config.sliding_window_size = 0; });
  refuses([](auto& config) { config.wait_duration_in_open_state = 0s; });
  refuses([](auto& config) { config.wait_duration_multiplier = 0.5; });
  refuses([](auto& config) { config.wait_duration_max = 0s; });
  refuses([](auto& config) { config.wait_durations = {1s, 0s}; });
  refuses([](auto& config) { config.permitted_calls_in_half_open = 0; });
  refuses([](auto& config) { config.success_threshold = 0; });
  refuses([](auto& config) { config.max_wait_duration_in_half_open_state = -1s; });
}

TEST_CASE("time never goes back and a ticket is given back once", "[circuit_breaker]") {
  Breaker breaker{Breaker::resilience4j()};
  const auto ticket = breaker.try_acquire(at(2s));
  REQUIRE_THROWS_AS((void)breaker.try_acquire(at(1s)), AssertionFailure);
  REQUIRE_THROWS_AS((void)breaker.state(at(1s)), AssertionFailure);
  REQUIRE_THROWS_AS(breaker.record(*ticket, Outcome::success, 0s, at(1s)), AssertionFailure);
  breaker.release(*ticket);
  REQUIRE_THROWS_AS(breaker.release(*ticket), AssertionFailure);
  REQUIRE_THROWS_AS(breaker.record(*ticket, Outcome::success, 0s, at(2s)), AssertionFailure);
}

TEST_CASE("a copy of a breaker goes its own way", "[circuit_breaker]") {
  Breaker breaker{half_of_ten(Bound::inclusive)};
  states_after(breaker, "sff", at(0s));
  Breaker copy = breaker;
  REQUIRE(states_after(copy, "f", at(0s)) == "O");
  REQUIRE(states_after(breaker, "s", at(0s)) == "O");  // 2 of 4
  REQUIRE(copy.window_counts() == results(1, 3));
  REQUIRE(breaker.window_counts() == results(2, 2));
}

TEST_CASE("an interval of counts ends with the first call or result after it, and the next begins there",
          "[circuit_breaker][field]") {
  Breaker::Config config = Breaker::gobreaker();
  config.failure_threshold = 3;
  config.count_interval = 10s;
  Breaker breaker{config};
  const auto fail = [&](Duration when) {
    breaker.record(*breaker.try_acquire(at(when)), Outcome::failure, 0s, at(when));
  };
  fail(9s);
  fail(10s);  // the very end still belongs to it
  REQUIRE(breaker.consecutive_failures() == 2);
  breaker.advance(at(15s));
  REQUIRE(breaker.consecutive_failures() == 2);
  fail(15s);  // the second interval is from 15 s to 25 s
  REQUIRE(breaker.consecutive_failures() == 1);
  fail(24s);
  fail(25s);
  REQUIRE(breaker.state(at(25s)) == State::open);
}

TEST_CASE("the result of a call from an earlier interval comes late, as with the generations of gobreaker",
          "[circuit_breaker][field]") {
  Breaker::Config config = Breaker::gobreaker();
  config.count_interval = 10s;
  Breaker breaker{config};
  const auto ticket = breaker.try_acquire(at(9s));
  breaker.record(*ticket, Outcome::failure, 2s, at(11s));
  REQUIRE(breaker.consecutive_failures() == 0);
  REQUIRE(breaker.statistics().late_count == 1);
}

TEST_CASE("the sixth failure in a row opens as in gobreaker, and the first call after a minute is the probe",
          "[circuit_breaker][field]") {
  Breaker breaker{Breaker::gobreaker()};
  REQUIRE(states_after(breaker, "ffffff", at(0s)) == "CCCCCO");
  const Time opened_at = breaker.last_transition()->at;
  REQUIRE_FALSE(breaker.try_acquire(opened_at + 60s));
  REQUIRE(breaker.try_acquire(opened_at + 60s + 1ns));
  REQUIRE_FALSE(breaker.try_acquire(opened_at + 60s + 1ns));
}
