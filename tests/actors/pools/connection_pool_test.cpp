#include "actors/pools/connection_pool.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using Pool = ConnectionPool;
using Kind = Pool::Action::Kind;
using Connection = Pool::ConnectionId;
using Request = Pool::RequestId;
using Done = std::vector<Pool::Action>;

Time at(Duration since_start) { return Time{} + since_start; }

Done done(Pool::Actions actions) { return {actions.begin(), actions.end()}; }

Pool::Action create(std::uint64_t connection) { return {Kind::create, Connection{connection}}; }
Pool::Action assign(std::uint64_t connection, std::uint64_t request, Duration waited = 0s) {
  return {Kind::assign, Connection{connection}, Request{request}, waited};
}
Pool::Action closing(std::uint64_t connection) { return {Kind::close, Connection{connection}}; }
Pool::Action time_out(std::uint64_t request, Duration waited) {
  return {Kind::time_out, Connection{}, Request{request}, waited};
}
Pool::Action reject(std::uint64_t request) { return {Kind::reject, Connection{}, Request{request}}; }

/// Creates on demand, no timeouts.
Pool::Config on_demand(std::uint32_t size) {
  Pool::Config config = Pool::generic_pool();
  config.maximum_pool_size = size;
  return config;
}

/// A pool that made this many connections at time 0; all are idle.
Pool open_pool(Pool::Config config, std::uint32_t connections) {
  config.minimum_idle = connections;
  Pool pool{config};
  for (const Pool::Action& action : done(pool.advance(at(0s)))) {
    pool.created(at(0s), action.connection);
  }
  return pool;
}

}  // namespace

TEST_CASE("a pool of fixed size fills itself at the first call and lends what is idle at once", "[connection_pool]") {
  Pool pool{{.maximum_pool_size = 2, .minimum_idle = 2}};
  REQUIRE(pool.next_change_at() == at(0s));
  REQUIRE(done(pool.advance(at(0s))) == Done{create(1), create(2)});
  REQUIRE(pool.creating() == 2);
  REQUIRE(done(pool.created(at(1s), Connection{1})).empty());
  REQUIRE(pool.idle() == 1);
  REQUIRE(done(pool.acquire(at(2s), Request{7})) == Done{assign(1, 7)});
  REQUIRE(pool.in_use() == 1);
  REQUIRE(pool.creating() == 1);
  REQUIRE(pool.size() == 2);
}

TEST_CASE("a pool that creates on demand opens one connection per request that waits, up to its size",
          "[connection_pool]") {
  Pool pool{on_demand(2)};
  REQUIRE_FALSE(pool.next_change_at());
  REQUIRE(done(pool.acquire(at(0s), Request{1})) == Done{create(1)});
  REQUIRE(done(pool.acquire(at(0s), Request{2})) == Done{create(2)});
  REQUIRE(done(pool.acquire(at(0s), Request{3})).empty());
  REQUIRE(pool.waiting() == 3);
  REQUIRE(done(pool.created(at(1s), Connection{2})) == Done{assign(2, 1, 1s)});  // not to the one it was made for
  REQUIRE(done(pool.created(at(2s), Connection{1})) == Done{assign(1, 2, 2s)});
  REQUIRE(done(pool.release(at(3s), Connection{1})) == Done{assign(1, 3, 3s)});
}

TEST_CASE("a connection that comes back goes to whoever has waited longest", "[connection_pool]") {
  Pool pool = open_pool(on_demand(1), 1);
  pool.acquire(at(0s), Request{1});
  pool.acquire(at(1s), Request{2});
  pool.acquire(at(2s), Request{3});
  REQUIRE(done(pool.release(at(5s), Connection{1})) == Done{assign(1, 2, 4s)});
  REQUIRE(done(pool.release(at(6s), Connection{1})) == Done{assign(1, 3, 4s)});
  REQUIRE(done(pool.release(at(7s), Connection{1})).empty());
  REQUIRE(pool.idle() == 1);
  REQUIRE(pool.statistics().acquired_count == 3);
}

