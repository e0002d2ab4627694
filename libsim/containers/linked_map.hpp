#pragma once

#include <boost/container_hash/hash.hpp>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace sim::policies {

/// A hash map whose entries also stand in a line, oldest first: what caches and waiting lines are made of.
///
/// Entries lie in one vector, are found through chains of places in it, and a freed place is used again: once the map
/// has had its largest size it allocates nothing. The order is that of the line, never that of the hashes. A copy goes
/// its own way. An erased entry keeps its memory until its place is used again.
template <class Key, class Value, class Hash = boost::hash<Key>>
class LinkedMap {
 public:
  /// Where an entry lies; valid until that entry is erased.
  using Place = std::uint32_t;
  static constexpr Place nowhere = 0xffffffff;

  LinkedMap() : heads_(std::size_t{1} << bits_min, nowhere) {}

  /// `nowhere`: there is no such key.
  [[nodiscard]] Place find(const Key& key) const {
    Place place = heads_[chain_of(key)];
    while (place != nowhere && !(slots_[place].key == key)) {
      place = slots_[place].next_in_chain;
    }
    return place;
  }
  [[nodiscard]] bool contains(const Key& key) const { return find(key) != nowhere; }

  /// A new entry at the end of the line. The key is not in the map yet, which is not checked. The value is whatever an
  /// earlier entry left there: assign it.
  Place add_newest(const Key& key) {
    const Place place = take_place();
    slots_[place].key = key;
    link_to_chain(place);
    link_newest(place);
    ++size_;
    return place;
  }
  Place add_newest(const Key& key, Value value) {
    const Place place = add_newest(key);
    slots_[place].value = std::move(value);
    return place;
  }

  /// To the end of the line.
  void make_newest(Place place) {
    if (place != newest_) {
      unlink(place);
      link_newest(place);
    }
  }

  void erase(Place place) {
    unlink_from_chain(place);
    unlink(place);
    slots_[place].next_in_chain = free_;
    free_ = place;
    --size_;
  }

  void clear() {
    while (size_ > 0) {
      erase(oldest_);
    }
  }

  [[nodiscard]] const Key& key(Place place) const { return slots_[place].key; }
  [[nodiscard]] const Value& value(Place place) const { return slots_[place].value; }
  [[nodiscard]] Value& value(Place place) { return slots_[place].value; }

  [[nodiscard]] Place oldest() const { return oldest_; }
  [[nodiscard]] Place newest() const { return newest_; }
  [[nodiscard]] Place next_newer(Place place) const { return slots_[place].newer; }
  [[nodiscard]] Place next_older(Place place) const { return slots_[place].older; }

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  /// The largest size so far: memory is there for that many.
  [[nodiscard]] std::size_t places() const { return slots_.size(); }

 private:
  struct Slot {
    Key key{};
    Value value{};
    Place older = nowhere;
    Place newer = nowhere;
    Place next_in_chain = nowhere;  ///< of a free slot: the next free one
  };
  static constexpr unsigned bits_min = 3;

  /// The high bits of a product with 2^64 / golden ratio: also keys in regular steps are spread evenly.
  [[nodiscard]] std::size_t chain_of(const Key& key) const {
    return static_cast<std::size_t>((std::uint64_t{Hash{}(key)} * 0x9e3779b97f4a7c15u) >> (64 - bits_));
  }

  Place take_place() {
    if (free_ != nowhere) {
      const Place place = free_;
      free_ = slots_[place].next_in_chain;
      return place;
    }
    slots_.emplace_back();
    if (slots_.size() > heads_.size()) {
      double_chains();
    }
    return static_cast<Place>(slots_.size() - 1);
  }

  void double_chains() {
    ++bits_;
    heads_.assign(std::size_t{1} << bits_, nowhere);
    for (Place place = oldest_; place != nowhere; place = slots_[place].newer) {
      link_to_chain(place);
    }
  }

  void link_to_chain(Place place) {
    Place& head = heads_[chain_of(slots_[place].key)];
    slots_[place].next_in_chain = head;
    head = place;
  }

  void unlink_from_chain(Place place) {
    Place* link = &heads_[chain_of(slots_[place].key)];
    while (*link != place) {
      link = &slots_[*link].next_in_chain;
    }
    *link = slots_[place].next_in_chain;
  }

  void link_newest(Place place) {
    slots_[place].older = newest_;
    slots_[place].newer = nowhere;
    (newest_ == nowhere ? oldest_ : slots_[newest_].newer) = place;
    newest_ = place;
  }

  void unlink(Place place) {
    const Slot& slot = slots_[place];
    (slot.older == nowhere ? oldest_ : slots_[slot.older].newer) = slot.newer;
    (slot.newer == nowhere ? newest_ : slots_[slot.newer].older) = slot.older;
  }

  std::vector<Slot> slots_;
  std::vector<Place> heads_;  ///< first place of every chain
  unsigned bits_ = bits_min;  ///< there are 2^bits_ chains
  Place oldest_ = nowhere;
  Place newest_ = nowhere;
  Place free_ = nowhere;
  std::size_t size_ = 0;
};

}  // namespace sim::policies
