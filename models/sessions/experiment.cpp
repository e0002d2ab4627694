#include "models/sessions/experiment.hpp"

#include <utility>

#include "models/faults/fault_file.hpp"
#include "models/sessions/config.hpp"
#include "models/sessions/scenarios.hpp"

namespace sim::models::sessions {

harness::Experiment experiment() {
  return harness::Definition<Config>{
      .name = "sessions",
      .summary = "chat sessions that share containers and talk to them through queues",
      .describe = describe,
      .scenarios = {{"load", "all sessions send one message at once", load},
                    {"hourly", "1000 messages and 10 interrupts within an hour, or a recorded trace", hourly},
                    {"switching", "50 messages in turn to 10 sessions of one container", switching},
                    {"preview", "200 page loads from a container that also works on messages", preview},
                    {"burst", "100 messages at once to one session", burst},
                    {"kill", "the container is killed, idle and while it works", kill},
                    {"soak", "half an hour of one session, a message every 5 s", soak}},
      .validate = validate,
      .arrivals = harness::ArrivalsInto<Config>{.columns = {"TIMESTAMP", {"ContextTokens", "GeneratedTokens"}},
                                                .store =
                                                    [](Config& config, harness::Arrivals arrivals) {
                                                      config.hourly.arrivals = std::move(arrivals);
                                                    }},
      .faults = [](Config& config, const InputFile& file) { return read_faults_into(config.faults, file); },
      .estimate = estimate};
}

}  // namespace sim::models::sessions
