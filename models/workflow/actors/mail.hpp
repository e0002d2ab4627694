#pragma once

#include <set>
#include <utility>

#include "actors/monitoring/ledger_messages.hpp"
#include "actors/queues/queue_messages.hpp"
#include "actors/server/service_messages.hpp"
#include "libsim/sim.hpp"
#include "models/workflow/messages.hpp"

namespace sim::models::workflow {

/// The people who write e-mails. A refused e-mail is not sent again.
class Authors {
 public:
  struct Config {
    Distribution transit = lognormal_p50_p99(700ms, 2500ms);  ///< from the author's mail server to the platform

    friend bool operator==(const Config&, const Config&) = default;
  };
  struct Ports {
    Port<SendEmail> gateway;
    Port<actors::LedgerSent> ledger_sent;
    Port<actors::LedgerEnded> ledger_ended;
    Port<StepDone> log;
    Port<RequestAnswered> answers;
  };
  using Inbox = sim::Inbox<WriteEmail>;

  Authors(Context& ctx, Config config, Ports ports)
      : ctx_(ctx), config_(std::move(config)), ports_(ports), transit_rng_(ctx.random("transit")) {}

  Process on(WriteEmail write) {
    const MessageId session = write.request.session;
    on_the_way_.insert(session);
    ctx_.send(ports_.ledger_sent, {session});
    ctx_.send(ports_.log, {session, Step::requested});
    co_await ctx_.sleep(config_.transit.sample(transit_rng_));
    const SendEmail email{write.request};
    const auto receipt = co_await ctx_.ask(ports_.gateway, email);
    const bool accepted = receipt && receipt->accepted;
    ctx_.send(ports_.answers, {session, accepted});
    if (!accepted) {
      ctx_.send(ports_.ledger_ended, {session, policies::Outcome::rejected});
    }
    on_the_way_.erase(session);
  }

  /// E-mails that are neither confirmed nor refused.
  [[nodiscard]] const std::set<MessageId>& on_the_way() const { return on_the_way_; }

 private:
  Context& ctx_;
  Config config_;
  Ports ports_;
  std::set<MessageId> on_the_way_;
  RandomStream& transit_rng_;
};

/// Takes e-mails in: a station with few servers and little room receives and scans them, then they go to the queue.
/// An e-mail is confirmed when the queue has it, and refused when the station is full or by a temporary error.
class MailGateway {
 public:
  struct Config {
    double refusal_probability = 0.001;
    Distribution api_latency = lognormal_p50_p99(15ms, 80ms);

    friend bool operator==(const Config&, const Config&) = default;
  };
  struct Ports {
    Port<actors::ServiceRequest> intake;
    Port<actors::SendMessage<SessionRequest>> queue;
    Port<StepDone> log;
  };
  using Inbox = sim::Inbox<SendEmail>;

  MailGateway(Context& ctx, Config config, Ports ports)
      : ctx_(ctx),
        config_(std::move(config)),
        ports_(ports),
        fault_rng_(ctx.random("fault")),
        network_rng_(ctx.random("network")) {}

  Process on(SendEmail email, ReplyTo<EmailReceipt> reply_to) {
    const MessageId session = email.request.session;
    const actors::ServiceRequest job{.job = actors::JobId{static_cast<std::uint64_t>(session)}};
    const auto taken_in = co_await ctx_.ask(ports_.intake, job);
    if (!taken_in || taken_in->outcome != actors::ServiceOutcome::served ||
        fault_rng_.chance(config_.refusal_probability)) {
      ctx_.reply(reply_to, EmailReceipt{false});
      co_return;
    }
    co_await ctx_.sleep(config_.api_latency.sample(network_rng_));
    actors::SendMessage<SessionRequest> message;
    message.id = session;
    message.body_text = email.request.client;
    message.body = email.request;
    const auto sent = co_await ctx_.ask(ports_.queue, message);
    ctx_.send(ports_.log, {session, Step::stored});
    ctx_.reply(reply_to, EmailReceipt{sent.has_value()});
  }

 private:
  Context& ctx_;
  Config config_;
  Ports ports_;
  RandomStream& fault_rng_;
  RandomStream& network_rng_;
};

}  // namespace sim::models::workflow
