#include "actors/queues/publish_batcher.hpp"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <numeric>
#include <optional>
#include <vector>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using Batcher = PublishBatcher<int>;
using Admission = Batcher::Admission;
using Overflow = Batcher::Overflow;
using Items = std::vector<int>;

Time at(Duration since_start) { return Time{} + since_start; }

void add(Batcher& batcher, Time now, int first, int last) {
  for (int item = first; item <= last; ++item) {
    batcher.add(now, item);
  }
}

/// Empty: none is due.
Items take(Batcher& batcher, Time now) {
  const auto batch = batcher.take_batch(now);
  return batch ? Items(batch->begin(), batch->end()) : Items{};
}

Items numbers(int first, int last) {
  Items items(static_cast<std::size_t>(last - first + 1));
  std::iota(items.begin(), items.end(), first);
  return items;
}

}  // namespace

TEST_CASE("twenty items make a batch, nineteen do not", "[publish_batcher]") {
  Batcher batcher{{}};
  add(batcher, at(0s), 1, 19);
  REQUIRE(take(batcher, at(0s)).empty());
  batcher.add(at(1s), 20);
  REQUIRE(batcher.next_batch_at() == at(1s));
  REQUIRE(take(batcher, at(1s)) == numbers(1, 20));
  REQUIRE(batcher.buffered() == 0);
  REQUIRE(batcher.in_batch() == 20);
}

TEST_CASE("45 items are published as 20, 20 and, when the interval is over, 5", "[publish_batcher]") {
  Batcher batcher{{.flush_interval = 60s}};
  add(batcher, at(0s), 1, 45);
  REQUIRE(take(batcher, at(0s)) == numbers(1, 20));
  REQUIRE_FALSE(batcher.next_batch_at());  // one is under way
  REQUIRE(take(batcher, at(0s)).empty());
  batcher.published(at(1s));
  REQUIRE(take(batcher, at(1s)) == numbers(21, 40));
  batcher.published(at(2s));
  REQUIRE(batcher.next_batch_at() == at(60s));
  REQUIRE(take(batcher, at(60s) - 1ns).empty());
  REQUIRE(take(batcher, at(60s)) == numbers(41, 45));
  batcher.published(at(61s));
  REQUIRE_FALSE(batcher.next_batch_at());
  REQUIRE(batcher.statistics() ==
          Batcher::Statistics{.accepted_count = 45, .published_count = 45, .batches_count = 3, .attempts_count = 3});
}

TEST_CASE("the interval counts from the first item of a batch", "[publish_batcher]") {
  Batcher batcher{{.batch_size_max = 3, .flush_interval = 60s, .buffer_max = 10}};
  for (int item = 1; item <= 5; ++item) {
    batcher.add(at(item * 10s), item);
  }
  REQUIRE(take(batcher, at(50s)) == Items{1, 2, 3});
  batcher.published(at(50s));
  REQUIRE(batcher.next_batch_at() == at(100s));  // 60 s after item 4
}

TEST_CASE("with no limit of waiting only full batches are published, and what a flush finds", "[publish_batcher]") {
  Batcher batcher{{.batch_size_max = 3, .flush_interval = forever, .buffer_max = 10}};
  add(batcher, at(0s), 1, 2);
  REQUIRE_FALSE(batcher.next_batch_at());
  batcher.flush(at(5s));
  REQUIRE(take(batcher, at(5s)) == Items{1, 2});
  batcher.published(at(5s));
  batcher.add(at(6s), 3);
  REQUIRE_FALSE(batcher.next_batch_at());  // came after the flush
}

TEST_CASE("a flush of more than a batch empties the buffer batch by batch", "[publish_batcher]") {
  Batcher batcher{{.batch_size_max = 3, .flush_interval = forever, .buffer_max = 10}};
  add(batcher, at(0s), 1, 4);
  batcher.flush(at(0s));
  REQUIRE(take(batcher, at(0s)) == Items{1, 2, 3});
  batcher.published(at(0s));
  REQUIRE(take(batcher, at(0s)) == Items{4});
}

