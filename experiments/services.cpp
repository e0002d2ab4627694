#include "libsim/harness/run/runner.hpp"
#include "models/services/experiment.hpp"

int main(int argc, char** argv) { return sim::harness::run(sim::models::services::experiment(), argc, argv); }