TEST_CASE("200 requests for three connections are served as generic-pool served them", "[connection_pool]") {
  struct Recorded {
    std::string result, connection, acquired_ms, end_ms;
  };
  struct Event {
    bool creation = false;
    Connection connection{};
  };
  Pool::Config config = on_demand(3);
  config.waiting_max = 5;
  Pool pool{config};
  std::vector<int> hold_ms;
  std::map<std::size_t, Recorded> outcomes;
  std::multimap<int, Event> events;  // by time; those of one time in the order in which they were scheduled

  const auto run = [&](int now_ms, Pool::Actions actions) {
    for (const Pool::Action& action : actions) {
      const auto client = static_cast<std::size_t>(action.request);
      if (action.kind == Kind::create) {
        events.insert({now_ms + 20, {true, action.connection}});
      } else if (action.kind == Kind::reject) {
        outcomes[client] = {"rejected", "", "", std::to_string(now_ms)};
      } else {
        REQUIRE(action.kind == Kind::assign);
        const int end_ms = now_ms + hold_ms.at(client);
        outcomes[client] = {"ok", std::to_string(static_cast<int>(action.connection)), std::to_string(now_ms),
                            std::to_string(end_ms)};
        events.insert({end_ms, {false, action.connection}});
      }
    }
  };
  const auto run_events_until = [&](int end_ms) {
    while (!events.empty() && events.begin()->first <= end_ms) {
      const auto [now_ms, event] = *events.begin();
      events.erase(events.begin());
      const Time now = at(now_ms * 1ms);
      run(now_ms, event.creation ? pool.created(now, event.connection) : pool.release(now, event.connection));
    }
  };

  std::ifstream input(LIBSIM_TEST_DATA "/data/connection_pool/genericpool_max3.csv");
  REQUIRE(input);
  std::vector<std::vector<std::string>> rows;
  std::string line;
  std::getline(input, line);
  while (std::getline(input, line)) {
    auto& row = rows.emplace_back();
    std::string field;
    for (std::istringstream fields(line); std::getline(fields, field, ',');) {
      row.push_back(field);
    }
    REQUIRE(row.size() == 7);
    const int asked_ms = std::stoi(row[1]);
    hold_ms.push_back(std::stoi(row[2]));
    run_events_until(asked_ms);
    run(asked_ms, pool.acquire(at(asked_ms * 1ms), Request{hold_ms.size() - 1}));
  }
  run_events_until(1'000'000);

  REQUIRE(rows.size() == 200);
  for (std::size_t client = 0; client < rows.size(); ++client) {
    INFO("client " << client);
    const auto& row = rows[client];
    REQUIRE(outcomes[client].result == row[3]);
    REQUIRE(outcomes[client].connection == row[4]);
    REQUIRE(outcomes[client].acquired_ms == row[5]);
    REQUIRE(outcomes[client].end_ms == row[6]);
  }
  REQUIRE(pool.idle() == 3);
}

TEST_CASE("a request that has waited for the connection timeout is told so, then and not later", "[connection_pool]") {
  Pool pool = open_pool({.maximum_pool_size = 1, .connection_timeout = 30s}, 1);
  pool.acquire(at(0s), Request{1});
  pool.acquire(at(1s), Request{2});
  pool.acquire(at(2s), Request{3});
  REQUIRE(pool.next_change_at() == at(31s));
  REQUIRE(done(pool.advance(at(31s) - 1ns)).empty());
  REQUIRE(done(pool.advance(at(31s))) == Done{time_out(2, 30s)});
  REQUIRE(pool.next_change_at() == at(32s));
  REQUIRE(done(pool.release(at(31s), Connection{1})) == Done{assign(1, 3, 29s)});
  REQUIRE(pool.statistics().timed_out_count == 1);
}

TEST_CASE("a connection that comes back at the moment of the timeout is too late", "[connection_pool]") {
  Pool pool = open_pool({.maximum_pool_size = 1, .connection_timeout = 30s}, 1);
  pool.acquire(at(0s), Request{1});
  pool.acquire(at(0s), Request{2});
  REQUIRE(done(pool.release(at(30s), Connection{1})) == Done{time_out(2, 30s)});
  REQUIRE(pool.idle() == 1);
}

