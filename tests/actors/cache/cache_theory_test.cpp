#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <vector>

#define CSV_IO_NO_THREAD
#pragma GCC diagnostic push
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wstringop-truncation"
#endif
#include <libfccp/csv.h>
#pragma GCC diagnostic pop

#include "actors/cache/cache.hpp"
#include "actors/load/zipf_keys.hpp"
#include "libsim/random/distribution.hpp"
#include "libsim/random/stream.hpp"
#include "libsim/statistics/batch_means.hpp"
#include "libsim/statistics/interval.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

/// What theory says about a case, by the number in its file.
double expected_of(const std::string& id) {
  io::CSVReader<2, io::trim_chars<' '>, io::double_quote_escape<',', '"'>> cases(LIBSIM_TEST_DATA
                                                                                 "/data/lru_cache/cases.csv");
  cases.read_header(io::ignore_extra_column, "id", "expected");
  std::string found;
  double expected = 0.0;
  while (cases.read_row(found, expected)) {
    if (found == id) {
      return expected;
    }
  }
  FAIL("no case " << id);
  return expected;
}

RandomStream stream(const std::string& id, const char* purpose) {
  return RandomStream({.seed = 1, .actor = id, .purpose = purpose});
}

using Keys = Cache<std::uint32_t, bool>;

/// The share of hits when every lookup draws a key independently, and a missed key is stored (`fill`) or not.
Interval hit_ratio(const std::string& id, ZipfKeys::Config population, Keys cache, std::uint64_t lookups,
                   bool fill = true) {
  const ZipfKeys keys{population};
  RandomStream random = stream(id, "key");
  BatchMeans hits;
  for (std::uint64_t lookup = 0; lookup < lookups; ++lookup) {
    const std::uint32_t key = keys.draw(random);
    const bool hit = cache.get(key, Time{}).has_value();
    hits.add(hit ? 1.0 : 0.0);
    if (!hit && fill) {
      cache.set(key, true, Time{});
    }
  }
  const auto result = hits.result({.warm_up_share = 0.05});
  REQUIRE(result);
  INFO(id << ": hit ratio " << result->interval.mean << " ± " << result->interval.half_width);
  REQUIRE(result->interval.standard_error < 0.002);
  return result->interval;
}

Keys lru(std::size_t entries_max) { return Keys{{.entries_max = entries_max, .ttl = forever}}; }

Keys fifo(std::size_t entries_max) { return Keys{{entries_max, forever, CacheConfig::Eviction::first_in_first_out}}; }

/// Holds the most popular keys for good.
Keys pinned(std::uint32_t entries_max) {
  Keys cache = lru(entries_max);
  for (std::uint32_t rank = 1; rank <= entries_max; ++rank) {
    cache.set(rank, true, Time{});
  }
  return cache;
}

/// Within four standard errors of theory.
bool agrees(const Interval& interval, double expected) { return std::abs(z_score(interval, expected)) < 4; }

constexpr std::uint64_t lookups_default = 1'000'000;

}  // namespace

TEST_CASE("LRU hits as often as King's formula says, and other rules and sizes do not", "[cache][theory]") {
  const auto small = hit_ratio("A-CACHE-01", {5, 1.0}, lru(2), lookups_default);
  REQUIRE(agrees(small, expected_of("A-CACHE-01")));
  const auto larger = hit_ratio("A-CACHE-07", {10, 0.8}, lru(4), lookups_default);
  REQUIRE(agrees(larger, expected_of("A-CACHE-07")));

  REQUIRE_FALSE(agrees(hit_ratio("fifo", {5, 1.0}, fifo(2), lookups_default), expected_of("A-CACHE-01")));
  REQUIRE_FALSE(agrees(hit_ratio("size", {10, 0.8}, lru(3), lookups_default), expected_of("A-CACHE-07")));
}

