#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <list>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "actors/cache/cache.hpp"
#include "actors/cache/owner_bound_cache.hpp"
#include "actors/cache/single_flight.hpp"
#include "actors/cache/two_tier_cache.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

/// What is wrong when nobody evicts: the variant that the capacity check below has to find out.
class CacheThatForgetsToEvict {
 public:
  std::optional<int> get(int key, Time) { return entries_.count(key) ? std::optional(entries_.at(key)) : std::nullopt; }
  std::optional<int> set(int key, int value, Time) {
    entries_[key] = value;
    return std::nullopt;
  }
  std::size_t size() const { return entries_.size(); }

 private:
  std::map<int, int> entries_;
};

template <class AnyCache>
bool stays_within(std::size_t entries_max, AnyCache cache, const std::vector<int>& keys) {
  for (const int key : keys) {
    if (!cache.get(key, Time{})) {
      cache.set(key, key, Time{});
    }
    if (cache.size() > entries_max) {
      return false;
    }
  }
  return true;
}

}  // namespace

TEST_CASE("the cache never holds more than its capacity, and a cache that forgets to evict is found out",
          "[cache][property]") {
  REQUIRE(rc::check("capacity", [](const std::vector<int>& keys) {
    const auto entries_max = *rc::gen::inRange<std::size_t>(1, 8);
    return stays_within(entries_max, Cache<int, int>{{entries_max, forever}}, keys);
  }));
  REQUIRE(stays_within(3, CacheThatForgetsToEvict{}, {1, 2, 3, 1}));
  REQUIRE_FALSE(stays_within(3, CacheThatForgetsToEvict{}, {1, 2, 3, 4}));
}

namespace {

/// A cache that is searched from end to end, written to be obvious and not fast.
class NaiveCache {
 public:
  explicit NaiveCache(CacheConfig config) : config_(config) {}

  std::optional<int> get(int key, Time now) {
    const auto found = find(key);
    if (found == entries_.end()) {
      ++statistics.misses_count;
      return std::nullopt;
    }
    if (is_expired(*found, now)) {
      ++statistics.misses_count;
      ++statistics.expirations_count;
      entries_.erase(found);
      return std::nullopt;
    }
    ++statistics.hits_count;
    Entry entry = *found;
    if (config_.ttl_renewed_on_read) {
      entry.age_starts_at = now;
    }
    put_back(found, entry);
    return entry.value;
  }

  std::optional<int> set(int key, int value, Time now) {
    const auto found = find(key);
    if (found != entries_.end()) {
      put_back(found, {key, value, now});
      return std::nullopt;
    }
    entries_.push_front({key, value, now});
    if (entries_.size() <= config_.entries_max) {
      return std::nullopt;
    }
    const int evicted = entries_.back().key;
    entries_.pop_back();
    ++statistics.evictions_count;
    return evicted;
  }

  bool erase(int key) {
    const auto found = find(key);
    return found != entries_.end() && (entries_.erase(found), true);
  }

  std::size_t drop_expired(Time now) {
    const auto dropped = std::erase_if(entries_, [&](const Entry& entry) { return is_expired(entry, now); });
    statistics.expirations_count += dropped;
    return dropped;
  }

  std::vector<int> keys() const {
    std::vector<int> keys;
    for (const Entry& entry : entries_) {
      keys.push_back(entry.key);
    }
    return keys;
  }

  CacheStatistics statistics;

 private:
  struct Entry {
    int key;
    int value;
    Time age_starts_at;
  };
  using Entries = std::list<Entry>;

  Entries::iterator find(int key) {
    return std::find_if(entries_.begin(), entries_.end(), [key](const Entry& entry) { return entry.key == key; });
  }
  bool is_expired(const Entry& entry, Time now) const {
    const auto ends = entry.age_starts_at + config_.ttl;
    return config_.expired_at_ttl ? now >= ends : now > ends;
  }
  void put_back(Entries::iterator found, Entry entry) {
    if (config_.eviction == CacheConfig::Eviction::first_in_first_out) {
      *found = entry;
      return;
    }
    entries_.erase(found);
    entries_.push_front(entry);
  }

