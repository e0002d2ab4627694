#include "libsim/containers/indexed_heap.hpp"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <set>
#include <utility>

using sim::policies::IndexedHeap;

TEST_CASE("a heap has the least on top, whatever is put in and taken out", "[indexed_heap][property]") {
  REQUIRE(rc::check("as an ordered set", [] {
    IndexedHeap<int> heap;
    std::set<std::pair<int, std::uint32_t>> expected;
    int next_key = 0;
    for (const std::uint32_t id : *rc::gen::container<std::vector<std::uint32_t>>(300, rc::gen::inRange(0U, 60U))) {
      if (heap.contains(id)) {
        expected.erase({heap.key_of(id), id});
        heap.erase(id);
      } else {
        const int key = *rc::gen::inRange(0, 1000) * 1000 + next_key++;  // all different
        expected.emplace(key, id);
        heap.push(id, key);
      }
      RC_ASSERT(heap.size() == expected.size());
      RC_ASSERT((heap.empty() || std::pair{heap.top_key(), heap.top()} == *expected.begin()));
    }
    for (; !expected.empty(); expected.erase(expected.begin())) {
      RC_ASSERT(heap.top() == expected.begin()->second);
      heap.erase(heap.top());
    }
  }));
}

TEST_CASE("a number is in a heap at most once", "[indexed_heap]") {
  IndexedHeap<int> heap;
  heap.push(3, 10);
  REQUIRE_THROWS_AS(heap.push(3, 11), sim::AssertionFailure);
  REQUIRE_THROWS_AS(heap.erase(2), sim::AssertionFailure);
}
