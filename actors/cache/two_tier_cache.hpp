#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "actors/cache/cache.hpp"
#include "libsim/failure.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

struct TwoTierCacheConfig {
  CacheConfig l1{.entries_max = 100};    ///< small and fast
  CacheConfig l2{.entries_max = 1'000};  ///< at least as large as `l1`
  bool promote_on_hit = true;            ///< an entry found in the second tier is copied to the first

  friend bool operator==(const TwoTierCacheConfig&, const TwoTierCacheConfig&) = default;
};

struct TwoTierCacheStatistics {
  std::uint64_t l1_hits_count = 0;
  std::uint64_t l2_hits_count = 0;
  std::uint64_t misses_count = 0;
  std::uint64_t promotions_count = 0;          ///< entries copied to the first tier by a hit in the second
  std::uint64_t back_invalidations_count = 0;  ///< entries the first tier lost because the second no longer had them

  friend bool operator==(const TwoTierCacheStatistics&, const TwoTierCacheStatistics&) = default;
};

/// A small fast cache in front of a larger one that holds at least the same keys (inclusive).
///
/// A lookup asks the first tier, then the second; storing writes to both. What the second tier evicts or finds expired
/// the first loses too. A lookup that the first tier answers does not reach the second: it renews neither recency nor
/// age there, so that the second may evict what is read most. Promotion starts the age in the first tier anew; the age
/// in the second ends an entry in both. Time never goes back (asserted).
template <class Key, class Value, class Hash = boost::hash<Key>>
class TwoTierCache {
 public:
  using Config = TwoTierCacheConfig;
  using Statistics = TwoTierCacheStatistics;
  enum class Tier { l1, l2, none };

  struct Lookup {
    std::optional<Value> value;
    Tier tier = Tier::none;  ///< which tier had it

    friend bool operator==(const Lookup&, const Lookup&) = default;
  };

  explicit TwoTierCache(Config config) : config_(config), l1_(config.l1), l2_(config.l2) {
    check(config_.l2.entries_max >= config_.l1.entries_max, "the second tier is at least as large as the first");
  }

  Lookup get(const Key& key, Time now) {
    if (!l2_.peek(key, now)) {
      drop_from_l1(key);
    }
    if (auto value = l1_.get(key, now)) {
      ++statistics_.l1_hits_count;
      return {std::move(value), Tier::l1};
    }
    return get_from_l2(key, now);
  }

  /// Stores or replaces in both tiers. Returns the key that had to leave the second tier, if any.
  std::optional<Key> set(const Key& key, Value value, Time now) {
    std::optional<Key> evicted = l2_.set(key, value, now);
    if (evicted) {
      drop_from_l1(*evicted);
    }
    l1_.set(key, std::move(value), now);
    return evicted;
  }

  /// Whether there was an entry.
  bool erase(const Key& key) {
    l1_.erase(key);
    return l2_.erase(key);
  }

  [[nodiscard]] const Statistics& statistics() const { return statistics_; }
  [[nodiscard]] const Cache<Key, Value, Hash>& l1() const { return l1_; }
  [[nodiscard]] const Cache<Key, Value, Hash>& l2() const { return l2_; }

 private:
  Lookup get_from_l2(const Key& key, Time now) {
    auto value = l2_.get(key, now);
    if (!value) {
      ++statistics_.misses_count;
      return {};
    }
    ++statistics_.l2_hits_count;
    if (config_.promote_on_hit) {
      l1_.set(key, *value, now);
      ++statistics_.promotions_count;
    }
    return {std::move(value), Tier::l2};
  }

  void drop_from_l1(const Key& key) { statistics_.back_invalidations_count += l1_.erase(key) ? 1 : 0; }

  Config config_;
  Cache<Key, Value, Hash> l1_;
  Cache<Key, Value, Hash> l2_;
  Statistics statistics_;
};

}  // namespace sim::policies
