#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "actors/load/zipf_keys.hpp"
#include "libsim/sim.hpp"
#include "models/agents/actors/agent_messages.hpp"

namespace sim::models::agents {

/// Invokes agents through the orchestrator and writes down how each invocation ended.
class Caller {
 public:
  enum class Pace : std::uint8_t { one_after_the_other, all_at_once, at_random_times };

  struct Config {
    std::uint32_t invocations_count = 100;
    Pace pace = Pace::one_after_the_other;
    Distribution between_invocations = exponential(50ms);  ///< at random times
    std::array<double, 3> shares = {1, 0, 0};              ///< of the agents, by number; they add up to 1
    std::optional<ZipfKeys::Config> inputs = {};           ///< nothing: every input is new
    double invalid_token_share = 0;
    double invalid_content_share = 0;
    Duration timeout = 30s;
  };

  enum class End : std::uint8_t { answered, failed, rejected, refused, timed_out };

  struct Record {
    std::uint32_t agent = 0;
    Time asked_at{};
    Time ended_at{};
    std::optional<End> end;  ///< nothing: still waited for
    actors::Invoked invoked;
  };
  using Inbox = sim::Inbox<>;

  Caller(Context& ctx, Config config, Port<actors::InvokeAgent> orchestrator);
  Process run();

  [[nodiscard]] const std::vector<Record>& records() const { return records_; }

 private:
  [[nodiscard]] actors::InvokeAgent next_invocation();
  [[nodiscard]] Task<> invoke(actors::InvokeAgent request);
  Process invoke_apart(actors::InvokeAgent request);

  Context& ctx_;
  Config config_;
  Port<actors::InvokeAgent> orchestrator_;
  std::optional<ZipfKeys> popular_;
  RandomStream& agent_rng_;
  RandomStream& input_rng_;
  RandomStream& flaw_rng_;
  RandomStream& pause_rng_;
  Tally& invocation_time_;
  std::vector<Record> records_;
};

}  // namespace sim::models::agents
