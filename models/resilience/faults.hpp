#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "models/resilience/call_service.hpp"
#include "models/resilience/config.hpp"
#include "models/resilience/measures.hpp"

namespace sim::models::resilience {

/// The services of a scenario that faults may be aimed at, by their names.
using FaultyServices = std::map<std::string, Ref<CallService>>;

/// Spawns the injector of the configured faults, when there are any. A target that the scenario does not have is
/// nobody.
void spawn_faults(Simulation& simulation, const Config& config, const FaultyServices& services);

/// What the script of a scenario does to a service, at this moment.
void begin_fault(Simulation& simulation, Ref<CallService> service, const policies::Fault& fault);
void end_fault(Simulation& simulation, Ref<CallService> service);

/// Warns when faults were given to a scenario that takes none.
void warn_of_unused_faults(harness::ScenarioRun& run, const Config& config);

}  // namespace sim::models::resilience
