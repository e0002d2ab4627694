#include "models/value_tree/experiment.hpp"

#include "models/value_tree/config.hpp"
#include "models/value_tree/scenarios.hpp"

namespace sim::models::value_tree {

harness::Experiment experiment() {
  return harness::Definition<Config>{.name = "value_tree",
                                     .summary = "five calculations on the value trees of business cases",
                                     .describe = describe,
                                     .scenarios = {{"small", "a simple value proposition: 40 nodes", small},
                                                   {"medium", "a standard business case: 341 nodes", medium},
                                                   {"large", "an enterprise with 3906 nodes", large}},
                                     .validate = validate};
}

}  // namespace sim::models::value_tree
