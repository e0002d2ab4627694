#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "libsim/statistics/interval.hpp"

namespace sim::harness {

/// What makes one configuration differ from another, apart from scenario and seed.
struct Configuration {
  std::vector<std::pair<std::string, std::string>> parameters;  ///< all of them, name and value as text
  std::uint32_t replications = 1;
  double confidence = confidence_default;
  double precision = 0.0;                             ///< 0: none is asked for
  std::map<std::string, std::uint32_t> input_hashes;  ///< content of each file that was read for arrivals and samples
};

/// Eight hexadecimal digits, the same for the same configuration on every machine, whatever the order of declaration.
/// Of the files that were read only the contents count.
[[nodiscard]] std::string config_hash(const Configuration& configuration);

}  // namespace sim::harness
