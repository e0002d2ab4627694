#include "libsim/harness/run/runner.hpp"
#include "models/value_tree/experiment.hpp"

int main(int argc, char** argv) { return sim::harness::run(sim::models::value_tree::experiment(), argc, argv); }
