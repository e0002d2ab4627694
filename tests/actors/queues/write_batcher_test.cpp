#include "actors/queues/write_batcher.hpp"

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <vector>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using Write = WriteBatcher::WriteId;
using Batch = std::vector<std::uint64_t>;

Time at(Duration since_start) { return Time{} + since_start; }
Batch take(WriteBatcher& batcher, Duration now) {
  Batch batch;
  for (const Write write : batcher.take_batch(at(now))) {
    batch.push_back(static_cast<std::uint64_t>(write));
  }
  return batch;
}
void add(WriteBatcher& batcher, Duration now, std::uint64_t first, std::uint64_t last) {
  for (std::uint64_t write = first; write <= last; ++write) {
    REQUIRE(batcher.add(at(now), Write{write}) == WriteBatcher::Added::accepted);
  }
}

}  // namespace

TEST_CASE("a full batch leaves at once", "[write_batcher]") {
  WriteBatcher batcher{{.batch_size_max = 3, .flush_interval = 1s}};
  add(batcher, 0s, 1, 2);
  REQUIRE(take(batcher, 0s).empty());
  add(batcher, 10ms, 3, 3);
  REQUIRE(batcher.next_batch_at() == at(10ms));
  REQUIRE(take(batcher, 10ms) == Batch{1, 2, 3});
  REQUIRE(batcher.statistics().full_batches_count == 1);
  REQUIRE(batcher.waiting() == 0);
}

TEST_CASE("a batch that does not fill leaves when its first write has waited for the flush interval",
          "[write_batcher]") {
  WriteBatcher batcher{{.batch_size_max = 3, .flush_interval = 50ms}};
  add(batcher, 10ms, 1, 1);
  add(batcher, 40ms, 2, 2);
  REQUIRE(batcher.next_batch_at() == at(60ms));
  REQUIRE(take(batcher, 60ms - 1ns).empty());
  REQUIRE(take(batcher, 60ms) == Batch{1, 2});
  REQUIRE(batcher.statistics().full_batches_count == 0);
  REQUIRE(batcher.statistics().wait_max == 50ms);
  REQUIRE(batcher.next_batch_at() == std::nullopt);
}

TEST_CASE("no more batches are in progress than allowed, and the next leaves when one is done", "[write_batcher]") {
  WriteBatcher batcher{{.batch_size_max = 2, .flush_interval = 50ms, .concurrent_batches_max = 2}};
  add(batcher, 0s, 1, 7);
  REQUIRE(take(batcher, 0s) == Batch{1, 2});
  REQUIRE(take(batcher, 0s) == Batch{3, 4});
  REQUIRE(take(batcher, 0s).empty());
  REQUIRE(batcher.next_batch_at() == std::nullopt);
  batcher.batch_done(at(100ms));
  REQUIRE(take(batcher, 100ms) == Batch{5, 6});
  batcher.batch_done(at(120ms));
  REQUIRE(batcher.next_batch_at() == at(120ms));  // the last one has waited long enough
  REQUIRE(take(batcher, 120ms) == Batch{7});
  REQUIRE(batcher.batches_in_progress() == 2);
}

TEST_CASE("beyond waiting_max writes are rejected", "[write_batcher]") {
  WriteBatcher batcher{{.batch_size_max = 2, .waiting_max = 2}};
  add(batcher, 0s, 1, 2);
  REQUIRE(batcher.add(at(0s), Write{3}) == WriteBatcher::Added::rejected);
  REQUIRE(take(batcher, 0s) == Batch{1, 2});
  add(batcher, 0s, 4, 5);
  REQUIRE(batcher.statistics().rejected_count == 1);
  REQUIRE(batcher.statistics().accepted_count == 4);
}

TEST_CASE("with a flush interval of 0 nothing waits, with forever only full batches leave", "[write_batcher]") {
  WriteBatcher eager{{.batch_size_max = 10, .flush_interval = 0s, .concurrent_batches_max = 0}};
  add(eager, 0s, 1, 1);
  REQUIRE(take(eager, 0s) == Batch{1});
  WriteBatcher patient{{.batch_size_max = 10, .flush_interval = forever}};
  add(patient, 0s, 1, 9);
  REQUIRE(patient.next_batch_at() == std::nullopt);
  REQUIRE(take(patient, 24h).empty());
}

TEST_CASE("2,000 writes of 5 ms each take 10 s one by one and a fifth of a second in batches of 50",
          "[write_batcher]") {
  const auto time_for = [](std::uint32_t batch_size) {
    WriteBatcher batcher{{.batch_size_max = batch_size}};
    add(batcher, 0s, 1, 2000);
    Duration now = 0s;
    while (!batcher.take_batch(at(now)).empty()) {
      now += 5ms;
      batcher.batch_done(at(now));
    }
    return now;
  };
  REQUIRE(time_for(1) == 10s);
  REQUIRE(time_for(50) == 200ms);  // 40 batches
}

TEST_CASE("wrong settings of a write batcher and calls out of turn are bugs", "[write_batcher]") {
  REQUIRE_THROWS_AS(WriteBatcher{{.batch_size_max = 0}}, AssertionFailure);
  REQUIRE_THROWS_AS(WriteBatcher{{.flush_interval = -1ns}}, AssertionFailure);
  WriteBatcher batcher{WriteBatcher::Config{}};
  REQUIRE_THROWS_AS(batcher.batch_done(at(0s)), AssertionFailure);
  add(batcher, 1s, 1, 1);
  REQUIRE_THROWS_AS(batcher.add(at(0s), Write{2}), AssertionFailure);
}

TEST_CASE("every accepted write leaves once, in order, within its bounds", "[write_batcher][property]") {
  rc::prop("and waits for the interval only when there is a place", [] {
    WriteBatcher::Config config;
    config.batch_size_max = *rc::gen::inRange<std::uint32_t>(1, 6);
    config.flush_interval = *rc::gen::inRange(0, 100) * 1ms;
    config.concurrent_batches_max = *rc::gen::inRange<std::uint32_t>(0, 3);
    config.waiting_max = *rc::gen::inRange<std::uint32_t>(1, 12);
    WriteBatcher batcher{config};
    Time now{};
    std::vector<Write> accepted;
    std::vector<Write> left;
    std::uint64_t last = 0;
    const int steps = *rc::gen::inRange(0, 100);
    for (int step = 0; step < steps; ++step) {
      now += *rc::gen::inRange(0, 40) * 1ms;
      if (batcher.batches_in_progress() > 0 && *rc::gen::inRange(0, 3) == 0) {
        batcher.batch_done(now);
      } else if (batcher.add(now, Write{++last}) == WriteBatcher::Added::accepted) {
        accepted.push_back(Write{last});
      }
      for (auto batch = batcher.take_batch(now); !batch.empty(); batch = batcher.take_batch(now)) {
        RC_ASSERT(batch.size() <= config.batch_size_max);
        left.insert(left.end(), batch.begin(), batch.end());
      }
      RC_ASSERT((config.concurrent_batches_max == 0) ||
                (batcher.batches_in_progress() <= config.concurrent_batches_max));
      RC_ASSERT(batcher.waiting() <= config.waiting_max);
      RC_ASSERT(left.size() + batcher.waiting() == accepted.size());
    }
    RC_ASSERT(std::equal(left.begin(), left.end(), accepted.begin()));
    RC_ASSERT(batcher.statistics().accepted_count + batcher.statistics().rejected_count == last);
  });
}
