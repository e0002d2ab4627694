#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "libsim/harness/experiment/experiment.hpp"

namespace sim::testing {

/// The rows of parameters with their defaults that the experiment's page in docs/models lacks.
inline std::vector<std::string> undocumented_parameters(const harness::Experiment& experiment) {
  const auto setup = experiment.set_up();
  setup->parameters().check_declarations();
  std::ifstream page(std::filesystem::path(LIBSIM_TEST_DATA) / ".." / "docs" / "models" / (experiment.name() + ".md"));
  const std::string text{std::istreambuf_iterator<char>(page), {}};
  std::vector<std::string> missing;
  for (const auto& parameter : setup->parameters().all()) {
    const std::string row = "| `" + parameter->name() + "` | `" + parameter->default_text() + "` |";
    if (text.find(row) == std::string::npos) {
      missing.push_back(row);
    }
  }
  return missing;
}

}  // namespace sim::testing
