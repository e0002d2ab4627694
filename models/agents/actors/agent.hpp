#pragma once

#include <cstdint>

#include "actors/server/service_messages.hpp"
#include "libsim/sim.hpp"
#include "models/agents/actors/agent_messages.hpp"

namespace sim::actors {

/// An agent of one kind: knows how long its work takes, and does it on a worker that it shares with other agents.
///
/// A call takes the setup once and the work for each of its inputs, one after the other; all answers come at its end.
class Agent {
 public:
  struct Config {
    Distribution setup_time = lognormal_p50_p99(15ms, 60ms);  ///< of a call: prepare the context, connect
    Distribution work_time = lognormal_p50_p99(90ms, 300ms);  ///< on one input
    double failure_probability = 0;                           ///< of the work on one input, found at its end

    friend bool operator==(const Config&, const Config&) = default;
  };
  using Inbox = sim::Inbox<WorkOnInputs>;

  Agent(Context& ctx, Config config, Port<ServiceRequest> workers);
  Process on(WorkOnInputs request, ReplyTo<AgentWorked> reply_to);

 private:
  Context& ctx_;
  Config config_;
  Port<ServiceRequest> workers_;
  RandomStream& setup_rng_;
  RandomStream& work_rng_;
  RandomStream& failure_rng_;
  Tally& call_;
  Tally& wait_;
  Counter& inputs_;
  std::uint64_t last_job_ = 0;
};

}  // namespace sim::actors
