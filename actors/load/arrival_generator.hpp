#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "actors/load/arrival_process.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// Open load without limit: asks one request at each time of an arrival process, whatever became of those before.
///
/// `MakeRequest` is called as `make(arrival, random)` with the number of the arrival, from 0. A request that is not
/// answered within `timeout`, or whose target is gone, has failed.
template <Askable M, class MakeRequest>
class ArrivalGenerator {
 public:
  struct Config {
    policies::ArrivalProcess::Config arrivals = {};
    Duration duration = forever;     ///< no arrivals from then on
    std::uint64_t arrivals_max = 0;  ///< 0: no limit
    Duration timeout = forever;      ///< of each request
  };
  struct Arrival {};
  using Inbox = sim::Inbox<Start, Arrival>;

  ArrivalGenerator(Context& ctx, Config config, Port<M> target, MakeRequest make_request)
      : ctx_(ctx),
        config_(std::move(config)),
        target_(target),
        make_request_(std::move(make_request)),
        arrivals_(config_.arrivals, ctx.now()),
        began_at_(ctx.now()),
        arrival_rng_(ctx.random("arrival")),
        request_rng_(ctx.random("request")),
        requests_(ctx.counter("arrivals_count")),
        failed_(ctx.counter("failed_count")),
        request_duration_(ctx.tally("request_duration_s")),
        waiting_(ctx.gauge("open_requests")) {}

  void on(const Start&) { await_next(); }

  void on(const Arrival&) {
    ctx_.start(request(arrivals_so_far_++));
    await_next();
  }

 private:
  void await_next() {
    if (config_.arrivals_max > 0 && arrivals_so_far_ == config_.arrivals_max) {
      return;
    }
    const std::optional<Time> at = arrivals_.next(arrival_rng_);
    if (at && *at - began_at_ < config_.duration) {
      ctx_.after(*at - ctx_.now(), Arrival{});
    }
  }

  Process request(std::uint64_t number) {
    requests_.add();
    waiting_.add(1);
    const Time asked_at = ctx_.now();
    const M request = make_request_(number, request_rng_);
    const auto reply = co_await ctx_.ask(target_, request, config_.timeout);
    waiting_.add(-1);
    if (reply) {
      request_duration_.add(to_seconds(ctx_.now() - asked_at));
    } else {
      failed_.add();
    }
  }

  Context& ctx_;
  Config config_;
  Port<M> target_;
  MakeRequest make_request_;
  policies::ArrivalProcess arrivals_;
  Time began_at_;
  RandomStream& arrival_rng_;
  RandomStream& request_rng_;
  Counter& requests_;
  Counter& failed_;
  Tally& request_duration_;
  Gauge& waiting_;
  std::uint64_t arrivals_so_far_ = 0;
};

}  // namespace sim::actors
