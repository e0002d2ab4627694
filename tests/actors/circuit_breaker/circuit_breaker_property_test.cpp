#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <vector>

#include "actors/circuit_breaker/circuit_breaker.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using Breaker = CircuitBreaker;
using State = Breaker::State;
using Outcome = Breaker::Outcome;

Breaker::Config any_config() {
  using Decision = Breaker::HalfOpenDecision;
  Breaker::Config config;
  config.opens_on = *rc::gen::element(Breaker::OpensOn::consecutive_failures, Breaker::OpensOn::cumulative_failures,
                                      Breaker::OpensOn::rate, Breaker::OpensOn::rate);
  config.failure_threshold = *rc::gen::inRange<std::uint32_t>(1, 5);
  config.failure_rate_threshold = *rc::gen::element(0.0, 10.0, 50.0, 100.0);
  config.slow_call_rate_threshold = *rc::gen::element(20.0, 50.0, 100.0);
  config.rate_bound = *rc::gen::element(Breaker::Bound::inclusive, Breaker::Bound::strict);
  config.slow_call_duration_threshold = 1s;
  config.minimum_number_of_calls = *rc::gen::inRange<std::uint32_t>(0, 6);
  config.judged_after = *rc::gen::element(Breaker::JudgedAfter::every_result, Breaker::JudgedAfter::failures);
  config.sliding_window_type = *rc::gen::element(OutcomeWindow::Type::count_based, OutcomeWindow::Type::time_based);
  const bool can_count_arrivals = config.sliding_window_type == OutcomeWindow::Type::time_based;
  config.call_volume =
      can_count_arrivals && *rc::gen::arbitrary<bool>() ? Breaker::CallVolume::arrivals : Breaker::CallVolume::results;
  config.sliding_window_size = *rc::gen::inRange<std::uint32_t>(1, 8);
  config.clears_window =
      *rc::gen::element(Breaker::ClearsWindow::on_close, Breaker::ClearsWindow::on_open, Breaker::ClearsWindow::never);
  config.half_open_results_in_window = *rc::gen::arbitrary<bool>();
  config.late_results = *rc::gen::element(Breaker::LateResults::ignored, Breaker::LateResults::window_only,
                                          Breaker::LateResults::as_current);
  config.wait_duration_in_open_state = *rc::gen::element<Duration>(500ms, 2s);
  config.wait_duration_multiplier = *rc::gen::element(1.0, 2.0);
  config.wait_duration_max = 20s;
  config.wait_bound = *rc::gen::element(Breaker::Bound::inclusive, Breaker::Bound::strict);
  config.automatic_transition_from_open_to_half_open = *rc::gen::arbitrary<bool>();
  config.half_open_decision = *rc::gen::element(Decision::rate, Decision::successes);
  config.permitted_calls_in_half_open = *rc::gen::inRange<std::uint32_t>(1, 5);
  config.success_threshold = *rc::gen::inRange<std::uint32_t>(1, 4);
  config.max_wait_duration_in_half_open_state = *rc::gen::element<Duration>(0s, 0s, 3s);
  return config;
}

enum class Verb { acquire, record, release, wait };

struct Operation {
  Verb verb = Verb::acquire;
  Duration pause{};         ///< before it
  std::uint32_t which = 0;  ///< of the calls that have not ended
  Outcome outcome{};
  Duration duration{};
};

const auto any_operation = rc::gen::build<Operation>(
    rc::gen::set(&Operation::verb, rc::gen::element(Verb::acquire, Verb::acquire, Verb::acquire, Verb::record,
                                                    Verb::record, Verb::record, Verb::release, Verb::wait)),
    rc::gen::set(&Operation::pause, rc::gen::element<Duration>(0s, 0s, 1ms, 250ms, 500ms, 1s, 2s)),
    rc::gen::set(&Operation::which, rc::gen::inRange<std::uint32_t>(0, 100)),
    rc::gen::set(&Operation::outcome, rc::gen::element(Outcome::success, Outcome::success, Outcome::failure,
                                                       Outcome::failure, Outcome::timeout, Outcome::ignored)),
    rc::gen::set(&Operation::duration, rc::gen::element<Duration>(0s, 1s, 2s)));

