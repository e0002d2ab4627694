#include "actors/circuit_breaker/circuit_breaker.hpp"

namespace sim::policies {

CircuitBreaker::Config CircuitBreaker::resilience4j() {
  Config config;
  config.wait_bound = Bound::strict;
  config.late_results = LateResults::as_current;
  return config;
}

CircuitBreaker::Config CircuitBreaker::polly() {
  Config config;
  config.failure_rate_threshold = 10;
  config.slow_call_rate_threshold = 0;
  config.judged_after = JudgedAfter::failures;
  config.sliding_window_type = OutcomeWindow::Type::time_based;
  config.sliding_window_size = 10;
  config.sliding_window_bucket_width = 3s;
  config.sliding_window_bucket_start = OutcomeWindow::BucketStart::at_first_entry;
  config.late_results = LateResults::as_current;
  config.wait_duration_in_open_state = 5s;
  config.half_open_decision = HalfOpenDecision::successes;
  config.permitted_calls_in_half_open = 1;
  return config;
}

CircuitBreaker::Config CircuitBreaker::opossum() {
  Config config;
  config.slow_call_rate_threshold = 0;
  config.rate_bound = Bound::strict;
  config.minimum_number_of_calls = 0;
  config.judged_after = JudgedAfter::failures;
  config.call_volume = CallVolume::arrivals;
  config.sliding_window_type = OutcomeWindow::Type::time_based;
  config.sliding_window_size = 10;
  config.sliding_window_bucket_width = 1s;
  config.clears_window = ClearsWindow::never;
  config.half_open_results_in_window = true;
  config.late_results = LateResults::as_current;
  config.wait_duration_in_open_state = 30s;
  config.automatic_transition_from_open_to_half_open = true;
  config.half_open_decision = HalfOpenDecision::successes;
  config.permitted_calls_in_half_open = 1;
  return config;
}

CircuitBreaker::Config CircuitBreaker::gobreaker() {
  Config config;
  config.opens_on = OpensOn::consecutive_failures;
  config.failure_threshold = 6;
  config.wait_bound = Bound::strict;
  config.half_open_decision = HalfOpenDecision::successes;
  config.permitted_calls_in_half_open = 1;
  return config;
}

CircuitBreaker::Config CircuitBreaker::cockatiel_consecutive(std::uint32_t failures, Duration half_open_after) {
  Config config;
  config.opens_on = OpensOn::consecutive_failures;
  config.failure_threshold = failures;
  config.half_open_results_in_window = true;
  config.late_results = LateResults::window_only;
  config.wait_duration_in_open_state = half_open_after;
  config.half_open_decision = HalfOpenDecision::successes;
  config.permitted_calls_in_half_open = 1;
  return config;
}

CircuitBreaker::Config CircuitBreaker::cockatiel_count(double threshold, std::uint32_t size,
                                                       std::uint32_t minimum_number_of_calls,
                                                       Duration half_open_after) {
  Config config = cockatiel_consecutive(1, half_open_after);
  config.opens_on = OpensOn::rate;
  config.failure_rate_threshold = threshold;
  config.slow_call_rate_threshold = 0;
  config.rate_bound = Bound::strict;
  config.judged_after = JudgedAfter::failures;
  config.sliding_window_size = size;
  config.minimum_number_of_calls = minimum_number_of_calls == 0 ? size : minimum_number_of_calls;
  return config;
}

}  // namespace sim::policies
