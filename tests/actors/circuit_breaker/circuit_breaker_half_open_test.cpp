#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "actors/circuit_breaker/circuit_breaker.hpp"
#include "circuit_breaker_script.hpp"

using namespace sim;
using namespace sim::policies;
using namespace sim::testing::breaker_script;

namespace {

using Breaker = CircuitBreaker;
using State = Breaker::State;
using Outcome = Breaker::Outcome;

/// Five failures in a row, 60 s, two successes, one probe at a time.
Breaker::Config five_failures_two_successes() {
  Breaker::Config config;
  config.opens_on = Breaker::OpensOn::consecutive_failures;
  config.failure_threshold = 5;
  config.half_open_decision = Breaker::HalfOpenDecision::successes;
  config.permitted_calls_in_half_open = 1;
  config.success_threshold = 2;
  return config;
}

/// Opened at 0 s.
Breaker opened(const Breaker::Config& config) {
  Breaker breaker{config};
  breaker.transition_to(State::open, at(0s));
  return breaker;
}

}  // namespace

TEST_CASE("five failures open, 60 s later two successes close", "[circuit_breaker]") {
  Breaker breaker{five_failures_two_successes()};
  REQUIRE(states_after(breaker, "fffff", at(10s)) == "CCCCO");
  REQUIRE(states_after(breaker, "s", at(70s) - 1ns) == "o");
  REQUIRE(states_after(breaker, "ss", at(70s)) == "HC");
}

TEST_CASE("a failure after the first of two successes opens again and the wait begins anew", "[circuit_breaker]") {
  Breaker breaker = opened(five_failures_two_successes());
  REQUIRE(states_after(breaker, "sf", at(65s)) == "HO");
  REQUIRE(breaker.wait_ends_at() == at(125s));
  REQUIRE(states_after(breaker, "s", at(125s) - 1ns) == "o");
  REQUIRE(states_after(breaker, "ss", at(125s)) == "HC");  // the success of 65 s does not count any more
}

TEST_CASE("only so many probes run at once, and each that ends makes room for the next", "[circuit_breaker]") {
  Breaker::Config config = five_failures_two_successes();
  config.permitted_calls_in_half_open = 2;
  config.success_threshold = 3;
  Breaker breaker = opened(config);
  const auto first = breaker.try_acquire(at(60s));
  const auto second = breaker.try_acquire(at(60s));
  REQUIRE(first);
  REQUIRE(second);
  REQUIRE_FALSE(breaker.try_acquire(at(60s)));
  breaker.record(*first, Outcome::success, 1s, at(61s));
  const auto third = breaker.try_acquire(at(61s));
  REQUIRE(third);
  REQUIRE_FALSE(breaker.try_acquire(at(61s)));
  breaker.release(*second);
  REQUIRE(states_after(breaker, "s", at(61s)) == "H");
  breaker.record(*third, Outcome::success, 1s, at(62s));
  REQUIRE(breaker.state(at(62s)) == State::closed);
}

TEST_CASE("a breaker that goes by the rate admits ten calls altogether and decides on all of them",
          "[circuit_breaker]") {
  const auto tenth = [](std::string_view nine, char last) {
    Breaker breaker = opened(Breaker::resilience4j());
    REQUIRE(states_after(breaker, nine, at(61s)) == std::string(9, 'H'));
    return states_after(breaker, std::string(1, last), at(61s));
  };
  REQUIRE(tenth("ffffsssss", 's') == "C");  // 4 of 10
  REQUIRE(tenth("ffffsssss", 'f') == "O");  // 5 of 10
  REQUIRE(tenth("fffffssss", 's') == "O");
  REQUIRE(tenth("SSSSSSSSS", 's') == "C");  // 9 of 10 slow, the threshold is 100 %
  REQUIRE(tenth("SSSSSSSSS", 'S') == "O");
}

