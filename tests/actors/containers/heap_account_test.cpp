#include "actors/containers/heap_account.hpp"

#include <catch2/catch.hpp>

#include "libsim/failure.hpp"

using sim::AssertionFailure;
using sim::policies::HeapAccount;

namespace {

constexpr HeapAccount::Config small{.base_mb = 10, .collection_threshold_mb = 8, .collects = true};

}  // namespace

TEST_CASE("what is released is garbage until the next collection", "[heap]") {
  HeapAccount heap(small);
  heap.allocate(3);
  REQUIRE(heap.used_mb() == 13);
  heap.release(3);
  REQUIRE(heap.used_mb() == 13);
  REQUIRE(heap.garbage_mb() == 3);
  heap.allocate(4);  // 7 of 8 MB since the start
  REQUIRE(heap.used_mb() == 17);
  heap.release(4);
  heap.allocate(2);  // 9 of 8: a collection, then the 2
  REQUIRE(heap.collections_count() == 1);
  REQUIRE(heap.used_mb() == 12);
  REQUIRE(heap.used_mb_max() == 17);
}

TEST_CASE("a collection leaves what is live", "[heap]") {
  HeapAccount heap(small);
  heap.allocate(5);
  heap.allocate(5);
  REQUIRE(heap.collections_count() == 1);
  REQUIRE(heap.live_mb() == 10);
  REQUIRE(heap.used_mb() == 20);
}

TEST_CASE("what leaks is never collected", "[heap]") {
  HeapAccount heap(small);
  for (int call = 0; call < 100; ++call) {
    heap.allocate(4);
    heap.release(4, 1);
  }
  REQUIRE(heap.leaked_mb() == 100);
  REQUIRE(heap.used_mb() >= 110);
  REQUIRE(heap.used_mb() <= 110 + 8);
}

TEST_CASE("without collections garbage stays", "[heap]") {
  HeapAccount heap({.base_mb = 10, .collection_threshold_mb = 8, .collects = false});
  for (int call = 0; call < 100; ++call) {
    heap.allocate(4);
    heap.release(4);
  }
  REQUIRE(heap.used_mb() == 410);
  REQUIRE(heap.collections_count() == 0);
}

TEST_CASE("a heap refuses what was never allocated", "[heap]") {
  HeapAccount heap(small);
  heap.allocate(2);
  REQUIRE_THROWS_AS(heap.release(3), AssertionFailure);
  REQUIRE_THROWS_AS(heap.release(1, 2), AssertionFailure);
  REQUIRE_THROWS_AS(heap.allocate(-1), AssertionFailure);
  REQUIRE_THROWS_AS(HeapAccount({.base_mb = 1, .collection_threshold_mb = 0, .collects = true}), AssertionFailure);
}
