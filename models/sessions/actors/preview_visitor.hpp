#pragma once

#include <cstdint>
#include <vector>

#include "actors/containers/orchestration_messages.hpp"
#include "actors/monitoring/monitor_messages.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// Loads preview pages of random sessions: looks up the container, asks it for the page, and receives its bytes.
class PreviewVisitor {
 public:
  struct Config {
    std::uint32_t loads_count = 200;
    Distribution between_loads = exponential(1s);
    Distribution network_latency = lognormal_p50_p99(30ms, 150ms);  ///< there and back
    Distribution transfer = lognormal_p50_p99(150ms, 600ms);        ///< all bytes of the page
    Duration timeout = 10s;  ///< a load that fails or takes longer counts as this
    std::vector<SessionId> sessions{};
  };
  struct Ports {
    Port<RouteSession> orchestrator;
    Port<RecordMetric> monitor;
  };
  using Inbox = sim::Inbox<>;

  PreviewVisitor(Context& ctx, Config config, Ports ports);
  Process run();

  /// How long each load took, from request to last byte.
  [[nodiscard]] const std::vector<Duration>& load_times() const { return load_times_; }

 private:
  Process load(SessionId session);
  void record(Duration load_time);

  Context& ctx_;
  Config config_;
  Ports ports_;
  RandomStream& arrival_rng_;
  RandomStream& session_rng_;
  RandomStream& network_rng_;
  Tally& load_;
  Counter& failures_;
  std::vector<Duration> load_times_;
};

}  // namespace sim::actors
