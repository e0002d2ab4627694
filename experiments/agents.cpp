#include "libsim/harness/run/runner.hpp"
#include "models/agents/experiment.hpp"

int main(int argc, char** argv) { return sim::harness::run(sim::models::agents::experiment(), argc, argv); }