TEST_CASE("a flush does not outlive the items that it found", "[publish_batcher]") {
  Batcher batcher{{.batch_size_max = 2, .flush_interval = forever, .buffer_max = 3}};
  add(batcher, at(0s), 1, 2);
  REQUIRE(take(batcher, at(0s)) == Items{1, 2});
  add(batcher, at(0s), 3, 5);
  batcher.flush(at(0s));
  batcher.add(at(0s), 6);  // 3 is dropped
  batcher.published(at(0s));
  REQUIRE(take(batcher, at(0s)) == Items{4, 5});
  batcher.published(at(0s));
  REQUIRE_FALSE(batcher.next_batch_at());  // 6 came after the flush
}

TEST_CASE("a full buffer drops the oldest item, drops the new one, or refuses it, as set", "[publish_batcher]") {
  const auto filled = [](Overflow overflow) {
    Batcher batcher{{.batch_size_max = 3, .buffer_max = 3, .overflow = overflow}};
    add(batcher, at(0s), 1, 3);
    return batcher;
  };
  Batcher drop_oldest = filled(Overflow::drop_oldest);
  REQUIRE(drop_oldest.add(at(0s), 4) == Admission::dropped_oldest);
  REQUIRE(take(drop_oldest, at(0s)) == Items{2, 3, 4});
  REQUIRE(drop_oldest.statistics().dropped_count == 1);
  REQUIRE(drop_oldest.statistics().accepted_count == 4);

  Batcher drop_newest = filled(Overflow::drop_newest);
  REQUIRE(drop_newest.add(at(0s), 4) == Admission::dropped);
  REQUIRE(take(drop_newest, at(0s)) == Items{1, 2, 3});
  REQUIRE(drop_newest.statistics().dropped_count == 1);
  REQUIRE(drop_newest.statistics().accepted_count == 3);

  Batcher block = filled(Overflow::block);
  REQUIRE_FALSE(block.has_room());
  REQUIRE(block.add(at(0s), 4) == Admission::blocked);
  REQUIRE(take(block, at(0s)) == Items{1, 2, 3});
  REQUIRE(block.add(at(0s), 4) == Admission::accepted);  // the batch under way takes no room
  REQUIRE(block.statistics().blocked_count == 1);
  REQUIRE(block.statistics().dropped_count == 0);
}

TEST_CASE("a batch that fails is tried again as it was, later ones wait for it", "[publish_batcher]") {
  Batcher batcher{{.batch_size_max = 2, .buffer_max = 10, .retry = {.initial_delay = 1s}}};
  add(batcher, at(0s), 1, 4);
  REQUIRE(take(batcher, at(0s)) == Items{1, 2});
  REQUIRE(batcher.failed(at(1s), ErrorClass::timed_out));
  REQUIRE(batcher.next_batch_at() == at(2s));
  REQUIRE(take(batcher, at(2s) - 1ns).empty());
  REQUIRE(take(batcher, at(2s)) == Items{1, 2});
  REQUIRE(batcher.failed(at(3s), ErrorClass::throttled, 0, 10s));  // the service says when
  REQUIRE(batcher.next_batch_at() == at(13s));
  REQUIRE(take(batcher, at(13s)) == Items{1, 2});
  batcher.published(at(14s));
  REQUIRE(take(batcher, at(14s)) == Items{3, 4});
  REQUIRE(batcher.statistics().attempts_count == 4);
  REQUIRE(batcher.statistics().failures_count == 2);
}

