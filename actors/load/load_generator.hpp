#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <optional>
#include <utility>

#include "actors/load/load_executor.hpp"
#include "actors/monitoring/alarm.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// Makes the request of an iteration, whose number counts from 0 in the order of starting.
template <class MakeRequest, class M>
concept MakesRequest = requires(MakeRequest make, std::uint64_t iteration, RandomStream& random) {
  { make(iteration, random) } -> std::convertible_to<M>;
};

/// Runs the load of a k6 scenario against one port: each iteration asks one request, waits for its reply, and then
/// thinks. A closed loop with think time is the executor `ConstantVus` with `think_time`.
///
/// A request that is not answered within `timeout`, or whose target is gone, has failed; its iteration goes on. An
/// iteration that is interrupted is neither completed nor failed; a reply that comes later is a dead letter.
template <Askable M, class MakeRequest>
requires MakesRequest<MakeRequest, M>
class LoadGenerator {
 public:
  struct Config {
    policies::LoadExecutor::Config executor = {};
    Duration timeout = forever;              ///< of each request
    Distribution think_time = constant(0s);  ///< after each request, part of the iteration
  };
  struct ScheduleChange {};
  using Inbox = sim::Inbox<Start, ScheduleChange>;

  LoadGenerator(Context& ctx, Config config, Port<M> target, MakeRequest make_request)
      : ctx_(ctx),
        config_(std::move(config)),
        target_(target),
        make_request_(std::move(make_request)),
        executor_(config_.executor, ctx.now()),
        next_change_(ctx),
        request_rng_(ctx.random("request")),
        think_rng_(ctx.random("think")),
        iterations_(ctx.counter("iterations_count")),
        dropped_(ctx.counter("dropped_iterations_count")),
        interrupted_(ctx.counter("interrupted_iterations_count")),
        failed_(ctx.counter("failed_count")),
        iteration_duration_(ctx.tally("iteration_duration_s")),
        request_duration_(ctx.tally("request_duration_s")),
        vus_(ctx.gauge("vus_count")) {}

  void on(const Start&) { follow_schedule(); }
  void on(const ScheduleChange&) {
    next_change_.has_rung();
    follow_schedule();
  }

  [[nodiscard]] const policies::LoadExecutor& executor() const { return executor_; }

 private:
  using Iteration = policies::LoadExecutor::Iteration;

  void follow_schedule() {
    while (const auto iteration = executor_.start_next(ctx_.now())) {
      vus_.set(executor_.running());
      ctx_.start(run(*iteration));
    }
    dropped_.add(executor_.statistics().dropped_count - dropped_so_far_);
    dropped_so_far_ = executor_.statistics().dropped_count;
    next_change_.set(executor_.next_change_at());
  }

  /// One virtual user, from an iteration that the schedule starts to the last one that follows it at once.
  Process run(Iteration first) {
    std::optional<Iteration> iteration = first;
    while (iteration) {
      const Time began_at = ctx_.now();
      if (time_left(*iteration) > 0s) {
        const M request = make_request_(iteration->number, request_rng_);
        const auto reply = co_await ctx_.ask(target_, request, std::min(config_.timeout, time_left(*iteration)));
        if (reply) {
          request_duration_.add(to_seconds(ctx_.now() - began_at));
        } else if (time_left(*iteration) > 0s) {
          failed_.add();
        }
      }
      const Duration think_time = config_.think_time.sample(think_rng_);
      if (think_time > 0s && time_left(*iteration) > 0s) {
        co_await ctx_.sleep(std::min(think_time, time_left(*iteration)));
      }
      if (time_left(*iteration) > 0s) {
        iterations_.add();
        iteration_duration_.add(to_seconds(ctx_.now() - began_at));
      } else {
        interrupted_.add();
      }
      iteration = executor_.ended(ctx_.now(), iteration->vu);
      vus_.set(executor_.running());
      next_change_.set(executor_.next_change_at());
    }
  }

  [[nodiscard]] Duration time_left(const Iteration& iteration) const {
    return iteration.interrupt_at == Time::max() ? forever : iteration.interrupt_at - ctx_.now();
  }

  Context& ctx_;
  Config config_;
  Port<M> target_;
  MakeRequest make_request_;
  policies::LoadExecutor executor_;
  Alarm<ScheduleChange> next_change_;
  RandomStream& request_rng_;
  RandomStream& think_rng_;
  Counter& iterations_;
  Counter& dropped_;
  Counter& interrupted_;
  Counter& failed_;
  Tally& iteration_duration_;
  Tally& request_duration_;
  Gauge& vus_;
  std::uint64_t dropped_so_far_ = 0;
};

}  // namespace sim::actors