Operation without_pause(Operation operation) {
  operation.pause = 0s;
  return operation;
}

std::vector<Operation> any_operations() {
  return *rc::gen::scale(3, rc::gen::container<std::vector<Operation>>(any_operation));
}

/// One call that has not ended, and the number of changes of state before it was admitted.
struct Call {
  Breaker::Ticket ticket{};
  std::uint64_t admitted_after = 0;
};

/// Drives a breaker and keeps an account of its own.
class Watched {
 public:
  explicit Watched(const Breaker::Config& config) : breaker_(config) {}

  Breaker& breaker() { return breaker_; }
  [[nodiscard]] Time now() const { return now_; }
  [[nodiscard]] const std::vector<Call>& running() const { return running_; }
  [[nodiscard]] std::uint64_t changes() const { return breaker_.statistics().transitions_count; }

  /// Calls admitted in the present state that have not ended.
  [[nodiscard]] std::ptrdiff_t running_since_change() const {
    return std::count_if(running_.begin(), running_.end(),
                         [this](const Call& call) { return call.admitted_after == changes(); });
  }

  void pass(Duration pause) {
    now_ += pause;
    breaker_.advance(now_);
  }

  bool acquire() {
    const auto ticket = breaker_.try_acquire(now_);
    if (ticket) {
      running_.push_back({*ticket, changes()});
    }
    return ticket.has_value();
  }

  /// Ends the chosen call, if any is running.
  void end(const Operation& operation) {
    if (running_.empty()) {
      return;
    }
    const auto chosen = running_.begin() + operation.which % running_.size();
    const Call call = *chosen;
    running_.erase(chosen);
    operation.verb == Verb::release ? breaker_.release(call.ticket)
                                    : breaker_.record(call.ticket, operation.outcome, operation.duration, now_);
  }

  void run(const Operation& operation) {
    pass(operation.pause);
    if (operation.verb == Verb::acquire) {
      acquire();
    } else if (operation.verb != Verb::wait) {
      end(operation);
    }
  }

 private:
  Breaker breaker_;
  Time now_{};
  std::vector<Call> running_;
};

template <class Property>
void holds(const char* name, Property property) {
  REQUIRE(rc::check(name, property));
}

}  // namespace

TEST_CASE("no call passes an open breaker before its wait is over", "[circuit_breaker][property]") {
  holds("open rejects", [] {
    Watched watched{any_config()};
    for (const Operation& operation : any_operations()) {
      watched.pass(operation.pause);
      const bool was_open = watched.breaker().state(watched.now()) == State::open;
      const auto wait_ends_at = watched.breaker().wait_ends_at();
      RC_ASSERT(was_open == wait_ends_at.has_value());
      if (operation.verb == Verb::acquire) {
        const bool passed = watched.acquire();
        RC_ASSERT((!passed || !was_open || watched.now() >= *wait_ends_at));
        RC_ASSERT((!passed || watched.breaker().state(watched.now()) != State::open));
      } else {
        watched.run(without_pause(operation));
      }
    }
  });
}

TEST_CASE("the wait of an open breaker is as long as configured for that opening", "[circuit_breaker][property]") {
  holds("waits", [] {
    Breaker::Config config = any_config();
    config.max_wait_duration_in_half_open_state = 0s;
    Watched watched{config};
    Duration wait{};
    for (const Operation& operation : any_operations()) {
      watched.pass(operation.pause);
      const auto before = watched.changes();
      watched.run(without_pause(operation));
      const auto& change = watched.breaker().last_transition();
      if (watched.changes() != before && change->to == State::open) {
        const auto grown = Duration(static_cast<std::int64_t>(wait.count() * config.wait_duration_multiplier));
        wait = change->from == State::closed ? config.wait_duration_in_open_state
                                             : std::min(grown, config.wait_duration_max);
        RC_ASSERT(watched.breaker().wait_ends_at() == change->at + wait);
      }
    }
  });
}

