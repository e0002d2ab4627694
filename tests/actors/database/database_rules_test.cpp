#include "actors/database/database_rules.hpp"

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <optional>
#include <string>
#include <vector>

#include "actors/retry/retry_schedule.hpp"
#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using Routing = Database::ReadRouting;
using Node = Database::Node;
using Number = ActiveFaults::Number;

Time at(Duration since_start) { return Time{} + since_start; }

/// A database with what drives it: queries of 1 ms that do not fail by chance, and a lag for each replica.
struct Bench {
  explicit Bench(Database::Config config) : database(config), lags(database.nodes(), 100ms) {}

  Database::Result read(Duration now) {
    const auto query = database.begin_read(at(now), {1ms, 0.999});
    return database.finish(at(now) + query.duration, query);
  }
  Database::Result write(Duration now) {
    const auto query = database.begin_write(at(now), {1ms, 0.999});
    return database.finish(at(now) + query.duration, query, lags);
  }
  /// The nodes that answer `count` reads, or `x` for those that fail.
  std::string readers(Duration now, int count) {
    std::string nodes;
    for (int number = 0; number < count; ++number) {
      const auto result = read(now + number * 10ms);
      nodes += result.error ? 'x' : static_cast<char>('0' + result.node);
    }
    return nodes;
  }

  Database database;
  std::vector<Duration> lags;
};

}  // namespace

TEST_CASE("writes go to the primary and are numbered", "[database]") {
  Bench bench{Database::Config{}};
  const auto first = bench.write(0s);
  REQUIRE_FALSE(first.error.has_value());
  REQUIRE(first.node == 0);
  REQUIRE(first.version == 1);
  REQUIRE(bench.write(1s).version == 2);
  REQUIRE(bench.database.version(0) == 2);
}

TEST_CASE("reads go to the replicas in turn, to all nodes, or to the primary, as routed", "[database]") {
  REQUIRE(Bench({.replicas = 2, .read_routing = Routing::replicas}).readers(0s, 5) == "12121");
  REQUIRE(Bench({.replicas = 2, .read_routing = Routing::any}).readers(0s, 5) == "01201");
  REQUIRE(Bench({.replicas = 2, .read_routing = Routing::primary}).readers(0s, 3) == "000");
  REQUIRE(Bench({.replicas = 0, .read_routing = Routing::replicas}).readers(0s, 2) == "00");
}

TEST_CASE("a replica has a write after its lag, and until then its reads are stale", "[database]") {
  Bench bench({.replicas = 1});
  bench.write(0s);  // written at 1 ms, on the replica at 101 ms
  bench.write(50ms);
  const auto stale = bench.read(99ms);  // ends at 100 ms
  REQUIRE(stale.node == 1);
  REQUIRE(stale.version == 0);
  REQUIRE(stale.staleness == 2);
  const auto newer = bench.read(100ms);  // ends at 101 ms
  REQUIRE(newer.version == 1);
  REQUIRE(newer.staleness == 1);
  REQUIRE(bench.read(1s).staleness == 0);
  REQUIRE(bench.database.statistics().stale_reads_count == 2);
  REQUIRE(bench.database.statistics().staleness_max == 2);
}

TEST_CASE("the log arrives in order, whatever the lags", "[database]") {
  Bench bench({.replicas = 1});
  bench.lags = {0ms, 500ms};
  bench.write(0s);
  bench.lags = {0ms, 10ms};
  bench.write(10ms);
  REQUIRE(bench.read(499ms).version == 0);  // ends at 500 ms
  REQUIRE(bench.read(500ms).version == 2);  // the first arrives at 501 ms, and the second with it
}

TEST_CASE("a read from the primary is never stale", "[database]") {
  Bench bench({.read_routing = Routing::primary});
  bench.write(0s);
  REQUIRE(bench.read(2ms).staleness == 0);
  REQUIRE(bench.database.statistics().primary_reads_count == 1);
}

