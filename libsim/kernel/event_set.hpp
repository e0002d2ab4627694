#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <boost/align/aligned_allocator.hpp>

#include "libsim/kernel/event.hpp"
#include "libsim/time.hpp"

namespace sim::detail {

/// The future event set: orders events by time, then by sequence number, both 64 bits wide. The sequence number is what
/// makes events at equal times reproducible.
///
/// Events for the present instant bypass the heap through a ring: their order is their sequence. Future events lie in a
/// 4-ary heap (Johnson 1975; LaMarca and Ladner 1996) whose groups of four siblings are one cache line each and whose
/// least sibling is picked without branches. Removing the root leaves a hole that the next insertion fills in one pass,
/// since most events schedule their successor.
class EventSet {
 public:
  struct Entry {
    Time at;
    Event* event;     ///< null when there is none
    bool is_present;  ///< scheduled for the present instant
  };

  [[nodiscard]] bool empty() const { return ring_head_ == ring_tail_ && size_ == static_cast<std::size_t>(has_hole_); }
  [[nodiscard]] std::size_t size() const {
    return ring_tail_ - ring_head_ + size_ - static_cast<std::size_t>(has_hole_);
  }

  /// Adds an event for the present instant.
  void push_now(std::uint64_t sequence, Event* event) {
    if (ring_tail_ - ring_head_ > ring_mask_) [[unlikely]] {
      grow_ring();
    }
    ring_[ring_tail_++ & ring_mask_] = {sequence, event};
  }

  /// Adds an event for a later instant. Out of line: the sifting is longer than the rest of what schedules an event.
  [[gnu::noinline]] void push_later(Time at, std::uint64_t sequence, Event* event) {
    const Key key = make_key(at, sequence);
    if (has_hole_) {
      has_hole_ = false;
      sift_from_root(key, event);
      return;
    }
    if (size_ == capacity_) [[unlikely]] {
      grow_heap();
    }
    sift_up(size_++, key, event);
  }

  /// The next entry, which stays where it is. `now` is the present instant.
  [[nodiscard]] Entry peek(Time now) {
    fill_hole();
    if (ring_head_ != ring_tail_) {
      const RingEntry& front = ring_[ring_head_ & ring_mask_];
      if (size_ == 0 || make_key(now, front.sequence) < key_at(0)) {
        return {now, front.event, true};
      }
    } else if (size_ == 0) {
      return {now, nullptr, false};
    }
    return {time_of(key_at(0)), event_at(0), false};
  }

  /// Removes the entry that `peek` showed.
  void pop(const Entry& shown) {
    if (shown.is_present) {
      ++ring_head_;
    } else {
      has_hole_ = true;
    }
  }

  /// Removes every later event for which `is_dead(event)` holds. Linear in the number of events.
  template <class Predicate>
  void remove_later_if(Predicate is_dead) {
    fill_hole();
    std::size_t kept = 0;
    for (std::size_t i = 0; i < size_; ++i) {
      if (!is_dead(*event_at(i))) {
        place(kept++, key_at(i), event_at(i));
      }
    }
    size_ = kept;
    // Build the heap bottom up. The order of events does not depend on how the heap came about: keys are unique.
    for (std::size_t i = size_ / arity + 1; i-- > 0;) {
      if (i < size_) {
        sift_down(i, key_at(i), event_at(i));
      }
    }
  }

  /// Calls `visit(event)` for every entry, in no particular order.
  template <class Visitor>
  void for_each(Visitor visit) {
    fill_hole();
    for (std::size_t i = ring_head_; i != ring_tail_; ++i) {
      visit(*ring_[i & ring_mask_].event);
    }
    for (std::size_t i = 0; i < size_; ++i) {
      visit(*event_at(i));
    }
  }

 private:
  __extension__ using Key = unsigned __int128;  // time in the upper half, sequence in the lower
  struct RingEntry {
    std::uint64_t sequence;
    Event* event;
  };

  static constexpr std::size_t arity = 4;
  static constexpr std::size_t offset = 3;  // puts the first group of siblings (1..4) at the start of a cache line