TEST_CASE("never more than the permitted calls run in the half-open state", "[circuit_breaker][property]") {
  holds("half-open is bounded", [] {
    const Breaker::Config config = any_config();
    Watched watched{config};
    for (const Operation& operation : any_operations()) {
      watched.run(operation);
      if (watched.breaker().state(watched.now()) == State::half_open) {
        const auto running = static_cast<std::uint64_t>(watched.running_since_change());
        const bool keeps_places = config.half_open_decision == Breaker::HalfOpenDecision::rate;
        const bool has_late = config.late_results == Breaker::LateResults::as_current;
        const auto ended = keeps_places && !has_late ? watched.breaker().half_open_counts().results() : 0;
        RC_ASSERT(running + ended <= config.permitted_calls_in_half_open);
      }
    }
  });
}

TEST_CASE("a half-open breaker that goes by successes admits a call exactly when fewer than permitted run",
          "[circuit_breaker][property]") {
  holds("half-open is not stingy", [] {
    Breaker::Config config = any_config();
    config.half_open_decision = Breaker::HalfOpenDecision::successes;
    Watched watched{config};
    for (const Operation& operation : any_operations()) {
      watched.pass(operation.pause);
      if (operation.verb == Verb::acquire && watched.breaker().state(watched.now()) == State::half_open) {
        const bool has_room = watched.running_since_change() < config.permitted_calls_in_half_open;
        RC_ASSERT(watched.acquire() == has_room);
      } else {
        watched.run(without_pause(operation));
      }
    }
  });
}

TEST_CASE("a breaker changes its state only along the arrows", "[circuit_breaker][property]") {
  holds("legal changes", [] {
    Watched watched{any_config()};
    State state = State::closed;
    for (const Operation& operation : any_operations()) {
      watched.pass(0s);
      // One change at a time: let those that are due happen one by one.
      const Time until = watched.now() + operation.pause;
      do {
        const auto due = watched.breaker().next_change_at();
        RC_ASSERT((!due || *due > watched.now()));
        watched.pass(due && *due <= until ? *due - watched.now() : until - watched.now());
        const State next = watched.breaker().state(watched.now());
        RC_ASSERT((next == state || (state == State::open && next == State::half_open) ||
                   (state == State::half_open && next == State::open)));
        state = next;
      } while (watched.now() < until);
      watched.run(without_pause(operation));
      const State next = watched.breaker().state(watched.now());
      const bool is_legal = next == state || (state == State::closed && next == State::open) ||
                            (state == State::open && next == State::half_open) ||
                            (state == State::half_open && (next == State::open || next == State::closed));
      RC_ASSERT(is_legal);
      state = next;
    }
  });
}

namespace {

/// What the window must hold, kept as a plain log: every result, or arrival, since the last clearing.
class Log {
 public:
  explicit Log(const Breaker::Config& config) : config_(config) {}

  void add(const OutcomeWindow::Counts& counts, Time at) { entries_.push_back({counts, at}); }
  void clear() { entries_.clear(); }

  [[nodiscard]] OutcomeWindow::Counts recount(Time now) const {
    const bool is_count_based = config_.sliding_window_type == OutcomeWindow::Type::count_based;
    const std::size_t size = config_.sliding_window_size;
    OutcomeWindow::Counts counts;
    for (std::size_t index = 0; index < entries_.size(); ++index) {
      const bool is_recent = is_count_based
                                 ? index + size >= entries_.size()
                                 : second_of(entries_[index].at) + static_cast<std::int64_t>(size) > second_of(now);
      if (is_recent) {
        counts += entries_[index].counts;
      }
    }
    return counts;
  }

 private:
  struct Entry {
    OutcomeWindow::Counts counts;
    Time at;
  };

  static std::int64_t second_of(Time time) { return time.time_since_epoch() / 1s; }

  Breaker::Config config_;
  std::vector<Entry> entries_;
};

OutcomeWindow::Counts counts_of(const Operation& operation) {
  const bool is_failure = operation.outcome != Outcome::success;
  return {.successes = is_failure ? 0U : 1U,
          .failures = is_failure ? 1U : 0U,
          .timeouts = operation.outcome == Outcome::timeout ? 1U : 0U,
          .slow = operation.duration > 1s ? 1U : 0U};
}

}  // namespace

