#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "libsim/failure.hpp"

namespace sim::policies {

/// A binary heap of small numbers: the one with the least key is on top, and any one can be taken out.
///
/// Needs memory for the largest number that it ever held, and takes none once it has that. Keys that are equal come out
/// in no particular order: make them different.
template <class Key>
class IndexedHeap {
 public:
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] bool contains(std::uint32_t id) const { return id < positions_.size() && positions_[id] != nowhere; }

  [[nodiscard]] std::uint32_t top() const { return entries_.front().id; }
  [[nodiscard]] const Key& top_key() const { return entries_.front().key; }
  [[nodiscard]] const Key& key_of(std::uint32_t id) const { return entries_[positions_[id]].key; }

  void push(std::uint32_t id, const Key& key) {
    if (id >= positions_.size()) {
      positions_.resize(id + std::size_t{1}, nowhere);
    }
    check(positions_[id] == nowhere, "a number is in a heap once");
    entries_.push_back({key, id});
    rise(entries_.size() - 1, {key, id});
  }

  void erase(std::uint32_t id) {
    check(contains(id), "what is taken out of a heap is in it");
    const std::size_t hole = positions_[id];
    positions_[id] = nowhere;
    const Entry last = entries_.back();
    entries_.pop_back();
    if (hole == entries_.size()) {
      return;
    }
    if (hole > 0 && last.key < entries_[parent_of(hole)].key) {
      rise(hole, last);
    } else {
      sink(hole, last);
    }
  }

 private:
  struct Entry {
    Key key;
    std::uint32_t id;
  };
  static constexpr std::uint32_t nowhere = std::numeric_limits<std::uint32_t>::max();

  static std::size_t parent_of(std::size_t position) { return (position - 1) / 2; }

  void place(std::size_t position, const Entry& entry) {
    entries_[position] = entry;
    positions_[entry.id] = static_cast<std::uint32_t>(position);
  }

  void rise(std::size_t hole, const Entry& entry) {
    while (hole > 0 && entry.key < entries_[parent_of(hole)].key) {
      place(hole, entries_[parent_of(hole)]);
      hole = parent_of(hole);
    }
    place(hole, entry);
  }

  void sink(std::size_t hole, const Entry& entry) {
    for (std::size_t child = 2 * hole + 1; child < entries_.size(); child = 2 * hole + 1) {
      if (child + 1 < entries_.size() && entries_[child + 1].key < entries_[child].key) {
        ++child;
      }
      if (!(entries_[child].key < entry.key)) {
        break;
      }
      place(hole, entries_[child]);
      hole = child;
    }
    place(hole, entry);
  }

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> positions_;  // by number
};

}  // namespace sim::policies
