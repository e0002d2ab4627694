#include "actors/pools/worker_pool_rules.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using Pool = WorkerPool;
using Kind = Pool::Action::Kind;
using Task = Pool::TaskId;
using Worker = Pool::WorkerId;
using OnTimeout = Pool::OnTimeout;
using Done = std::vector<Pool::Action>;

Time at(Duration since_start) { return Time{} + since_start; }

Done done(Pool::Actions actions) { return {actions.begin(), actions.end()}; }

Pool::Action start(std::uint64_t task, std::uint64_t worker, Duration waited = 0s) {
  return {Kind::start, Task{task}, Worker{worker}, waited};
}
Pool::Action time_out(std::uint64_t task, std::uint64_t worker) { return {Kind::time_out, Task{task}, Worker{worker}}; }
Pool::Action reject(std::uint64_t task) { return {Kind::reject, Task{task}}; }

/// One worker, tasks 1 to 3 submitted at time 0.
Pool one_worker(OnTimeout on_timeout, Duration worker_start_time = 0s) {
  Pool pool{{.workers = 1, .task_timeout = 10s, .on_timeout = on_timeout, .worker_start_time = worker_start_time}};
  for (const std::uint64_t number : {1, 2, 3}) {
    pool.submit(at(0s), Task{number});
  }
  return pool;
}

}  // namespace

TEST_CASE("tasks start at once while a worker is idle, then in the order they came", "[worker_pool]") {
  Pool pool{{.workers = 2}};
  REQUIRE(done(pool.submit(at(0s), Task{1})) == Done{start(1, 1)});
  REQUIRE(done(pool.submit(at(0s), Task{2})) == Done{start(2, 2)});
  REQUIRE(done(pool.submit(at(1s), Task{3})).empty());
  REQUIRE(done(pool.submit(at(2s), Task{4})).empty());
  REQUIRE(pool.queued() == 2);
  REQUIRE(done(pool.finish(at(5s), Task{2})) == Done{start(3, 2, 4s)});
  REQUIRE(done(pool.finish(at(6s), Task{1})) == Done{start(4, 1, 4s)});
  REQUIRE(done(pool.finish(at(7s), Task{3})).empty());
  REQUIRE(pool.idle() == 1);
  REQUIRE(pool.running() == 1);
  REQUIRE_FALSE(pool.next_change_at());
  REQUIRE(pool.statistics() == Pool::Statistics{.started_count = 4, .finished_count = 3, .queued_max = 2});
}

TEST_CASE("beyond queue_max tasks are rejected, and none wait when it is 0", "[worker_pool]") {
  Pool pool{{.workers = 1, .queue_max = 1}};
  pool.submit(at(0s), Task{1});
  REQUIRE(done(pool.submit(at(0s), Task{2})).empty());
  REQUIRE(done(pool.submit(at(0s), Task{3})) == Done{reject(3)});
  Pool no_line{{.workers = 1, .queue_max = 0}};
  REQUIRE(done(no_line.submit(at(0s), Task{1})) == Done{start(1, 1)});
  REQUIRE(done(no_line.submit(at(0s), Task{2})) == Done{reject(2)});
  REQUIRE(no_line.statistics().rejected_count == 1);
}

TEST_CASE("a task that times out frees its worker for the next one, and its own end no longer counts",
          "[worker_pool]") {
  Pool pool = one_worker(OnTimeout::free_worker);
  REQUIRE(pool.next_change_at() == at(10s));
  REQUIRE(done(pool.advance(at(10s) - 1ns)).empty());
  REQUIRE(done(pool.advance(at(10s))) == Done{time_out(1, 1), start(2, 1, 10s)});
  REQUIRE(done(pool.finish(at(11s), Task{1})).empty());
  REQUIRE(pool.running() == 1);
  REQUIRE(done(pool.finish(at(12s), Task{2})) == Done{start(3, 1, 12s)});
  REQUIRE(pool.next_change_at() == at(22s));  // ten seconds from the start, not from the submission
  REQUIRE(pool.statistics().late_count == 1);
  REQUIRE(pool.statistics().timed_out_count == 1);
}

TEST_CASE("a task that ends exactly at its timeout has timed out, one nanosecond earlier it has not", "[worker_pool]") {
  Pool late = one_worker(OnTimeout::free_worker);
  REQUIRE(done(late.finish(at(10s), Task{1})) == Done{time_out(1, 1), start(2, 1, 10s)});
  Pool in_time = one_worker(OnTimeout::free_worker);
  REQUIRE(done(in_time.finish(at(10s) - 1ns, Task{1})) == Done{start(2, 1, 10s - 1ns)});
}

