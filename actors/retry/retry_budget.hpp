#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "actors/retry/error_class.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// Four ways to keep the retries of all calls of a client within bounds, so that they do not multiply the load of a
/// service that is in trouble. A retry that is refused is not made; first attempts are never refused.

/// At most `retries_min + budget_percent % of the first attempts` retries in a sliding window.
///
/// The window is made of `slices` equal parts and covers the current one and those before it, hence between 90 % and
/// all of `window`. Source: finagle, RetryBudget (ttl 10 s, percentCanRetry 20 %, minRetriesPerSec 10), which tower and
/// linkerd share; there each retry uses up deposits, here retries and requests leave the window together.
class WindowRetryBudget {
 public:
  static constexpr std::int64_t slices = 10;

  struct Config {
    std::uint32_t budget_percent = 20;  ///< of the first attempts of the window
    std::uint32_t retries_min = 100;    ///< per window, on top of that; 0: none
    Duration window = 10s;              ///< a whole number of nanoseconds per slice

    friend bool operator==(const Config&, const Config&) = default;
  };

  [[nodiscard]] static Config finagle() { return {20, 100, 10s}; }

  explicit WindowRetryBudget(Config config);

  /// A first attempt is made.
  void on_request(Time now);
  /// Whether a retry may be made now; then it counts.
  [[nodiscard]] bool try_retry(Time now);

  /// First attempts and retries of the window as of the last call.
  [[nodiscard]] std::uint64_t requests() const { return requests_; }
  [[nodiscard]] std::uint64_t retries() const { return retries_; }

 private:
  struct Slice {
    std::uint64_t requests = 0;
    std::uint64_t retries = 0;
  };

  Slice& advance(Time now);

  Config config_;
  Time now_{};
  std::int64_t slice_ = 0;  ///< number of the current one, counted from the start of the simulation
  std::array<Slice, slices> ring_{};
  std::uint64_t requests_ = 0;
  std::uint64_t retries_ = 0;
};

/// At most so many retries going on at once: a percentage of all requests that are active, but never fewer than a
/// minimum. Source: Envoy, circuit breaker thresholds, RetryBudget (budget_percent 20 %, min_retry_concurrency 3).
class ConcurrentRetryBudget {
 public:
  struct Config {
    std::uint32_t budget_percent = 20;  ///< of the active requests, rounded down
    std::uint32_t min_retry_concurrency = 3;

    friend bool operator==(const Config&, const Config&) = default;
  };

  [[nodiscard]] static Config envoy() { return {20, 3}; }

  explicit ConcurrentRetryBudget(Config config) : config_(config) {}

  /// Whether a retry may begin while `active_requests` are active or waiting for a connection; then it is going on
  /// until `on_retry_finished`.
  [[nodiscard]] bool try_retry(std::uint32_t active_requests);
  void on_retry_finished();

  [[nodiscard]] std::uint32_t active_retries() const { return active_retries_; }

 private:
  Config config_;
  std::uint32_t active_retries_ = 0;
};

/// Tokens that retries cost and successes bring back. Source: botocore, standard retry mode, RetryQuotaChecker.
class RetryQuota {
 public:
  struct Config {
    std::uint32_t capacity = 500;  ///< tokens; also there at the start
    std::uint32_t retry_cost = 5;
    std::uint32_t timeout_retry_cost = 10;  ///< of a retry after `ErrorClass::timed_out`
    std::uint32_t no_retry_increment = 1;   ///< what a success at the first attempt brings

    friend bool operator==(const Config&, const Config&) = default;
  };

  [[nodiscard]] static Config aws_sdk() { return {500, 5, 10, 1}; }

  explicit RetryQuota(Config config);

  /// Takes the cost of a retry after such an error and returns it, or nothing when there are fewer tokens left.
  [[nodiscard]] std::optional<std::uint32_t> try_retry(ErrorClass error);
  /// A call succeeded: what its last retry cost comes back, `no_retry_increment` when it made none. Never above the
  /// capacity.
  void on_success(std::optional<std::uint32_t> last_retry_cost);

  [[nodiscard]] std::uint32_t tokens() const { return tokens_; }

 private:
  Config config_;
  std::uint32_t tokens_;
};

/// Tokens that failures cost, whether retried or not; retries are made only while more than half of them are left.
/// Source: gRFC A6, "Throttling Retry Attempts and Hedged RPCs". gRPC has no defaults; these are those of its examples.
class RetryThrottle {
 public:
  struct Config {
    std::uint32_t tokens_max = 10;  ///< up to 1000; also there at the start
    double token_ratio = 0.1;       ///< what a success brings back; above 0, decimals beyond the third are ignored

    friend bool operator==(const Config&, const Config&) = default;
  };

  [[nodiscard]] static Config grpc() { return {10, 0.1}; }

  explicit RetryThrottle(Config config);

  /// An attempt failed in a retryable way: one token less, but never below none.
  void on_failure();
  /// An attempt succeeded.
  void on_success();
  /// Whether there is more than half of `tokens_max`; exactly half is not enough.
  [[nodiscard]] bool may_retry() const { return 2 * thousandths_ > thousandths_max_; }

  [[nodiscard]] std::uint32_t thousandths_of_tokens() const { return thousandths_; }

 private:
  std::uint32_t thousandths_max_;
  std::uint32_t thousandths_per_success_ = 0;
  std::uint32_t thousandths_;
};

}  // namespace sim::policies
