#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace sim::harness {

/// Leaves the heap with holes in scrambled order for as long as it lives: objects made one after the other then lie at
/// addresses in no order, and other ones for another layout. Address randomisation by the system moves the whole heap
/// and keeps its order, so that alone it would not show code that depends on the order of addresses.
class HeapShuffle {
 public:
  /// Layout 0 leaves the heap as it is.
  explicit HeapShuffle(std::uint32_t layout);

 private:
  std::vector<std::unique_ptr<char[]>> kept_;
};

}  // namespace sim::harness
