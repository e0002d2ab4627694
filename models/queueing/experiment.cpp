#include "models/queueing/experiment.hpp"

#include "models/queueing/config.hpp"
#include "models/queueing/scenarios.hpp"
#include "models/queueing/theory_table.hpp"

namespace sim::models::queueing {

harness::Experiment experiment() {
  return harness::Definition<Config>{
      .name = "queueing",
      .summary = "queueing stations and networks beside the exact theory, where a formula exists",
      .describe = describe,
      .scenarios = {{"station", "one station: arrivals, a line, servers; or customers of a finite source", station},
                    {"network", "stations with ways between them, and arrivals from outside", network},
                    {"closed", "customers who think, go through a network, and think again", closed},
                    {"trace", "exact arrival and service times, as in a simulation by hand", trace}},
      .validate = validate,
      .read_files = read_files,
      .estimate = estimate,
      .closing = [](const harness::ScenarioResult& result, const Config& config) {
        return harness::Attachment{"theory.txt", theory_table(result, config)};
      }};
}

}  // namespace sim::models::queueing