TEST_CASE("who cancels leaves the line, who was served or never waited is not touched", "[connection_pool]") {
  Pool pool = open_pool(on_demand(1), 1);
  pool.acquire(at(0s), Request{1});
  pool.acquire(at(0s), Request{2});
  pool.acquire(at(0s), Request{3});
  pool.cancel(at(1s), Request{2});
  pool.cancel(at(1s), Request{1});
  pool.cancel(at(1s), Request{9});
  REQUIRE(pool.in_use() == 1);
  REQUIRE(pool.statistics().cancelled_count == 1);
  REQUIRE(done(pool.release(at(2s), Connection{1})) == Done{assign(1, 3, 2s)});
}

TEST_CASE("beyond waiting_max requests are rejected, but not while the pool can still grow", "[connection_pool]") {
  Pool::Config config = on_demand(2);
  config.waiting_max = 0;
  Pool pool{config};
  REQUIRE(done(pool.acquire(at(0s), Request{1})) == Done{create(1)});
  REQUIRE(done(pool.acquire(at(0s), Request{2})) == Done{create(2)});
  REQUIRE(done(pool.acquire(at(0s), Request{3})) == Done{reject(3)});
  REQUIRE(pool.waiting() == 2);
  REQUIRE(pool.statistics().rejected_count == 1);

  Pool full = open_pool({.maximum_pool_size = 1, .waiting_max = 1}, 1);
  full.acquire(at(0s), Request{1});
  REQUIRE(done(full.acquire(at(0s), Request{2})).empty());
  REQUIRE(done(full.acquire(at(0s), Request{3})) == Done{reject(3)});
}

TEST_CASE("the idle connection used last is lent first, or the one idle longest, as set", "[connection_pool]") {
  const auto lent_first = [](Pool::IdleReuse reuse) {
    Pool pool = open_pool({.maximum_pool_size = 3, .idle_reuse = reuse}, 3);
    for (const std::uint64_t number : {1, 2, 3}) {
      pool.acquire(at(0s), Request{number});
    }
    for (const std::uint64_t number : {2, 1, 3}) {
      pool.release(at(1s), Connection{number});
    }
    return done(pool.acquire(at(2s), Request{9})).at(0).connection;
  };
  REQUIRE(lent_first(Pool::IdleReuse::most_recent) == Connection{3});
  REQUIRE(lent_first(Pool::IdleReuse::least_recent) == Connection{2});
}

