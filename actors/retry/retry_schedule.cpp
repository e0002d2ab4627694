#include "actors/retry/retry_schedule.hpp"

#include <algorithm>

#include "libsim/failure.hpp"

namespace sim::policies {

namespace {

/// The nearest nanosecond; at most `forever`. Neither is negative.
Duration scaled(Duration duration, double factor) {
  const double product = static_cast<double>(duration.count()) * factor + 0.5;
  return product >= static_cast<double>(forever.count()) ? forever : Duration{static_cast<std::int64_t>(product)};
}

/// In [from, to), or `from` when that is empty.
Duration uniform_between(Duration from, Duration to, double uniform01) {
  const auto width = static_cast<double>((to - from).count());
  return to <= from ? from : from + Duration{static_cast<std::int64_t>(width * uniform01)};
}

}  // namespace

RetrySchedule::Config RetrySchedule::resilience4j() {
  return {.attempts_max = 3,
          .backoff = Backoff::constant,
          .initial_delay = 500ms,
          .delay_max = forever,
          .retryable = ErrorClasses::all()};
}

RetrySchedule::Config RetrySchedule::resilience4j_exponential_random() {
  return {.attempts_max = 3,
          .initial_delay = 500ms,
          .multiplier = 1.5,
          .delay_max = forever,
          .jitter = Jitter::randomized,
          .randomization_factor = 0.5,
          .retryable = ErrorClasses::all()};
}

RetrySchedule::Config RetrySchedule::polly() {
  return {.attempts_max = 4,
          .backoff = Backoff::constant,
          .initial_delay = 2s,
          .delay_max = forever,
          .retryable = ErrorClasses::all()};
}

RetrySchedule::Config RetrySchedule::aws_sdk() {
  return {.attempts_max = 3,
          .initial_delay = 1s,
          .multiplier = 2,
          .delay_max = 20s,
          .jitter = Jitter::full,
          .retryable = {ErrorClass::connection_failed, ErrorClass::timed_out, ErrorClass::throttled,
                        ErrorClass::server_error}};
}

RetrySchedule::Config RetrySchedule::envoy() {
  return {.attempts_max = 2,
          .initial_delay = 25ms,
          .multiplier = 2,
          .delay_max = 250ms,
          .jitter = Jitter::full,
          .retryable = {ErrorClass::connection_failed, ErrorClass::timed_out, ErrorClass::server_error}};
}

RetrySchedule::Config RetrySchedule::grpc() {
  return {.attempts_max = 4,
          .initial_delay = 100ms,
          .multiplier = 2,
          .delay_max = 1s,
          .jitter = Jitter::full,
          .retryable = {ErrorClass::connection_failed}};
}

RetrySchedule::Config RetrySchedule::cockatiel() {
  return {
      .attempts_max = 0, .initial_delay = 128ms, .multiplier = 2, .delay_max = 30s, .retryable = ErrorClasses::all()};
}

RetrySchedule::Config RetrySchedule::p_retry() {
  return {
      .attempts_max = 11, .initial_delay = 1s, .multiplier = 2, .delay_max = forever, .retryable = ErrorClasses::all()};
}

RetrySchedule::RetrySchedule(Config config, Time started_at)
    : config_(config), started_at_(started_at), now_(started_at), previous_delay_(config.initial_delay) {
  check(config_.initial_delay >= 0s, "a delay is not negative");
  check(config_.delay_max >= config_.initial_delay, "the longest delay is not shorter than the first");
  check(config_.multiplier >= 1, "a back-off never becomes shorter");
  check(config_.randomization_factor >= 0 && config_.randomization_factor <= 1, "a randomization factor is 0 to 1");
  check(config_.total_time_max >= 0s, "the time of a call is not negative");
}

RetrySchedule::Decision RetrySchedule::on_failure(Time now, ErrorClass error, double uniform01,
                                                  std::optional<Duration> retry_after) {
  check(now >= now_, "the time of a retry schedule never goes back");
  check(uniform01 >= 0 && uniform01 < 1, "a draw is from [0, 1)");
  check(!retry_after || *retry_after >= 0s, "nobody asks to be called again in the past");
  now_ = now;
  if (!config_.retryable.contains(error)) {
    return {Outcome::not_retryable, 0s};
  }
  if (config_.attempts_max > 0 && attempts_ >= config_.attempts_max) {
    return {Outcome::attempts_exhausted, 0s};
  }
  const Duration elapsed = now - started_at_;
  const Duration remaining = config_.total_time_max == forever ? forever : config_.total_time_max - elapsed;
  const bool comes_too_late = retry_after && *retry_after > remaining;
  if (remaining <= 0s || comes_too_late) {
    return {Outcome::time_exhausted, 0s};
  }
  ++attempts_;
  previous_delay_ = jittered(next_base(), uniform01);
  return {Outcome::retry, retry_after.value_or(std::min(previous_delay_, remaining))};
}

/// The delay without jitter; the next call returns the next one.
Duration RetrySchedule::next_base() {
  const Duration base = std::min(config_.delay_max, scaled(config_.initial_delay, factor_));
  const bool has_grown_enough = base == config_.delay_max || base == 0s;
  if (config_.backoff == Backoff::linear) {
    factor_ += 1;
  } else if (config_.backoff == Backoff::exponential && !has_grown_enough) {
    factor_ *= config_.multiplier;
  }
  return base;
}

Duration RetrySchedule::jittered(Duration base, double uniform01) const {
  switch (config_.jitter) {
    case Jitter::none:
      return base;
    case Jitter::full:
      return uniform_between(0s, base, uniform01);
    case Jitter::equal:
      return uniform_between(base / 2, base, uniform01);
    case Jitter::decorrelated:
      return std::min(config_.delay_max, uniform_between(config_.initial_delay, scaled(previous_delay_, 3), uniform01));
    case Jitter::randomized: {
      const Duration shortest = scaled(base, 1 - config_.randomization_factor);
      const Duration longest = scaled(base, 1 + config_.randomization_factor);
      return std::min(config_.delay_max, uniform_between(shortest, longest, uniform01));
    }
  }
  fail_check("a jitter is one of the five", SourceLine::current());
}

}  // namespace sim::policies
