#include "libsim/harness/run/runner.hpp"
#include "models/stress/experiment.hpp"

int main(int argc, char** argv) { return sim::harness::run(sim::models::stress::experiment(), argc, argv); }