TEST_CASE("a call that ended does not make room when the half-open state goes by the rate", "[circuit_breaker]") {
  Breaker::Config config = Breaker::resilience4j();
  config.permitted_calls_in_half_open = 3;
  Breaker breaker = opened(config);
  const auto first = breaker.try_acquire(at(61s));
  const auto second = breaker.try_acquire(at(61s));
  const auto third = breaker.try_acquire(at(61s));
  breaker.record(*first, Outcome::success, 0s, at(61s));
  REQUIRE_FALSE(breaker.try_acquire(at(61s)));
  breaker.record(*second, Outcome::ignored, 0s, at(61s));  // but one without a result does
  const auto fourth = breaker.try_acquire(at(61s));
  REQUIRE(fourth);
  breaker.release(*fourth);
  REQUIRE(states_after(breaker, "f", at(61s)) == "H");
  breaker.record(*third, Outcome::success, 0s, at(61s));
  REQUIRE(breaker.state(at(61s)) == State::closed);  // 1 of 3
}

TEST_CASE("a minimum below the permitted calls decides the half-open state earlier", "[circuit_breaker]") {
  Breaker::Config config = Breaker::resilience4j();
  config.minimum_number_of_calls = 4;
  Breaker breaker = opened(config);
  REQUIRE(states_after(breaker, "fsss", at(61s)) == "HHHC");  // 1 of 4
}

TEST_CASE("a lazy breaker stays open until the next call, an automatic one does not", "[circuit_breaker]") {
  Breaker lazy = opened(five_failures_two_successes());
  REQUIRE_FALSE(lazy.next_change_at());
  REQUIRE(lazy.wait_ends_at() == at(60s));
  lazy.advance(at(100s));
  REQUIRE(lazy.state(at(100s)) == State::open);

  Breaker::Config config = five_failures_two_successes();
  config.automatic_transition_from_open_to_half_open = true;
  Breaker automatic = opened(config);
  REQUIRE(automatic.next_change_at() == at(60s));
  REQUIRE(automatic.state(at(60s) - 1ns) == State::open);
  REQUIRE(automatic.state(at(60s)) == State::half_open);  // looks ahead, changes nothing
  REQUIRE_FALSE(automatic.last_transition()->to == State::half_open);
  automatic.advance(at(100s));
  REQUIRE(automatic.last_transition() == Breaker::Transition{at(60s), State::open, State::half_open});
  REQUIRE_FALSE(automatic.next_change_at());
  REQUIRE_FALSE(automatic.wait_ends_at());
}

TEST_CASE("at the very end of the wait a call is admitted, in resilience4j only after it", "[circuit_breaker]") {
  Breaker inclusive = opened(Breaker::Config{});
  REQUIRE(states_after(inclusive, "s", at(60s)) == "H");
  Breaker strict = opened(Breaker::resilience4j());
  REQUIRE(states_after(strict, "s", at(60s)) == "o");
  REQUIRE(states_after(strict, "s", at(60s) + 1ns) == "H");
}

TEST_CASE("waits follow the list, its last one repeats, and a close starts over", "[circuit_breaker]") {
  Breaker::Config config = Breaker::cockatiel_consecutive(1, 1s);
  config.wait_durations = {1s, 3s};
  Breaker breaker{config};
  REQUIRE(states_after(breaker, "f", at(0s)) == "O");
  REQUIRE(states_after(breaker, "sf", at(1s) - 1ns) == "oo");
  REQUIRE(states_after(breaker, "f", at(1s)) == "O");
  REQUIRE(breaker.wait_ends_at() == at(4s));
  REQUIRE(states_after(breaker, "f", at(4s)) == "O");
  REQUIRE(breaker.wait_ends_at() == at(7s));
  REQUIRE(states_after(breaker, "sf", at(7s)) == "CO");
  REQUIRE(breaker.wait_ends_at() == at(8s));
}