TEST_CASE("first in, first out hits as often as Gelenbe's formula says, and LRU more often", "[cache][theory]") {
  const double expected = expected_of("A-CACHE-05");
  REQUIRE(agrees(hit_ratio("A-CACHE-05", {8, 1.0}, fifo(3), lookups_default), expected));
  REQUIRE(hit_ratio("lru", {8, 1.0}, lru(3), lookups_default).lower() > expected);
}

TEST_CASE("a cache that holds the most popular keys for good hits as often as their popularity says",
          "[cache][theory]") {
  REQUIRE(agrees(hit_ratio("A-CACHE-03", {5, 1.0}, pinned(2), lookups_default, false), expected_of("A-CACHE-03")));
  REQUIRE(agrees(hit_ratio("A-CACHE-09", {10, 0.8}, pinned(4), lookups_default, false), expected_of("A-CACHE-09")));
}

TEST_CASE("a large LRU cache hits as often as Che's approximation says, which is good to one percent",
          "[cache][theory]") {
  const double expected = expected_of("A-CACHE-11");
  const auto ratio = hit_ratio("A-CACHE-11", {10'000, 1.0}, lru(500), 3 * lookups_default);
  REQUIRE(ratio.mean == Approx(expected).epsilon(0.01));
}

TEST_CASE("with a time to live renewed by reads a key at rate r hits with probability 1 - exp(-r ttl)",
          "[cache][theory]") {
  const Distribution between = exponential(500ms);  // r = 2 per second
  RandomStream random = stream("A-CACHE-13", "arrival");
  const auto ratio_with = [&](bool renewed) {
    Cache<int, int> cache{{.ttl = 500ms, .ttl_renewed_on_read = renewed}};
    BatchMeans hits;
    Time now{};
    for (std::uint64_t lookup = 0; lookup < lookups_default; ++lookup) {
      now += between.sample(random);
      const bool hit = cache.get(1, now).has_value();
      hits.add(hit ? 1.0 : 0.0);
      if (!hit) {
        cache.set(1, 1, now);
      }
    }
    return hits.result({.warm_up_share = 0.05})->interval;
  };
  REQUIRE(agrees(ratio_with(true), expected_of("A-CACHE-13")));
  // Renewed by writes only: after a miss r ttl = 1 hit is expected, hence 1 of 2.
  REQUIRE(agrees(ratio_with(false), 0.5));
}

TEST_CASE("two of n uniform draws are alike as often as the birthday problem says", "[random][theory]") {
  const auto collisions = [](const std::string& id, std::size_t draws, std::uint64_t days, std::uint64_t trials) {
    RandomStream random = stream(id, "birthday");
    std::vector<std::uint64_t> drawn(draws);
    std::uint64_t collided = 0;
    for (std::uint64_t trial = 0; trial < trials; ++trial) {
      std::generate(drawn.begin(), drawn.end(), [&] { return random.below(days); });
      std::sort(drawn.begin(), drawn.end());
      collided += std::adjacent_find(drawn.begin(), drawn.end()) != drawn.end() ? 1 : 0;
    }
    const double share = static_cast<double>(collided) / static_cast<double>(trials);
    return z_score(share, std::sqrt(share * (1 - share) / static_cast<double>(trials)), expected_of(id));
  };
  REQUIRE(std::abs(collisions("A-COMB-01", 23, 365, 100'000)) < 4);
  REQUIRE(std::abs(collisions("A-COMB-03", 1'000, 1'000'000, 10'000)) < 4);
}

TEST_CASE("100 uniform keys occupy as many of 64 shards as the occupancy problem says", "[random][theory]") {
  RandomStream random = stream("A-COMB-05", "shard");
  std::vector<double> occupied;
  for (int trial = 0; trial < 20'000; ++trial) {
    std::set<std::uint64_t> shards;
    for (int key = 0; key < 100; ++key) {
      shards.insert(random.below(64));
    }
    occupied.push_back(static_cast<double>(shards.size()));
  }
  REQUIRE(agrees(*mean_interval(occupied), expected_of("A-COMB-05")));
}
