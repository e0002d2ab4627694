#include "models/agents/experiment.hpp"

#include "models/agents/config.hpp"
#include "models/agents/scenarios.hpp"

namespace sim::models::agents {

harness::Experiment experiment() {
  return harness::Definition<Config>{
      .name = "agents",
      .summary = "fast, medium and slow agents that an orchestrator invokes",
      .describe = describe,
      .scenarios = {{"fast", "100 invocations of the fast agent, one after the other", fast},
                    {"medium", "100 invocations of the medium agent, one after the other", medium},
                    {"slow", "100 invocations of the slow agent, one after the other", slow},
                    {"secure", "the same invocations plain and secure", secure},
                    {"percentiles", "1000 invocations of a mix of agents at random times", percentiles},
                    {"parallel", "the three agents in sequence and in parallel", parallel},
                    {"concurrent", "100 invocations at once", concurrent}},
      .validate = validate,
      .estimate = estimate};
}

}  // namespace sim::models::agents