  CacheConfig config_;
  Entries entries_;
};

const auto any_config = rc::gen::apply(
    [](std::size_t entries_max, int ttl_s, bool first_in, bool renewed, bool at_ttl) {
      return CacheConfig{
          entries_max, ttl_s * 1s,
          first_in ? CacheConfig::Eviction::first_in_first_out : CacheConfig::Eviction::least_recently_used, renewed,
          at_ttl};
    },
    rc::gen::inRange<std::size_t>(1, 8), rc::gen::inRange(1, 20), rc::gen::arbitrary<bool>(),
    rc::gen::arbitrary<bool>(), rc::gen::arbitrary<bool>());

enum class Verb { get, set, erase, drop_expired, wait };

struct Step {
  Verb verb;
  int key;  ///< or seconds
};

/// Up to 800 steps.
const auto any_steps = rc::gen::scale(
    8.0, rc::gen::container<std::vector<Step>>(rc::gen::apply(
             [](Verb verb, int key) {
               return Step{verb, key};
             },
             rc::gen::weightedElement<Verb>(
                 {{8, Verb::get}, {6, Verb::set}, {1, Verb::erase}, {1, Verb::drop_expired}, {4, Verb::wait}}),
             rc::gen::inRange(0, 12))));

std::ostream& operator<<(std::ostream& out, const Step& step) {
  return out << static_cast<int>(step.verb) << ":" << step.key;
}

}  // namespace

TEST_CASE("the cache agrees with one that is searched from end to end, under every setting", "[cache][property]") {
  REQUIRE(rc::check("same as the naive cache", [] {
    const CacheConfig config = *any_config;
    const std::vector<Step> steps = *any_steps;
    Cache<int, int> cache{config};
    NaiveCache naive{config};
    Time now{};
    int value = 0;
    for (const Step& step : steps) {
      switch (step.verb) {
        case Verb::get:
          RC_ASSERT(cache.peek(step.key, now).has_value() == NaiveCache(naive).get(step.key, now).has_value());
          RC_ASSERT(cache.get(step.key, now) == naive.get(step.key, now));
          break;
        case Verb::set:
          ++value;
          RC_ASSERT(cache.set(step.key, value, now) == naive.set(step.key, value, now));
          break;
        case Verb::erase:
          RC_ASSERT(cache.erase(step.key) == naive.erase(step.key));
          break;
        case Verb::drop_expired:
          RC_ASSERT(cache.drop_expired(now) == naive.drop_expired(now));
          break;
        case Verb::wait:
          now += step.key * 1s;
      }
      RC_ASSERT(cache.keys_most_recent_first() == naive.keys());
      RC_ASSERT(cache.size() == naive.keys().size());
      RC_ASSERT(cache.statistics() == naive.statistics);
    }
  }));
}

TEST_CASE("every key of the first tier is in the second, and every lookup is counted once",
          "[two_tier_cache][property]") {
  REQUIRE(rc::check("inclusion", [] {
    TwoTierCacheConfig config{*any_config, *any_config, *rc::gen::arbitrary<bool>()};
    config.l2.entries_max += config.l1.entries_max;
    const std::vector<Step> steps = *any_steps;
    TwoTierCache<int, int> cache{config};
    std::map<int, int> stored;
    Time now{};
    std::uint64_t lookups = 0;
    for (const Step& step : steps) {
      if (step.verb == Verb::get) {
        const auto found = cache.get(step.key, now);
        RC_ASSERT(found.value.has_value() == (found.tier != TwoTierCache<int, int>::Tier::none));
        RC_ASSERT((!found.value || found.value == stored.at(step.key)));  // never an older value than the last
        ++lookups;
      } else if (step.verb == Verb::set) {
        stored[step.key] = static_cast<int>(lookups) + step.key;
        cache.set(step.key, stored[step.key], now);
      } else if (step.verb == Verb::erase) {
        cache.erase(step.key);
      } else if (step.verb == Verb::wait) {
        now += step.key * 1s;
      }
      const auto l2_keys = cache.l2().keys_most_recent_first();
      for (const int key : cache.l1().keys_most_recent_first()) {
        RC_ASSERT(std::count(l2_keys.begin(), l2_keys.end(), key) == 1);
      }
      const auto& counted = cache.statistics();
      RC_ASSERT(counted.l1_hits_count + counted.l2_hits_count + counted.misses_count == lookups);
    }
  }));
}