TEST_CASE("a killed worker is replaced by a new one that needs time to start", "[worker_pool]") {
  Pool pool = one_worker(OnTimeout::replace_worker, 3s);
  REQUIRE(done(pool.advance(at(10s))) == Done{time_out(1, 1)});
  REQUIRE(pool.starting() == 1);
  REQUIRE(pool.idle() == 0);
  REQUIRE(done(pool.finish(at(11s), Task{1})).empty());
  REQUIRE(pool.next_change_at() == at(13s));
  REQUIRE(done(pool.advance(at(13s))) == Done{start(2, 2, 13s)});
  REQUIRE(pool.next_change_at() == at(23s));
  REQUIRE(pool.statistics().replaced_count == 1);
}

TEST_CASE("a replacement that starts in no time takes the next task at once", "[worker_pool]") {
  Pool pool = one_worker(OnTimeout::replace_worker);
  REQUIRE(done(pool.advance(at(10s))) == Done{time_out(1, 1), start(2, 2, 10s)});
}

TEST_CASE("a worker that nobody stops is lost until its task ends by itself", "[worker_pool]") {
  Pool pool = one_worker(OnTimeout::keep_worker);
  REQUIRE(done(pool.advance(at(10s))) == Done{time_out(1, 1)});
  REQUIRE(pool.lost() == 1);
  REQUIRE_FALSE(pool.next_change_at());
  REQUIRE(done(pool.finish(at(40s), Task{1})) == Done{start(2, 1, 40s)});
  REQUIRE(pool.lost() == 0);
  REQUIRE(pool.statistics().late_count == 1);
  REQUIRE(pool.statistics().finished_count == 0);
}

TEST_CASE("time that passes at once times out one task after the other", "[worker_pool]") {
  Pool pool = one_worker(OnTimeout::free_worker);
  REQUIRE(done(pool.advance(at(60s))) ==
          Done{time_out(1, 1), start(2, 1, 10s), time_out(2, 1), start(3, 1, 20s), time_out(3, 1)});
  REQUIRE(pool.idle() == 1);
}

TEST_CASE("a task that is cancelled in line is not started, one that runs is not touched", "[worker_pool]") {
  Pool pool = one_worker(OnTimeout::free_worker);
  pool.cancel(at(1s), Task{2});
  pool.cancel(at(1s), Task{1});
  REQUIRE(pool.running() == 1);
  REQUIRE(pool.statistics().cancelled_count == 1);
  REQUIRE(done(pool.finish(at(2s), Task{1})) == Done{start(3, 1, 2s)});
}

TEST_CASE("four workers, ten tasks of 10 ms: done after 30 ms, as in the guide", "[worker_pool]") {
  Pool pool{{.workers = 4}};
  std::vector<std::vector<Task>> rounds(1);
  for (std::uint64_t number = 1; number <= 10; ++number) {
    for (const auto& action : done(pool.submit(at(0s), Task{number}))) {
      rounds[0].push_back(action.task);
    }
  }
  for (std::size_t round = 0; !rounds[round].empty(); ++round) {
    rounds.emplace_back();
    for (const Task task : rounds[round]) {
      for (const auto& action : done(pool.finish(at((round + 1) * 10ms), task))) {
        rounds.back().push_back(action.task);
      }
    }
  }
  REQUIRE(rounds.size() == 4);  // of 4, 4, 2 and 0 tasks
  REQUIRE(rounds[0].size() == 4);
  REQUIRE(rounds[1].size() == 4);
  REQUIRE(rounds[2].size() == 2);
}

TEST_CASE("wrong settings of a worker pool and calls out of turn are bugs", "[worker_pool]") {
  REQUIRE_THROWS_AS(Pool{{.workers = 0}}, AssertionFailure);
  REQUIRE_THROWS_AS(Pool{{.task_timeout = 0s}}, AssertionFailure);
  REQUIRE_THROWS_AS(Pool{{.worker_start_time = -1ns}}, AssertionFailure);
  Pool pool = one_worker(OnTimeout::keep_worker);
  REQUIRE_THROWS_AS(pool.submit(at(1s), Task{1}), AssertionFailure);  // runs
  REQUIRE_THROWS_AS(pool.submit(at(1s), Task{2}), AssertionFailure);  // waits
  REQUIRE_THROWS_AS(pool.finish(at(1s), Task{2}), AssertionFailure);
  pool.advance(at(10s));
  REQUIRE_THROWS_AS(pool.submit(at(10s), Task{1}), AssertionFailure);  // goes on
  REQUIRE_THROWS_AS(pool.advance(at(10s) - 1ns), AssertionFailure);
}
