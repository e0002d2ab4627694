#include "actors/circuit_breaker/circuit_breaker.hpp"

#include <algorithm>
#include <utility>

#include "libsim/failure.hpp"

namespace sim::policies {

namespace {

bool is_percentage(double percent) { return percent >= 0 && percent <= 100; }

void check_thresholds(const CircuitBreaker::Config& config) {
  check(config.failure_threshold > 0, "a breaker opens after at least one failure");
  check(is_percentage(config.failure_rate_threshold), "a failure rate threshold lies between 0 and 100 percent");
  check(is_percentage(config.slow_call_rate_threshold), "a slow call rate threshold lies between 0 and 100 percent");
  const bool uses_rate = config.opens_on == CircuitBreaker::OpensOn::rate ||
                         config.half_open_decision == CircuitBreaker::HalfOpenDecision::rate;
  check(!uses_rate || config.failure_rate_threshold > 0 || config.slow_call_rate_threshold > 0,
        "a breaker that goes by rates watches at least one");
  check(config.slow_call_duration_threshold >= 0s, "a slow call takes longer than nothing");
  check(config.call_volume == CircuitBreaker::CallVolume::results ||
            config.sliding_window_type == OutcomeWindow::Type::time_based,
        "only a time-based window counts arrivals");
}

void check_waits(const CircuitBreaker::Config& config) {
  check(config.wait_duration_in_open_state > 0s, "the wait of an open breaker is longer than nothing");
  check(config.wait_duration_multiplier >= 1, "the wait of an open breaker never becomes shorter");
  check(config.wait_duration_max > 0s, "the longest wait of an open breaker is longer than nothing");
  check(
      std::all_of(config.wait_durations.begin(), config.wait_durations.end(), [](Duration wait) { return wait > 0s; }),
      "each wait of an open breaker is longer than nothing");
  check(config.permitted_calls_in_half_open > 0, "a half-open breaker permits at least one call");
  check(config.success_threshold > 0, "a half-open breaker closes after at least one success");
  check(config.count_interval >= 0s, "an interval of counts is not shorter than nothing");
  check(config.max_wait_duration_in_half_open_state >= 0s, "a half-open breaker does not wait for less than nothing");
}

/// The library's rule for a count-based window, which could never hold more.
std::uint32_t reachable_minimum(const CircuitBreaker::Config& config) {
  const bool is_count_based = config.sliding_window_type == OutcomeWindow::Type::count_based;
  return is_count_based ? std::min(config.minimum_number_of_calls, config.sliding_window_size)
                        : config.minimum_number_of_calls;
}

OutcomeWindow::Config window_config(const CircuitBreaker::Config& config) {
  return {config.sliding_window_type, config.sliding_window_size, config.sliding_window_bucket_width,
          config.sliding_window_bucket_start};
}

/// Products, not quotients: with whole percentages both sides are exact.
bool is_passed(std::uint32_t part, std::uint32_t whole, double threshold, CircuitBreaker::Bound bound) {
  if (threshold == 0 || part == 0) {
    return false;
  }
  const double reached = 100.0 * part;
  const double allowed = threshold * whole;
  return bound == CircuitBreaker::Bound::inclusive ? reached >= allowed : reached > allowed;
}

}  // namespace

CircuitBreaker::CircuitBreaker(Config config, Time start)
    : config_(std::move(config)),
      minimum_number_of_calls_(reachable_minimum(config_)),
      half_open_results_needed_(
          std::max(1U, std::min(config_.minimum_number_of_calls, config_.permitted_calls_in_half_open))),
      now_(start),
      interval_ends_at_(interval_end(start)),
      window_(window_config(config_), start) {
  check_thresholds(config_);
  check_waits(config_);
}

std::optional<CircuitBreaker::Ticket> CircuitBreaker::try_acquire(Time now) {
  advance(now);
  begin_interval_if_due(now);
  if (is_wait_over(now)) {
    enter(half_open_phase(phase_, now), now);
  }
  const bool is_permitted = admits();
  if (config_.call_volume == CallVolume::arrivals && is_counting()) {
    window_.record_arrival(!is_permitted, now);
  }
  if (!is_permitted) {
    ++statistics_.rejected_count;
    return std::nullopt;
  }
  ++statistics_.permitted_count;
  ++in_flight_;
  half_open_permits_taken_ += phase_.state == State::half_open ? 1 : 0;
  return Ticket{epoch_};
}

bool CircuitBreaker::is_wait_over(Time now) const {
  return phase_.state == State::open &&
         (config_.wait_bound == Bound::inclusive ? now >= phase_.wait_ends_at : now > phase_.wait_ends_at);
}

bool CircuitBreaker::admits() const {
  switch (phase_.state) {
    case State::closed:
    case State::disabled:
      return true;
    case State::half_open:
      return half_open_permits_taken_ < config_.permitted_calls_in_half_open;
    case State::open:
    case State::forced_open:
      break;
  }
  return false;
}

bool CircuitBreaker::is_counting() const {
  return phase_.state != State::forced_open && phase_.state != State::disabled;
}

void CircuitBreaker::record(Ticket ticket, Outcome outcome, Duration duration, Time now) {
  advance(now);
  begin_interval_if_due(now);
  if (outcome == Outcome::ignored) {
    release(ticket);
    return;
  }
  end_call(ticket, true);
  const OutcomeWindow::Result result{.is_failure = outcome != Outcome::success,
                                     .is_timeout = outcome == Outcome::timeout,
                                     .is_slow = duration > config_.slow_call_duration_threshold};
  count_result(result);
  const bool is_late = ticket != Ticket{epoch_};
  statistics_.late_count += is_late ? 1 : 0;
  if (!is_counting() || (is_late && config_.late_results == LateResults::ignored)) {
    return;
  }
  if (phase_.state == State::half_open && !(is_late && config_.late_results == LateResults::window_only)) {
    judge_half_open(result, now);
  } else {
    judge_window(result, now);
  }
}

void CircuitBreaker::release(Ticket ticket) {
  end_call(ticket, false);
  ++statistics_.ignored_count;
}

void CircuitBreaker::end_call(Ticket ticket, bool has_result) {
  check(in_flight_ > 0 && ticket <= Ticket{epoch_}, "a ticket is given back once, to the breaker that gave it");
  --in_flight_;
  if (phase_.state != State::half_open || ticket != Ticket{epoch_}) {
    return;
  }
  check(half_open_permits_taken_ > 0, "a ticket is given back once");
  const bool keeps_its_place = has_result && config_.half_open_decision == HalfOpenDecision::rate;
  half_open_permits_taken_ -= keeps_its_place ? 0 : 1;
}

void CircuitBreaker::count_result(OutcomeWindow::Result result) {
  statistics_.successes_count += result.is_failure ? 0 : 1;
  statistics_.failures_count += result.is_failure ? 1 : 0;
  statistics_.timeouts_count += result.is_timeout ? 1 : 0;
  statistics_.slow_count += result.is_slow ? 1 : 0;
}

void CircuitBreaker::add_to_window(OutcomeWindow::Result result, Time now) {
  consecutive_failures_ = result.is_failure ? consecutive_failures_ + 1 : 0;
  cumulative_failures_ += result.is_failure ? 1 : 0;
  window_.record(result, now);
}

void CircuitBreaker::judge_window(OutcomeWindow::Result result, Time now) {
  add_to_window(result, now);
  const bool is_judged = result.is_failure || (config_.opens_on == OpensOn::rate &&  //
                                               config_.judged_after == JudgedAfter::every_result);
  if (phase_.state != State::open && is_judged && is_threshold_passed()) {
    enter(open_phase(phase_, now), now);
  }
}

void CircuitBreaker::judge_half_open(OutcomeWindow::Result result, Time now) {
  half_open_results_ += OutcomeWindow::counts_of(result);
  const std::optional<State> verdict = half_open_verdict();
  if (verdict == State::closed) {
    enter({}, now);
  }
  if (config_.half_open_results_in_window) {
    add_to_window(result, now);
  }
  if (verdict == State::open) {
    enter(open_phase(phase_, now), now);
  }
}

std::optional<CircuitBreaker::State> CircuitBreaker::half_open_verdict() const {
  if (config_.half_open_decision == HalfOpenDecision::successes) {
    if (half_open_results_.failures > 0) {
      return State::open;
    }
    return half_open_results_.successes >= config_.success_threshold ? std::optional(State::closed) : std::nullopt;
  }
  const std::uint32_t results = half_open_results_.results();
  if (results < half_open_results_needed_) {
    return std::nullopt;
  }
  return is_rate_passed(half_open_results_, results) ? State::open : State::closed;
}

bool CircuitBreaker::is_threshold_passed() const {
  switch (config_.opens_on) {
    case OpensOn::consecutive_failures:
      return consecutive_failures_ >= config_.failure_threshold;
    case OpensOn::cumulative_failures:
      return cumulative_failures_ >= config_.failure_threshold;
    case OpensOn::rate:
      break;
  }
  return volume() >= minimum_number_of_calls_ && is_rate_passed(window_.counts(), volume());
}

bool CircuitBreaker::is_rate_passed(const OutcomeWindow::Counts& counts, std::uint32_t volume) const {
  return is_passed(counts.failures, volume, config_.failure_rate_threshold, config_.rate_bound) ||
         is_passed(counts.slow, volume, config_.slow_call_rate_threshold, config_.rate_bound);
}

std::uint32_t CircuitBreaker::volume() const {
  return config_.call_volume == CallVolume::arrivals ? window_.counts().arrivals : window_.counts().results();
}

std::optional<double> CircuitBreaker::failure_rate() const { return percent_of_volume(window_.counts().failures); }

std::optional<double> CircuitBreaker::slow_call_rate() const { return percent_of_volume(window_.counts().slow); }

std::optional<double> CircuitBreaker::percent_of_volume(std::uint32_t part) const {
  const bool is_enough = volume() > 0 && volume() >= minimum_number_of_calls_;
  return is_enough ? std::optional(100.0 * part / volume()) : std::nullopt;
}

void CircuitBreaker::advance(Time now) {
  check(now >= now_, "the time of a circuit breaker never goes back");
  now_ = now;
  while (phase_.ends_at <= now) {
    enter(phase_after(phase_), phase_.ends_at);
  }
  window_.advance(now);
}

std::optional<Time> CircuitBreaker::next_change_at() const {
  return phase_.ends_at == Time::max() ? std::nullopt : std::optional(phase_.ends_at);
}

std::optional<Time> CircuitBreaker::wait_ends_at() const {
  return phase_.state == State::open ? std::optional(phase_.wait_ends_at) : std::nullopt;
}

CircuitBreaker::State CircuitBreaker::state(Time now) const {
  check(now >= now_, "the time of a circuit breaker never goes back");
  Phase phase = phase_;
  while (phase.ends_at <= now) {
    phase = phase_after(phase);
  }
  return phase.state;
}

void CircuitBreaker::transition_to(State state, Time now) {
  advance(now);
  if (state == phase_.state) {
    return;
  }
  switch (state) {
    case State::open:
      enter(open_phase(phase_, now), now);
      break;
    case State::half_open:
      enter(half_open_phase(phase_, now), now);
      break;
    case State::closed:
    case State::forced_open:
    case State::disabled:
      enter({.state = state}, now);
      break;
  }
}

CircuitBreaker::Phase CircuitBreaker::phase_after(const Phase& phase) const {
  return phase.state == State::open ? half_open_phase(phase, phase.ends_at) : open_phase(phase, phase.ends_at);
}

CircuitBreaker::Phase CircuitBreaker::open_phase(const Phase& before, Time at) const {
  const std::uint32_t openings_in_a_row = before.openings_in_a_row + 1;
  const Time wait_ends_at = at + wait_duration(openings_in_a_row);
  const bool ends_by_itself = config_.automatic_transition_from_open_to_half_open;
  return {State::open, ends_by_itself ? wait_ends_at : Time::max(), wait_ends_at, openings_in_a_row};
}

CircuitBreaker::Phase CircuitBreaker::half_open_phase(const Phase& before, Time at) const {
  const Duration wait_max = config_.max_wait_duration_in_half_open_state;
  return {State::half_open, wait_max > 0s ? at + wait_max : Time::max(), Time::max(), before.openings_in_a_row};
}

Duration CircuitBreaker::wait_duration(std::uint32_t openings_in_a_row) const {
  if (!config_.wait_durations.empty()) {
    return config_.wait_durations[std::min<std::size_t>(openings_in_a_row, config_.wait_durations.size()) - 1];
  }
  if (config_.wait_duration_multiplier == 1) {
    return std::min(config_.wait_duration_in_open_state, config_.wait_duration_max);
  }
  double wait_s = to_seconds(config_.wait_duration_in_open_state);
  const double wait_s_max = to_seconds(config_.wait_duration_max);
  for (std::uint32_t opening = 1; opening < openings_in_a_row && wait_s < wait_s_max; ++opening) {
    wait_s *= config_.wait_duration_multiplier;
  }
  return wait_s < wait_s_max ? nearest_duration(wait_s) : config_.wait_duration_max;
}

void CircuitBreaker::enter(const Phase& phase, Time at) {
  last_transition_ = {at, phase_.state, phase.state};
  ++statistics_.transitions_count;
  statistics_.opened_count += phase.state == State::open ? 1 : 0;
  ++epoch_;
  phase_ = phase;
  half_open_permits_taken_ = 0;
  half_open_results_ = {};
  interval_ends_at_ = interval_end(at);
  if ((phase.state == State::closed && config_.clears_window == ClearsWindow::on_close) ||
      (phase.state == State::open && config_.clears_window == ClearsWindow::on_open)) {
    clear_window();
  }
}

Time CircuitBreaker::interval_end(Time start) const {
  return config_.count_interval > 0s ? start + config_.count_interval : Time::max();
}

/// An interval ends with the first call or result after it, not by itself: that is when the next one begins.
void CircuitBreaker::begin_interval_if_due(Time now) {
  if (phase_.state == State::closed && now > interval_ends_at_) {
    ++epoch_;
    clear_window();
    interval_ends_at_ = interval_end(now);
  }
}

void CircuitBreaker::clear_window() {
  window_.clear();
  consecutive_failures_ = 0;
  cumulative_failures_ = 0;
}

std::string_view to_text(CircuitBreaker::State state) {
  switch (state) {
    case CircuitBreaker::State::closed:
      return "closed";
    case CircuitBreaker::State::open:
      return "open";
    case CircuitBreaker::State::half_open:
      return "half_open";
    case CircuitBreaker::State::forced_open:
      return "forced_open";
    case CircuitBreaker::State::disabled:
      break;
  }
  return "disabled";
}

}  // namespace sim::policies
