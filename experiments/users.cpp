#include "libsim/harness/run/runner.hpp"
#include "models/users/experiment.hpp"

int main(int argc, char** argv) { return sim::harness::run(sim::models::users::experiment(), argc, argv); }
