#include "models/experiments.hpp"

#include "models/sessions/experiment.hpp"
#include "models/stress/experiment.hpp"

namespace sim::models {

std::vector<harness::Experiment> experiments() { return {sessions::experiment(), stress::experiment()}; }

}  // namespace sim::models
