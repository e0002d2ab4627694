#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "libsim/failure.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// A cache that forgets the least recently used entry when it is full, and entries that are too old.
///
/// An entry is stale when its age exceeds `ttl`; at exactly `ttl` it still counts. Reading an entry makes it the most
/// recently used one but does not renew its age. A stale entry is dropped by the `get` that finds it.
/// Source: behaviour of the npm package lru-cache 11 (its recorded trajectories are among the tests).
template <class Key, class Value>
class LruTtlCache {
 public:
  struct Config {
    std::size_t entries_max = 100;
    Duration ttl = 60s;  ///< `forever`: entries never become stale

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// What happened so far. `misses_count` includes the stale ones.
  struct Statistics {
    std::uint64_t hits_count = 0;
    std::uint64_t misses_count = 0;
    std::uint64_t stale_count = 0;
    std::uint64_t evictions_count = 0;

    friend bool operator==(const Statistics&, const Statistics&) = default;
  };

  explicit LruTtlCache(Config config) : config_(config) {
    check(config_.entries_max > 0, "a cache has room for at least one entry");
  }

  /// The value of `key`, unless it is absent or stale.
  std::optional<Value> get(const Key& key, Time now) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) {
      ++statistics_.misses_count;
      return std::nullopt;
    }
    if (is_stale(found->second, now)) {
      ++statistics_.misses_count;
      ++statistics_.stale_count;
      drop(found);
      return std::nullopt;
    }
    ++statistics_.hits_count;
    touch(found);
    return found->second.value;
  }

  /// As `get`, without making the entry recent, dropping it or counting.
  [[nodiscard]] std::optional<Value> peek(const Key& key, Time now) const {
    const auto found = entries_.find(key);
    return found == entries_.end() || is_stale(found->second, now) ? std::nullopt
                                                                   : std::optional<Value>(found->second.value);
  }

  /// Stores or replaces; the age starts anew. Returns the key that had to go, if any.
  std::optional<Key> set(const Key& key, Value value, Time now) {
    std::optional<Key> evicted;
    auto found = entries_.find(key);
    if (found == entries_.end()) {
      if (entries_.size() == config_.entries_max) {
        evicted = by_use_.begin()->second;
        drop(entries_.find(*evicted));
        ++statistics_.evictions_count;
      }
      found = entries_.emplace(key, Entry{}).first;
    }
    found->second.value = std::move(value);
    found->second.stored_at = now;
    touch(found);
    return evicted;
  }

  /// Whether there was an entry.
  bool erase(const Key& key) {
    const auto found = entries_.find(key);
    if (found == entries_.end()) {
      return false;
    }
    drop(found);
    return true;
  }

  void clear() {
    entries_.clear();
    by_use_.clear();
  }

  /// Entries held, stale ones that nobody asked for included.
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }

  [[nodiscard]] std::vector<Key> keys_most_recent_first() const {
    std::vector<Key> keys;
    keys.reserve(by_use_.size());
    for (auto use = by_use_.rbegin(); use != by_use_.rend(); ++use) {
      keys.push_back(use->second);
    }
    return keys;
  }

 private:
  struct Entry {
    Value value{};
    Time stored_at{};
    std::uint64_t used = 0;  ///< number of its last use; its key in `by_use_`
  };
  using Entries = std::map<Key, Entry>;

  [[nodiscard]] bool is_stale(const Entry& entry, Time now) const {
    return config_.ttl != forever && now - entry.stored_at > config_.ttl;
  }

  void touch(typename Entries::iterator found) {
    by_use_.erase(found->second.used);
    found->second.used = ++uses_;
    by_use_.emplace(found->second.used, found->first);
  }

  void drop(typename Entries::iterator found) {
    by_use_.erase(found->second.used);
    entries_.erase(found);
  }

  Config config_;
  Entries entries_;
  std::map<std::uint64_t, Key> by_use_;
  std::uint64_t uses_ = 0;
  Statistics statistics_;
};

}  // namespace sim::policies
