#pragma once

#include <cstdint>
#include <vector>

#include "libsim/random/stream.hpp"

namespace sim {

/// Draws keys by popularity: rank 1 … `keys`, rank r with a probability proportional to 1 / r^`exponent`.
///
/// Exact up to the rounding of a double, by a search in the table of cumulative probabilities: one draw of the stream
/// per key, and a larger draw gives a rank that is not lower, so that paired runs with other exponents stay alike.
/// Source: Zipf's law as used for web caches by Breslau and others, "Web Caching and Zipf-like Distributions", IEEE
/// INFOCOM (1999).
class ZipfKeys {
 public:
  struct Config {
    std::uint32_t keys = 1'000;
    double exponent = 1.0;  ///< 0: all keys are equally popular

    friend bool operator==(const Config&, const Config&) = default;
  };

  explicit ZipfKeys(Config config);

  /// The rank of the next key, from 1.
  [[nodiscard]] std::uint32_t draw(RandomStream& random) const;

  /// The probability of a rank, from 1.
  [[nodiscard]] double probability(std::uint32_t rank) const;

 private:
  std::vector<double> cumulative_;  ///< of ranks 1 …; the last is 1
};

}  // namespace sim
