#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "actors/circuit_breaker/call_messages.hpp"
#include "actors/circuit_breaker/circuit_breaker.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// A circuit breaker that stands as an actor of its own before a service, as a sidecar does, for callers that share its
/// state. It works on one message at a time: each call, and each answer that it hands back, takes a
/// `processing_time`.
class BreakerProxy {
 public:
  struct Config {
    policies::CircuitBreaker::Config breaker = {};
    bool is_enabled = true;  ///< off: every call goes on to the service
    policies::ErrorClasses failures = {policies::ErrorClass::connection_failed, policies::ErrorClass::timed_out,
                                       policies::ErrorClass::throttled, policies::ErrorClass::server_error};
    Duration timeout = 2s;  ///< how long the service may take; then the call has failed as `timed_out`
    Distribution processing_time = lognormal_p50_p99(60us, 400us);

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// What the proxy saw and did, in this order: a result stands before the change of state that it brought about.
  struct Entry {
    enum class Kind : std::uint8_t { succeeded, failed, rejected, opened, half_opened, closed };
    Time at{};
    Kind kind = Kind::succeeded;

    friend bool operator==(const Entry&, const Entry&) = default;
  };

  using Inbox = sim::Inbox<ServiceCall>;

  BreakerProxy(Context& ctx, Config config, Port<ServiceCall> service);
  Process on(ServiceCall call, ReplyTo<ServiceAnswer> reply_to);

  [[nodiscard]] const std::vector<Entry>& journal() const { return journal_; }
  [[nodiscard]] const policies::CircuitBreaker& breaker() const { return breaker_; }

 private:
  [[nodiscard]] Duration until_processed();
  void end(policies::CircuitBreaker::Ticket ticket, std::optional<policies::ErrorClass> error, Time began);
  void note(Entry::Kind kind);
  void note_change();

  Context& ctx_;
  Config config_;
  Port<ServiceCall> service_;
  policies::CircuitBreaker breaker_;
  std::uint64_t changes_noted_ = 0;
  Time free_at_{};  ///< when what has come so far is processed
  std::vector<Entry> journal_;
  RandomStream& processing_rng_;
  Counter& rejected_;
  Counter& opened_;
};

}  // namespace sim::actors
