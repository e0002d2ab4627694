#include "libsim/harness/run/runner.hpp"
#include "models/queueing/experiment.hpp"

int main(int argc, char** argv) { return sim::harness::run(sim::models::queueing::experiment(), argc, argv); }
