#include <catch2/catch.hpp>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "libsim/testing.hpp"
#include "models/stress/actors/bounded_cache.hpp"
#include "models/stress/actors/queue_actors.hpp"
#include "models/stress/actors/rate_actors.hpp"
#include "models/stress/config.hpp"
#include "models/stress/duplicate_search.hpp"
#include "models/stress/experiment.hpp"
#include "tests/models/documented_parameters.hpp"
#include "tests/models/scenario_runs.hpp"

using namespace sim;
using namespace sim::models;
using sim::testing::Parameters;

namespace {

constexpr sim::testing::RunsOf run{stress::experiment};

/// A cache that forgets to evict.
class LeakingCache {
 public:
  struct Config {};
  using Inbox = sim::Inbox<stress::StoreEntry, stress::ReadEntry>;

  LeakingCache(Context&, Config) {}
  stress::EntryStored on(const stress::StoreEntry& store) {
    keys_.insert(store.key);
    return {keys_.size(), false};
  }
  stress::EntryRead on(const stress::ReadEntry& read) const { return {keys_.contains(read.key)}; }

 private:
  std::set<std::uint32_t> keys_;
};

/// A queue that takes one item too many.
class SlackQueue {
 public:
  struct Config {
    std::uint32_t capacity = 1'000;
  };
  using Inbox = sim::Inbox<stress::QueueItem, stress::ItemsOver>;

  SlackQueue(Context&, Config config) : config_(config) {}
  stress::ItemQueued on(const stress::QueueItem& arrival) {
    stress::ItemQueued queued{{}, 0, config_.capacity};
    if (size_ <= config_.capacity) {
      ++size_;
    } else {
      queued.dropped = arrival.item;
    }
    queued.size = size_;
    return queued;
  }
  void on(const stress::ItemsOver&) const {}

 private:
  Config config_;
  std::uint32_t size_ = 0;
};

/// A limiter whose comparison is off by one.
class SlackLimiter {
 public:
  struct Config {
    std::uint32_t limit = 100;
  };
  using Inbox = sim::Inbox<stress::LimitedCall>;

  SlackLimiter(Context&, Config config) : config_(config) {}
  stress::CallVerdict on(const stress::LimitedCall&) {
    const bool is_allowed = calls_ <= config_.limit;
    calls_ += is_allowed ? 1 : 0;
    return {is_allowed, Duration{0}};
  }

 private:
  Config config_;
  std::uint32_t calls_ = 0;
};

std::uint64_t duplicates(stress::DuplicateSearch search, const std::vector<std::uint32_t>& values) {
  const auto finder = stress::make_finder(search, 50);
  for (std::size_t position = 0; position < values.size(); ++position) {
    finder->visit(values, position);
  }
  return finder->duplicates();
}

}  // namespace

TEST_CASE("the same seed gives the same run of every mechanism, another seed another", "[stress]") {
  for (const std::string& scenario : stress::experiment().scenario_names()) {
    INFO(scenario);
    const auto first = run(scenario);
    CHECK(first == run(scenario));
    CHECK(first.totals.fingerprint != run(scenario, {}, 2).totals.fingerprint);
  }
}

