#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

#include "libsim/failure.hpp"

namespace sim::policies {

/// Who waits, by class; within a class in the order of their sequence numbers. The lowest class that is not empty comes
/// first. Anybody may leave from anywhere in constant time. Members are small numbers, each in line at most once.
class WaitingLine {
 public:
  static constexpr std::uint32_t classes_max = 64;

  explicit WaitingLine(std::uint32_t classes = 1) : ends_(classes) {
    check(classes >= 1 && classes <= classes_max, "a line has 1 to 64 classes");
  }

  [[nodiscard]] bool empty() const { return occupied_ == 0; }
  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// Who is next; the line is not empty.
  [[nodiscard]] std::uint32_t front() const { return ends_[front_class()].first; }
  [[nodiscard]] std::uint32_t front_class() const { return static_cast<std::uint32_t>(std::countr_zero(occupied_)); }

  /// Joins at the end of the class.
  void push_back(std::uint32_t member, std::uint32_t line_class, std::uint64_t sequence) {
    insert_before(nobody, member, line_class, sequence);
  }

  /// Comes back to where the sequence number says: before all that are younger. Takes a step for each older one.
  void put_back(std::uint32_t member, std::uint32_t line_class, std::uint64_t sequence) {
    std::uint32_t younger = ends_[line_class].first;
    while (younger != nobody && links_[younger].sequence < sequence) {
      younger = links_[younger].next;
    }
    insert_before(younger, member, line_class, sequence);
  }

  void erase(std::uint32_t member) {
    const Link& link = links_[member];
    Ends& ends = ends_[link.line_class];
    (link.previous == nobody ? ends.first : links_[link.previous].next) = link.next;
    (link.next == nobody ? ends.last : links_[link.next].previous) = link.previous;
    if (ends.first == nobody) {
      occupied_ &= ~(std::uint64_t{1} << link.line_class);
    }
    --size_;
  }

  /// Calls `visit(member)` for everybody in line, in order.
  template <class Visit>
  void for_each(Visit visit) const {
    for (const Ends& ends : ends_) {
      for (std::uint32_t member = ends.first; member != nobody; member = links_[member].next) {
        visit(member);
      }
    }
  }

 private:
  static constexpr std::uint32_t nobody = std::numeric_limits<std::uint32_t>::max();

  struct Link {
    std::uint64_t sequence = 0;
    std::uint32_t previous = nobody;
    std::uint32_t next = nobody;
    std::uint32_t line_class = 0;
  };
  struct Ends {
    std::uint32_t first = nobody;
    std::uint32_t last = nobody;
  };

  void insert_before(std::uint32_t next, std::uint32_t member, std::uint32_t line_class, std::uint64_t sequence) {
    if (member >= links_.size()) {
      links_.resize(member + std::size_t{1});
    }
    Ends& ends = ends_[line_class];
    const std::uint32_t previous = next == nobody ? ends.last : links_[next].previous;
    links_[member] = {sequence, previous, next, line_class};
    (previous == nobody ? ends.first : links_[previous].next) = member;
    (next == nobody ? ends.last : links_[next].previous) = member;
    occupied_ |= std::uint64_t{1} << line_class;
    ++size_;
  }

  std::vector<Link> links_;  // by member
  std::vector<Ends> ends_;   // by class
  std::uint64_t occupied_ = 0;
  std::uint64_t size_ = 0;
};

}  // namespace sim::policies