TEST_CASE("a batch is given up after its last attempt, or at once when another would fail too", "[publish_batcher]") {
  Batcher batcher{{.batch_size_max = 2, .buffer_max = 10, .retry = {.attempts_max = 2, .initial_delay = 0s}}};
  add(batcher, at(0s), 1, 4);
  take(batcher, at(0s));
  REQUIRE(batcher.failed(at(0s), ErrorClass::server_error));
  take(batcher, at(0s));
  REQUIRE_FALSE(batcher.failed(at(0s), ErrorClass::server_error));
  REQUIRE(batcher.in_batch() == 0);
  REQUIRE(batcher.statistics().abandoned_count == 2);
  REQUIRE(take(batcher, at(0s)) == Items{3, 4});
  REQUIRE_FALSE(batcher.failed(at(0s), ErrorClass::client_error));
  REQUIRE(batcher.statistics().abandoned_count == 4);
  REQUIRE(batcher.statistics().published_count == 0);
}

TEST_CASE("wrong settings of a batcher and calls out of turn are bugs", "[publish_batcher]") {
  REQUIRE_THROWS_AS(Batcher{{.batch_size_max = 0}}, AssertionFailure);
  REQUIRE_THROWS_AS((Batcher{{.batch_size_max = 20, .buffer_max = 19}}), AssertionFailure);
  REQUIRE_THROWS_AS(Batcher{{.flush_interval = -1ns}}, AssertionFailure);
  Batcher batcher{{}};
  REQUIRE_THROWS_AS(batcher.published(at(0s)), AssertionFailure);
  add(batcher, at(1s), 1, 20);
  REQUIRE_THROWS_AS(batcher.failed(at(1s), ErrorClass::timed_out), AssertionFailure);
  REQUIRE_THROWS_AS(batcher.add(at(0s), 1), AssertionFailure);
  take(batcher, at(1s));
  batcher.published(at(1s));
  REQUIRE_THROWS_AS(batcher.published(at(1s)), AssertionFailure);
}

TEST_CASE("items are published in order, each once, and every item that came is accounted for",
          "[publish_batcher][property]") {
  REQUIRE(rc::check("account of items", [](const std::vector<std::uint8_t>& steps) {
    const auto size = *rc::gen::inRange<std::uint32_t>(1, 5);
    Batcher batcher{{.batch_size_max = size,
                     .flush_interval = *rc::gen::element<Duration>(0s, 50ms, forever),
                     .buffer_max = size + *rc::gen::inRange<std::uint32_t>(0, 6),
                     .overflow = *rc::gen::element(Overflow::drop_oldest, Overflow::drop_newest, Overflow::block),
                     .retry = {.attempts_max = 2, .initial_delay = 20ms}}};
    Time now{};
    int added = 0;
    int last_published = 0;
    Items under_way;
    for (const std::uint8_t step : steps) {
      now += (step / 8) * 1ms;
      const auto due = batcher.next_batch_at();
      if (!under_way.empty() && step % 8 == 0) {
        for (const int item : under_way) {
          RC_ASSERT(item > last_published);
          last_published = item;
        }
        batcher.published(now);
        under_way.clear();
      } else if (!under_way.empty() && step % 8 == 1) {
        batcher.failed(now, ErrorClass::timed_out);
        under_way.clear();
      } else if (step % 8 <= 4) {
        batcher.add(now, ++added);
      } else if (step % 8 == 5) {
        batcher.flush(now);
      } else {
        const Items batch = take(batcher, now);
        RC_ASSERT(batch.empty() == (!due || *due > now));
        RC_ASSERT(batch.size() <= size);
        RC_ASSERT((under_way.empty() || batch.empty()));
        under_way = batch.empty() ? under_way : batch;
      }
      const Batcher::Statistics& told = batcher.statistics();
      const bool drops_old = batcher.config().overflow == Overflow::drop_oldest;
      RC_ASSERT(static_cast<std::uint64_t>(added) ==
                told.accepted_count + told.blocked_count + (drops_old ? 0 : told.dropped_count));
      RC_ASSERT(told.accepted_count == told.published_count + told.abandoned_count + batcher.in_batch() +
                                           batcher.buffered() + (drops_old ? told.dropped_count : 0));
      RC_ASSERT(batcher.buffered() <= batcher.config().buffer_max);
    }
  }));
}
