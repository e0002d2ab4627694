#include "checkout/experiment.hpp"

int main(int argc, char** argv) { return sim::harness::run(checkout::experiment(), argc, argv); }
