#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "libsim/containers/linked_map.hpp"
#include "libsim/failure.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

struct CacheConfig {
  enum class Eviction { least_recently_used, first_in_first_out };

  std::size_t entries_max = 100;
  Duration ttl = 60s;  ///< time to live; `forever`: entries never expire
  Eviction eviction = Eviction::least_recently_used;
  bool ttl_renewed_on_read = false;  ///< a hit makes the entry as young as if it had just been stored
  bool expired_at_ttl = false;       ///< whether an age of exactly `ttl` is too old

  friend bool operator==(const CacheConfig&, const CacheConfig&) = default;
};

/// What happened so far. `misses_count` includes the lookups that found an expired entry.
struct CacheStatistics {
  std::uint64_t hits_count = 0;
  std::uint64_t misses_count = 0;
  std::uint64_t expirations_count = 0;  ///< entries dropped because they were too old
  std::uint64_t evictions_count = 0;    ///< entries dropped to make room

  friend bool operator==(const CacheStatistics&, const CacheStatistics&) = default;
};

/// A cache of bounded size that forgets one entry when it is full, and entries that are too old.
///
/// An entry has expired when its age exceeds `ttl`; at exactly `ttl` it still counts, unless `expired_at_ttl`. The age
/// starts when the entry is stored or replaced. An expired entry is dropped by the `get` that finds it; until then it
/// takes up room, and when it is the one evicted it counts as an eviction. Under `least_recently_used` a hit and a
/// replacement make an entry the last to go, under `first_in_first_out` neither does. Time never goes back (asserted).
/// Source: behaviour of the npm package lru-cache 11 (its recorded trajectories are among the tests); `expired_at_ttl`
/// is the rule of Guava's LocalCache.
template <class Key, class Value, class Hash = boost::hash<Key>>
class Cache {
 public:
  using Config = CacheConfig;
  using Statistics = CacheStatistics;

  explicit Cache(Config config) : config_(config) {
    check(config_.entries_max > 0, "a cache has room for at least one entry");
    check(config_.ttl >= 0s, "a time to live is not negative");
  }

  /// The value of `key`, unless it is absent or expired.
  std::optional<Value> get(const Key& key, Time now) {
    advance_to(now);
    const Place place = entries_.find(key);
    if (place == Entries::nowhere) {
      ++statistics_.misses_count;
      return std::nullopt;
    }
    Entry& entry = entries_.value(place);
    if (is_expired(entry, now)) {
      ++statistics_.misses_count;
      ++statistics_.expirations_count;
      entries_.erase(place);
      return std::nullopt;
    }
    ++statistics_.hits_count;
    entry.age_starts_at = config_.ttl_renewed_on_read ? now : entry.age_starts_at;
    use(place);
    return entry.value;
  }

  /// As `get`, without renewing, dropping or counting anything.
  [[nodiscard]] std::optional<Value> peek(const Key& key, Time now) const {
    check(now >= now_, "time does not go back");
    const Place place = entries_.find(key);
    return place == Entries::nowhere || is_expired(entries_.value(place), now)
               ? std::nullopt
               : std::optional<Value>(entries_.value(place).value);
  }

  /// Stores or replaces; the age starts anew. Returns the key that had to go, if any.
  std::optional<Key> set(const Key& key, Value value, Time now) {
    advance_to(now);
    const Place found = entries_.find(key);
    if (found != Entries::nowhere) {
      entries_.value(found) = {std::move(value), now};
      use(found);
      return std::nullopt;
    }
    std::optional<Key> evicted;
    if (entries_.size() == config_.entries_max) {
      evicted = entries_.key(entries_.oldest());
      entries_.erase(entries_.oldest());
      ++statistics_.evictions_count;
    }
    entries_.add_newest(key, {std::move(value), now});
    return evicted;
  }

  /// Whether there was an entry.
  bool erase(const Key& key) {
    const Place place = entries_.find(key);
    if (place == Entries::nowhere) {
      return false;
    }
    entries_.erase(place);
    return true;
  }

  void clear() { entries_.clear(); }

  /// Drops every expired entry, in time proportional to the size. Returns how many.
  std::size_t drop_expired(Time now) {
    advance_to(now);
    const std::size_t size_before = entries_.size();
    for (Place place = entries_.oldest(); place != Entries::nowhere;) {
      const Place next = entries_.next_newer(place);
      if (is_expired(entries_.value(place), now)) {
        entries_.erase(place);
      }
      place = next;
    }
    statistics_.expirations_count += size_before - entries_.size();
    return size_before - entries_.size();
  }

  /// Entries held, expired ones that nobody asked for included.
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }
  [[nodiscard]] const Config& config() const { return config_; }

  /// The last key is the next to be evicted.
  [[nodiscard]] std::vector<Key> keys_most_recent_first() const {
    std::vector<Key> keys;
    keys.reserve(entries_.size());
    for (Place place = entries_.newest(); place != Entries::nowhere; place = entries_.next_older(place)) {
      keys.push_back(entries_.key(place));
    }
    return keys;
  }

 private:
  struct Entry {
    Value value{};
    Time age_starts_at{};
  };
  using Entries = LinkedMap<Key, Entry, Hash>;
  using Place = typename Entries::Place;

  void advance_to(Time now) {
    check(now >= now_, "time does not go back");
    now_ = now;
  }

  [[nodiscard]] bool is_expired(const Entry& entry, Time now) const {
    const Duration age = now - entry.age_starts_at;
    return config_.ttl != forever && (age > config_.ttl || (age == config_.ttl && config_.expired_at_ttl));
  }

  void use(Place place) {
    if (config_.eviction == CacheConfig::Eviction::least_recently_used) {
      entries_.make_newest(place);
    }
  }

  Config config_;
  Time now_{};
  Entries entries_;
  Statistics statistics_;
};

}  // namespace sim::policies
