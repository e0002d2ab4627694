#pragma once

#include <cstddef>
#include <numeric>
#include <utility>
#include <vector>

#include "libsim/random/stream.hpp"

namespace sim {

/// The numbers 0 … n-1 in random order, each order equally likely: the shuffle of Fisher and Yates as in Knuth, The Art
/// of Computer Programming 2, algorithm 3.4.2 P. Takes n - 1 draws or a few more; none below 2.
[[nodiscard]] inline std::vector<std::size_t> random_permutation(std::size_t n, RandomStream& random) {
  std::vector<std::size_t> order(n);
  std::iota(order.begin(), order.end(), std::size_t{0});
  for (std::size_t left = n; left > 1; --left) {
    std::swap(order[left - 1], order[random.below(left)]);
  }
  return order;
}

}  // namespace sim
