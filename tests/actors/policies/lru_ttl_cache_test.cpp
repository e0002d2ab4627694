#include "actors/policies/lru_ttl_cache.hpp"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <list>
#include <sstream>
#include <string>

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

TEST_CASE("the cache does what lru-cache did, step by step", "[lru_ttl_cache]") {
  LruTtlCache<std::string, int> cache{{.entries_max = 3, .ttl = forever}};
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

TEST_CASE("an entry counts up to its time to live and not a millisecond longer, as in lru-cache", "[lru_ttl_cache]") {
  for (const Row& row : recorded("lru_ttl_boundary.csv")) {
    LruTtlCache<int, int> cache{{.entries_max = 10, .ttl = 1000ms}};
    cache.set(1, 1, at(1s));
    const Duration age = std::stoi(row[0]) * 1ms;
    INFO("age " << row[0] << " ms");
    REQUIRE((cache.get(1, at(1s) + age) ? "hit" : "miss") == row[1]);
  }
}

TEST_CASE("400 lookups with a time to live hit and miss as in lru-cache", "[lru_ttl_cache]") {
  LruTtlCache<std::string, int> cache{{.entries_max = 10, .ttl = 1000ms}};
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

TEST_CASE("500 lookups of a skewed population evict the keys that lru-cache evicted", "[lru_ttl_cache]") {
  LruTtlCache<std::string, int> cache{{.entries_max = 5, .ttl = forever}};
  for (const Row& row : recorded("lru_zipf_N20_C5.csv")) {
    INFO("lookup " << row[0]);
    const bool hit = cache.get(row[1], at(0s)).has_value();
    REQUIRE((hit ? "hit" : "miss") == row[2]);
    const auto evicted = hit ? std::nullopt : cache.set(row[1], 1, at(0s));
    REQUIRE(evicted.value_or("") == row[3]);
  }
}

TEST_CASE("reading an entry does not renew its age, storing it again does", "[lru_ttl_cache]") {
  LruTtlCache<int, int> cache{{.entries_max = 2, .ttl = 60s}};
  cache.set(1, 1, at(0s));
  REQUIRE(cache.get(1, at(60s)));
  REQUIRE(!cache.get(1, at(60s) + 1ns));
  cache.set(1, 1, at(0s));
  cache.set(1, 2, at(30s));
  REQUIRE(cache.get(1, at(90s)) == 2);
}

TEST_CASE("the cache counts hits, misses, stale entries and evictions", "[lru_ttl_cache]") {
  LruTtlCache<int, int> cache{{.entries_max = 1, .ttl = 60s}};
  cache.get(1, at(0s));  // miss
  cache.set(1, 1, at(0s));
  cache.get(1, at(1s));   // hit
  cache.get(1, at(61s));  // stale, hence a miss
  cache.set(1, 1, at(61s));
  cache.set(2, 2, at(62s));  // evicts 1
  REQUIRE(cache.statistics() == LruTtlCache<int, int>::Statistics{1, 2, 1, 1});
}

TEST_CASE("a copy of a cache goes its own way", "[lru_ttl_cache]") {
  LruTtlCache<int, int> cache{{.entries_max = 2}};
  cache.set(1, 1, at(0s));
  cache.set(2, 2, at(0s));
  LruTtlCache<int, int> copy = cache;
  copy.get(1, at(1s));
  REQUIRE(copy.keys_most_recent_first() == std::vector{1, 2});
  REQUIRE(cache.keys_most_recent_first() == std::vector{2, 1});
}

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

template <class Cache>
bool stays_within(std::size_t entries_max, Cache cache, const std::vector<int>& keys) {
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
          "[lru_ttl_cache][property]") {
  REQUIRE(rc::check("capacity", [](const std::vector<int>& keys) {
    const auto entries_max = *rc::gen::inRange<std::size_t>(1, 8);
    return stays_within(entries_max, LruTtlCache<int, int>{{entries_max, forever}}, keys);
  }));
  REQUIRE(stays_within(3, CacheThatForgetsToEvict{}, {1, 2, 3, 1}));
  REQUIRE_FALSE(stays_within(3, CacheThatForgetsToEvict{}, {1, 2, 3, 4}));
}

TEST_CASE("the cache agrees with a list that is searched from its front", "[lru_ttl_cache][property]") {
  REQUIRE(rc::check("same as a list", [](const std::vector<std::uint8_t>& keys) {
    LruTtlCache<int, int> cache{{4, forever}};
    std::list<int> most_recent_first;
    for (const std::uint8_t number : keys) {
      const int key = number % 10;
      const auto found = std::find(most_recent_first.begin(), most_recent_first.end(), key);
      RC_ASSERT(cache.get(key, Time{}).has_value() == (found != most_recent_first.end()));
      if (found != most_recent_first.end()) {
        most_recent_first.erase(found);
      } else {
        cache.set(key, key, Time{});
      }
      most_recent_first.push_front(key);
      most_recent_first.resize(std::min<std::size_t>(most_recent_first.size(), 4));
      RC_ASSERT(cache.keys_most_recent_first() == std::vector<int>(most_recent_first.begin(), most_recent_first.end()));
    }
  }));
}
