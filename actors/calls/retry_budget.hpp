#pragma once

#include <cstdint>
#include <optional>
#include <variant>

#include "actors/retry/retry_budget.hpp"

namespace sim::calls {

/// One of the budgets of `policies/retry_budget.hpp`, or none, over all calls of a client.
class RetryBudget {
 public:
  struct Unlimited {
    friend bool operator==(const Unlimited&, const Unlimited&) = default;
  };
  using Config = std::variant<Unlimited, policies::WindowRetryBudget::Config, policies::ConcurrentRetryBudget::Config,
                              policies::RetryQuota::Config, policies::RetryThrottle::Config>;

  explicit RetryBudget(const Config& config)
      : budget_(std::visit([](const auto& chosen) { return made(chosen); }, config)) {}

  /// The part of one call in it. Lies in the frame of the call, so that a retry that is cut short counts as finished.
  class Call {
   public:
    Call(RetryBudget& budget, Time now) : budget_(budget) {
      ++budget_.active_requests_;
      if (auto* const window = std::get_if<policies::WindowRetryBudget>(&budget_.budget_)) {
        window->on_request(now);
      }
    }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;
    ~Call() {
      finish_retry();
      --budget_.active_requests_;
    }

    void on_success() {
      if (auto* const quota = std::get_if<policies::RetryQuota>(&budget_.budget_)) {
        quota->on_success(last_cost_);
      } else if (auto* const throttle = std::get_if<policies::RetryThrottle>(&budget_.budget_)) {
        throttle->on_success();
      }
    }

    /// Whether a retry after this failure may be made; then it counts.
    [[nodiscard]] bool try_retry(Time now, policies::ErrorClass error) {
      finish_retry();
      if (auto* const window = std::get_if<policies::WindowRetryBudget>(&budget_.budget_)) {
        return window->try_retry(now);
      }
      if (auto* const concurrent = std::get_if<policies::ConcurrentRetryBudget>(&budget_.budget_)) {
        retrying_ = concurrent->try_retry(budget_.active_requests_);
        return retrying_;
      }
      if (auto* const quota = std::get_if<policies::RetryQuota>(&budget_.budget_)) {
        const auto cost = quota->try_retry(error);
        last_cost_ = cost ? cost : last_cost_;
        return cost.has_value();
      }
      if (auto* const throttle = std::get_if<policies::RetryThrottle>(&budget_.budget_)) {
        throttle->on_failure();
        return throttle->may_retry();
      }
      return true;
    }

   private:
    void finish_retry() {
      if (retrying_) {
        std::get<policies::ConcurrentRetryBudget>(budget_.budget_).on_retry_finished();
        retrying_ = false;
      }
    }

    RetryBudget& budget_;
    bool retrying_ = false;
    std::optional<std::uint32_t> last_cost_;
  };

 private:
  using Budget = std::variant<Unlimited, policies::WindowRetryBudget, policies::ConcurrentRetryBudget,
                              policies::RetryQuota, policies::RetryThrottle>;

  static Budget made(Unlimited unlimited) { return unlimited; }
  static Budget made(const policies::WindowRetryBudget::Config& config) { return policies::WindowRetryBudget(config); }
  static Budget made(const policies::ConcurrentRetryBudget::Config& config) {
    return policies::ConcurrentRetryBudget(config);
  }
  static Budget made(const policies::RetryQuota::Config& config) { return policies::RetryQuota(config); }
  static Budget made(const policies::RetryThrottle::Config& config) { return policies::RetryThrottle(config); }

  Budget budget_;
  std::uint32_t active_requests_ = 0;
};

}  // namespace sim::calls
