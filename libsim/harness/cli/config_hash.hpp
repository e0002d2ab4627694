#pragma once

#include <string>
#include <utility>
#include <vector>

#include "libsim/files/content_hash.hpp"
#include "libsim/files/input_files.hpp"

namespace sim::harness {

/// What makes one configuration differ from another, apart from scenario and seed.
struct Configuration {
  std::vector<std::pair<std::string, std::string>> parameters;  ///< all of them, name and value as text
  std::vector<std::pair<std::string, std::string>> flags;       ///< those that change what results mean, as given
  std::vector<InputHash> inputs;                                ///< each file that was read
};

/// The same for the same configuration on every machine, whatever the order of declaration. Of a file that a flag names
/// only the content counts; one that a parameter names counts with that name, which is its value.
[[nodiscard]] ContentHash config_hash(const Configuration& configuration);

}  // namespace sim::harness
