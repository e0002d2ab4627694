#include "libsim/harness/overview.hpp"
#include "models/experiments.hpp"

int main(int argc, char** argv) { return sim::harness::run_all(sim::models::experiments(), argc, argv); }
