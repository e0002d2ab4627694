#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "actors/containers/orchestration_messages.hpp"
#include "actors/containers/session_messages.hpp"
#include "libsim/sim.hpp"

namespace sim::models::sessions {

/// A script: says something in one session after the other, waits for its end, pauses, and goes on.
class ClosedLoop {
 public:
  struct Config {
    std::string instruction;  ///< followed by a number
    bool edits_files = false;
    std::uint32_t messages_max = 0xffffffff;
    Duration duration = forever;  ///< no message is said after that time
    Distribution pause = constant(0s);
    std::uint32_t messages_per_memory_snapshot = 0;  ///< 0: none; the memory is that of the first session's container
  };
  using Inbox = sim::Inbox<>;

  ClosedLoop(Context& ctx, Config config, std::vector<Port<actors::Say>> sessions,
             Port<actors::RouteSession> orchestrator);
  Process run();

  /// What became of each message, in order; one whose end is still awaited is missing.
  [[nodiscard]] const std::vector<actors::Said>& said() const { return said_; }
  [[nodiscard]] const std::vector<double>& memory_snapshots_mb() const { return memory_snapshots_mb_; }
  [[nodiscard]] bool is_done() const { return is_done_; }

 private:
  Task<> take_memory_snapshot();

  Context& ctx_;
  Config config_;
  std::vector<Port<actors::Say>> sessions_;
  Port<actors::RouteSession> orchestrator_;
  RandomStream& pause_rng_;
  Series& memory_;
  std::vector<actors::Said> said_;
  std::vector<double> memory_snapshots_mb_;
  bool is_done_ = false;
};

}  // namespace sim::models::sessions
