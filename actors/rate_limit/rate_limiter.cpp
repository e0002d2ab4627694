#include "actors/rate_limit/rate_limiter.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace sim::policies {

RateLimiter::RateLimiter(const Config& config, Time start) : limiter_(made(config, start)) {}

RateLimiter::Limiter RateLimiter::made(const Config& config, Time start) {
  const std::uint32_t burst = config.burst > 0 ? config.burst : config.limit;
  switch (config.algorithm) {
    case Algorithm::fixed_window: {
      const auto anchor = config.window_opens_with_request ? FixedWindow::Anchor::first_request
                                                           : FixedWindow::Anchor::multiples_of_window;
      return FixedWindow{{config.limit, config.window, anchor, config.rejected_requests_count, config.block_duration}};
    }
    case Algorithm::sliding_window_log:
      return SlidingWindowLog{{config.limit, config.window}};
    case Algorithm::sliding_window_counter:
      return SlidingWindowCounter{{config.limit, config.window}};
    case Algorithm::token_bucket: {
      const auto refill =
          config.refill_in_whole_windows ? TokenBucket::Refill::whole_periods : TokenBucket::Refill::continuous;
      return TokenBucket{
          {burst, config.limit, config.window, refill, config.starts_full, config.interval_permits_max, config.window},
          start};
    }
    case Algorithm::leaky_bucket:
      return LeakyBucket{{burst, config.limit, config.window}};
    case Algorithm::gcra:
      return Gcra{{burst, config.limit, config.window}};
  }
  fail_check("a rate limiter has one of the six algorithms", SourceLine::current());
}

std::string_view to_text(RateLimiter::Algorithm algorithm) {
  return rate_limiter_algorithm_names[static_cast<std::size_t>(algorithm)];
}

Expected<RateLimiter::Algorithm> parse_rate_limiter_algorithm(std::string_view name) {
  const auto& names = rate_limiter_algorithm_names;
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    return unexpected(
        fmt::format("\"{}\": expected the name of a rate limiter, one of {}", name, fmt::join(names, ", ")));
  }
  return static_cast<RateLimiter::Algorithm>(found - names.begin());
}

}  // namespace sim::policies
