#include <iostream>
#include <string>
#include <vector>

#include "models/replay/command.hpp"

int main(int argc, char** argv) {
  return sim::models::replay::run(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc), std::cout,
                                  std::cerr);
}
