#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "actors/load/load_balancer_rules.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// Passes each request on to one of several ports and the reply back.
///
/// A target that turns out to be gone is marked down for good; the request that found out is lost. What gets no reply
/// there, or finds all targets down, gets none here: the asker's timeout decides.
template <Askable M>
class LoadBalancer {
 public:
  struct Config {
    policies::LoadBalancer::Config policy = {};
    std::vector<std::uint32_t> weights = {};  ///< of the targets in their order; empty: 1 each
    Duration timeout = forever;               ///< after which a request no longer counts as outstanding
  };
  using Inbox = sim::Inbox<M>;
  using TargetId = policies::LoadBalancer::TargetId;

  LoadBalancer(Context& ctx, Config config, std::vector<Port<M>> targets)
      : ctx_(ctx),
        config_(std::move(config)),
        targets_(std::move(targets)),
        balancer_(config_.policy),
        choice_rng_(ctx.random("choice")),
        forwarded_(ctx.counter("forwarded_count")),
        unanswered_(ctx.counter("unanswered_count")),
        rejected_(ctx.counter("rejected_count")),
        outstanding_(ctx.gauge("outstanding_requests")) {
    check(config_.weights.empty() || config_.weights.size() == targets_.size(), "every target has a weight, or none");
    for (std::size_t index = 0; index < targets_.size(); ++index) {
      balancer_.add(config_.weights.empty() ? 1 : config_.weights[index]);
    }
  }

  Process on(M request, ReplyTo<typename M::Reply> reply_to) {
    const auto target = balancer_.pick(choice_rng_);
    if (!target) {
      rejected_.add();
      co_return;
    }
    forwarded_.add();
    balancer_.started(*target);
    outstanding_.add(1);
    const auto reply = co_await ctx_.ask(targets_[static_cast<std::size_t>(*target)], request, config_.timeout);
    balancer_.ended(*target);
    outstanding_.add(-1);
    if (reply) {
      ctx_.reply(reply_to, *reply);
      co_return;
    }
    unanswered_.add();
    if (reply.error() == AskError::target_down) {
      balancer_.mark_down(*target);
    }
  }

  /// For models that take targets out and bring them back.
  [[nodiscard]] policies::LoadBalancer& policy() { return balancer_; }

 private:
  Context& ctx_;
  Config config_;
  std::vector<Port<M>> targets_;
  policies::LoadBalancer balancer_;
  RandomStream& choice_rng_;
  Counter& forwarded_;
  Counter& unanswered_;
  Counter& rejected_;
  Gauge& outstanding_;
};

}  // namespace sim::actors
