#include "actors/containers/container_pool.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using Pool = ContainerPool;
using Kind = Pool::Action::Kind;
using State = Pool::State;
using Container = Pool::ContainerId;
using Request = Pool::RequestId;
using Done = std::vector<Pool::Action>;

Time at(Duration since_start) { return Time{} + since_start; }

Done done(Pool::Actions actions) { return {actions.begin(), actions.end()}; }

Pool::Action start(std::uint64_t container) { return {.kind = Kind::start, .container = Container{container}}; }
Pool::Action stop(std::uint64_t container) { return {.kind = Kind::stop, .container = Container{container}}; }
Pool::Action warm(std::uint64_t container, std::uint64_t request, Duration waited = 0s) {
  return {Kind::assign, Container{container}, Request{request}, waited, false};
}
Pool::Action cold(std::uint64_t container, std::uint64_t request, Duration waited) {
  return {Kind::assign, Container{container}, Request{request}, waited, true};
}
Pool::Action time_out(std::uint64_t request, Duration waited) {
  return {.kind = Kind::time_out, .request = Request{request}, .waited = waited};
}
Pool::Action reject(std::uint64_t request) { return {.kind = Kind::reject, .request = Request{request}}; }

/// With as many idle containers as it may have, all since time 0.
Pool warm_pool(Pool::Config config) {
  config.containers_min = config.containers_max;
  Pool pool{config};
  for (const Pool::Action& action : done(pool.advance(at(0s)))) {
    pool.ready(at(0s), action.container);
  }
  return pool;
}

}  // namespace

TEST_CASE("three requests 2 s apart with a cold start of 20 s and long work get a container each", "[container_pool]") {
  Pool pool{{}};
  REQUIRE(done(pool.submit(at(0s), Request{1})) == Done{start(1)});
  REQUIRE(done(pool.submit(at(2s), Request{2})) == Done{start(2)});
  REQUIRE(done(pool.submit(at(4s), Request{3})) == Done{start(3)});
  REQUIRE(pool.count(State::starting) == 3);
  REQUIRE(done(pool.ready(at(20s), Container{1})) == Done{cold(1, 1, 20s)});
  REQUIRE(done(pool.ready(at(22s), Container{2})) == Done{cold(2, 2, 20s)});
  REQUIRE(done(pool.ready(at(24s), Container{3})) == Done{cold(3, 3, 20s)});
  REQUIRE(pool.count(State::busy) == 3);
  REQUIRE(pool.in_progress() == 3);
  REQUIRE(pool.statistics().cold_starts_count == 3);
  REQUIRE(pool.statistics().waited == 60s);
}

TEST_CASE("whoever waits takes a container that becomes free before the one started for it", "[container_pool]") {
  Pool pool{{}};
  pool.submit(at(0s), Request{1});
  pool.submit(at(2s), Request{2});
  pool.submit(at(4s), Request{3});
  REQUIRE(done(pool.ready(at(20s), Container{1})) == Done{cold(1, 1, 20s)});
  REQUIRE(done(pool.finished(at(21s), Container{1})) == Done{warm(1, 2, 19s)});
  REQUIRE(done(pool.ready(at(22s), Container{2})) == Done{cold(2, 3, 18s)});  // started for request 2
  REQUIRE(done(pool.ready(at(24s), Container{3})).empty());                   // nobody needs it any more
  REQUIRE(pool.count(State::idle) == 1);
  REQUIRE(pool.statistics().cold_starts_count == 2);
  REQUIRE(pool.statistics().waits_count == 1);
  REQUIRE(done(pool.submit(at(25s), Request{4})) == Done{warm(3, 4)});
  REQUIRE(pool.statistics().warm_hits_count == 1);
  REQUIRE(pool.statistics().started_count == 3);
}

TEST_CASE("with a minute between them three requests start cold when keep-alive is 30 s, and five 2 s apart are warm",
          "[container_pool]") {
  Pool pool{{.keep_alive = 30s}};
  for (std::uint64_t number = 1; number <= 3; ++number) {
    const Duration begin = (number - 1) * 60s;
    REQUIRE(done(pool.submit(at(begin), Request{number})) == Done{start(number)});
    REQUIRE(done(pool.ready(at(begin + 20s), Container{number})) == Done{cold(number, number, 20s)});
    REQUIRE(done(pool.finished(at(begin + 21s), Container{number})).empty());
    REQUIRE(done(pool.advance(at(begin + 51s))) == Done{stop(number)});
    pool.stopped(at(begin + 53s), Container{number});
    REQUIRE(pool.size() == 0);  // scaled to zero
  }
  pool.submit(at(200s), Request{4});
  pool.ready(at(220s), Container{4});
  pool.finished(at(221s), Container{4});
  for (std::uint64_t number = 5; number <= 9; ++number) {
    const Duration begin = 222s + (number - 5) * 2s;
    REQUIRE(done(pool.submit(at(begin), Request{number})) == Done{warm(4, number)});
    pool.finished(at(begin + 1s), Container{4});
  }
  REQUIRE(pool.statistics().cold_starts_count == 4);
  REQUIRE(pool.statistics().warm_hits_count == 5);
  REQUIRE(pool.statistics().scaled_in_count == 3);
}

