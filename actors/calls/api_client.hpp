#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/calls/api_messages.hpp"
#include "actors/calls/bulkhead.hpp"
#include "actors/calls/circuit_breaker.hpp"
#include "actors/calls/guarded_port.hpp"
#include "actors/calls/rate_limit.hpp"
#include "actors/calls/retry.hpp"
#include "actors/calls/timeout.hpp"
#include "actors/containers/heap_account.hpp"
#include "libsim/random/portable_math.hpp"
#include "libsim/sim.hpp"
#include "libsim/statistics/time_weighted.hpp"

namespace sim::actors {

/// The client of a provider's interface inside of an application: retries, a circuit breaker, a rate limit of its own,
/// a timeout for each attempt and a number of connections, in this order from the outside (as resilience4j stacks
/// them), and the heap that its calls use.
class ApiClient {
 public:
  using Calls = calls::GuardedPort<ApiRequest, calls::Retry, calls::CircuitBreaker, calls::RateLimit, calls::Timeout,
                                   calls::Bulkhead>;

  /// What the client knows of one operation.
  struct Operation {
    std::string name;      ///< for the monitor
    double object_mb = 0;  ///< what one call allocates, on average: request, response, everything on the way

    friend bool operator==(const Operation&, const Operation&) = default;
  };

  struct Config {
    calls::Retry::Config retry;
    calls::CircuitBreaker::Config breaker;
    calls::RateLimit::Config rate_limit;
    calls::Timeout::Config timeout;
    calls::Bulkhead::Config connections;
    policies::HeapAccount::Config heap;
    std::vector<Operation> operations;  ///< by number
    double object_cv = 0.5;             ///< coefficient of variation of what a call allocates, lognormal
    double leak_share = 0;              ///< of what a call allocated stays in use for good

    friend bool operator==(const Config&, const Config&) = default;
  };
  using Inbox = sim::Inbox<MakeApiCall>;

  ApiClient(Context& ctx, Config config, Port<ApiRequest> provider,
            std::optional<Port<RecordOperation>> monitor = std::nullopt)
      : ctx_(ctx),
        config_(std::move(config)),
        monitor_(monitor),
        calls_(ctx, "api", provider, config_.retry, config_.breaker, config_.rate_limit, config_.timeout,
               config_.connections),
        heap_(config_.heap),
        in_progress_level_(ctx.now()),
        size_rng_(ctx.random("size")),
        heap_mb_(ctx.gauge("heap_mb")) {
    heap_mb_.set(heap_.used_mb());
  }

  Process on(MakeApiCall call, ReplyTo<ApiCallEnded> reply_to) {
    const Operation& operation = config_.operations.at(static_cast<std::size_t>(call.operation));
    const double objects_mb = operation.object_mb * size_factor();
    const Time began_at = ctx_.now();
    in_progress_level_.set(ctx_.now(), static_cast<double>(++in_progress_));
    heap_.allocate(objects_mb);
    heap_mb_.set(heap_.used_mb());
    const ApiRequest request{call.operation, call.call};
    const auto outcome = co_await calls_.call(request);
    heap_.release(objects_mb, objects_mb * config_.leak_share);
    heap_mb_.set(heap_.used_mb());
    in_progress_level_.set(ctx_.now(), static_cast<double>(--in_progress_));
    ApiCallEnded ended{std::nullopt, ctx_.now() - began_at};
    if (!outcome) {
      ended.error = outcome.error();
    }
    if (monitor_) {
      ctx_.send(*monitor_, RecordOperation{operation.name, ended.took, outcome.has_value()});
    }
    ctx_.reply(reply_to, ended);
  }

  /// Calls that have not ended.
  [[nodiscard]] std::uint64_t in_progress() const { return in_progress_; }
  /// Area under their number, in calls × seconds.
  [[nodiscard]] double in_progress_integral() const { return in_progress_level_.integral(ctx_.now()); }
  [[nodiscard]] const policies::HeapAccount& heap() const { return heap_; }
  [[nodiscard]] const policies::CircuitBreaker& breaker() const { return calls_.layer<1>().policy(); }

 private:
  /// Lognormal with mean 1.
  [[nodiscard]] double size_factor() {
    const double variance = portable_log(1 + config_.object_cv * config_.object_cv);
    return portable_exp(std::sqrt(variance) * size_rng_.standard_normal() - variance / 2);
  }

  Context& ctx_;
  Config config_;
  std::optional<Port<RecordOperation>> monitor_;
  Calls calls_;
  policies::HeapAccount heap_;
  std::uint64_t in_progress_ = 0;
  TimeWeighted in_progress_level_;
  RandomStream& size_rng_;
  Gauge& heap_mb_;
};

}  // namespace sim::actors
