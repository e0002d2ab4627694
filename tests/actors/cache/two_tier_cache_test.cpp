#include "actors/cache/two_tier_cache.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "libsim/random/stream.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using TwoTier = TwoTierCache<int, int>;
using Tier = TwoTier::Tier;
using Keys = std::vector<int>;

Time at(Duration since_start) { return Time{} + since_start; }

/// Room for one and three.
TwoTierCacheConfig small() { return {.l1 = {.entries_max = 1}, .l2 = {.entries_max = 3}}; }

}  // namespace

TEST_CASE("what the first tier had to give up is found in the second and promoted", "[two_tier_cache]") {
  TwoTier cache{small()};
  cache.set(1, 10, at(0s));
  cache.set(2, 20, at(0s));  // the first tier gives up 1
  REQUIRE(cache.get(2, at(0s)) == TwoTier::Lookup{20, Tier::l1});
  REQUIRE(cache.get(1, at(0s)) == TwoTier::Lookup{10, Tier::l2});
  REQUIRE(cache.get(1, at(0s)) == TwoTier::Lookup{10, Tier::l1});
  REQUIRE(cache.get(9, at(0s)) == TwoTier::Lookup{});
  REQUIRE(cache.statistics() == TwoTierCacheStatistics{2, 1, 1, 1, 0});
  REQUIRE(cache.l1().statistics().misses_count == 2);
  REQUIRE(cache.l2().statistics().misses_count == 1);
}

TEST_CASE("without promotion the first tier holds only what was stored last", "[two_tier_cache]") {
  TwoTier cache{{.l1 = {.entries_max = 1}, .l2 = {.entries_max = 3}, .promote_on_hit = false}};
  cache.set(1, 10, at(0s));
  cache.set(2, 20, at(0s));
  REQUIRE(cache.get(1, at(0s)).tier == Tier::l2);
  REQUIRE(cache.get(1, at(0s)).tier == Tier::l2);
  REQUIRE(cache.get(2, at(0s)).tier == Tier::l1);
  REQUIRE(cache.statistics().promotions_count == 0);
}

TEST_CASE("storing writes to both tiers, so that no tier has the old value", "[two_tier_cache]") {
  TwoTier cache{small()};
  cache.set(1, 10, at(0s));
  cache.set(1, 11, at(0s));
  REQUIRE(cache.get(1, at(0s)) == TwoTier::Lookup{11, Tier::l1});
  cache.set(2, 20, at(0s));
  REQUIRE(cache.get(1, at(0s)) == TwoTier::Lookup{11, Tier::l2});
}

TEST_CASE("what the second tier evicts the first loses too", "[two_tier_cache]") {
  TwoTier cache{{.l1 = {.entries_max = 2}, .l2 = {.entries_max = 2}}};
  cache.set(1, 10, at(0s));
  cache.set(2, 20, at(0s));
  REQUIRE(cache.get(1, at(0s)).tier == Tier::l1);  // recent in the first tier, not in the second
  REQUIRE(cache.set(3, 30, at(0s)) == 1);
  REQUIRE(cache.get(1, at(0s)).tier == Tier::none);
  REQUIRE(cache.l1().keys_most_recent_first() == Keys{3, 2});
  REQUIRE(cache.statistics().back_invalidations_count == 1);
}

TEST_CASE("the age in the second tier ends an entry in both", "[two_tier_cache]") {
  TwoTier cache{{.l1 = {.entries_max = 1, .ttl = forever}, .l2 = {.entries_max = 1, .ttl = 60s}}};
  cache.set(1, 10, at(0s));
  REQUIRE(cache.get(1, at(60s)).tier == Tier::l1);
  REQUIRE(cache.get(1, at(60s) + 1ns).tier == Tier::none);
  REQUIRE(cache.l1().size() == 0);
  REQUIRE(cache.l2().size() == 0);
  REQUIRE(cache.statistics() == TwoTierCacheStatistics{1, 0, 1, 0, 1});
}

TEST_CASE("a shorter life in the first tier sends a lookup to the second", "[two_tier_cache]") {
  TwoTier cache{{.l1 = {.ttl = 10s}, .l2 = {.ttl = 60s}}};
  cache.set(1, 10, at(0s));
  REQUIRE(cache.get(1, at(11s)).tier == Tier::l2);
  REQUIRE(cache.get(1, at(21s)).tier == Tier::l1);  // promoted at 11 s
  REQUIRE(cache.get(1, at(22s)).tier == Tier::l2);
}

TEST_CASE("an erased key is in neither tier", "[two_tier_cache]") {
  TwoTier cache{small()};
  cache.set(1, 10, at(0s));
  REQUIRE(cache.erase(1));
  REQUIRE_FALSE(cache.erase(1));
  REQUIRE(cache.get(1, at(0s)).tier == Tier::none);
}

TEST_CASE("a second tier smaller than the first is a bug", "[two_tier_cache]") {
  REQUIRE_THROWS_AS((TwoTier{{.l1 = {.entries_max = 2}, .l2 = {.entries_max = 1}}}), AssertionFailure);
}

TEST_CASE("200 keys, the first tier of 100 first in first out: of 1,000 uniform lookups each tier answers about half",
          "[two_tier_cache]") {
  TwoTier cache{
      {.l1 = {.entries_max = 100, .eviction = CacheConfig::Eviction::first_in_first_out}, .l2 = {.entries_max = 200}}};
  for (int key = 0; key < 200; ++key) {
    cache.set(key, key, at(0s));
  }
  RandomStream random({.seed = 1, .actor = "test", .purpose = "key"});
  for (int lookup = 0; lookup < 1'000; ++lookup) {
    cache.get(static_cast<int>(random.below(200)), at(0s));
  }
  // Half of all keys are in the first tier whatever it replaces: binomial, 500 ± 15.8; four deviations.
  REQUIRE(cache.statistics().l1_hits_count == Approx(500).margin(63));
  REQUIRE(cache.statistics().l1_hits_count + cache.statistics().l2_hits_count == 1'000);
  REQUIRE(cache.statistics().misses_count == 0);
}
