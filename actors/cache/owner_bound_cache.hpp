#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "libsim/containers/linked_map.hpp"
#include "libsim/failure.hpp"

namespace sim::policies {

struct OwnerBoundCacheStatistics {
  std::uint64_t hits_count = 0;
  std::uint64_t misses_count = 0;
  std::uint64_t refused_count = 0;           ///< values that came for an owner that had ended
  std::uint64_t ended_with_owner_count = 0;  ///< entries removed by the end of their owner

  friend bool operator==(const OwnerBoundCacheStatistics&, const OwnerBoundCacheStatistics&) = default;
};

/// A cache whose entries live as long as their owner, as those of a JavaScript WeakMap live as long as their key.
///
/// It keeps no owner alive and never forgets an entry of a living one: there is neither a bound nor a time to live. An
/// owner begins and ends explicitly; the end removes its entries, in time proportional to their number. A value that
/// comes for an owner that is not alive is refused, so that no late answer leaves an entry behind that nobody removes.
/// Who begins again begins with no entries.
template <class Owner, class Key, class Value>
class OwnerBoundCache {
 public:
  using Statistics = OwnerBoundCacheStatistics;

  /// False when the owner was alive already; then nothing happens.
  bool begin(const Owner& owner) {
    if (owners_.contains(owner)) {
      return false;
    }
    const auto place = owners_.add_newest(owner);
    owners_.value(place).clear();
    return true;
  }

  /// Removes the owner and its entries. Returns how many entries; 0 also when it was not alive.
  std::size_t end(const Owner& owner) {
    const auto place = owners_.find(owner);
    if (place == Owners::nowhere) {
      return 0;
    }
    const std::size_t ended = owners_.value(place).size();
    for (const Place entry : owners_.value(place)) {
      entries_.erase(entry);
    }
    owners_.erase(place);
    statistics_.ended_with_owner_count += ended;
    return ended;
  }

  std::optional<Value> get(const Owner& owner, const Key& key) {
    const Place place = entries_.find({owner, key});
    ++(place == Entries::nowhere ? statistics_.misses_count : statistics_.hits_count);
    return place == Entries::nowhere ? std::nullopt : std::optional<Value>(entries_.value(place).value);
  }

  /// Stores or replaces. False when the owner is not alive.
  bool set(const Owner& owner, const Key& key, Value value) {
    const auto owned = owners_.find(owner);
    if (owned == Owners::nowhere) {
      ++statistics_.refused_count;
      return false;
    }
    Place place = entries_.find({owner, key});
    if (place == Entries::nowhere) {
      place = entries_.add_newest({owner, key});
      entries_.value(place).position = owners_.value(owned).size();
      owners_.value(owned).push_back(place);
    }
    entries_.value(place).value = std::move(value);
    return true;
  }

  /// Whether there was an entry.
  bool erase(const Owner& owner, const Key& key) {
    const Place place = entries_.find({owner, key});
    if (place == Entries::nowhere) {
      return false;
    }
    std::vector<Place>& owned = owners_.value(owners_.find(owner));
    const std::size_t position = entries_.value(place).position;
    owned[position] = owned.back();
    entries_.value(owned[position]).position = position;
    owned.pop_back();
    entries_.erase(place);
    return true;
  }

  [[nodiscard]] bool is_alive(const Owner& owner) const { return owners_.contains(owner); }
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] std::size_t owners() const { return owners_.size(); }
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }

 private:
  struct Entry {
    Value value{};
    std::size_t position = 0;  ///< among the entries of its owner
  };
  using Entries = LinkedMap<std::pair<Owner, Key>, Entry>;
  using Place = typename Entries::Place;
  using Owners = LinkedMap<Owner, std::vector<Place>>;

  Owners owners_;
  Entries entries_;
  Statistics statistics_;
};

}  // namespace sim::policies
