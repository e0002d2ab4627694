#include <fmt/format.h>

#include <limits>

#include "actors/rate_limit/permit_rate.hpp"
#include "actors/rate_limit/rate_limiter.hpp"
#include "models/replay/component.hpp"

namespace sim::models::replay {

namespace {

using policies::RateLimiter;

/// Buckets are told their size and their rate, windows how many permits they have.
struct LimiterConfig {
  RateLimiter::Config limiter;
  double refill_rate = 0;  ///< permits per second; 0: `limit` per `window`
};

/// A permit in thirty years: buckets take no longer windows.
constexpr double refill_rate_min = 1e-9;

RateLimiter::Config effective(const LimiterConfig& config) {
  RateLimiter::Config limiter = config.limiter;
  if (config.refill_rate > 0) {
    const policies::PermitRate rate = policies::permit_rate(config.refill_rate);
    limiter.burst = limiter.burst > 0 ? limiter.burst : limiter.limit;
    limiter.limit = rate.permits;
    limiter.window = rate.period;
  }
  return limiter;
}

void describe_limiter(harness::Parameters& parameters, LimiterConfig& config) {
  RateLimiter::Config& limiter = config.limiter;
  parameters
      .add("algorithm", limiter.algorithm,
           {{"fixed_window", RateLimiter::Algorithm::fixed_window},
            {"sliding_window_log", RateLimiter::Algorithm::sliding_window_log},
            {"sliding_window_counter", RateLimiter::Algorithm::sliding_window_counter},
            {"token_bucket", RateLimiter::Algorithm::token_bucket},
            {"leaky_bucket", RateLimiter::Algorithm::leaky_bucket},
            {"gcra", RateLimiter::Algorithm::gcra}})
      .meaning("how permits are counted")
      .source("docs/components/rate_limiter.md");
  parameters.add("limit", limiter.limit)
      .unit("permits")
      .range(1, 1'000'000'000)
      .meaning("permits per window")
      .source("assumed");
  parameters.add("window", limiter.window)
      .range(1us, 8760h)
      .meaning("the time in which they may be used, or come in")
      .source("assumed");
  parameters.add("capacity", limiter.burst)
      .unit("permits")
      .range(0, 1'000'000'000)
      .meaning("of a bucket, gcra: permits at once; 0: as limit")
      .source("a bucket that holds one window");
  parameters.add("refill_rate", config.refill_rate)
      .unit("permits/s")
      .range(0, 1'000'000)
      .meaning("of a bucket and gcra, in place of limit per window; 0: these")
      .source("every decimal is kept");
  parameters.add("starts_full", limiter.starts_full)
      .meaning("token bucket: whether it is full at time 0")
      .source("most libraries; npm limiter: off");
  parameters.add("refill_in_whole_windows", limiter.refill_in_whole_windows)
      .meaning("token bucket: permits come in at the end of each window, not bit by bit")
      .source("resilience4j: on");
  parameters.add("window_opens_with_request", limiter.window_opens_with_request)
      .meaning("fixed window: begins with the first request, not at multiples of its length")
      .source("rate-limiter-flexible: on");
  parameters.add("rejected_requests_count", limiter.rejected_requests_count)
      .meaning("fixed window: rejected requests use up permits")
      .source("rate-limiter-flexible: on");
  parameters.add("block_duration", limiter.block_duration)
      .range(0s, 8760h)
      .meaning("fixed window: nothing passes for so long after the limit was passed; 0: no block")
      .source("rate-limiter-flexible");
}

Expected<std::uint32_t> read_permits(const CsvFile& file, int place) {
  const auto column = static_cast<std::size_t>(place);
  const auto number = file.whole_number(column);
  if (!number || *number < 1 || *number > std::numeric_limits<std::uint32_t>::max()) {
    return tl::unexpected(file.wrong_field(column, "a whole number from 1 to 4294967295"));
  }
  return static_cast<std::uint32_t>(*number);
}

class RateLimiterReplay final : public Component {
 public:
  RateLimiterReplay() { describe_limiter(parameters_, config_); }

  [[nodiscard]] std::vector<Column> columns() const override { return {{"time_s"}, {"permits", false}}; }
  [[nodiscard]] Expected<void> read(const CsvFile& file, const std::vector<int>& places, Trace& /*trace*/,
                                    TraceRow& row) const override {
    if (places[1] >= 0) {
      const auto permits = read_permits(file, places[1]);
      if (!permits) {
        return tl::unexpected(permits.error());
      }
      row.permits = *permits;
    }
    return {};
  }
  [[nodiscard]] std::vector<std::string> header() const override { return {"time_s", "allowed", "retry_after_s"}; }

  [[nodiscard]] Expected<void> validate() const override {
    const bool is_bucket = config_.limiter.algorithm == RateLimiter::Algorithm::token_bucket ||
                           config_.limiter.algorithm == RateLimiter::Algorithm::leaky_bucket ||
                           config_.limiter.algorithm == RateLimiter::Algorithm::gcra;
    if (!is_bucket && (config_.refill_rate > 0 || config_.limiter.burst > 0)) {
      return unexpected(
          fmt::format("--algorithm {}: has neither --refill_rate nor --capacity, but --limit and --window",
                      to_text(config_.limiter.algorithm)));
    }
    if (config_.refill_rate > 0 && config_.refill_rate < refill_rate_min) {
      return unexpected(
          fmt::format("--refill_rate {}: expected 0, or at least {}", config_.refill_rate, refill_rate_min));
    }
    return {};
  }

  [[nodiscard]] Summary replay(const Trace& trace, const RowWriter& write) const override {
    RateLimiter limiter(effective(config_));
    std::uint64_t allowed = 0;
    std::uint64_t permits = 0;
    Duration retry_after_max{};
    for (const TraceRow& row : trace.rows) {
      const policies::RateDecision decision = limiter.acquire(row.at, row.permits);
      const bool never = decision.retry_after == forever;
      write({std::string(row.time_text), bool_text(decision.allowed),
             never ? "never" : seconds_text(decision.retry_after)});
      allowed += decision.allowed ? 1 : 0;
      permits += decision.allowed ? row.permits : 0;
      retry_after_max = never ? retry_after_max : std::max(retry_after_max, decision.retry_after);
    }
    return {{"requests", fmt::to_string(trace.rows.size())},
            {"allowed", fmt::to_string(allowed)},
            {"rejected", fmt::to_string(trace.rows.size() - allowed)},
            {"rejected share", percent_text(trace.rows.size() - allowed, trace.rows.size())},
            {"permits given", fmt::to_string(permits)},
            {"longest retry_after", seconds_text(retry_after_max) + " s"}};
  }

 private:
  LimiterConfig config_;
};

}  // namespace

std::unique_ptr<Component> make_rate_limiter(std::string_view /*preset*/) {
  return std::make_unique<RateLimiterReplay>();
}

}  // namespace sim::models::replay
