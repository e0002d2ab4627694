#pragma once

#include <memory>
#include <string>

#include "libsim/kernel/observer.hpp"

namespace sim {
class Simulation;
}

namespace sim::harness {

/// Which simulation a stream of events belongs to.
struct EventOrigin {
  std::string simulation;  ///< its label within the scenario
  std::uint64_t seed = 0;
  std::uint32_t replication = 0;
};

/// Takes the events of all simulations of a scenario.
class EventSink {
 public:
  EventSink() = default;
  EventSink(const EventSink&) = delete;
  EventSink& operator=(const EventSink&) = delete;
  virtual ~EventSink() = default;

  /// An observer for a new simulation, or none. The simulation outlives neither the observer nor the sink.
  [[nodiscard]] virtual std::unique_ptr<EventObserver> observer_for(const EventOrigin& origin,
                                                                    const Simulation& simulation) = 0;
};

}  // namespace sim::harness