TEST_CASE("a read that a replica refuses goes to the next one, and in the end to the primary", "[database]") {
  Bench bench({.replicas = 2});
  bench.database.fail(at(0s), 1);
  REQUIRE(bench.readers(1s, 3) == "222");
  bench.database.fail(at(2s), 2);
  const auto query = bench.database.begin_read(at(3s), {1ms, 0.9});
  REQUIRE(query.node == 0);
  REQUIRE(query.refused_count == 2);
  REQUIRE(query.duration == 3ms);  // two connections refused and the read
  bench.database.recover(at(4s), 1);
  REQUIRE(bench.readers(5s, 2) == "11");
}

TEST_CASE("without fallback a read that is refused fails at once", "[database]") {
  Bench bench({.replicas = 2, .reads_fall_back = false, .connection_refused_time = 2ms});
  bench.database.fail(at(0s), 1);
  REQUIRE(bench.readers(1s, 4) == "x2x2");
  const auto query = bench.database.begin_read(at(2s), {1ms, 0.9});
  REQUIRE(query.error == ErrorClass::connection_failed);
  REQUIRE(query.duration == 2ms);
  REQUIRE(bench.database.statistics().failed_reads_count == 2);
  REQUIRE(bench.database.statistics().connections_refused_count == 3);
}

TEST_CASE("when every node is down reads and writes are refused", "[database]") {
  for (const Routing routing : {Routing::primary, Routing::replicas, Routing::any}) {
    Bench bench({.replicas = 1, .read_routing = routing});
    bench.database.fail(at(0s), 0);
    bench.database.fail(at(0s), 1);
    REQUIRE(bench.read(1s).error == ErrorClass::connection_failed);
    REQUIRE(bench.write(2s).error == ErrorClass::connection_failed);
    REQUIRE(bench.database.statistics().connections_refused_count == (routing == Routing::primary ? 2 : 3));
  }
}

TEST_CASE("a query that takes as long as the statement timeout fails then", "[database]") {
  Bench bench({.read_routing = Routing::primary, .statement_timeout = 1s});
  const auto just_in_time = bench.database.begin_write(at(0s), {1s - 1ns, 0.9});
  REQUIRE_FALSE(just_in_time.error.has_value());
  const auto too_long = bench.database.begin_write(at(0s), {1s, 0.9});
  REQUIRE(too_long.error == ErrorClass::timed_out);
  const auto endless = bench.database.begin_write(at(0s), {1h, 0.9});
  REQUIRE(endless.duration == 1s);
  REQUIRE(bench.database.finish(at(1s), endless, bench.lags).error == ErrorClass::timed_out);
  REQUIRE(bench.database.version(0) == 0);  // it is not written
  REQUIRE(bench.database.statistics().timed_out_count == 1);
}

TEST_CASE("a query fails below the probability of transient errors, and is not written", "[database]") {
  Bench bench({.transient_error_probability = 0.25});
  const auto failing = bench.database.begin_write(at(0s), {1ms, 0.2499});
  REQUIRE(bench.database.finish(at(1ms), failing, bench.lags).error == ErrorClass::server_error);
  REQUIRE(bench.database.version(0) == 0);
  const auto passing = bench.database.begin_write(at(2ms), {1ms, 0.25});
  REQUIRE_FALSE(bench.database.finish(at(3ms), passing, bench.lags).error.has_value());
  REQUIRE(bench.database.statistics().transient_errors_count == 1);
  REQUIRE(bench.database.statistics().failed_writes_count == 1);
}

