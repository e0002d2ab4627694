#include "models/users/experiment.hpp"

#include "models/faults/fault_file.hpp"
#include "models/users/config.hpp"
#include "models/users/scenarios.hpp"

namespace sim::models::users {

harness::Experiment experiment() {
  return harness::Definition<Config>{
      .name = "users",
      .summary = "users of a workflow application with cache, connection pools, primary database and read replicas",
      .describe = describe,
      .scenarios = {{"full_workflow", "100 users run one workflow each, all at once", full_workflow},
                    {"read_heavy", "100 users read 50 records each, one after the other", read_heavy},
                    {"write_heavy", "100 users write 20 records each, one after the other", write_heavy},
                    {"ramp_up", "100 users come one by one within 10 s and run workflows", ramp_up},
                    {"sustained", "50 users run workflows for 30 s", sustained},
                    {"spike", "10 users run workflows, for 10 s there are 100", spike}},
      .validate = validate,
      .faults = [](Config& config, const InputFile& file) { return read_faults_into(config.faults, file); },
      .estimate = estimate};
}

}  // namespace sim::models::users
