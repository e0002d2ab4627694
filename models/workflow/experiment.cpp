#include "models/workflow/experiment.hpp"

#include <string>

#include "models/faults/fault_file.hpp"
#include "models/workflow/config.hpp"
#include "models/workflow/scenarios.hpp"

namespace sim::models::workflow {

harness::Experiment experiment() {
  return harness::Definition<Config>{
      .name = "workflow",
      .summary = "from an e-mail to a published site: queue, dispatcher, containers, language model, build, deployment",
      .describe = describe,
      .scenarios = {{"stages", "one e-mail, each stage timed, from a cold start to the push", stages},
                    {"cold_warm", "3 sessions that find no container, 5 that find one", cold_warm},
                    {"sustained", "10 sessions per minute for 2 minutes", sustained},
                    {"burst", "20 sessions at the same instant", burst},
                    {"resources", "5 large sessions 10 s apart; CPU, memory and tasks every 5 s", resources}},
      .validate = validate,
      .faults = [](Config& config, const InputFile& file) { return read_faults_into(config.faults, file); },
      .estimate = estimate};
}

}  // namespace sim::models::workflow
