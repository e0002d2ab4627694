#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/calls/retry.hpp"
#include "actors/circuit_breaker/circuit_breaker.hpp"
#include "actors/containers/heap_account.hpp"
#include "actors/rate_limit/rate_limiter.hpp"
#include "libsim/harness/experiment/parameters.hpp"
#include "libsim/harness/experiment/work_estimate.hpp"
#include "libsim/sim.hpp"

namespace sim::models::services {

/// The three providers: payments, content, images.
enum class ProviderId : std::uint8_t { stripe, contentful, cloudinary };

inline constexpr std::array<ProviderId, 3> all_providers = {ProviderId::stripe, ProviderId::contentful,
                                                            ProviderId::cloudinary};

[[nodiscard]] constexpr std::size_t index_of(ProviderId provider) { return static_cast<std::size_t>(provider); }

/// An operation of a provider.
struct OperationConfig {
  std::string name;  ///< without that of the provider
  Distribution latency;
  std::string latency_source;  ///< where its default comes from
  double object_mb = 0.3;
  Duration threshold = 1s;  ///< for the monitor
  std::string baseline;     ///< its stored sample of response times, see `parse_baseline`
};

/// A provider and its rate limit.
struct ProviderConfig {
  std::string name;
  std::uint32_t limit = 100;  ///< requests per window
  Duration limit_window = 1s;
  std::string limit_source;
  double error_probability = 0.005;  ///< of each request
  std::vector<OperationConfig> operations;
};

/// What the clients of all providers have in common.
struct ClientConfig {
  bool limiter = true;
  policies::RateLimiter::Algorithm limiter_algorithm = policies::RateLimiter::Algorithm::sliding_window_log;
  Duration limiter_wait_max = 5s;
  std::uint32_t attempts_max = 3;
  Duration retry_delay = 500ms;
  bool retries_when_throttled = false;
  bool breaker = true;
  std::uint32_t failure_threshold = 5;
  std::uint32_t success_threshold = 2;
  Duration wait_duration_in_open_state = 60s;
  Duration timeout = 30s;
  std::uint32_t connections_max = 25;
  policies::HeapAccount::Config heap;
  double object_cv = 0.5;
  double leak_share = 0.01;
};

/// Everything that can be set about the providers, their clients and the scenarios.
struct Config {
  std::array<ProviderConfig, 3> providers;  ///< by `ProviderId`
  double hang_probability = 0.0001;
  Distribution refusal_latency = lognormal_p50_p99(40ms, 200ms);
  ClientConfig client;

  struct Load {
    std::uint32_t sequential_calls = 50;
    std::uint32_t concurrent_calls = 100;
    std::uint32_t concurrency = 10;
    bool in_batches = true;  ///< the next ones begin when all of a batch have ended
  } load;

  struct RateLimitTest {
    std::uint32_t attempts = 110;
    Duration pause = 10ms;
    std::uint32_t limit = 100;
    Duration window = 60s;
    Duration window_short = 1s;
    Duration starts_after = 0s;
  } rate_limit;

  struct BreakerTest {
    std::uint32_t failing_calls = 7;
    Duration pause = 0s;  ///< before the good call
  } breaker;

  struct Monitor {
    Duration duration = 15min;
    Distribution pause = exponential(1s);
    std::uint32_t window_calls = 20;
    double percentile = 50;
    double recovery_share = 0.9;
    Duration brownout_starts_after = 5min;
    Duration brownout_duration = 3min;
    double brownout_latency_factor = 8;
    double brownout_error_probability = 0.05;
  } monitor;

  enum class BaselineSource { stored, measured };

  struct Regression {
    BaselineSource baseline = BaselineSource::stored;
    std::uint32_t baseline_runs = 25;
    std::uint32_t runs = 20;
    std::uint32_t calls = 200;  ///< per operation and run
    double slowdown = 1.3;
    double level = 0.0001;  ///< of a run: all operations together
  } regression;

  Config();

  [[nodiscard]] const ProviderConfig& provider(ProviderId id) const { return providers[index_of(id)]; }
};

/// Declares every parameter, bound to `config`.
void describe(harness::Parameters& parameters, Config& config);

/// Refuses values that contradict each other.
[[nodiscard]] Expected<void> validate(const Config& config);

/// About how many events a scenario has.
[[nodiscard]] std::optional<harness::WorkEstimate> estimate(std::string_view scenario, const Config& config);

}  // namespace sim::models::services
