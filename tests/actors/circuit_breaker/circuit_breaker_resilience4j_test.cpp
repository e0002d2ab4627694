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

/// The rules of resilience4j as its documentation and source state them, without any cleverness: lists of results that
/// are counted anew each time. Calls have no tickets; a result counts in the state in which it comes.
class NaiveResilience4j {
 public:
  explicit NaiveResilience4j(const Breaker::Config& config) : config_(config) {}

  bool try_acquire(Time now) {
    if (state_ == State::open && now > opened_at_ + config_.wait_duration_in_open_state * (1LL << (openings_ - 1))) {
      state_ = State::half_open;
      permits_ = config_.permitted_calls_in_half_open;
      trial_.clear();
    }
    if (state_ == State::half_open && permits_ > 0) {
      --permits_;
      return true;
    }
    return state_ == State::closed;
  }

  void release() { permits_ += state_ == State::half_open ? 1 : 0; }

  void record(bool is_failure, bool is_slow, Time now) {
    if (state_ == State::closed) {
      results_.push_back({is_failure, is_slow, now});
      const std::vector<Result> recent = window(now);
      const bool is_count_based = config_.sliding_window_type == OutcomeWindow::Type::count_based;
      const std::size_t needed = is_count_based ? std::min(config_.minimum_number_of_calls, config_.sliding_window_size)
                                                : config_.minimum_number_of_calls;
      if (recent.size() >= needed && is_above(recent)) {
        open(now);
      }
    } else if (state_ == State::half_open) {
      trial_.push_back({is_failure, is_slow, now});
      if (trial_.size() >= std::min(config_.minimum_number_of_calls, config_.permitted_calls_in_half_open)) {
        is_above(trial_) ? open(now) : close();
      }
    }
  }

  [[nodiscard]] State state() const { return state_; }

  [[nodiscard]] OutcomeWindow::Counts counts(Time now) const {
    const std::vector<Result> results = state_ == State::half_open ? trial_ : window(now);
    return {.successes = static_cast<std::uint32_t>(results.size()) - count(results, &Result::is_failure),
            .failures = count(results, &Result::is_failure),
            .slow = count(results, &Result::is_slow)};
  }

 private:
  struct Result {
    bool is_failure;
    bool is_slow;
    Time at;
  };

  static std::uint32_t count(const std::vector<Result>& results, bool Result::*what) {
    return static_cast<std::uint32_t>(
        std::count_if(results.begin(), results.end(), [what](const Result& result) { return result.*what; }));
  }

  [[nodiscard]] std::vector<Result> window(Time now) const {
    const std::int64_t size = config_.sliding_window_size;
    std::vector<Result> recent;
    for (std::size_t index = 0; index < results_.size(); ++index) {
      const auto age = static_cast<std::int64_t>(results_.size() - index);
      const auto seconds = now.time_since_epoch() / 1s - results_[index].at.time_since_epoch() / 1s;
      const bool is_count_based = config_.sliding_window_type == OutcomeWindow::Type::count_based;
      if (is_count_based ? age <= size : seconds < size) {
        recent.push_back(results_[index]);
      }
    }
    return recent;
  }

  [[nodiscard]] bool is_above(const std::vector<Result>& results) const {
    const auto percent = [&](bool Result::*what) {
      return 100.0F * static_cast<float>(count(results, what)) / static_cast<float>(results.size());
    };
    return percent(&Result::is_failure) >= static_cast<float>(config_.failure_rate_threshold) ||
           percent(&Result::is_slow) >= static_cast<float>(config_.slow_call_rate_threshold);
  }

  void open(Time now) {
    state_ = State::open;
    opened_at_ = now;
    ++openings_;
  }

  void close() {
    state_ = State::closed;
    openings_ = 0;
    results_.clear();
  }

  Breaker::Config config_;
  State state_ = State::closed;
  Time opened_at_{};
  std::uint32_t openings_ = 0;
  std::uint32_t permits_ = 0;
  std::vector<Result> results_;
  std::vector<Result> trial_;
};

struct Operation {
  bool is_acquire = true;
  bool is_release = false;
  bool is_failure = false;
  bool is_slow = false;
  std::uint32_t which = 0;
  Duration pause{};
};

const auto any_operation = rc::gen::build<Operation>(
    rc::gen::set(&Operation::is_acquire, rc::gen::arbitrary<bool>()),
    rc::gen::set(&Operation::is_release, rc::gen::map(rc::gen::inRange(0, 12), [](int n) { return n == 0; })),
    rc::gen::set(&Operation::is_failure, rc::gen::arbitrary<bool>()),
    rc::gen::set(&Operation::is_slow, rc::gen::map(rc::gen::inRange(0, 4), [](int n) { return n == 0; })),
    rc::gen::set(&Operation::which, rc::gen::inRange<std::uint32_t>(0, 100)),
    rc::gen::set(&Operation::pause, rc::gen::element<Duration>(0s, 0s, 1ms, 250ms, 500ms, 1s)));

Breaker::Config any_config() {
  Breaker::Config config = Breaker::resilience4j();
  config.failure_rate_threshold = *rc::gen::element(20.0, 50.0, 75.0, 100.0);
  config.slow_call_rate_threshold = *rc::gen::element(20.0, 50.0, 100.0);
  config.minimum_number_of_calls = *rc::gen::inRange<std::uint32_t>(1, 7);
  config.sliding_window_type = *rc::gen::element(OutcomeWindow::Type::count_based, OutcomeWindow::Type::time_based);
  config.sliding_window_size = *rc::gen::inRange<std::uint32_t>(1, 8);
  config.permitted_calls_in_half_open = *rc::gen::inRange<std::uint32_t>(1, 5);
  config.wait_duration_in_open_state = *rc::gen::element<Duration>(500ms, 2s);
  config.wait_duration_multiplier = 2;
  return config;
}

struct Call {
  Breaker::Ticket ticket{};
  std::uint64_t admitted_after = 0;  ///< changes of state
};

}  // namespace

TEST_CASE("the breaker agrees with a naive restatement of resilience4j in every step", "[circuit_breaker][property]") {
  REQUIRE(rc::check("same as resilience4j's rules", [] {
    const Breaker::Config config = any_config();
    Breaker breaker{config};
    NaiveResilience4j naive{config};
    std::vector<Call> running;
    Time now{};
    for (const Operation& operation : *rc::gen::scale(3, rc::gen::container<std::vector<Operation>>(any_operation))) {
      now += operation.pause;
      if (operation.is_acquire || running.empty()) {
        const auto ticket = breaker.try_acquire(now);
        RC_ASSERT(ticket.has_value() == naive.try_acquire(now));
        if (ticket) {
          running.push_back({*ticket, breaker.statistics().transitions_count});
        }
      } else {
        const auto chosen = running.begin() + operation.which % running.size();
        const bool is_late = chosen->admitted_after != breaker.statistics().transitions_count;
        if (operation.is_release && !is_late) {
          breaker.release(chosen->ticket);
          naive.release();
        } else {
          const auto outcome = operation.is_failure ? Breaker::Outcome::failure : Breaker::Outcome::success;
          breaker.record(chosen->ticket, outcome, operation.is_slow ? 61s : 60s, now);
          naive.record(operation.is_failure, operation.is_slow, now);
        }
        running.erase(chosen);
      }
      const State state = breaker.state(now);
      RC_ASSERT(state == naive.state());
      if (state != State::open) {
        breaker.advance(now);
        RC_ASSERT((state == State::half_open ? breaker.half_open_counts() : breaker.window_counts()) ==
                  naive.counts(now));
      }
    }
  }));
}
