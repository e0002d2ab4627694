#include "actors/cache/memo.hpp"

#include <catch2/catch.hpp>
#include <stdexcept>
#include <string>
#include <utility>

using namespace sim;
using namespace sim::policies;

TEST_CASE("a function runs once per argument", "[memo]") {
  Memo<int, int> memo;
  int runs = 0;
  const auto square = [&runs](int n) {
    ++runs;
    return n * n;
  };
  REQUIRE(memo(5, square) == 25);
  REQUIRE(memo(5, square) == 25);
  REQUIRE(runs == 1);
  REQUIRE(memo(3, square) == 9);
  REQUIRE(runs == 2);
  REQUIRE(memo.statistics() == CacheStatistics{1, 2, 0, 0});
}

TEST_CASE("when there is no room the result used least recently is computed again, or the oldest, as set", "[memo]") {
  const auto runs_for = [](CacheConfig::Eviction eviction, int last) {
    Memo<int, int> memo{{.entries_max = 2, .eviction = eviction}};
    int runs = 0;
    for (const int argument : {1, 2, 1, 3, last}) {  // 3 evicts 2, or 1 when the oldest goes
      memo(argument, [&runs](int n) { return ++runs, n; });
    }
    REQUIRE(memo.size() == 2);
    return runs;
  };
  REQUIRE(runs_for(CacheConfig::Eviction::least_recently_used, 1) == 3);
  REQUIRE(runs_for(CacheConfig::Eviction::least_recently_used, 2) == 4);
  REQUIRE(runs_for(CacheConfig::Eviction::first_in_first_out, 1) == 4);
  REQUIRE(runs_for(CacheConfig::Eviction::first_in_first_out, 2) == 3);
}

TEST_CASE("a function that calls the memo again is linear where it was exponential", "[memo]") {
  struct Fibonacci {
    Memo<int, std::uint64_t> memo;
    std::uint64_t operator()(int n) {
      return memo(n, [this](int k) { return k < 2 ? static_cast<std::uint64_t>(k) : (*this)(k - 1) + (*this)(k - 2); });
    }
  } fibonacci;
  REQUIRE(fibonacci(90) == 2'880'067'194'370'816'120);
  REQUIRE(fibonacci.memo.statistics().misses_count == 91);  // 0 … 90
  REQUIRE(fibonacci.memo.statistics().hits_count == 88);    // the second call of each from 3 to 90
}

TEST_CASE("a function that throws leaves nothing to remember", "[memo]") {
  Memo<int, int> memo;
  REQUIRE_THROWS_AS(memo(1, [](int) -> int { throw std::runtime_error("no"); }), std::runtime_error);
  REQUIRE(memo.size() == 0);
  REQUIRE(memo(1, [](int) { return 7; }) == 7);
}

TEST_CASE("several arguments are one key, and a cleared memo computes again", "[memo]") {
  Memo<std::pair<int, std::string>, std::string> memo;
  int runs = 0;
  const auto repeat = [&runs](const std::pair<int, std::string>& argument) {
    ++runs;
    std::string text;
    for (int i = 0; i < argument.first; ++i) {
      text += argument.second;
    }
    return text;
  };
  REQUIRE(memo({2, "ab"}, repeat) == "abab");
  REQUIRE(memo({2, "ab"}, repeat) == "abab");
  REQUIRE(memo({1, "ab"}, repeat) == "ab");
  REQUIRE(runs == 2);
  memo.clear();
  memo({1, "ab"}, repeat);
  REQUIRE(runs == 3);
}