TEST_CASE("after two transient errors a retried write succeeds at the third attempt", "[database]") {
  Bench bench{Database::Config{}};
  bench.database.apply(at(0s), 0, Number{1}, {.kind = FaultKind::errors, .probability = 1});
  RetrySchedule retry({.attempts_max = 3, .initial_delay = 100ms}, at(0s));
  Time now{};
  std::optional<ErrorClass> error;
  do {
    if (retry.attempts() == 3) {
      bench.database.end_fault(now, 0, Number{1});
    }
    error = bench.write(now - Time{}).error;
    now += 1ms;
    if (error) {
      now += retry.on_failure(now, *error, 0.5).delay;
    }
  } while (error && retry.attempts() <= 3);
  REQUIRE_FALSE(error.has_value());
  REQUIRE(retry.attempts() == 3);
  REQUIRE(now == at(303ms));  // three attempts of 1 ms, waits of 100 ms and 200 ms
}

TEST_CASE("a replica is promoted after detection and promotion time, and writes are refused until then", "[database]") {
  Bench bench({.replicas = 2, .failure_detection_time = 10s, .promotion_time = 20s});
  bench.write(0s);
  bench.database.fail(at(5s), 0);
  REQUIRE(bench.database.next_failover_at() == at(35s));
  REQUIRE(bench.write(34s).error == ErrorClass::connection_failed);
  REQUIRE_FALSE(bench.read(34s + 500ms).error.has_value());  // replicas go on
  REQUIRE(bench.write(35s - 1ns).error == ErrorClass::connection_failed);
  const auto written = bench.write(35s + 1ms);
  REQUIRE_FALSE(written.error.has_value());
  REQUIRE(written.node == 1);
  REQUIRE(written.version == 2);
  REQUIRE(bench.database.statistics().failovers_count == 1);
  REQUIRE(bench.database.statistics().lost_writes_count == 0);
  REQUIRE(bench.database.statistics().without_primary_time == 30s);
}

TEST_CASE("the most up-to-date replica is promoted, and what it lacks is lost", "[database]") {
  Bench bench({.replicas = 3});
  bench.lags = {0ms, 10s, 50ms, 2s};
  bench.write(0s);      // on node 2 at 51 ms, on node 3 at 2.001 s
  bench.write(1s);      // on node 2 at 1.051 s
  bench.write(1049ms);  // written at 1.05 s; on node 2 at 1.1 s
  bench.database.fail(at(1099ms), 0);
  bench.database.advance(at(1h));
  REQUIRE(bench.database.primary() == 2);
  REQUIRE(bench.database.version(2) == 2);
  REQUIRE(bench.database.statistics().lost_writes_count == 1);
  REQUIRE(bench.database.version(1) == 2);  // the others have followed the new primary
  REQUIRE(bench.database.version(3) == 2);
}

TEST_CASE("a write that arrives at the moment of the loss is not lost", "[database]") {
  Bench bench({.replicas = 1});
  bench.write(0s);  // on the replica at 101 ms
  bench.database.fail(at(101ms), 0);
  bench.database.advance(at(1h));
  REQUIRE(bench.database.statistics().lost_writes_count == 0);
}

TEST_CASE("a lost primary comes back as a replica, without the writes that were lost", "[database]") {
  Bench bench({.replicas = 1, .failure_detection_time = 1s, .promotion_time = 1s, .catch_up_time = 5s});
  bench.write(0s);
  bench.write(1s);  // on the replica at 1.101 s
  bench.database.fail(at(1100ms), 0);
  bench.write(10s);
  bench.write(11s);
  REQUIRE(bench.database.statistics().lost_writes_count == 1);
  REQUIRE(bench.database.version(1) == 3);
  bench.database.recover(at(20s), 0);
  REQUIRE(bench.database.primary() == 1);
  const auto behind = bench.read(24s);
  REQUIRE(behind.node == 0);
  REQUIRE(behind.version == 1);
  REQUIRE(behind.staleness == 2);
  bench.database.advance(at(25s));
  REQUIRE(bench.database.version(0) == 3);
}

