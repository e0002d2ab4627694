#include "libsim/harness/run/overview.hpp"
#include "models/experiments.hpp"
#include "models/queueing/experiment.hpp"

int main(int argc, char** argv) {
  auto experiments = sim::models::experiments();
  experiments.push_back(sim::models::queueing::experiment());
  return sim::harness::run_all(experiments, argc, argv);
}
