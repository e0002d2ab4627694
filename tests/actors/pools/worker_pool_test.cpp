#include <catch2/catch.hpp>
#include <cstdint>
#include <utility>
#include <vector>

#include "actors/pools/worker_pool.hpp"

using namespace sim;
using actors::WorkOutcome;
using OnTimeout = policies::WorkerPool::OnTimeout;

namespace {

struct Double {
  using Reply = actors::Worked<std::uint32_t>;
  std::uint32_t number = 0;
  Duration time{};
};

struct Doubling {
  static Duration time(const Double& task, RandomStream&) { return task.time; }
  static std::uint32_t result(const Double& task) { return 2 * task.number; }
};

using Pool = actors::WorkerPool<Double, Doubling>;

/// Gives all its tasks at once, and writes down what comes back, and when.
class Giver {
 public:
  struct Back {
    actors::Worked<std::uint32_t> worked;
    Duration at{};

    friend bool operator==(const Back&, const Back&) = default;
  };
  using Inbox = sim::Inbox<>;

  Giver(Context& ctx, std::vector<Double> tasks, Port<Double> pool)
      : ctx_(ctx), tasks_(std::move(tasks)), pool_(pool), back_(tasks_.size()) {}

  Process run() {
    for (std::size_t position = 0; position < tasks_.size(); ++position) {
      ctx_.start(give(position));
    }
    co_return;
  }

  [[nodiscard]] const std::vector<Back>& back() const { return back_; }

 private:
  Process give(std::size_t position) {
    const Double task = tasks_[position];
    const auto worked = co_await ctx_.ask(pool_, task);
    back_[position].worked = *worked;
    back_[position].at = ctx_.now() - Time{};
  }

  Context& ctx_;
  std::vector<Double> tasks_;
  Port<Double> pool_;
  std::vector<Back> back_;
};

struct Bench {
  explicit Bench(policies::WorkerPool::Config rules, std::vector<Double> tasks) {
    const Pool::Config config{rules, {}};
    pool = simulation.spawn<Pool>("pool", config);
    giver = simulation.spawn<Giver>("giver", std::move(tasks), Port<Double>(pool));
    simulation.run();
  }
  const std::vector<Giver::Back>& back() { return simulation.get(giver).back(); }

  Simulation simulation;
  Ref<Pool> pool;
  Ref<Giver> giver;
};

const actors::Worked<std::uint32_t> timed_out{WorkOutcome::timed_out, 0, Duration{0}};

}  // namespace

TEST_CASE("two workers do three tasks, the third when one of them is free", "[worker_pool]") {
  Bench bench({.workers = 2}, {{1, 10ms}, {2, 20ms}, {3, 10ms}});
  REQUIRE(bench.back() == std::vector<Giver::Back>{{{WorkOutcome::done, 2, 0s}, 10ms},
                                                   {{WorkOutcome::done, 4, 0s}, 20ms},
                                                   {{WorkOutcome::done, 6, 10ms}, 20ms}});
  REQUIRE(bench.simulation.get(bench.pool).running_max() == 2);
}

TEST_CASE("a task that finds the line full is rejected at once", "[worker_pool]") {
  Bench bench({.workers = 1, .queue_max = 1}, {{1, 10ms}, {2, 10ms}, {3, 10ms}});
  REQUIRE(bench.back()[2] == Giver::Back{{WorkOutcome::rejected, 0, 0s}, 0s});
}

TEST_CASE("a task that ends exactly at its timeout has timed out, and is told so once", "[worker_pool]") {
  for (const OnTimeout on_timeout : {OnTimeout::free_worker, OnTimeout::replace_worker, OnTimeout::keep_worker}) {
    Bench bench({.workers = 1, .task_timeout = 10ms, .on_timeout = on_timeout}, {{1, 10ms}});
    CHECK(bench.back()[0] == Giver::Back{timed_out, 10ms});
    CHECK(bench.simulation.dead_letters() == 0);
  }
}

TEST_CASE("a worker that nobody stops is free when its task would have ended", "[worker_pool]") {
  Bench kept({.workers = 1, .task_timeout = 10ms, .on_timeout = OnTimeout::keep_worker}, {{1, 30ms}, {2, 5ms}});
  REQUIRE(kept.back() == std::vector<Giver::Back>{{timed_out, 10ms}, {{WorkOutcome::done, 4, 30ms}, 35ms}});
  Bench freed({.workers = 1, .task_timeout = 10ms}, {{1, 30ms}, {2, 5ms}});
  REQUIRE(freed.back() == std::vector<Giver::Back>{{timed_out, 10ms}, {{WorkOutcome::done, 4, 10ms}, 15ms}});
}

TEST_CASE("a worker that was killed is replaced when its successor has started", "[worker_pool]") {
  Bench bench({.workers = 1, .task_timeout = 10ms, .on_timeout = OnTimeout::replace_worker, .worker_start_time = 7ms},
              {{1, 30ms}, {2, 5ms}});
  REQUIRE(bench.back()[1] == Giver::Back{{WorkOutcome::done, 4, 17ms}, 22ms});
}
