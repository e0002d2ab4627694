#include "actors/cache/cache.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

using namespace sim;
using namespace sim::policies;

namespace {

Time at(Duration since_start) { return Time{} + since_start; }

using Row = std::vector<std::string>;

/// The rows of a recorded trajectory, without the header.
std::vector<Row> recorded(const std::string& file) {
  std::ifstream input(LIBSIM_TEST_DATA "/data/lru_cache/" + file);
  REQUIRE(input);
  std::vector<Row> rows;
  std::string line;
  std::getline(input, line);
  while (std::getline(input, line)) {
    Row row;
    std::string field;
    for (std::istringstream fields(line); std::getline(fields, field, ',');) {
      row.push_back(field);
    }
    row.resize(8);
    rows.push_back(row);
  }
  return rows;
}

std::string joined(const std::vector<std::string>& keys) {
  std::string text;
  for (const std::string& key : keys) {
    text += (text.empty() ? "" : " ") + key;
  }
  return text;
}

}  // namespace

TEST_CASE("the cache does what lru-cache did, step by step", "[cache]") {
  Cache<std::string, int> cache{{.entries_max = 3, .ttl = forever}};
  for (const Row& row : recorded("lru_scripted.csv")) {
    const auto& [operation, key, result, disposed, keys] = std::tie(row[1], row[2], row[3], row[4], row[5]);
    INFO("step " << row[0] << ": " << operation << " " << key);
    if (operation == "set") {
      const auto evicted = cache.set(key, 1, at(0s));
      REQUIRE((evicted ? *evicted + ":evict" : "") == disposed);
    } else if (operation == "delete") {
      REQUIRE(cache.erase(key));
    } else {
      const bool hit = operation == "get" ? cache.get(key, at(0s)).has_value() : cache.peek(key, at(0s)).has_value();
      REQUIRE((hit ? "hit" : "miss") == result);
    }
    REQUIRE(joined(cache.keys_most_recent_first()) == keys);
  }
}

TEST_CASE("an entry counts up to its time to live and not a millisecond longer, as in lru-cache", "[cache]") {
  for (const Row& row : recorded("lru_ttl_boundary.csv")) {
    Cache<int, int> cache{{.entries_max = 10, .ttl = 1000ms}};
    cache.set(1, 1, at(1s));
    const Duration age = std::stoi(row[0]) * 1ms;
    INFO("age " << row[0] << " ms");
    REQUIRE((cache.get(1, at(1s) + age) ? "hit" : "miss") == row[1]);
  }
}

TEST_CASE("400 lookups with a time to live hit and miss as in lru-cache", "[cache]") {
  Cache<std::string, int> cache{{.entries_max = 10, .ttl = 1000ms}};
  for (const Row& row : recorded("lru_ttl_noreset.csv")) {
    const int now_ms = std::stoi(row[1]);
    const auto stored_at_ms = cache.get(row[2], at(now_ms * 1ms));
    INFO("lookup " << row[0]);
    REQUIRE((stored_at_ms ? "hit" : "miss") == row[3]);
    REQUIRE((stored_at_ms ? std::to_string(now_ms - *stored_at_ms) : "") == row[4]);
    if (!stored_at_ms) {
      cache.set(row[2], now_ms, at(now_ms * 1ms));
    }
    REQUIRE(std::to_string(cache.size()) == row[5]);
  }
}

TEST_CASE("3,000 lookups of a skewed population evict the keys that lru-cache evicted", "[cache]") {
  Cache<std::string, int> cache{{.entries_max = 5, .ttl = forever}};
  for (const Row& row : recorded("lru_zipf_N20_C5.csv")) {
    INFO("lookup " << row[0]);
    const bool hit = cache.get(row[1], at(0s)).has_value();
    REQUIRE((hit ? "hit" : "miss") == row[2]);
    const auto evicted = hit ? std::nullopt : cache.set(row[1], 1, at(0s));
    REQUIRE(evicted.value_or("") == row[3]);
  }
}

TEST_CASE("reading an entry does not renew its age, storing it again does", "[cache]") {
  Cache<int, int> cache{{.entries_max = 2, .ttl = 60s}};
  cache.set(1, 1, at(0s));
  REQUIRE(cache.get(1, at(60s)));
  REQUIRE(!cache.get(1, at(60s) + 1ns));
  cache.set(1, 1, at(100s));
  cache.set(1, 2, at(130s));
  REQUIRE(cache.get(1, at(190s)) == 2);
}

TEST_CASE("the cache counts hits, misses, stale entries and evictions", "[cache]") {
  Cache<int, int> cache{{.entries_max = 1, .ttl = 60s}};
  cache.get(1, at(0s));  // miss
  cache.set(1, 1, at(0s));
  cache.get(1, at(1s));   // hit
  cache.get(1, at(61s));  // stale, hence a miss
  cache.set(1, 1, at(61s));
  cache.set(2, 2, at(62s));  // evicts 1
  REQUIRE(cache.statistics() == Cache<int, int>::Statistics{1, 2, 1, 1});
}

TEST_CASE("a copy of a cache goes its own way", "[cache]") {
  Cache<int, int> cache{{.entries_max = 2}};
  cache.set(1, 1, at(0s));
  cache.set(2, 2, at(0s));
  Cache<int, int> copy = cache;
  copy.get(1, at(1s));
  REQUIRE(copy.keys_most_recent_first() == std::vector{1, 2});
  REQUIRE(cache.keys_most_recent_first() == std::vector{2, 1});
}