TEST_CASE("a primary that is back in time stays the primary and loses nothing", "[database]") {
  Bench bench({.replicas = 1, .failure_detection_time = 10s, .promotion_time = 20s, .catch_up_time = 1s});
  bench.write(0s);
  bench.database.fail(at(50ms), 0);
  bench.database.advance(at(10s));
  REQUIRE(bench.database.version(1) == 0);  // what was on its way went down with the primary
  bench.database.recover(at(29s), 0);
  REQUIRE(bench.database.next_failover_at() == std::nullopt);
  bench.database.advance(at(30s));
  REQUIRE(bench.database.version(1) == 1);
  bench.database.advance(at(1h));
  REQUIRE(bench.database.primary() == 0);
  REQUIRE(bench.database.statistics().failovers_count == 0);
  REQUIRE(bench.database.statistics().lost_writes_count == 0);
  REQUIRE(bench.database.statistics().without_primary_time == 28950ms);
}

TEST_CASE("when no replica is up the first that comes back is promoted after the promotion time", "[database]") {
  Bench bench({.replicas = 2, .failure_detection_time = 1s, .promotion_time = 4s});
  for (const Node node : {0u, 1u, 2u}) {
    bench.database.fail(at(0s), node);
  }
  bench.database.advance(at(10s));
  REQUIRE(bench.database.next_failover_at() == std::nullopt);
  bench.database.recover(at(20s), 2);
  REQUIRE(bench.database.next_failover_at() == at(24s));
  bench.database.advance(at(24s));
  REQUIRE(bench.database.primary() == 2);
}

TEST_CASE("without automatic failover writes are refused until the primary is back", "[database]") {
  Bench bench({.replicas = 1, .automatic_failover = false});
  bench.database.fail(at(0s), 0);
  REQUIRE(bench.write(10h).error == ErrorClass::connection_failed);
  bench.database.recover(at(11h), 0);
  REQUIRE_FALSE(bench.write(12h).error.has_value());
}

TEST_CASE("a query whose node fails before its end fails, also when the node is back by then", "[database]") {
  Bench bench({.replicas = 1});
  const auto read = bench.database.begin_read(at(0s), {10s, 0.9});
  const auto write = bench.database.begin_write(at(0s), {10s, 0.9});
  for (const Node node : {0u, 1u}) {
    bench.database.fail(at(4s), node);
  }
  for (const Node node : {0u, 1u}) {
    bench.database.recover(at(5s), node);
  }
  REQUIRE(bench.database.finish(at(10s), read).error == ErrorClass::connection_failed);
  REQUIRE(bench.database.finish(at(10s), write, bench.lags).error == ErrorClass::connection_failed);
  REQUIRE(bench.database.version(0) == 0);
}

TEST_CASE("a replica that was down catches up, and has not what was on its way before", "[database]") {
  Bench bench({.replicas = 1, .catch_up_time = 3s});
  bench.write(0s);
  bench.database.fail(at(50ms), 1);
  bench.write(1s);
  bench.database.recover(at(2s), 1);
  bench.database.advance(at(5s) - 1ns);
  REQUIRE(bench.database.version(1) == 0);
  bench.database.advance(at(5s));
  REQUIRE(bench.database.version(1) == 2);
}

TEST_CASE("a batch of writes takes one place after the other in the log, and arrives as one", "[database]") {
  Bench bench({.replicas = 1});
  const auto query = bench.database.begin_write(at(0s), {1ms, 0.9});
  REQUIRE(bench.database.finish_batch(at(1ms), query, 50, bench.lags).version == 50);
  REQUIRE(bench.database.statistics().writes_count == 50);
  bench.database.advance(at(101ms));
  REQUIRE(bench.database.version(1) == 50);
}