TEST_CASE("an idle container is stopped when its keep-alive time is over, then and not later", "[container_pool]") {
  Pool pool{{}};
  pool.submit(at(0s), Request{1});
  pool.ready(at(20s), Container{1});
  REQUIRE_FALSE(pool.next_change_at());  // busy
  pool.finished(at(60s), Container{1});
  REQUIRE(pool.next_change_at() == at(660s));
  REQUIRE(done(pool.advance(at(660s) - 1ns)).empty());
  REQUIRE(done(pool.advance(at(660s))) == Done{stop(1)});
  REQUIRE(pool.count(State::stopping) == 1);
  REQUIRE_FALSE(pool.next_change_at());
  pool.stopped(at(662s), Container{1});
  REQUIRE(pool.size() == 0);
}

TEST_CASE("without keep-alive a container goes as soon as nobody waits for it", "[container_pool]") {
  Pool pool{{.containers_max = 1, .keep_alive = 0s}};
  REQUIRE(done(pool.submit(at(0s), Request{1})) == Done{start(1)});
  pool.submit(at(1s), Request{2});
  REQUIRE(done(pool.ready(at(20s), Container{1})) == Done{cold(1, 1, 20s)});
  REQUIRE(done(pool.finished(at(60s), Container{1})) == Done{warm(1, 2, 59s)});
  REQUIRE(done(pool.finished(at(70s), Container{1})) == Done{stop(1)});
  REQUIRE_FALSE(pool.next_change_at());
  REQUIRE(pool.statistics().scaled_in_count == 1);
}

TEST_CASE("a container whose keep-alive ends now serves no request that comes now, a use a moment before extends it",
          "[container_pool]") {
  Pool other{{.keep_alive = 60s}};
  other.submit(at(0s), Request{1});
  other.ready(at(0s), Container{1});
  other.finished(at(0s), Container{1});
  Pool used = other;
  REQUIRE(done(other.submit(at(60s), Request{2})) == Done{stop(1), start(2)});
  REQUIRE(done(used.submit(at(60s) - 1ns, Request{2})) == Done{warm(1, 2)});
  used.finished(at(61s), Container{1});
  REQUIRE(used.next_change_at() == at(121s));
}