TEST_CASE("waits grow by a factor up to the longest", "[circuit_breaker]") {
  Breaker::Config config = Breaker::cockatiel_consecutive(1, 1s);
  config.wait_duration_multiplier = 3;
  config.wait_duration_max = 10s;
  Breaker breaker{config};
  Time now = at(0s);
  for (const Duration wait : {1s, 3s, 9s, 10s, 10s}) {
    REQUIRE(states_after(breaker, "f", now) == "O");
    REQUIRE(breaker.wait_ends_at() == now + wait);
    now += wait;
  }
  REQUIRE(states_after(breaker, "sf", now) == "CO");
  REQUIRE(breaker.wait_ends_at() == now + 1s);
}

TEST_CASE("a wait without end ends never", "[circuit_breaker]") {
  Breaker::Config config = Breaker::opossum();
  config.wait_duration_in_open_state = forever;
  Breaker breaker = opened(config);
  REQUIRE_FALSE(breaker.next_change_at());
  REQUIRE(states_after(breaker, "s", at(1'000'000h)) == "o");
}

TEST_CASE("a half-open state that stays undecided for too long opens again", "[circuit_breaker]") {
  Breaker::Config config = five_failures_two_successes();
  config.max_wait_duration_in_half_open_state = 10s;
  Breaker breaker = opened(config);
  const auto lost = breaker.try_acquire(at(60s));
  REQUIRE(lost);
  REQUIRE(breaker.next_change_at() == at(70s));
  REQUIRE(states_after(breaker, "s", at(70s) - 1ns) == "h");
  REQUIRE(states_after(breaker, "s", at(70s)) == "o");
  REQUIRE(breaker.wait_ends_at() == at(130s));
  breaker.record(*lost, Outcome::success, 70s, at(130s));  // of an earlier half-open state
  REQUIRE(states_after(breaker, "ss", at(130s)) == "HC");
}

TEST_CASE("state looks past several changes that are due by themselves", "[circuit_breaker]") {
  Breaker::Config config = five_failures_two_successes();
  config.automatic_transition_from_open_to_half_open = true;
  config.max_wait_duration_in_half_open_state = 10s;
  const Breaker breaker = opened(config);
  REQUIRE(breaker.state(at(60s)) == State::half_open);
  REQUIRE(breaker.state(at(70s)) == State::open);
  REQUIRE(breaker.state(at(130s)) == State::half_open);
}

namespace {

/// What two calls that were admitted while closed, one a failure and one a success, do when they end in the half-open
/// state, and the counts of the window after the failure. A third failure in the window would open.
std::vector<std::string> late_results(Breaker::LateResults late_results, std::uint32_t failure_threshold) {
  Breaker::Config config;
  config.opens_on = Breaker::OpensOn::cumulative_failures;
  config.failure_threshold = failure_threshold;
  config.half_open_decision = Breaker::HalfOpenDecision::successes;
  config.late_results = late_results;
  std::vector<std::string> outcomes;
  for (const Outcome outcome : {Outcome::failure, Outcome::success}) {
    Breaker breaker{config};
    const auto late = breaker.try_acquire(at(0s));
    breaker.transition_to(State::open, at(0s));
    breaker.transition_to(State::half_open, at(1s));
    breaker.record(*late, outcome, 2s, at(2s));
    outcomes.push_back(std::string(to_text(breaker.state(at(2s)))) + " " +
                       std::to_string(breaker.window_counts().results()));
  }
  return outcomes;
}

}  // namespace

TEST_CASE("what a call that was admitted while closed does to a half-open breaker", "[circuit_breaker]") {
  using Late = Breaker::LateResults;
  REQUIRE(late_results(Late::ignored, 1) == std::vector<std::string>{"half_open 0", "half_open 0"});
  REQUIRE(late_results(Late::window_only, 1) == std::vector<std::string>{"open 1", "half_open 1"});
  REQUIRE(late_results(Late::window_only, 2) == std::vector<std::string>{"half_open 1", "half_open 1"});
  REQUIRE(late_results(Late::as_current, 2) == std::vector<std::string>{"open 0", "closed 0"});
}

