#include <iostream>
#include <string>
#include <vector>

#include "libsim/harness/cli/environment.hpp"
#include "libsim/harness/cli/standard_output.hpp"
#include "models/replay/command.hpp"

int main(int argc, char** argv) {
  sim::harness::guard_standard_streams();
  return sim::models::replay::run(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc), std::cout,
                                  std::cerr, sim::harness::environment_of_process(argc, argv));
}
