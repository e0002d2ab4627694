#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "actors/calls/circuit_breaker.hpp"
#include "actors/calls/guarded_port.hpp"
#include "actors/calls/retry.hpp"
#include "actors/calls/timeout.hpp"
#include "actors/calls/turn_line.hpp"
#include "actors/circuit_breaker/call_messages.hpp"
#include "models/resilience/actors/caller.hpp"

namespace sim::models::resilience {

/// What stands between the clients and services A and B: each request takes one of its threads for as long as its
/// service takes, retries included. Threads are shared; each service has retries and a breaker of its own.
class Gateway {
 public:
  enum Service : std::uint32_t { service_a, service_b };

  struct Config {
    policies::Bulkhead::Config threads;
    Distribution own_time = lognormal_p50_p99(5ms, 40ms);  ///< per request, on its thread
    calls::Retry::Config retry;
    calls::CircuitBreaker::Config breaker;
    calls::Timeout::Config timeout;
  };
  using Inbox = sim::Inbox<actors::ServiceCall>;

  Gateway(Context& ctx, Config config, Port<actors::ServiceCall> a, Port<actors::ServiceCall> b);
  Process on(actors::ServiceCall call, ReplyTo<actors::ServiceAnswer> reply_to);

  /// When an attempt at a service was made.
  [[nodiscard]] const std::vector<Time>& attempts(Service service) const;
  [[nodiscard]] const policies::CircuitBreaker& breaker(Service service) const;
  [[nodiscard]] std::uint32_t threads_busy() const { return busy_count_; }
  [[nodiscard]] std::uint32_t waiting() const { return threads_.bulkhead().waiting(); }
  /// When the breaker of a service opened for the first time; nothing when it never did.
  [[nodiscard]] std::optional<Time> first_opened_at(Service service) const { return opened_at_[service]; }

 private:
  using GuardedService =
      calls::GuardedPort<actors::ServiceCall, calls::Retry, calls::CircuitBreaker, calls::Timeout, AttemptLog>;

  void note_opening(Service service);

  Context& ctx_;
  Config config_;
  calls::TurnLine threads_;
  GuardedService a_;
  GuardedService b_;
  std::uint32_t busy_count_ = 0;
  std::array<std::optional<Time>, 2> opened_at_{};
  RandomStream& own_rng_;
  Gauge& busy_;
  Gauge& waiting_;
  Counter& rejected_;
};

}  // namespace sim::models::resilience
