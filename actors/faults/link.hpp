#pragma once

#include <utility>

#include "actors/faults/fault_messages.hpp"
#include "actors/faults/link_rules.hpp"
#include "libsim/sim.hpp"
#include "libsim/statistics/time_weighted.hpp"

namespace sim::actors {

struct LinkConfig {
  Distribution latency = constant(500us);  ///< of one way
  policies::Link::Config rules;
  Duration answer_timeout = 1min;  ///< how long a link waits for the answer to a request, before it forgets it

  friend bool operator==(const LinkConfig&, const LinkConfig&) = default;
};

/// What one direction of a link draws and measures. Each direction has streams of its own.
class LinkDirection {
 public:
  LinkDirection(Context& ctx, const LinkConfig& config, const char* latency_stream, const char* fault_stream)
      : ctx_(ctx),
        latency_(config.latency),
        rules_(config.rules),
        latency_rng_(ctx.random(latency_stream)),
        fault_rng_(ctx.random(fault_stream)),
        delay_(ctx.tally("link_delay_s")),
        lost_(ctx.counter("link_lost_count")),
        duplicated_(ctx.counter("link_duplicated_count")) {}

  /// After how long a message that is sent now arrives.
  policies::Link::Delays send() {
    policies::Link::Draws draws;
    draws.latency = latency_.sample(latency_rng_);
    draws.copy_latency = latency_.sample(latency_rng_);
    draws.loss = fault_rng_.uniform01();
    draws.duplication = fault_rng_.uniform01();
    draws.reordering = fault_rng_.uniform01();
    draws.jitter = fault_rng_.uniform01();
    const policies::Link::Delays delays = rules_.send(ctx_.now(), draws);
    lost_.add(delays.empty() ? 1 : 0);
    duplicated_.add(delays.size() > 1 ? 1 : 0);
    for (const Duration delay : delays) {
      delay_.add(to_seconds(delay));
    }
    return delays;
  }

  [[nodiscard]] policies::Link& rules() { return rules_; }

 private:
  Context& ctx_;
  Distribution latency_;
  policies::Link rules_;
  RandomStream& latency_rng_;
  RandomStream& fault_rng_;
  Tally& delay_;
  Counter& lost_;
  Counter& duplicated_;
};

/// A network link in front of a port: what comes to it goes on to `target`, later, twice or never. This one is for
/// messages that are sent, one way.
template <class M>
class Link {
 public:
  using Config = LinkConfig;
  using Inbox = sim::Inbox<M, ApplyFault, EndFault>;

  Link(Context& ctx, const Config& config, Port<M> target)
      : ctx_(ctx), target_(target), there_(ctx, config, "latency", "fault") {}

  void on(const M& message) {
    for (const Duration delay : there_.send()) {
      ctx_.send_after(delay, target_, message);
    }
  }
  void on(const ApplyFault& message) { there_.rules().apply(message.number, message.fault); }
  void on(const EndFault& message) { there_.rules().end_fault(message.number); }

  [[nodiscard]] const policies::Link& rules() { return there_.rules(); }

 private:
  Context& ctx_;
  Port<M> target_;
  LinkDirection there_;
};

/// For messages that are asked: the answer comes back over the other direction, which loses and delays for itself; a
/// fault acts on both. Whoever asks sets a timeout, for a request that is lost is never answered. The answer to a copy
/// is dropped, and so is the copy of an answer.
template <Askable M>
class Link<M> {
 public:
  using Config = LinkConfig;
  using Reply = typename M::Reply;
  using Inbox = sim::Inbox<M, ApplyFault, EndFault>;

  Link(Context& ctx, const Config& config, Port<M> target)
      : ctx_(ctx),
        target_(target),
        answer_timeout_(config.answer_timeout),
        there_(ctx, config, "latency", "fault"),
        back_(ctx, config, "latency_back", "fault_back"),
        carried_(ctx.now()) {}

  Process on(M request, ReplyTo<Reply> reply_to) {
    const policies::Link::Delays there = there_.send();
    if (there.empty()) {
      co_return;
    }
    if (there.size() > 1) {
      ctx_.send_after(there.back(), target_, request);
    }
    carried_.add(ctx_.now(), 1);
    co_await ctx_.sleep(there.front());
    const auto answer = co_await ctx_.ask(target_, request, answer_timeout_);
    const policies::Link::Delays back = answer ? back_.send() : policies::Link::Delays{};
    if (!back.empty()) {
      co_await ctx_.sleep(back.front());
      ctx_.reply(reply_to, *answer);
    }
    carried_.add(ctx_.now(), -1);
  }

  void on(const ApplyFault& message) {
    there_.rules().apply(message.number, message.fault);
    back_.rules().apply(message.number, message.fault);
  }
  void on(const EndFault& message) {
    there_.rules().end_fault(message.number);
    back_.rules().end_fault(message.number);
  }

  [[nodiscard]] const policies::Link& rules() { return there_.rules(); }
  [[nodiscard]] const policies::Link& rules_back() { return back_.rules(); }
  /// Area under the number of requests that have come and whose answers have not been delivered, in requests × seconds.
  /// Those that are lost leave when they are, or when the wait for their answer is over.
  [[nodiscard]] double carried_integral() const { return carried_.integral(ctx_.now()); }

 private:
  Context& ctx_;
  Port<M> target_;
  Duration answer_timeout_;
  LinkDirection there_;
  LinkDirection back_;
  TimeWeighted carried_;
};

}  // namespace sim::actors
