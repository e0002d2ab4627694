#include "models/resilience/faults.hpp"

#include <fmt/format.h>

#include <limits>
#include <utility>

namespace sim::models::resilience {

namespace {

/// Not the number of a row of a schedule.
constexpr policies::ActiveFaults::Number scripted{std::numeric_limits<std::uint64_t>::max()};

}  // namespace

actors::FaultInjector::Targets fault_targets() {
  actors::FaultInjector::Targets targets;
  for (const char* const name : {"service", "service-a", "service-b"}) {
    targets[name].takes = policies::FailingService::faults();
  }
  return targets;
}

void spawn_faults(Simulation& simulation, const Config& config, const FaultyServices& services) {
  if (config.faults.rows().empty()) {
    return;
  }
  auto targets = fault_targets();
  for (const auto& [name, service] : services) {
    auto& target = targets.at(name);
    target = actors::fault_target(service, target.takes);
  }
  simulation.spawn<actors::FaultInjector>("fault-injector",
                                          actors::FaultInjector::Config{config.faults, std::move(targets)});
}

void begin_fault(Simulation& simulation, Ref<CallService> service, const policies::Fault& fault) {
  simulation.send(service, actors::ApplyFault{scripted, fault});
  simulation.run_for(Duration{0});
}

void end_fault(Simulation& simulation, Ref<CallService> service) {
  simulation.send(service, actors::EndFault{scripted});
  simulation.run_for(Duration{0});
}

void warn_of_unused_faults(harness::ScenarioRun& run, const Config& config) {
  if (!config.faults.rows().empty()) {
    run.warn(fmt::format("this scenario takes no faults: {} of {} are left out", config.faults.rows().size(),
                         config.faults.rows().size()));
  }
}

}  // namespace sim::models::resilience
