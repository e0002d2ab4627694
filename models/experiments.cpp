#include "models/experiments.hpp"

#include "models/agents/experiment.hpp"
#include "models/resilience/experiment.hpp"
#include "models/services/experiment.hpp"
#include "models/sessions/experiment.hpp"
#include "models/stress/experiment.hpp"
#include "models/users/experiment.hpp"
#include "models/value_tree/experiment.hpp"
#include "models/workflow/experiment.hpp"

namespace sim::models {

std::vector<harness::Experiment> experiments() {
  return {sessions::experiment(), workflow::experiment(),   users::experiment(),    value_tree::experiment(),
          agents::experiment(),   resilience::experiment(), services::experiment(), stress::experiment()};
}

}  // namespace sim::models
