#include "libsim/harness/run/runner.hpp"
#include "models/workflow/experiment.hpp"

int main(int argc, char** argv) { return sim::harness::run(sim::models::workflow::experiment(), argc, argv); }
