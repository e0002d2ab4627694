#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "models/stress/config.hpp"

namespace sim::models::stress {

/// A real search for the values that occur more than once, done in steps, so that an actor can do something else in
/// between. Each step says how much it looked at, from which the simulated time comes.
class DuplicateFinder {
 public:
  virtual ~DuplicateFinder() = default;

  /// Goes on with the value at `position`: all of them have their turn once, in order. Returns the values looked at.
  virtual std::uint64_t visit(const std::vector<std::uint32_t>& values, std::size_t position) = 0;

  /// How many different values were seen again.
  [[nodiscard]] virtual std::uint64_t duplicates() const = 0;
};

/// `remembered_max` matters to a search that remembers only the values it saw last.
[[nodiscard]] std::unique_ptr<DuplicateFinder> make_finder(DuplicateSearch search, std::uint32_t remembered_max);

}  // namespace sim::models::stress