TEST_CASE("a warm container that is taken is replaced as long as there is a place", "[container_pool]") {
  Pool pool{{.containers_max = 3, .warm_min = 2, .keep_alive = 60s}};
  REQUIRE(pool.next_change_at() == at(0s));
  REQUIRE(done(pool.advance(at(0s))) == Done{start(1), start(2)});
  pool.ready(at(20s), Container{1});
  pool.ready(at(20s), Container{2});
  REQUIRE(done(pool.submit(at(30s), Request{1})) == Done{warm(2, 1), start(3)});
  REQUIRE(done(pool.submit(at(31s), Request{2})) == Done{warm(1, 2)});  // the places are all taken
  REQUIRE(pool.size() == 3);
  REQUIRE(done(pool.ready(at(50s), Container{3})).empty());
  pool.finished(at(51s), Container{1});
  pool.finished(at(52s), Container{2});
  REQUIRE(pool.count(State::idle) == 3);
  REQUIRE(done(pool.advance(at(110s))) == Done{stop(3)});  // idle since 50 s and one too many
  REQUIRE(done(pool.advance(at(10'000s))).empty());
  REQUIRE(pool.count(State::idle) == 2);
}

TEST_CASE("the least number of containers counts the busy ones too", "[container_pool]") {
  Pool pool{{.containers_max = 5, .containers_min = 2, .keep_alive = 60s}};
  REQUIRE(done(pool.advance(at(0s))) == Done{start(1), start(2)});
  pool.ready(at(0s), Container{1});
  pool.ready(at(0s), Container{2});
  REQUIRE(done(pool.submit(at(1s), Request{1})) == Done{warm(2, 1)});  // nothing is started for it
  REQUIRE(done(pool.submit(at(1s), Request{2})) == Done{warm(1, 2)});
  REQUIRE(done(pool.submit(at(1s), Request{3})) == Done{start(3)});
  pool.ready(at(21s), Container{3});
  pool.finished(at(30s), Container{3});
  REQUIRE(done(pool.advance(at(90s))) == Done{stop(3)});  // two are busy
  pool.finished(at(100s), Container{1});
  pool.finished(at(100s), Container{2});
  REQUIRE(done(pool.advance(at(1000s))).empty());
}

TEST_CASE("the idle container used last is taken first, or the one idle longest, as set", "[container_pool]") {
  const auto taken_first = [](Pool::IdleReuse reuse) {
    Pool pool = warm_pool({.containers_max = 3, .idle_reuse = reuse});
    for (const std::uint64_t number : {1, 2, 3}) {
      pool.submit(at(0s), Request{number});
    }
    for (const std::uint64_t number : {2, 1, 3}) {
      pool.finished(at(1s), Container{number});
    }
    return done(pool.submit(at(2s), Request{9})).at(0).container;
  };
  REQUIRE(taken_first(Pool::IdleReuse::most_recent) == Container{3});
  REQUIRE(taken_first(Pool::IdleReuse::least_recent) == Container{2});
}

TEST_CASE("a container takes so many requests at once, and a busy one with room goes before an idle one",
          "[container_pool]") {
  Pool pool{{.containers_max = 2, .concurrency = 2}};
  REQUIRE(done(pool.submit(at(0s), Request{1})) == Done{start(1)});
  REQUIRE(done(pool.submit(at(0s), Request{2})).empty());  // the same container is enough
  REQUIRE(done(pool.submit(at(0s), Request{3})) == Done{start(2)});
  REQUIRE(done(pool.ready(at(20s), Container{1})) == Done{cold(1, 1, 20s), cold(1, 2, 20s)});
  REQUIRE(done(pool.ready(at(20s), Container{2})) == Done{cold(2, 3, 20s)});
  REQUIRE(done(pool.submit(at(21s), Request{4})) == Done{warm(2, 4)});
  REQUIRE(done(pool.submit(at(22s), Request{5})).empty());
  REQUIRE(pool.waiting() == 1);
  REQUIRE(done(pool.finished(at(23s), Container{1})) == Done{warm(1, 5, 1s)});
  pool.finished(at(24s), Container{1});
  pool.finished(at(24s), Container{2});
  pool.finished(at(24s), Container{2});
  REQUIRE(pool.count(State::idle) == 1);
  REQUIRE(done(pool.submit(at(25s), Request{6})) == Done{warm(1, 6)});  // it still has request 5
  REQUIRE(pool.in_progress() == 2);
}

TEST_CASE("the limit of the line spares those for whom a container starts", "[container_pool]") {
  Pool pool{{.containers_max = 2, .waiting_max = 1}};
  REQUIRE(done(pool.submit(at(0s), Request{1})) == Done{start(1)});
  REQUIRE(done(pool.submit(at(0s), Request{2})) == Done{start(2)});
  REQUIRE(done(pool.submit(at(0s), Request{3})).empty());
  REQUIRE(done(pool.submit(at(0s), Request{4})) == Done{reject(4)});
  pool.ready(at(20s), Container{1});
  REQUIRE(pool.waiting() == 2);
  REQUIRE(done(pool.submit(at(20s), Request{5})) == Done{reject(5)});
  pool.ready(at(20s), Container{2});
  REQUIRE(pool.waiting() == 1);
  REQUIRE(done(pool.finished(at(21s), Container{1})) == Done{warm(1, 3, 21s)});
  REQUIRE(done(pool.submit(at(21s), Request{6})).empty());
  REQUIRE(pool.statistics().rejected_count == 2);
}

TEST_CASE("Lambda lets requests wait for a start and rejects those beyond the limit of environments",
          "[container_pool]") {
  Pool pool{Pool::aws_lambda()};
  for (std::uint64_t number = 1; number <= 1000; ++number) {
    REQUIRE(done(pool.submit(at(0s), Request{number})) == Done{start(number)});
  }
  REQUIRE(done(pool.submit(at(0s), Request{1001})) == Done{reject(1001)});
  REQUIRE(pool.waiting() == 1000);
}

TEST_CASE("a request that has waited for the longest wait is told so, cold start or not", "[container_pool]") {
  Pool pool{{.containers_max = 1, .max_wait_duration = 15s}};
  pool.submit(at(0s), Request{1});
  pool.submit(at(1s), Request{2});
  REQUIRE(pool.next_change_at() == at(15s));
  REQUIRE(done(pool.advance(at(15s) - 1ns)).empty());
  REQUIRE(done(pool.advance(at(15s))) == Done{time_out(1, 15s)});
  REQUIRE(done(pool.ready(at(16s), Container{1})) == Done{time_out(2, 15s)});  // too late by nothing
  REQUIRE(pool.count(State::idle) == 1);
  REQUIRE(pool.statistics().timed_out_count == 2);
  REQUIRE(pool.statistics().cold_starts_count == 0);
}

TEST_CASE("a start that nobody waits for any more is not begun, one that has begun goes on", "[container_pool]") {
  Pool pool{{.containers_max = 1}};
  pool.submit(at(0s), Request{1});
  pool.cancel(at(1s), Request{1});
  pool.cancel(at(1s), Request{1});
  pool.cancel(at(1s), Request{7});
  REQUIRE(pool.statistics().cancelled_count == 1);
  REQUIRE(pool.count(State::starting) == 1);
  REQUIRE(done(pool.start_failed(at(2s), Container{1})).empty());
  REQUIRE_FALSE(pool.next_change_at());
}

TEST_CASE("starts that fail are tried again at once, then after 10 s, 20 s, up to 5 min", "[container_pool]") {
  Pool pool{{}};
  REQUIRE(done(pool.submit(at(0s), Request{1})) == Done{start(1)});
  REQUIRE(done(pool.start_failed(at(5s), Container{1})) == Done{start(2)});
  Duration now = 5s;
  std::uint64_t number = 2;
  for (const Duration delay : {10s, 20s, 40s, 80s, 160s, 300s, 300s}) {
    REQUIRE(done(pool.start_failed(at(now), Container{number})).empty());
    REQUIRE(pool.next_change_at() == at(now + delay));
    REQUIRE(done(pool.advance(at(now + delay) - 1ns)).empty());
    now += delay;
    REQUIRE(done(pool.advance(at(now))) == Done{start(++number)});
  }
  REQUIRE(done(pool.ready(at(now), Container{number})) == Done{cold(number, 1, now)});
  REQUIRE(done(pool.submit(at(now), Request{2})) == Done{start(number + 1)});
  REQUIRE(done(pool.start_failed(at(now), Container{number + 1})) == Done{start(number + 2)});  // a new row
  REQUIRE(pool.statistics().start_failed_count == 9);
}

TEST_CASE("starts that had begun before one failed belong to the same failure", "[container_pool]") {
  Pool pool{{.containers_max = 3, .start_back_off = {.initial_delay = 10s}}};
  pool.submit(at(0s), Request{1});
  pool.submit(at(0s), Request{2});
  pool.submit(at(0s), Request{3});
  REQUIRE(done(pool.start_failed(at(1s), Container{1})).empty());
  REQUIRE(done(pool.start_failed(at(2s), Container{2})).empty());
  REQUIRE(pool.next_change_at() == at(11s));
  REQUIRE(done(pool.advance(at(11s))) == Done{start(4), start(5)});
  REQUIRE(done(pool.start_failed(at(12s), Container{3})) == Done{start(6)});  // of the first row, after its delay
  REQUIRE(done(pool.start_failed(at(13s), Container{4})).empty());
  REQUIRE(pool.next_change_at() == at(33s));  // 20 s after 13 s
}

TEST_CASE("a back-off that gives up elsewhere goes on in a pool", "[container_pool]") {
  Pool pool{{.start_back_off = {.restart_on_failure = false, .initial_delay = 1s, .restarts_max = 1}}};
  pool.submit(at(0s), Request{1});
  pool.start_failed(at(0s), Container{1});
  REQUIRE(done(pool.advance(at(1s))) == Done{start(2)});
  pool.start_failed(at(1s), Container{2});
  REQUIRE(pool.next_change_at() == at(3s));
}

TEST_CASE("a container that is being stopped takes a place until it is gone", "[container_pool]") {
  Pool pool{{.containers_max = 1, .keep_alive = 60s}};
  pool.submit(at(0s), Request{1});
  pool.ready(at(0s), Container{1});
  pool.finished(at(0s), Container{1});
  REQUIRE(done(pool.submit(at(60s), Request{2})) == Done{stop(1)});
  REQUIRE(pool.waiting() == 1);
  REQUIRE(done(pool.stopped(at(65s), Container{1})) == Done{start(2)});
}

TEST_CASE("a container that crashes loses its requests and is replaced for those who wait", "[container_pool]") {
  Pool pool{{.containers_max = 1, .concurrency = 2}};
  pool.submit(at(0s), Request{1});
  pool.submit(at(0s), Request{2});
  pool.ready(at(20s), Container{1});
  pool.submit(at(21s), Request{3});
  REQUIRE(done(pool.crashed(at(22s), Container{1})) == Done{start(2)});
  REQUIRE(pool.in_progress() == 0);
  REQUIRE(pool.statistics().lost_count == 2);
  REQUIRE(done(pool.ready(at(42s), Container{2})) == Done{cold(2, 3, 21s)});
  REQUIRE(done(pool.submit(at(43s), Request{4})) == Done{warm(2, 4)});
  pool.finished(at(44s), Container{2});
  pool.finished(at(44s), Container{2});
  REQUIRE(done(pool.crashed(at(45s), Container{2})).empty());
  REQUIRE(pool.statistics().crashed_count == 2);
  REQUIRE(done(pool.submit(at(46s), Request{5})) == Done{start(3)});  // not to the idle one that is gone
}

TEST_CASE("a busy container with room is no longer given requests once it has crashed", "[container_pool]") {
  Pool pool{{.containers_max = 1, .concurrency = 2}};
  pool.submit(at(0s), Request{1});
  pool.ready(at(0s), Container{1});
  pool.crashed(at(1s), Container{1});
  REQUIRE(done(pool.submit(at(2s), Request{2})) == Done{start(2)});
}

TEST_CASE("the time of containers is counted by state", "[container_pool]") {
  Pool pool{{.keep_alive = 60s}};
  pool.submit(at(10s), Request{1});
  pool.submit(at(12s), Request{2});
  pool.ready(at(30s), Container{1});     // started for 20 s
  pool.ready(at(32s), Container{2});     // 20 s
  pool.finished(at(35s), Container{1});  // busy for 5 s
  pool.finished(at(40s), Container{2});  // 8 s
  pool.advance(at(200s));                // both idle for 60 s, then stopping for 200 - 95 and 200 - 100 seconds
  REQUIRE(pool.time_in(State::starting) == 40s);
  REQUIRE(pool.time_in(State::busy) == 13s);
  REQUIRE(pool.time_in(State::idle) == 120s);
  REQUIRE(pool.time_in(State::stopping) == 205s);
  pool.stopped(at(200s), Container{1});
  pool.stopped(at(201s), Container{2});
  REQUIRE(pool.time_in(State::stopping) == 206s);
  REQUIRE(pool.statistics().containers_peak == 2);
}

TEST_CASE("keep-alive for ever never stops a container", "[container_pool]") {
  Pool pool{{.keep_alive = forever}};
  pool.submit(at(0s), Request{1});
  pool.ready(at(0s), Container{1});
  pool.finished(at(0s), Container{1});
  REQUIRE_FALSE(pool.next_change_at());
}

TEST_CASE("wrong settings of a container pool and calls out of turn are bugs", "[container_pool]") {
  REQUIRE_THROWS_AS(Pool{{.containers_max = 0}}, AssertionFailure);
  REQUIRE_THROWS_AS((Pool{{.containers_max = 1, .containers_min = 2}}), AssertionFailure);
  REQUIRE_THROWS_AS(Pool{{.concurrency = 0}}, AssertionFailure);
  REQUIRE_THROWS_AS(Pool{{.keep_alive = -1ns}}, AssertionFailure);
  REQUIRE_THROWS_AS(Pool{{.max_wait_duration = 0s}}, AssertionFailure);
  Pool pool{{}};
  pool.submit(at(1s), Request{1});
  REQUIRE_THROWS_AS(pool.submit(at(1s), Request{1}), AssertionFailure);
  REQUIRE_THROWS_AS(pool.finished(at(1s), Container{1}), AssertionFailure);
  REQUIRE_THROWS_AS(pool.crashed(at(1s), Container{1}), AssertionFailure);
  REQUIRE_THROWS_AS(pool.stopped(at(1s), Container{1}), AssertionFailure);
  pool.ready(at(1s), Container{1});
  REQUIRE_THROWS_AS(pool.ready(at(1s), Container{1}), AssertionFailure);
  REQUIRE_THROWS_AS(pool.start_failed(at(1s), Container{1}), AssertionFailure);
  pool.finished(at(1s), Container{1});
  REQUIRE_THROWS_AS(pool.finished(at(1s), Container{1}), AssertionFailure);
  REQUIRE_THROWS_AS(pool.advance(at(1s) - 1ns), AssertionFailure);
}
