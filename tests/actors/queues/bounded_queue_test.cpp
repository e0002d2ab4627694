#include "actors/queues/bounded_queue.hpp"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <deque>
#include <memory>
#include <vector>

using namespace sim;
using namespace sim::policies;

namespace {

using Queue = BoundedQueue<int>;
using Items = std::vector<int>;

Items items(const Queue& queue) { return {queue.items().begin(), queue.items().end()}; }

/// A queue with three places, filled with 1, 2, 3.
Queue filled(Queue::OnFull on_full) {
  Queue queue{{.capacity = 3, .on_full = on_full}};
  for (const int item : {1, 2, 3}) {
    REQUIRE(queue.push(item) == std::nullopt);
  }
  return queue;
}

}  // namespace

TEST_CASE("a bounded queue is first in, first out", "[bounded_queue]") {
  Queue queue = filled(Queue::OnFull::reject);
  REQUIRE(queue.is_full());
  REQUIRE(queue.pop() == 1);
  REQUIRE_FALSE(queue.is_full());
  REQUIRE(queue.pop() == 2);
  REQUIRE(queue.pop() == 3);
  REQUIRE(queue.pop() == std::nullopt);
  REQUIRE(queue.is_empty());
}

TEST_CASE("a full queue gives a rejected item back", "[bounded_queue]") {
  Queue queue = filled(Queue::OnFull::reject);
  REQUIRE(queue.push(4) == 4);
  REQUIRE(items(queue) == Items{1, 2, 3});
  REQUIRE(queue.statistics().rejected_count == 1);
  REQUIRE(queue.statistics().pushed_count == 3);
}

TEST_CASE("drop_oldest makes place at the front", "[bounded_queue]") {
  Queue queue = filled(Queue::OnFull::drop_oldest);
  REQUIRE(queue.push(4) == 1);
  REQUIRE(items(queue) == Items{2, 3, 4});
  REQUIRE(queue.statistics().dropped_count == 1);
}

TEST_CASE("drop_newest makes place at the back", "[bounded_queue]") {
  Queue queue = filled(Queue::OnFull::drop_newest);
  REQUIRE(queue.push(4) == 3);
  REQUIRE(items(queue) == Items{1, 2, 4});
  REQUIRE(queue.push(5) == 4);
  REQUIRE(queue.pop() == 1);
}

TEST_CASE("with one place oldest and newest are the same item", "[bounded_queue]") {
  for (const auto on_full : {Queue::OnFull::drop_oldest, Queue::OnFull::drop_newest}) {
    Queue queue{{.capacity = 1, .on_full = on_full}};
    REQUIRE(queue.push(1) == std::nullopt);
    REQUIRE(queue.push(2) == 1);
    REQUIRE(items(queue) == Items{2});
  }
}

TEST_CASE("a cleared queue has its places back", "[bounded_queue]") {
  Queue queue = filled(Queue::OnFull::reject);
  queue.pop();
  queue.clear();
  REQUIRE(queue.push(4) == std::nullopt);
  REQUIRE(items(queue) == Items{4});
  const Queue::Statistics expected{
      .pushed_count = 4, .popped_count = 1, .rejected_count = 0, .dropped_count = 0, .cleared_count = 2, .size_max = 3};
  REQUIRE(queue.statistics() == expected);
}

TEST_CASE("items that can only be moved pass through", "[bounded_queue]") {
  using Owned = BoundedQueue<std::unique_ptr<int>>;
  Owned queue{{.capacity = 1, .on_full = Owned::OnFull::reject}};
  REQUIRE_FALSE(queue.push(std::make_unique<int>(1)));
  const auto rejected = queue.push(std::make_unique<int>(2));
  REQUIRE(**rejected == 2);
  REQUIRE(**queue.pop() == 1);
}

TEST_CASE("a bounded queue without a place is a bug", "[bounded_queue]") {
  REQUIRE_THROWS_AS(Queue{{.capacity = 0}}, AssertionFailure);
}

TEST_CASE("a bounded queue agrees with a plain model of it, and its statistics add up", "[bounded_queue][property]") {
  REQUIRE(rc::check("model", [](const std::vector<int>& operations) {  // negative: pop
    const auto capacity = *rc::gen::inRange<std::size_t>(1, 6);
    const auto on_full =
        *rc::gen::element(Queue::OnFull::reject, Queue::OnFull::drop_oldest, Queue::OnFull::drop_newest);
    Queue queue{{.capacity = capacity, .on_full = on_full}};
    std::deque<int> model;
    for (const int pushed : operations) {
      if (pushed < 0) {
        const std::optional<int> expected = model.empty() ? std::nullopt : std::optional(model.front());
        RC_ASSERT(queue.pop() == expected);
        model.erase(model.begin(), model.begin() + (model.empty() ? 0 : 1));
        continue;
      }
      std::optional<int> out;
      if (model.size() == capacity) {
        out = on_full == Queue::OnFull::reject        ? pushed
              : on_full == Queue::OnFull::drop_oldest ? model.front()
                                                      : model.back();
        model.erase(on_full == Queue::OnFull::drop_oldest   ? model.begin()
                    : on_full == Queue::OnFull::drop_newest ? model.end() - 1
                                                            : model.end(),
                    on_full == Queue::OnFull::drop_oldest ? model.begin() + 1 : model.end());
      }
      if (model.size() < capacity) {
        model.push_back(pushed);
      }
      RC_ASSERT(queue.push(pushed) == out);
      RC_ASSERT(items(queue) == Items(model.begin(), model.end()));
    }
    const Queue::Statistics& statistics = queue.statistics();
    RC_ASSERT(statistics.pushed_count == queue.size() + statistics.popped_count + statistics.dropped_count);
    RC_ASSERT(statistics.size_max <= capacity);
  }));
}