TEST_CASE("a cache that forgets to evict is seen by whoever fills it", "[stress]") {
  Simulation simulation;
  const auto cache = simulation.spawn<LeakingCache>("cache", LeakingCache::Config{});
  const auto filler = simulation.spawn<stress::CacheFiller>(
      "filler", stress::CacheFiller::Config{}, Port<stress::StoreEntry>(cache), Port<stress::ReadEntry>(cache));
  simulation.run();
  REQUIRE(simulation.get(filler).entries_max() == 2'000);
}

TEST_CASE("a queue with one place too many is seen by whoever fills it", "[stress]") {
  Simulation simulation;
  const auto queue = simulation.spawn<SlackQueue>("queue", SlackQueue::Config{});
  const auto producer = simulation.spawn<stress::ItemProducer>(
      "producer", stress::ItemProducer::Config{}, Port<stress::QueueItem>(queue), Port<stress::ItemsOver>(queue));
  simulation.run();
  REQUIRE(simulation.get(producer).last().size == 1'001);
  REQUIRE(simulation.get(producer).dropped() == 499);
}

TEST_CASE("a limiter that is off by one is seen by whoever calls", "[stress]") {
  Simulation simulation;
  const auto endpoint = simulation.spawn<SlackLimiter>("endpoint", SlackLimiter::Config{});
  const auto caller = simulation.spawn<stress::EagerCaller>("caller", stress::EagerCaller::Config{},
                                                            Port<stress::LimitedCall>(endpoint));
  simulation.run();
  REQUIRE(simulation.get(caller).allowed() == 101);
  REQUIRE(simulation.get(caller).blocked() == 49);
}

TEST_CASE("keys that are read again and again stay under LRU, and go under FIFO", "[stress]") {
  REQUIRE(run("lru_cache").value("hot_hit_rate") == 100);
  // the first 1000 of 2000 inserts find all hot keys, the others none
  REQUIRE(run("lru_cache", {{"lru_cache.eviction", "fifo"}}).value("hot_hit_rate") < 60);
}

TEST_CASE("a bus that watches its listeners drops those that crash, one that does not calls them for ever",
          "[stress]") {
  const auto watched = run("listeners", {{"listeners.crash_probability", "0.5"}});
  REQUIRE(watched.value("listeners_after_cleanup") == 0);
  REQUIRE(watched.value("listeners_removed_after_crash") > 10);
  REQUIRE(watched.value("events_to_nobody") == 0);
  const auto leaking =
      run("listeners", {{"listeners.crash_probability", "0.5"}, {"listeners.removed_on_crash", "off"}});
  REQUIRE(leaking.value("listeners_after_cleanup") == watched.value("listeners_removed_after_crash"));
  REQUIRE(leaking.value("events_to_nobody") > 0);
}

TEST_CASE("more than 100 listeners of one event bring one warning", "[stress]") {
  REQUIRE(run("listeners", {{"listeners.count", "100"}}).value("limit_warnings") == 0);
  REQUIRE(run("listeners", {{"listeners.count", "150"}}).value("limit_warnings") == 1);
}

TEST_CASE("of 60 buffers in three rounds of 20, ten are used again in the second and in the third", "[stress]") {
  const auto pooled = run("buffer_pool");
  REQUIRE(pooled.value("buffers_reused") == 20);
  REQUIRE(pooled.value("buffers_allocated") == 40);
  const auto none_kept = run("buffer_pool", {{"buffer_pool.retained_max", "0"}});
  REQUIRE(none_kept.value("buffers_allocated") == 60);
  REQUIRE(none_kept.value("acquire_time_mean") > pooled.value("acquire_time_mean"));
}

TEST_CASE("what is computed for an owner that has gone is refused", "[stress]") {
  const auto weak = run("weak_cache");
  REQUIRE(weak.value("entries_refused_late") >= 10);  // the last one of each owner that ended
  REQUIRE(weak.value("entries_of_living_owners") == 50);
}

TEST_CASE("a request of a crowd ends processed, turned away or given up", "[stress]") {
  const auto crowded = run("api_load", {{"api_load.in_flight_max", "400"}, {"api_load.client_timeout", "50ms"}});
  REQUIRE(crowded.value("requests_rejected") == 600);
  REQUIRE(crowded.value("requests_timed_out") > 0);
  REQUIRE(crowded.value("requests_processed") > 0);
  REQUIRE(crowded.value("concurrent_requests_max") == 400);
  // five times the processors, a fifth of the time
  REQUIRE(run("api_load", {{"api_load.cpu_cores", "5"}}).value("duration") < 0.25 * run("api_load").value("duration"));
}

TEST_CASE("every limiter lets a call in that comes when it was told to", "[stress]") {
  for (const char* algorithm :
       {"fixed_window", "sliding_window_log", "sliding_window_counter", "token_bucket", "leaky_bucket", "gcra"}) {
    INFO(algorithm);
    CHECK(run("rate_limiter", {{"rate_limiter.algorithm", algorithm}}).value("allowed_as_told") == 1);
  }
}

TEST_CASE("a full queue keeps the first items, or the last when the oldest are dropped", "[stress]") {
  REQUIRE(run("queue_overflow").value("last_item_consumed") == 999);
  const auto newest = run("queue_overflow", {{"queue_overflow.on_full", "drop_oldest"}});
  REQUIRE(newest.value("last_item_consumed") == 1'499);
  REQUIRE(newest.value("dropped") == 500);
}

TEST_CASE("a queue whose consumer is slow or late loses items and accounts for them", "[stress]") {
  for (const char* processing : {"constant(1us)", "exponential(1ms)", "exponential(1s)"}) {
    for (const char* stall : {"0s", "100ms", "1h"}) {
      const auto queued =
          run("queue_overflow", {{"queue_overflow.processing", processing}, {"queue_overflow.consumer_stall", stall}});
      CHECK(queued.value("consumed") + queued.value("dropped") == 1'500);
    }
  }
}

TEST_CASE("a producer that heeds its signals loses nothing, however slow the consumer is", "[stress]") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const Parameters slow = {{"backpressure.items", "2000"}, {"backpressure.batch", "exponential(50ms)"}};
    const auto heeded = run("backpressure", slow, seed);
    CHECK(heeded.value("items_lost") == 0);
    CHECK(heeded.value("pauses") > 5);
    Parameters unheeded = slow;
    unheeded.emplace_back("backpressure.heeded", "off");
    CHECK(run("backpressure", unheeded, seed).value("items_lost") > 1'500);
  }
}

TEST_CASE("items that are under way when the pause is signalled need a place", "[stress]") {
  REQUIRE(run("backpressure", {{"backpressure.signal_delay", "5ms"}}).value("items_lost") > 0);
  REQUIRE(run("backpressure", {{"backpressure.signal_delay", "5ms"}, {"backpressure.capacity", "256"}})
              .value("items_lost") == 0);
}

TEST_CASE("tasks of a pool are done, time out or are rejected", "[stress]") {
  const auto pool = run("compute_pool", {{"compute_pool.queue_max", "3"}, {"compute_pool.task_timeout", "10ms"}});
  REQUIRE(pool.value("tasks_rejected") == 3);
  REQUIRE(pool.value("tasks_timed_out") > 0);
  REQUIRE(pool.value("tasks_correct") == pool.value("tasks_done"));
  REQUIRE(run("compute_pool", {{"compute_pool.workers", "1"}}).value("duration") >
          2 * run("compute_pool").value("duration"));
}

TEST_CASE("a task that nobody stops holds its worker, and whoever comes next waits", "[stress]") {
  REQUIRE(run("compute_timeout").value("next_task_waited") == Approx(100));
  REQUIRE(run("compute_timeout", {{"compute_timeout.on_timeout", "free_worker"}}).value("next_task_waited") == 0);
  REQUIRE(run("compute_timeout", {{"compute_timeout.workers", "2"}}).value("next_task_waited") == 0);
}

TEST_CASE("the search with a set finds what the comparison of all with all finds", "[stress]") {
  const sim::StreamKey key{};
  RandomStream random{key};
  for (int round = 0; round < 50; ++round) {
    std::vector<std::uint32_t> values(random.below(200));
    for (std::uint32_t& value : values) {
      value = static_cast<std::uint32_t>(random.below(100));
    }
    CHECK(duplicates(stress::DuplicateSearch::hash_set, values) ==
          duplicates(stress::DuplicateSearch::all_against_all, values));
    CHECK(duplicates(stress::DuplicateSearch::recent_set, values) <=
          duplicates(stress::DuplicateSearch::hash_set, values));
  }
}

TEST_CASE("twice the values cost a set twice the visits, and a comparison of all with all four times", "[stress]") {
  const auto visits = [](const char* search, const char* values) {
    return run("deduplication", {{"deduplication.search", search}, {"deduplication.values", values}})
        .value("values_visited");
  };
  REQUIRE(visits("hash_set", "2000") == 2 * visits("hash_set", "1000"));
  REQUIRE(visits("all_against_all", "1000") == 1'000 * 999 / 2);
  REQUIRE(visits("all_against_all", "2000") == 2'000 * 1'999 / 2);
}

TEST_CASE("what is being computed is computed again for whoever asks meanwhile, unless they wait for it", "[stress]") {
  const auto computations = [](const Parameters& parameters) {
    return run("memoization", parameters).value("computations");
  };
  REQUIRE(computations({{"memoization.at_once", "on"}}) == 3);
  REQUIRE(computations({{"memoization.at_once", "on"}, {"memoization.single_flight", "on"}}) == 2);
  REQUIRE(computations({{"memoization.remembers", "off"}}) == 3);
  REQUIRE(computations({{"memoization.rounds", "10"}}) == 2);
  REQUIRE(computations({{"memoization.rounds", "10"}, {"memoization.entries_max", "1"}}) == 20);
}

TEST_CASE("a trial call during the outage opens the breaker again, the first one after it closes it", "[stress]") {
  const auto seen = run("breaker");
  REQUIRE(seen.value("openings") == 2);
  REQUIRE(seen.value("calls_failed") == 6);  // five that open, one trial
  REQUIRE(seen.value("closed_at_end") == 1);
}

TEST_CASE("failures among successes add up to five for a breaker that counts them all", "[stress]") {
  for (std::uint64_t seed = 1; seed <= 10; ++seed) {
    const Parameters now_and_then = {{"breaker.failure_probability", "0.4"}};
    CHECK(run("breaker", now_and_then, seed).value("opens_after_failures") == 5);
    Parameters in_a_row = now_and_then;
    in_a_row.emplace_back("breaker.opens_on", "consecutive_failures");
    CHECK_FALSE(run("breaker", in_a_row, seed).value("opens_after_failures") < 5);
  }
}

TEST_CASE("whoever waits for a connection has it when one comes back, or gives up at the timeout", "[stress]") {
  const auto pool = run("connection_pool");
  REQUIRE(pool.value("waiter_served_after") == Approx(500));
  REQUIRE(pool.value("waiter_timed_out_after") == Approx(1'000));
  const auto exactly = run("connection_pool", {{"connection_pool.release_after", "1s"}});
  REQUIRE(exactly.value("waiter_served") == 0);  // a connection that comes at the very timeout comes too late
}

TEST_CASE("features come back when the load falls, unless they are told to stay off", "[stress]") {
  REQUIRE(run("degradation").value("all_on_after_peak") == 1);
  REQUIRE(run("degradation", {{"degradation.recovers", "off"}}).value("all_on_after_peak") == 0);
  REQUIRE(run("degradation", {{"degradation.load", "80"}}).value("analytics_off_above_80") == 0);
  REQUIRE(run("degradation", {{"degradation.load", "81"}}).value("analytics_off_above_80") == 1);
}

TEST_CASE("four users of one server wait for each other, of four servers they do not", "[stress]") {
  const auto one = run("latency_mix", {{"latency_mix.users", "4"}});
  const auto four = run("latency_mix", {{"latency_mix.users", "4"}, {"latency_mix.servers", "4"}});
  REQUIRE(one.value("wait_mean") > 15);  // three requests of 7.25 ms are before each
  REQUIRE(four.value("wait_mean") == 0);
}

TEST_CASE("keys read in a circle never meet a first tier that is too small for all", "[stress]") {
  const Parameters circle = {{"multi_tier_cache.order", "cyclic"}};
  REQUIRE(run("multi_tier_cache", circle).value("l1_hits") == 0);
  Parameters lru = circle;
  lru.emplace_back("multi_tier_cache.l1_eviction", "lru");
  REQUIRE(run("multi_tier_cache", lru).value("l1_hits") == 0);
  Parameters kept = circle;
  kept.emplace_back("multi_tier_cache.promotes", "off");
  REQUIRE(run("multi_tier_cache", kept).value("l1_hits") == 500);  // the last 100 keys stored stay where they are
}

TEST_CASE("what neither tier has is loaded", "[stress]") {
  const auto small = run("multi_tier_cache", {{"multi_tier_cache.l2_entries_max", "150"}});
  REQUIRE(small.value("misses") > 0);
  REQUIRE(small.value("lookup_time_mean") > 2 * run("multi_tier_cache").value("lookup_time_mean"));
}

TEST_CASE("the documentation lists every parameter of stress with its default", "[stress][docs]") {
  CHECK(sim::testing::undocumented_parameters(stress::experiment()) == std::vector<std::string>{});
}

TEST_CASE("settings of stress that contradict each other are refused by name", "[stress]") {
  REQUIRE_THROWS_WITH(run("weak_cache", {{"weak_cache.ending", "21"}}), Catch::Contains("--weak_cache.owners"));
  REQUIRE_THROWS_WITH(run("backpressure", {{"backpressure.low_water_mark", "100"}}),
                      Catch::Contains("--backpressure.high_water_mark, which is 100"));
  REQUIRE_THROWS_WITH(run("degradation", {{"degradation.minimal_above", "80"}}),
                      Catch::Contains("--degradation.reduced_above 80"));
  REQUIRE_THROWS_WITH(run("multi_tier_cache", {{"multi_tier_cache.l1_entries_max", "2000"}}),
                      Catch::Contains("--multi_tier_cache.l2_entries_max, which is 1000"));
  REQUIRE_THROWS_WITH(run("breaker", {{"breaker.pause", "constant(0s)"}}),
                      Catch::Contains("--breaker.pause constant(0s): expected times with a mean above 0s"));
}
