#include "models/resilience/experiment.hpp"

#include <string>

#include "models/faults/fault_file.hpp"
#include "models/resilience/config.hpp"
#include "models/resilience/scenarios.hpp"

namespace sim::models::resilience {

harness::Experiment experiment() {
  return harness::Definition<Config>{
      .name = "resilience",
      .summary = "breakers, compensations, failover: what keeps a workflow application alive when its parts fail",
      .describe = describe,
      .scenarios = {{"breaker", "a service fails for 90 s: its breaker opens, opens again, and closes", breaker},
                    {"compensation", "workflows that fail at each stage, and an orchestrator that is killed",
                     compensation},
                    {"partial_compensation", "workflows that fail, and each compensation fails in turn",
                     partial_compensation},
                    {"failover", "a database refuses, fails twice, hangs, and loses replicas and primary", failover},
                    {"cascade", "service A hangs: do service B and the clients go with it?", cascade},
                    {"recovery", "outages that end while the breaker is open", recovery},
                    {"intermittent", "half of the calls fail for 5 min, then none", intermittent},
                    {"metastable", "a spike of 10 s, and goodput that does not come back", metastable}},
      .validate = validate,
      .faults = [](Config& config, const InputFile& file) { return read_faults_into(config.faults, file); },
      .estimate = estimate};
}

}  // namespace sim::models::resilience
