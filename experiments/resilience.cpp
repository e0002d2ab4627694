#include "libsim/harness/run/runner.hpp"
#include "models/resilience/experiment.hpp"

int main(int argc, char** argv) { return sim::harness::run(sim::models::resilience::experiment(), argc, argv); }
