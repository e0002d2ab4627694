#pragma once

#include <cstdint>

#include "actors/server/service_messages.hpp"
#include "libsim/sim.hpp"
#include "models/agents/actors/agent_messages.hpp"

namespace sim::actors {

/// What makes an invocation secure: authentication, validation of the input, encryption both ways. Each step takes its
/// own time on a thread that all invocations share; the first step that fails refuses the input.
class SecurityGate {
 public:
  struct Config {
    Distribution authentication_time = lognormal_p50_p99(2500us, 12ms);
    Distribution validation_time = lognormal_p50_p99(1ms, 5ms);
    Distribution encryption_time = lognormal_p50_p99(800us, 4ms);  ///< of an input, and again of an answer

    friend bool operator==(const Config&, const Config&) = default;
  };
  using Inbox = sim::Inbox<CheckInput, EncryptContent>;

  SecurityGate(Context& ctx, Config config, Port<ServiceRequest> threads);
  Process on(CheckInput request, ReplyTo<InputChecked> reply_to);
  Process on(EncryptContent request, ReplyTo<Encrypted> reply_to);

 private:
  [[nodiscard]] Task<> work(Duration time);

  Context& ctx_;
  Config config_;
  Port<ServiceRequest> threads_;
  RandomStream& authentication_rng_;
  RandomStream& validation_rng_;
  RandomStream& encryption_rng_;
  Tally& authentication_;
  Tally& validation_;
  Tally& encryption_;
  Counter& refused_;
  std::uint64_t last_job_ = 0;
};

}  // namespace sim::actors
