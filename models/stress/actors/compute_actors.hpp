#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "actors/pools/worker_messages.hpp"
#include "libsim/sim.hpp"

namespace sim::models::stress {

/// What a worker is to compute: the square of the number, quickly or slowly.
struct ComputeSquare {
  using Reply = actors::Worked<std::uint64_t>;
  std::uint32_t number = 0;
  bool is_slow = false;

  friend bool operator==(const ComputeSquare&, const ComputeSquare&) = default;
};

/// How workers compute squares.
struct SquareWork {
  Distribution fast_time = lognormal_p50_p99(10ms, 20ms);
  Distribution slow_time = constant(200ms);

  Duration time(const ComputeSquare& task, RandomStream& random) const {
    return (task.is_slow ? slow_time : fast_time).sample(random);
  }
  static std::uint64_t result(const ComputeSquare& task) { return std::uint64_t{task.number} * task.number; }
};

/// Gives tasks to a pool, all at once or each after the answer to the one before, and keeps the answers in order.
class ComputeClient {
 public:
  struct Config {
    std::vector<ComputeSquare> tasks = {};
    bool at_once = true;
  };
  struct Answer {
    ComputeSquare task;
    actors::Worked<std::uint64_t> worked;
    Duration took{};
  };
  using Inbox = sim::Inbox<>;

  ComputeClient(Context& ctx, Config config, Port<ComputeSquare> pool)
      : ctx_(ctx), config_(std::move(config)), pool_(pool), answers_(config_.tasks.size()) {}

  Process run() {
    for (std::size_t position = 0; position < config_.tasks.size(); ++position) {
      if (config_.at_once) {
        ctx_.start(compute_beside(position));
      } else {
        co_await compute(position);
      }
    }
  }

  /// In the order of the tasks.
  [[nodiscard]] const std::vector<Answer>& answers() const { return answers_; }

 private:
  Process compute_beside(std::size_t position) { co_await compute(position); }
  Task<> compute(std::size_t position) {
    const Time began_at = ctx_.now();
    const ComputeSquare task = config_.tasks[position];
    const auto worked = co_await ctx_.ask(pool_, task);
    check(worked.has_value(), "a pool of workers answers every task");
    answers_[position].task = task;
    answers_[position].worked = *worked;
    answers_[position].took = ctx_.now() - began_at;
  }

  Context& ctx_;
  Config config_;
  Port<ComputeSquare> pool_;
  std::vector<Answer> answers_;
};

}  // namespace sim::models::stress
