#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "libsim/failure.hpp"

namespace sim::policies {

/// Who waits, in random order: whoever is next is each of those in line with the same probability, whatever happened
/// before. Members are small numbers, each in line at most once; everything takes constant time.
///
/// The line is kept as a random permutation: a newcomer changes places with one at random (or stays where it is), which
/// is the inside-out shuffle of Knuth, The Art of Computer Programming vol. 2, section 3.4.2. A hole is filled by the
/// last member, which leaves the others in random order.
class ShuffledLine {
 public:
  [[nodiscard]] bool empty() const { return members_.empty(); }
  [[nodiscard]] std::size_t size() const { return members_.size(); }
  [[nodiscard]] bool contains(std::uint32_t member) const {
    return member < positions_.size() && positions_[member] != nowhere;
  }

  /// Who is next; the line is not empty.
  [[nodiscard]] std::uint32_t front() const { return members_.back(); }

  /// `lot` is uniform in [0, 1) and independent of everything else.
  void join(std::uint32_t member, double lot) {
    check(lot >= 0.0 && lot < 1.0, "a lot is between 0 and 1");
    check(!contains(member), "a member is in line once");
    if (member >= positions_.size()) {
      positions_.resize(member + std::size_t{1}, nowhere);
    }
    const std::size_t places = members_.size() + 1;
    const std::size_t drawn = std::min(static_cast<std::size_t>(lot * static_cast<double>(places)), places - 1);
    members_.push_back(member);
    put(places - 1, members_[drawn]);
    put(drawn, member);
  }

  void erase(std::uint32_t member) {
    check(contains(member), "who leaves a line is in it");
    const std::size_t hole = positions_[member];
    put(hole, members_.back());
    positions_[member] = nowhere;
    members_.pop_back();
  }

 private:
  static constexpr std::size_t nowhere = std::numeric_limits<std::size_t>::max();

  void put(std::size_t position, std::uint32_t member) {
    members_[position] = member;
    positions_[member] = position;
  }

  std::vector<std::uint32_t> members_;
  std::vector<std::size_t> positions_;  // by member
};

}  // namespace sim::policies
