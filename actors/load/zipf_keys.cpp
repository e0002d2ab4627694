#include "actors/load/zipf_keys.hpp"

#include <algorithm>
#include <cmath>

#include "libsim/failure.hpp"
#include "libsim/random/portable_math.hpp"

namespace sim {

ZipfKeys::ZipfKeys(Config config) : cumulative_(config.keys) {
  check(config.keys > 0, "there is at least one key");
  check(std::isfinite(config.exponent) && config.exponent >= 0.0, "a Zipf exponent is finite and not negative");
  double sum = 0.0;
  for (std::uint32_t rank = 1; rank <= config.keys; ++rank) {
    sum += portable_exp(-config.exponent * portable_log(rank));
    cumulative_[rank - 1] = sum;
  }
  for (double& value : cumulative_) {
    value /= sum;
  }
}

std::uint32_t ZipfKeys::draw(RandomStream& random) const {
  const auto found = std::upper_bound(cumulative_.begin(), cumulative_.end(), random.uniform01());
  return static_cast<std::uint32_t>(found - cumulative_.begin()) + 1;
}

double ZipfKeys::probability(std::uint32_t rank) const {
  check(rank >= 1 && rank <= cumulative_.size(), "a rank is between 1 and the number of keys");
  return cumulative_[rank - 1] - (rank == 1 ? 0.0 : cumulative_[rank - 2]);
}

}  // namespace sim
