#include "models/experiments.hpp"

#include "models/sessions/experiment.hpp"

namespace sim::models {

std::vector<harness::Experiment> experiments() { return {sessions::experiment()}; }

}  // namespace sim::models
