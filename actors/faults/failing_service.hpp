#pragma once

#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "actors/faults/failing_service_rules.hpp"
#include "actors/faults/fault_messages.hpp"
#include "actors/faults/up_down.hpp"
#include "actors/monitoring/alarm.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// What the reply of a service that may fail is made of.
struct RequestOutcome {
  std::optional<policies::ErrorClass> error;  ///< nothing: it succeeded
  Duration took{};                            ///< since the request arrived

  friend bool operator==(const RequestOutcome&, const RequestOutcome&) = default;
};

/// A service outside of the system, for requests of type `M`: `policies::FailingService` with the draws it needs.
/// `make_reply(request, outcome)` gives the `M::Reply`. A request that hangs gets none: who asks sets a timeout.
///
/// It breaks down after a `time_to_failure` of being up and is repaired after a `time_to_repair`; without the first it
/// does not break down by itself.
template <Askable M, class MakeReply>
class FailingService {
 public:
  using Reply = typename M::Reply;

  struct Config {
    Distribution latency = lognormal_p50_p99(50ms, 400ms);
    std::optional<Distribution> time_to_failure = {};
    Distribution time_to_repair = exponential(1min);
    policies::FailingService::Config behaviour;

    friend bool operator==(const Config&, const Config&) = default;
  };

  struct AlarmRang {
    static constexpr std::string_view message_name = "FailingService::AlarmRang";
    friend bool operator==(const AlarmRang&, const AlarmRang&) = default;
  };
  struct StateEnded {
    static constexpr std::string_view message_name = "FailingService::StateEnded";
    friend bool operator==(const StateEnded&, const StateEnded&) = default;
  };
  using Inbox = sim::Inbox<Start, M, ApplyFault, EndFault, AlarmRang, StateEnded>;

  FailingService(Context& ctx, Config config, MakeReply make_reply = {})
      : ctx_(ctx),
        config_(std::move(config)),
        make_reply_(std::move(make_reply)),
        rules_(config_.behaviour),
        alarm_(ctx),
        latency_rng_(ctx.random("latency")),
        error_rng_(ctx.random("error")),
        hang_rng_(ctx.random("hang")),
        up_down_rng_(ctx.random("up_down")),
        latency_(ctx.tally("service_latency_s")),
        failure_latency_(ctx.tally("service_failure_latency_s")),
        hung_(ctx.counter("service_hung_count")),
        in_progress_(ctx.gauge("service_in_progress_requests")),
        up_(ctx.gauge("service_up_bool")) {}

  void on(const Start&) {
    const Time now = ctx_.now();
    up_down_.emplace(now, config_.time_to_failure ? config_.time_to_failure->sample(up_down_rng_) : forever);
    up_.set(1);
    wait_for_end_of_state();
  }

  void on(const M& request, ReplyTo<Reply> reply_to) {
    const policies::FailingService::RequestId id{++last_number_};
    pending_.emplace(id, Pending{request, reply_to});
    const Duration latency = config_.latency.sample(latency_rng_);
    const double error = error_rng_.uniform01();
    const double hang = hang_rng_.uniform01();
    settle(rules_.arrive(ctx_.now(), id, {latency, error, hang}));
  }

  void on(const ApplyFault& message) { settle(rules_.apply(ctx_.now(), message.number, message.fault)); }
  void on(const EndFault& message) { settle(rules_.end_fault(ctx_.now(), message.number)); }

  void on(const AlarmRang&) {
    alarm_.has_rung();
    settle(rules_.advance(ctx_.now()));
  }

  void on(const StateEnded&) {
    const Distribution& next = up_down_->is_up() ? config_.time_to_repair : *config_.time_to_failure;
    up_down_->change(ctx_.now(), next.sample(up_down_rng_));
    settle(rules_.set_up(ctx_.now(), up_down_->is_up()));
    wait_for_end_of_state();
  }

  [[nodiscard]] const policies::FailingService& rules() const { return rules_; }
  /// Breakdowns by itself, without those that faults bring. There is none before the start.
  [[nodiscard]] const std::optional<policies::UpDown>& up_down() const { return up_down_; }

 private:
  struct Pending {
    M request;
    ReplyTo<Reply> reply_to;
  };

  void settle(policies::FailingService::Actions actions) {
    using Kind = policies::FailingService::Action::Kind;
    for (const auto& action : actions) {
      const auto node = pending_.extract(action.request);
      if (action.kind == Kind::give_up) {
        hung_.add();
        continue;
      }
      const bool failed = action.kind == Kind::fail;
      (failed ? failure_latency_ : latency_).add(to_seconds(action.took));
      const Pending& pending = node.mapped();
      const RequestOutcome outcome{failed ? std::optional(action.error) : std::nullopt, action.took};
      ctx_.reply(pending.reply_to, make_reply_(pending.request, outcome));
    }
    in_progress_.set(rules_.in_progress());
    up_.set(rules_.is_up() ? 1 : 0);
    alarm_.set(rules_.next_change_at());
  }

  void wait_for_end_of_state() {
    if (const auto end = up_down_->next_change_at()) {
      ctx_.after(*end - ctx_.now(), StateEnded{});
    }
  }

  Context& ctx_;
  Config config_;
  MakeReply make_reply_;
  policies::FailingService rules_;
  Alarm<AlarmRang> alarm_;
  std::optional<policies::UpDown> up_down_;
  std::map<policies::FailingService::RequestId, Pending> pending_;
  std::uint64_t last_number_ = 0;
  RandomStream& latency_rng_;
  RandomStream& error_rng_;
  RandomStream& hang_rng_;
  RandomStream& up_down_rng_;
  Tally& latency_;
  Tally& failure_latency_;
  Counter& hung_;
  Gauge& in_progress_;
  Gauge& up_;
};

}  // namespace sim::actors
