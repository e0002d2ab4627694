#include "libsim/harness/determinism/heap_shuffle.hpp"

#include <algorithm>
#include <cstddef>
#include <random>
#include <utility>

namespace sim::harness {

namespace {

constexpr std::size_t block_bytes_max = 1024;
constexpr std::size_t block_bytes_step = 16;
constexpr std::size_t holes_per_size = 256;

}  // namespace

HeapShuffle::HeapShuffle(std::uint32_t layout) {
  if (layout == 0) {
    return;
  }
  std::minstd_rand random(layout);
  std::vector<std::unique_ptr<char[]>> holes;
  for (std::size_t bytes = block_bytes_step; bytes <= block_bytes_max; bytes += block_bytes_step) {
    // Between two holes stays a block, or the allocator would join them.
    for (std::size_t count = 0; count < holes_per_size; ++count) {
      holes.push_back(std::make_unique<char[]>(bytes - sizeof(void*)));
      kept_.push_back(std::make_unique<char[]>(1));
    }
  }
  for (std::size_t index = holes.size(); index > 1; --index) {
    std::swap(holes[index - 1], holes[random() % index]);
  }
}

}  // namespace sim::harness
