#include "actors/retry/restart_policy.hpp"

#include <algorithm>

#include "libsim/failure.hpp"

namespace sim::policies {

RestartPolicy::Config RestartPolicy::kubernetes(Restarts restarts) {
  return {.restart_on_failure = restarts != Restarts::never,
          .initial_delay = 10s,
          .multiplier = 2,
          .delay_max = 5min,
          .reset_after = 10min,
          .restarts_max = 0,
          .restart_on_success = restarts == Restarts::always,
          .first_is_immediate = true};
}

RestartPolicy::RestartPolicy(Config config) : config_(config) {
  check(config_.multiplier >= 1, "a back-off never becomes shorter");
}

std::optional<Duration> RestartPolicy::on_end(Time now, bool restarts) {
  if (started_at_ && now - *started_at_ >= config_.reset_after) {
    ends_in_a_row_ = 0;
  }
  started_at_.reset();
  ++ends_in_a_row_;
  const bool is_spent = config_.restarts_max > 0 && ends_in_a_row_ > config_.restarts_max;
  return restarts && !is_spent ? std::optional(delay()) : std::nullopt;
}

Duration RestartPolicy::delay() const {
  if (config_.first_is_immediate && ends_in_a_row_ == 1) {
    return 0s;
  }
  Duration delay = config_.initial_delay;
  for (std::uint32_t end = config_.first_is_immediate ? 2 : 1; end < ends_in_a_row_ && delay < config_.delay_max;
       ++end) {
    delay = nearest_duration(to_seconds(delay) * config_.multiplier);
  }
  return std::min(delay, config_.delay_max);
}

}  // namespace sim::policies
