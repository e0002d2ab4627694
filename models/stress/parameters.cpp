#include "models/stress/parameter_groups.hpp"

namespace sim::models::stress {

void describe(harness::Parameters& parameters, Config& config) {
  describe_memory(parameters, config);
  describe_load(parameters, config);
  describe_computation(parameters, config);
  describe_exhaustion(parameters, config);
}

}  // namespace sim::models::stress
