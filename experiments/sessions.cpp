#include "libsim/harness/run/runner.hpp"
#include "models/sessions/experiment.hpp"

int main(int argc, char** argv) { return sim::harness::run(sim::models::sessions::experiment(), argc, argv); }
