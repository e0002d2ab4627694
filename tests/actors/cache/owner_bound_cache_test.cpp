#include "actors/cache/owner_bound_cache.hpp"

#include <catch2/catch.hpp>
#include <string>

using namespace sim;
using namespace sim::policies;

namespace {

using Entries = OwnerBoundCache<std::string, int, std::string>;

}  // namespace

TEST_CASE("the end of an owner removes its entries and no others", "[owner_bound_cache]") {
  Entries cache;
  cache.begin("ann");
  cache.begin("bob");
  cache.set("ann", 1, "a1");
  cache.set("ann", 2, "a2");
  cache.set("bob", 1, "b1");
  REQUIRE(cache.size() == 3);
  REQUIRE(cache.end("ann") == 2);
  REQUIRE_FALSE(cache.get("ann", 1));
  REQUIRE_FALSE(cache.get("ann", 2));
  REQUIRE(cache.get("bob", 1) == "b1");
  REQUIRE(cache.size() == 1);
  REQUIRE(cache.end("ann") == 0);
  REQUIRE(cache.statistics() == OwnerBoundCacheStatistics{1, 2, 0, 2});
}

TEST_CASE("a value that comes after the end of its owner is refused and leaves nothing behind", "[owner_bound_cache]") {
  Entries cache;
  REQUIRE_FALSE(cache.set("ann", 1, "never began"));
  cache.begin("ann");
  cache.end("ann");
  REQUIRE_FALSE(cache.set("ann", 1, "too late"));
  REQUIRE(cache.size() == 0);
  REQUIRE(cache.statistics().refused_count == 2);
}

TEST_CASE("who begins again begins with no entries, who lives already does not begin", "[owner_bound_cache]") {
  Entries cache;
  REQUIRE(cache.begin("ann"));
  cache.set("ann", 1, "first life");
  REQUIRE_FALSE(cache.begin("ann"));
  REQUIRE(cache.get("ann", 1) == "first life");
  cache.end("ann");
  REQUIRE(cache.begin("ann"));
  REQUIRE_FALSE(cache.get("ann", 1));
  REQUIRE(cache.end("ann") == 0);
}

TEST_CASE("storing again replaces, erasing takes one entry away from its owner", "[owner_bound_cache]") {
  Entries cache;
  cache.begin("ann");
  for (int key = 0; key < 3; ++key) {
    cache.set("ann", key, "old");
  }
  cache.set("ann", 2, "new");
  REQUIRE(cache.size() == 3);
  REQUIRE(cache.erase("ann", 0));  // its place among the entries of ann goes to the last one
  REQUIRE_FALSE(cache.erase("ann", 0));
  REQUIRE(cache.get("ann", 2) == "new");
  REQUIRE(cache.erase("ann", 2));
  REQUIRE(cache.end("ann") == 1);
  REQUIRE(cache.size() == 0);
}

TEST_CASE("a thousand owners that come and go leave an empty cache", "[owner_bound_cache]") {
  OwnerBoundCache<int, int, int> cache;
  for (int owner = 0; owner < 1'000; ++owner) {
    cache.begin(owner);
    cache.set(owner, 1, owner);
    cache.set(owner, 2, owner);
    if (owner >= 10) {
      REQUIRE(cache.end(owner - 10) == 2);
    }
    REQUIRE(cache.size() <= 22);
  }
  REQUIRE(cache.owners() == 10);
  REQUIRE(cache.statistics().ended_with_owner_count == 2 * 990);
}
