#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>

#include "libsim/containers/indexed_heap.hpp"

namespace sim::policies {

/// Who waits, the least rank first, equal ranks in the order of their sequence numbers, which differ. Joining and
/// leaving take time in proportion to the logarithm of the line. Members are small numbers, each in line at most once.
class RankedLine {
 public:
  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] std::size_t size() const { return heap_.size(); }
  [[nodiscard]] bool contains(std::uint32_t member) const { return heap_.contains(member); }

  /// Who is next; the line is not empty.
  [[nodiscard]] std::uint32_t front() const { return heap_.top(); }

  void join(std::uint32_t member, std::int64_t rank, std::uint64_t sequence) { heap_.push(member, {rank, sequence}); }
  void erase(std::uint32_t member) { heap_.erase(member); }

 private:
  IndexedHeap<std::pair<std::int64_t, std::uint64_t>> heap_;
};

}  // namespace sim::policies