TEST_CASE("what calls that were admitted earlier do to an open and to a closed breaker", "[circuit_breaker]") {
  const auto window_after = [](Breaker::LateResults late_results) {
    Breaker::Config config = Breaker::resilience4j();
    config.late_results = late_results;
    Breaker breaker{config};
    const auto first = breaker.try_acquire(at(0s));
    const auto second = breaker.try_acquire(at(0s));
    breaker.transition_to(State::open, at(0s));
    breaker.record(*first, Outcome::failure, 0s, at(1s));
    const auto while_open = breaker.window_counts().failures;
    breaker.transition_to(State::closed, at(2s));
    breaker.record(*second, Outcome::failure, 0s, at(3s));
    return std::vector{while_open, breaker.window_counts().failures};
  };
  REQUIRE(window_after(Breaker::LateResults::ignored) == std::vector{0U, 0U});
  REQUIRE(window_after(Breaker::LateResults::window_only) == std::vector{1U, 1U});
  REQUIRE(window_after(Breaker::LateResults::as_current) == std::vector{1U, 1U});
}

TEST_CASE("failures that end while the breaker is open do not prolong the wait", "[circuit_breaker]") {
  Breaker breaker{Breaker::opossum()};
  const auto late = breaker.try_acquire(at(0s));
  REQUIRE(states_after(breaker, "ff", at(0s)) == "CO");
  breaker.record(*late, Outcome::failure, 5s, at(5s));
  REQUIRE(breaker.next_change_at() == at(30s));
  REQUIRE(breaker.statistics().opened_count == 1);
}

TEST_CASE("a late result takes no place from the probes and gives none back", "[circuit_breaker]") {
  for (const auto decision : {Breaker::HalfOpenDecision::rate, Breaker::HalfOpenDecision::successes}) {
    Breaker::Config config;
    config.half_open_decision = decision;
    config.permitted_calls_in_half_open = 1;
    Breaker breaker{config};
    const auto late = breaker.try_acquire(at(0s));
    breaker.transition_to(State::half_open, at(0s));
    const auto probe = breaker.try_acquire(at(0s));
    breaker.release(*late);
    REQUIRE_FALSE(breaker.try_acquire(at(0s)));
    breaker.release(*probe);
    REQUIRE(breaker.try_acquire(at(0s)));
  }
}

TEST_CASE("forced open rejects every call and disabled none, until they are left by hand", "[circuit_breaker]") {
  Breaker breaker{Breaker::opossum()};
  breaker.transition_to(State::forced_open, at(0s));
  REQUIRE_FALSE(breaker.next_change_at());
  REQUIRE(states_after(breaker, "sf", at(1h)) == "xx");
  breaker.transition_to(State::disabled, at(1h));
  REQUIRE(states_after(breaker, "ffffffff", at(1h)) == "DDDDDDDD");
  REQUIRE(breaker.window_counts() == OutcomeWindow::Counts{});  // neither counts
  breaker.transition_to(State::closed, at(1h));
  REQUIRE(states_after(breaker, "sff", at(1h)) == "CCO");
}

TEST_CASE("setting the present state changes nothing", "[circuit_breaker]") {
  Breaker breaker = opened(Breaker::resilience4j());
  breaker.transition_to(State::open, at(10s));
  REQUIRE(breaker.wait_ends_at() == at(60s));
  REQUIRE(breaker.statistics().transitions_count == 1);
}

TEST_CASE("closing by hand ends the row of openings", "[circuit_breaker]") {
  Breaker::Config config = Breaker::cockatiel_consecutive(1, 1s);
  config.wait_durations = {1s, 3s};
  Breaker breaker{config};
  REQUIRE(states_after(breaker, "f", at(0s)) == "O");
  breaker.transition_to(State::closed, at(0s));
  REQUIRE(states_after(breaker, "f", at(0s)) == "O");
  REQUIRE(breaker.wait_ends_at() == at(1s));
}

TEST_CASE("states have names", "[circuit_breaker]") {
  std::string names;
  for (const State state : {State::closed, State::open, State::half_open, State::forced_open, State::disabled}) {
    names += std::string(to_text(state)) + " ";
  }
  REQUIRE(names == "closed open half_open forced_open disabled ");
}