TEST_CASE("faults act on one node: down, slow, errors", "[database]") {
  Bench bench({.replicas = 1});
  bench.database.apply(at(0s), 1, Number{1}, {.kind = FaultKind::slow, .factor = 3, .delay = 5ms});
  REQUIRE(bench.database.begin_read(at(0s), {1ms, 0.9}).duration == 8ms);
  REQUIRE(bench.database.begin_write(at(0s), {1ms, 0.9}).duration == 1ms);
  bench.database.end_fault(at(1s), 1, Number{1});
  bench.database.apply(at(1s), 1, Number{2}, {.kind = FaultKind::down});
  bench.database.fail(at(1s), 1);
  bench.database.end_fault(at(2s), 1, Number{2});
  REQUIRE_FALSE(bench.database.is_up(1));
  REQUIRE(bench.readers(2s, 1) == "0");
  bench.database.recover(at(3s), 1);
  REQUIRE(bench.readers(3s, 1) == "1");
  bench.database.apply(at(4s), 0, Number{3}, {.kind = FaultKind::down});
  REQUIRE(bench.database.next_failover_at() == at(34s));
}

TEST_CASE("wrong settings of a database and calls out of turn are bugs", "[database]") {
  REQUIRE_THROWS_AS(Database{{.statement_timeout = 0s}}, AssertionFailure);
  REQUIRE_THROWS_AS(Database{{.transient_error_probability = 2}}, AssertionFailure);
  REQUIRE_THROWS_AS(Database{{.promotion_time = -1s}}, AssertionFailure);
  Bench bench({.replicas = 1});
  const auto query = bench.database.begin_write(at(1s), {1ms, 0.9});
  REQUIRE_THROWS_AS(bench.database.finish(at(2s), query), AssertionFailure);  // without lags
  REQUIRE_THROWS_AS(bench.database.advance(at(1s)), AssertionFailure);
  REQUIRE_THROWS_AS(bench.database.apply(at(2s), 0, Number{1}, {.kind = FaultKind::loss}), AssertionFailure);
}

TEST_CASE("every write that succeeded is on the primary or counted as lost", "[database][property]") {
  rc::prop("and no replica is ahead of a primary that is up", [] {
    Database::Config config;
    config.replicas = *rc::gen::inRange<std::uint32_t>(0, 4);
    config.read_routing = *rc::gen::element(Routing::primary, Routing::replicas, Routing::any);
    config.failure_detection_time = *rc::gen::inRange(0, 5) * 1s;
    config.promotion_time = *rc::gen::inRange(0, 5) * 1s;
    config.catch_up_time = *rc::gen::inRange(0, 3) * 1s;
    Bench bench{config};
    Database& database = bench.database;
    Time now{};
    std::uint64_t succeeded = 0;
    const int steps = *rc::gen::inRange(0, 120);
    for (int step = 0; step < steps; ++step) {
      now += *rc::gen::inRange(0, 2000) * 1ms;
      const Node node = *rc::gen::inRange<Node>(0, database.nodes());
      switch (*rc::gen::inRange(0, 8)) {
        case 0:
          database.fail(now, node);
          break;
        case 1:
        case 2:
          database.recover(now, node);
          break;
        case 3: {
          const auto read = bench.read(now - Time{});
          now += 5ms;
          RC_ASSERT(read.error || read.version + read.staleness <= succeeded);
          break;
        }
        default:
          for (Duration& lag : bench.lags) {
            lag = *rc::gen::inRange(0, 5000) * 1ms;
          }
          succeeded += bench.write(now - Time{}).error ? 0 : 1;
          now += 5ms;
      }
      RC_ASSERT(database.version(database.primary()) + database.statistics().lost_writes_count == succeeded);
      for (Node other = 0; database.is_up(database.primary()) && other < database.nodes(); ++other) {
        RC_ASSERT(database.version(other) <= database.version(database.primary()));
      }
    }
    for (Node node = 0; node < database.nodes(); ++node) {
      database.recover(now, node);
    }
    database.advance(now + 1min);
    for (Node node = 0; node < database.nodes(); ++node) {
      RC_ASSERT(database.version(node) + database.statistics().lost_writes_count == succeeded);
    }
  });
}