  static Key make_key(Time at, std::uint64_t sequence) {
    return (static_cast<Key>(static_cast<std::uint64_t>(at.time_since_epoch().count())) << 64) | sequence;
  }
  static Time time_of(Key key) {
    return Time{Duration{static_cast<std::int64_t>(static_cast<std::uint64_t>(key >> 64))}};
  }

  [[nodiscard]] const Key& key_at(std::size_t i) const { return keys_[i + offset]; }
  [[nodiscard]] Event* event_at(std::size_t i) const { return events_[i + offset]; }
  void place(std::size_t i, Key key, Event* event) {
    keys_[i + offset] = key;
    events_[i + offset] = event;
  }

  void fill_hole() {
    if (has_hole_) [[unlikely]] {
      close_hole();
    }
  }

  // Out of line: the caller is the innermost loop and seldom needs it.
  [[gnu::noinline]] void close_hole() {
    has_hole_ = false;
    --size_;
    if (size_ != 0) {
      sift_from_root(key_at(size_), event_at(size_));
    }
  }

  void sift_up(std::size_t i, Key key, Event* event) {
    Key* const keys = keys_.data() + offset;
    Event** const events = events_.data() + offset;
    while (i != 0) {
      const std::size_t parent = (i - 1) / arity;
      if (keys[parent] < key) {
        break;
      }
      keys[i] = keys[parent];
      events[i] = events[parent];
      i = parent;
    }
    keys[i] = key;
    events[i] = event;
  }

  [[nodiscard]] static std::size_t least_child(const Key* keys, std::size_t first, std::size_t size) {
    if (first + arity <= size) [[likely]] {
      const Key* const k = keys + first;
      const auto a = static_cast<std::size_t>(k[1] < k[0]);
      const auto b = 2 + static_cast<std::size_t>(k[3] < k[2]);
      const auto take_b = static_cast<std::size_t>(k[b] < k[a]);
      return first + a + ((0 - take_b) & (b - a));
    }
    std::size_t least = first;
    for (std::size_t child = first + 1; child < size; ++child) {
      if (keys[child] < keys[least]) {
        least = child;
      }
    }
    return least;
  }

  /// Moves the hole at the root to the bottom, then the new key up from there: a new event is rarely early.
  void sift_from_root(Key key, Event* event) {
    Key* const keys = keys_.data() + offset;
    Event** const events = events_.data() + offset;
    const std::size_t size = size_;
    std::size_t hole = 0;
    for (std::size_t first = 1; first < size; first = arity * hole + 1) {
      const std::size_t child = least_child(keys, first, size);
      keys[hole] = keys[child];
      events[hole] = events[child];
      hole = child;
    }
    sift_up(hole, key, event);
  }

  void sift_down(std::size_t i, Key key, Event* event) {
    for (std::size_t first = arity * i + 1; first < size_; first = arity * i + 1) {
      const std::size_t child = least_child(keys_.data() + offset, first, size_);
      if (key < key_at(child)) {
        break;
      }
      place(i, key_at(child), event_at(child));
      i = child;
    }
    place(i, key, event);
  }

  void grow_heap() {
    capacity_ = capacity_ == 0 ? 61 : 2 * capacity_ + offset;
    keys_.resize(capacity_ + offset);
    events_.resize(capacity_ + offset);
  }

  void grow_ring() {
    const std::size_t mask = 2 * ring_mask_ + 1;
    std::vector<RingEntry> larger(mask + 1);
    for (std::size_t i = ring_head_; i != ring_tail_; ++i) {
      larger[i & mask] = ring_[i & ring_mask_];
    }
    ring_ = std::move(larger);
    ring_mask_ = mask;
  }

  std::vector<Key, boost::alignment::aligned_allocator<Key, 64>> keys_;
  std::vector<Event*> events_;
  std::size_t size_ = 0;  // with the hole, if there is one
  std::size_t capacity_ = 0;
  bool has_hole_ = false;       // the root was removed and its place is still open
  std::size_t ring_mask_ = 63;  // its size, a power of two, less one
  std::vector<RingEntry> ring_ = std::vector<RingEntry>(ring_mask_ + 1);
  std::size_t ring_head_ = 0;  // counts all that were ever taken out
  std::size_t ring_tail_ = 0;  // counts all that were ever put in
};

}  // namespace sim::detail