TEST_CASE("idle connections beyond minimum_idle are closed after the idle timeout", "[connection_pool]") {
  Pool pool{{.maximum_pool_size = 3, .minimum_idle = 1, .idle_timeout = 600s, .max_lifetime = forever}};
  pool.advance(at(0s));
  pool.created(at(0s), Connection{1});
  pool.acquire(at(0s), Request{1});  // one more is made so that one stays idle
  pool.created(at(0s), Connection{2});
  pool.acquire(at(0s), Request{2});
  pool.created(at(0s), Connection{3});
  REQUIRE(pool.idle() == 1);
  REQUIRE_FALSE(pool.next_change_at());
  pool.release(at(10s), Connection{1});
  pool.release(at(20s), Connection{2});
  REQUIRE(pool.next_change_at() == at(600s));  // connection 3 was never used
  REQUIRE(done(pool.advance(at(600s) - 1ns)).empty());
  REQUIRE(done(pool.advance(at(600s))) == Done{closing(3)});
  REQUIRE(done(pool.advance(at(610s))) == Done{closing(1)});
  REQUIRE(done(pool.advance(at(10'000s))).empty());  // the last one stays
  REQUIRE(pool.idle() == 1);
  REQUIRE(pool.statistics().closed_idle_count == 2);
}

TEST_CASE("an idle connection that has been kept beyond its timeout goes when another becomes idle",
          "[connection_pool]") {
  Pool pool{{.maximum_pool_size = 2, .minimum_idle = 1, .idle_timeout = 60s, .max_lifetime = forever}};
  pool.advance(at(0s));
  pool.created(at(0s), Connection{1});
  pool.acquire(at(0s), Request{1});
  pool.created(at(0s), Connection{2});
  REQUIRE(done(pool.release(at(100s), Connection{1})) == Done{closing(2)});
}

TEST_CASE("at the end of its life an idle connection is closed at once and one in use when it comes back",
          "[connection_pool]") {
  Pool pool = open_pool({.maximum_pool_size = 2, .max_lifetime = 1800s}, 2);
  pool.acquire(at(0s), Request{1});  // connection 2
  REQUIRE(pool.next_change_at() == at(1800s));
  REQUIRE(done(pool.advance(at(1800s) - 1ns)).empty());
  REQUIRE(done(pool.advance(at(1800s))) == Done{closing(1), create(3)});
  REQUIRE(pool.in_use() == 1);
  REQUIRE_FALSE(pool.next_change_at());
  REQUIRE(done(pool.release(at(1900s), Connection{2})) == Done{closing(2), create(4)});
  REQUIRE(pool.statistics().closed_lifetime_count == 2);
}

TEST_CASE("lives of connections are spread over the last part of their length, all differently",
          "[connection_pool][field]") {
  Pool::Config config = Pool::hikari();
  config.minimum_idle = 10;
  Pool pool = open_pool(config, 10);
  // Closed connections are not replaced here: their creation never ends.
  std::vector<Duration> ends;
  for (std::uint64_t closed = 0; closed < 10;) {
    const Time due = *pool.next_change_at();
    pool.advance(due);
    for (; closed < pool.statistics().closed_lifetime_count; ++closed) {
      ends.push_back(due - at(0s));
    }
  }
  // A fortieth of half an hour is 45 s; the golden ratio leaves at least a tenth of their tenth between any two.
  REQUIRE(ends.front() > 30min - 45s);
  REQUIRE(ends.back() <= 30min);
  for (std::size_t end = 1; end < ends.size(); ++end) {
    REQUIRE(ends[end] - ends[end - 1] > 1s);
  }
}

TEST_CASE("a spread of lives is none below ten seconds, and none of for ever", "[connection_pool][field]") {
  Pool::Config config = Pool::hikari();
  config.max_lifetime = 10s;
  Pool pool = open_pool(config, 10);
  pool.advance(at(10s - 1ns));
  REQUIRE(pool.statistics().closed_lifetime_count == 0);
  pool.advance(at(10s));
  REQUIRE(pool.statistics().closed_lifetime_count == 10);
  config.max_lifetime = forever;
  REQUIRE(open_pool(config, 10).next_change_at() == std::nullopt);
}

TEST_CASE("a connection whose life ends now is not lent now", "[connection_pool]") {
  Pool pool = open_pool({.maximum_pool_size = 1, .max_lifetime = 1800s}, 1);
  REQUIRE(done(pool.acquire(at(1800s), Request{1})) == Done{closing(1), create(2)});
  REQUIRE(pool.waiting() == 1);
}

TEST_CASE("a broken connection is closed and replaced for whoever waits", "[connection_pool]") {
  Pool pool = open_pool(on_demand(1), 1);
  pool.acquire(at(0s), Request{1});
  pool.acquire(at(1s), Request{2});
  REQUIRE(done(pool.release(at(2s), Connection{1}, Pool::Condition::broken)) == Done{closing(1), create(2)});
  REQUIRE(done(pool.created(at(3s), Connection{2})) == Done{assign(2, 2, 2s)});
  REQUIRE(pool.statistics().closed_broken_count == 1);
}

TEST_CASE("after a failed creation the next one waits for the retry delay", "[connection_pool]") {
  Pool pool{{.maximum_pool_size = 1, .minimum_idle = 0, .connection_timeout = 1s, .creation_retry_delay = 250ms}};
  REQUIRE(done(pool.acquire(at(0s), Request{1})) == Done{create(1)});
  REQUIRE(done(pool.creation_failed(at(10ms), Connection{1})).empty());
  REQUIRE(pool.size() == 0);
  REQUIRE(pool.next_change_at() == at(260ms));
  REQUIRE(done(pool.advance(at(260ms) - 1ns)).empty());
  REQUIRE(done(pool.advance(at(260ms))) == Done{create(2)});
  REQUIRE(done(pool.created(at(300ms), Connection{2})) == Done{assign(2, 1, 300ms)});
  REQUIRE(pool.statistics().creation_failed_count == 1);
}

TEST_CASE("a creation that succeeds ends the delay that a failed one began", "[connection_pool]") {
  Pool pool{{.maximum_pool_size = 3, .minimum_idle = 0, .creation_retry_delay = 10s}};
  pool.acquire(at(0s), Request{1});
  pool.acquire(at(0s), Request{2});
  REQUIRE(done(pool.creation_failed(at(1s), Connection{1})).empty());
  REQUIRE(done(pool.created(at(2s), Connection{2})) == Done{assign(2, 1, 2s), create(3)});
}

TEST_CASE("with nobody left to create for, a failed creation is not tried again", "[connection_pool]") {
  Pool pool{{.maximum_pool_size = 1, .minimum_idle = 0}};
  pool.acquire(at(0s), Request{1});
  pool.cancel(at(0s), Request{1});
  REQUIRE(done(pool.creation_failed(at(1s), Connection{1})).empty());
  REQUIRE_FALSE(pool.next_change_at());
}

TEST_CASE("evict_all closes what is idle at once and what is in use when it comes back", "[connection_pool]") {
  Pool::Config config = on_demand(2);
  Pool pool{config};
  pool.acquire(at(0s), Request{1});
  pool.acquire(at(0s), Request{2});
  pool.created(at(0s), Connection{1});
  pool.created(at(0s), Connection{2});
  pool.release(at(1s), Connection{1});
  REQUIRE(done(pool.evict_all(at(2s))) == Done{closing(1)});
  REQUIRE(pool.in_use() == 1);
  REQUIRE(done(pool.release(at(3s), Connection{2})) == Done{closing(2)});
  REQUIRE(pool.size() == 0);
  REQUIRE(pool.statistics().closed_evicted_count == 2);
}

TEST_CASE("ten connections lent, an eleventh request waits until one comes back, as in the guide",
          "[connection_pool]") {
  Pool::Config config = on_demand(10);
  config.connection_timeout = 1s;
  Pool pool{config};
  for (std::uint64_t number = 1; number <= 10; ++number) {
    REQUIRE(done(pool.acquire(at(0s), Request{number})) == Done{create(number)});
    pool.created(at(0s), Connection{number});
  }
  REQUIRE(pool.in_use() == 10);
  REQUIRE(done(pool.acquire(at(0s), Request{11})).empty());
  REQUIRE(done(pool.release(at(500ms), Connection{1})) == Done{assign(1, 11, 500ms)});
  REQUIRE(pool.statistics().in_use_max == 10);
}

TEST_CASE("wrong settings of a connection pool and calls out of turn are bugs", "[connection_pool]") {
  REQUIRE_THROWS_AS(Pool{{.maximum_pool_size = 0}}, AssertionFailure);
  REQUIRE_THROWS_AS(Pool{{.connection_timeout = 0s}}, AssertionFailure);
  REQUIRE_THROWS_AS(Pool{{.creation_retry_delay = -1ns}}, AssertionFailure);
  Pool pool = open_pool(on_demand(1), 1);
  REQUIRE_THROWS_AS(pool.release(at(0s), Connection{1}), AssertionFailure);  // idle
  REQUIRE_THROWS_AS(pool.release(at(0s), Connection{9}), AssertionFailure);
  REQUIRE_THROWS_AS(pool.created(at(0s), Connection{1}), AssertionFailure);
  pool.acquire(at(1s), Request{1});
  pool.acquire(at(1s), Request{2});
  REQUIRE_THROWS_AS(pool.acquire(at(1s), Request{2}), AssertionFailure);
  REQUIRE_THROWS_AS(pool.advance(at(1s) - 1ns), AssertionFailure);
}