TEST_CASE("an owner-bound cache holds exactly what living owners stored since they began",
          "[owner_bound_cache][property]") {
  REQUIRE(rc::check("lives of owners", [](const std::vector<std::pair<std::uint8_t, std::uint8_t>>& steps) {
    OwnerBoundCache<int, int, int> cache;
    std::map<int, std::map<int, int>> alive;
    int value = 0;
    for (const auto& [verb, number] : steps) {
      const int owner = number % 4;
      const int key = number / 4 % 5;
      switch (verb % 8) {
        case 0:
          RC_ASSERT(cache.begin(owner) == alive.emplace(owner, std::map<int, int>{}).second);
          break;
        case 1:
          RC_ASSERT(cache.end(owner) == (alive.count(owner) ? alive[owner].size() : 0));
          alive.erase(owner);
          break;
        case 2:
          RC_ASSERT(cache.erase(owner, key) == (alive.count(owner) && alive[owner].erase(key) == 1));
          break;
        default:
          RC_ASSERT(cache.set(owner, key, ++value) == (alive.count(owner) == 1));
          if (alive.count(owner) == 1) {
            alive[owner][key] = value;
          }
      }
      std::size_t entries = 0;
      for (int any_owner = 0; any_owner < 4; ++any_owner) {
        for (int any_key = 0; any_key < 5; ++any_key) {
          const bool expected = alive.count(any_owner) == 1 && alive[any_owner].count(any_key) == 1;
          const auto found = cache.get(any_owner, any_key);
          RC_ASSERT(found.has_value() == expected);
          RC_ASSERT((!expected || found == alive[any_owner][any_key]));
          entries += expected ? 1 : 0;
        }
      }
      RC_ASSERT(cache.size() == entries);
      RC_ASSERT(cache.owners() == alive.size());
    }
  }));
}

TEST_CASE("whatever becomes of leaders: one per key, and nobody who joined is forgotten or told twice",
          "[single_flight][property]") {
  REQUIRE(rc::check("account of askers", [](const std::vector<std::pair<std::uint8_t, std::uint8_t>>& steps) {
    using Flight = SingleFlight<int, int>;
    const auto any_loss = rc::gen::element(Flight::LeaderLoss::tell_all, Flight::LeaderLoss::hand_over);
    const SingleFlightConfig config{*any_loss, *any_loss};
    Flight flight{config};
    std::map<int, std::vector<int>> asking;  // the leader first
    int next = 0;
    for (const auto& [verb, number] : steps) {
      const int key = number % 3;
      std::vector<int>& askers = asking[key];
      if (verb % 2 == 0 || askers.empty()) {
        RC_ASSERT(flight.join(key, ++next) == (askers.empty() ? Flight::Role::leader : Flight::Role::follower));
        askers.push_back(next);
      } else {
        const std::size_t which = verb % 3 == 0 ? number / 3 % askers.size() : 0;
        const int caller = askers[which];
        const auto kind = verb / 6 % 3;
        const auto ended = kind == 0   ? flight.succeed(key, caller)
                           : kind == 1 ? flight.fail(key, caller)
                                       : flight.cancel(key, caller);
        const auto loss = kind == 1 ? config.on_leader_failure : config.on_leader_cancelled;
        RC_ASSERT(ended.was_leader == (which == 0));
        if (which > 0) {
          RC_ASSERT(ended.told.empty());
          RC_ASSERT(!ended.next_leader);
          if (kind == 2) {
            askers.erase(askers.begin() + static_cast<std::ptrdiff_t>(which));
          }
        } else if (kind > 0 && loss == Flight::LeaderLoss::hand_over && askers.size() > 1) {
          askers.erase(askers.begin());
          RC_ASSERT(ended.next_leader == askers.front());
          RC_ASSERT(ended.told.empty());
        } else {
          askers.erase(askers.begin());
          RC_ASSERT(!ended.next_leader);
          RC_ASSERT(std::vector<int>(ended.told.begin(), ended.told.end()) == askers);
          askers.clear();
        }
      }
      RC_ASSERT(flight.leader_of(key) == (askers.empty() ? std::nullopt : std::optional(askers.front())));
      RC_ASSERT(flight.waiting_for(key) == (askers.empty() ? 0 : askers.size() - 1));
    }
  }));
}
