#include "actors/policies/restart_policy.hpp"

#include <algorithm>

#include "libsim/failure.hpp"

namespace sim::policies {

RestartPolicy::RestartPolicy(Config config) : config_(config) {
  check(config_.multiplier >= 1, "a back-off never becomes shorter");
}

std::optional<Duration> RestartPolicy::on_failure(Time now) {
  if (started_at_ && now - *started_at_ >= config_.reset_after) {
    failures_in_a_row_ = 0;
  }
  started_at_.reset();
  ++failures_in_a_row_;
  const bool is_spent = config_.restarts_max > 0 && failures_in_a_row_ > config_.restarts_max;
  return config_.restart_on_failure && !is_spent ? std::optional(delay()) : std::nullopt;
}

Duration RestartPolicy::delay() const {
  Duration delay = config_.initial_delay;
  for (std::uint32_t failure = 1; failure < failures_in_a_row_ && delay < config_.delay_max; ++failure) {
    delay = from_seconds(to_seconds(delay) * config_.multiplier);
  }
  return std::min(delay, config_.delay_max);
}

}  // namespace sim::policies