TEST_CASE(
    "a read renews the age when it is told to, and then an entry expires when it was not read for its time to live",
    "[cache]") {
  Cache<int, int> cache{{.ttl = 60s, .ttl_renewed_on_read = true}};
  cache.set(1, 1, at(0s));
  REQUIRE(cache.get(1, at(60s)));
  REQUIRE(cache.peek(1, at(120s)));  // does not renew
  REQUIRE(cache.get(1, at(120s)));
  REQUIRE_FALSE(cache.get(1, at(180s) + 1ns));
}

TEST_CASE("an age of exactly the time to live counts or not, as set", "[cache]") {
  Cache<int, int> inclusive{{.ttl = 60s, .expired_at_ttl = true}};
  inclusive.set(1, 1, at(0s));
  REQUIRE(inclusive.get(1, at(60s) - 1ns));
  REQUIRE_FALSE(inclusive.peek(1, at(60s)));
  REQUIRE_FALSE(inclusive.get(1, at(60s)));
  Cache<int, int> strict{{.ttl = 60s}};
  strict.set(1, 1, at(0s));
  REQUIRE(strict.get(1, at(60s)));
  REQUIRE_FALSE(strict.peek(1, at(60s) + 1ns));
}

TEST_CASE("first in, first out: neither a read nor a replacement keeps an entry from being the next to go", "[cache]") {
  Cache<char, int> cache{{.entries_max = 3, .ttl = forever, .eviction = CacheConfig::Eviction::first_in_first_out}};
  cache.set('a', 1, at(0s));
  cache.set('b', 1, at(0s));
  cache.set('c', 1, at(0s));
  REQUIRE(cache.get('a', at(0s)) == 1);
  REQUIRE_FALSE(cache.set('a', 2, at(0s)));
  REQUIRE(cache.keys_most_recent_first() == std::vector{'c', 'b', 'a'});
  REQUIRE(cache.set('d', 1, at(0s)) == 'a');
  REQUIRE(cache.set('e', 1, at(0s)) == 'b');
}

TEST_CASE("replacing an entry makes it recent, and needs no room", "[cache]") {
  Cache<char, int> cache{{.entries_max = 2}};
  cache.set('a', 1, at(0s));
  cache.set('b', 1, at(0s));
  REQUIRE_FALSE(cache.set('a', 2, at(0s)));
  REQUIRE(cache.set('c', 1, at(0s)) == 'b');
  REQUIRE(cache.statistics().evictions_count == 1);
}

TEST_CASE("an expired entry takes up room until somebody asks for it or it is dropped with all that expired",
          "[cache]") {
  Cache<int, int> cache{{.entries_max = 3, .ttl = 60s}};
  cache.set(1, 1, at(0s));
  cache.set(2, 1, at(10s));
  cache.set(3, 1, at(20s));
  REQUIRE(cache.size() == 3);
  REQUIRE(cache.drop_expired(at(70s)) == 1);  // 1 is aged 70 s, 2 exactly 60 s
  REQUIRE(cache.keys_most_recent_first() == std::vector{3, 2});
  REQUIRE(cache.drop_expired(at(70s)) == 0);
  REQUIRE(cache.drop_expired(at(81s)) == 2);
  REQUIRE(cache.statistics() == CacheStatistics{0, 0, 3, 0});
}

TEST_CASE("an expired entry that has to make room counts as evicted", "[cache]") {
  Cache<int, int> cache{{.entries_max = 1, .ttl = 60s}};
  cache.set(1, 1, at(0s));
  REQUIRE(cache.set(2, 1, at(100s)) == 1);
  REQUIRE(cache.statistics() == CacheStatistics{0, 0, 0, 1});
}

TEST_CASE("an erased key is gone, and a cleared cache is empty and usable", "[cache]") {
  Cache<int, int> cache{{.entries_max = 2}};
  cache.set(1, 1, at(0s));
  REQUIRE(cache.erase(1));
  REQUIRE_FALSE(cache.erase(1));
  REQUIRE_FALSE(cache.get(1, at(0s)));
  cache.set(2, 2, at(0s));
  cache.clear();
  REQUIRE(cache.size() == 0);
  REQUIRE_FALSE(cache.peek(2, at(0s)));
  cache.set(3, 3, at(0s));
  REQUIRE(cache.get(3, at(0s)) == 3);
}

TEST_CASE("a cache without room, a negative time to live and a clock that goes back are bugs", "[cache]") {
  using Ints = Cache<int, int>;
  REQUIRE_THROWS_AS(Ints{{.entries_max = 0}}, AssertionFailure);
  REQUIRE_THROWS_AS(Ints{{.ttl = -1ns}}, AssertionFailure);
  Ints cache{{}};
  cache.set(1, 1, at(1s));
  REQUIRE_THROWS_AS(cache.get(1, at(1s) - 1ns), AssertionFailure);
  REQUIRE_THROWS_AS(cache.peek(1, at(1s) - 1ns), AssertionFailure);
  REQUIRE_THROWS_AS(cache.set(1, 1, at(1s) - 1ns), AssertionFailure);
}

TEST_CASE("a place that was freed is used again, so that a full cache allocates nothing", "[cache][linked_map]") {
  LinkedMap<int, int> map;
  for (int key = 0; key < 100; ++key) {
    map.add_newest(key, key);
  }
  REQUIRE(map.places() == 100);
  for (int key = 100; key < 10'000; ++key) {
    map.erase(map.oldest());
    map.add_newest(key, key);
  }
  REQUIRE(map.places() == 100);
  REQUIRE(map.size() == 100);
  REQUIRE(map.key(map.oldest()) == 9'900);
  REQUIRE(map.key(map.newest()) == 9'999);
}