TEST_CASE("the window counts what a recount of the log counts", "[circuit_breaker][property]") {
  holds("recount", [] {
    Breaker::Config config = any_config();
    config.half_open_results_in_window = true;
    config.late_results = Breaker::LateResults::as_current;
    config.max_wait_duration_in_half_open_state = 0s;
    Watched watched{config};
    Log log{config};
    for (const Operation& operation : any_operations()) {
      watched.pass(operation.pause);
      const auto before = watched.changes();
      const std::size_t running = watched.running().size();
      watched.run(without_pause(operation));
      const State state = watched.breaker().state(watched.now());
      const bool is_changed = watched.changes() != before;
      if (is_changed && state == State::closed && config.clears_window == Breaker::ClearsWindow::on_close) {
        log.clear();
      }
      if (operation.verb == Verb::acquire && config.call_volume == Breaker::CallVolume::arrivals) {
        log.add({.arrivals = 1, .rejected = watched.running().size() == running ? 1U : 0U}, watched.now());
      } else if (operation.verb == Verb::record && running > 0 && operation.outcome != Outcome::ignored) {
        log.add(counts_of(operation), watched.now());
      }
      if (is_changed && state == State::open && config.clears_window == Breaker::ClearsWindow::on_open) {
        log.clear();
      }
      RC_ASSERT(watched.breaker().window_counts() == log.recount(watched.now()));
    }
  });
}

TEST_CASE("disabled admits and forced open rejects every call, whatever the results", "[circuit_breaker][property]") {
  holds("forced states", [] {
    const State state = *rc::gen::element(State::disabled, State::forced_open);
    Watched watched{any_config()};
    const std::vector<Operation> before = any_operations();
    for (const Operation& operation : before) {
      watched.run(operation);
    }
    watched.breaker().transition_to(state, watched.now());
    const OutcomeWindow::Counts counts = watched.breaker().window_counts();
    for (const Operation& operation : any_operations()) {
      watched.pass(operation.pause);
      if (operation.verb == Verb::acquire) {
        RC_ASSERT(watched.acquire() == (state == State::disabled));
      } else {
        watched.run(without_pause(operation));
      }
      RC_ASSERT(watched.breaker().state(watched.now()) == state);
      RC_ASSERT(watched.breaker().window_counts().results() <= counts.results());
    }
  });
}

TEST_CASE("the state foretold for a time is the state at that time, and nothing changes before next_change_at",
          "[circuit_breaker][property]") {
  holds("foresight", [] {
    Watched watched{any_config()};
    for (const Operation& operation : any_operations()) {
      const State present = watched.breaker().state(watched.now());
      const State foretold = watched.breaker().state(watched.now() + operation.pause);
      const auto next_change_at = watched.breaker().next_change_at();
      RC_ASSERT((!next_change_at || *next_change_at > watched.now()));
      watched.pass(operation.pause);
      RC_ASSERT(watched.breaker().state(watched.now()) == foretold);
      RC_ASSERT((foretold == present || (next_change_at && *next_change_at <= watched.now())));
      watched.run(without_pause(operation));
    }
  });
}

TEST_CASE("every admitted call is either in flight or counted once", "[circuit_breaker][property]") {
  holds("conservation", [] {
    Watched watched{any_config()};
    std::uint64_t attempts = 0;
    for (const Operation& operation : any_operations()) {
      attempts += operation.verb == Verb::acquire ? 1 : 0;
      watched.run(operation);
      const Breaker::Statistics& counted = watched.breaker().statistics();
      RC_ASSERT(counted.permitted_count + counted.rejected_count == attempts);
      RC_ASSERT(watched.breaker().in_flight() == watched.running().size());
      RC_ASSERT(counted.permitted_count == counted.successes_count + counted.failures_count + counted.ignored_count +
                                               watched.breaker().in_flight());
    }
  });
}
