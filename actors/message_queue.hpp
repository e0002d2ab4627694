#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "actors/messages/ledger_messages.hpp"
#include "actors/messages/queue_messages.hpp"
#include "actors/policies/fifo_queue.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// An SQS FIFO queue: the rules of `policies::FifoQueue`, long polls, and a dead-letter queue that is a queue itself.
///
/// Tells the ledger when a message ends here: deduplicated, dead-lettered, expired or rejected. A receive whose
/// consumer stops is forgotten, because its connection closes.
template <class Body>
class MessageQueue {
 public:
  struct Config {
    policies::FifoQueue::Config rules;

    friend bool operator==(const Config&, const Config&) = default;
  };

  struct Ports {
    Port<LedgerEnded> ledger;
    Port<SendMessage<Body>> dead_letter_queue;  ///< nobody for queues without one, or when max_receive_count is 0
  };

  struct AlarmRang {
    static constexpr std::string_view message_name = "MessageQueue::AlarmRang";
    friend bool operator==(const AlarmRang&, const AlarmRang&) = default;
  };
  using Inbox =
      sim::Inbox<SendMessage<Body>, ReceiveMessages<Body>, DeleteMessage, ChangeMessageVisibility, AlarmRang, Down>;

  MessageQueue(Context& ctx, Config config, Ports ports)
      : ctx_(ctx),
        ports_(ports),
        rules_(config.rules),
        depth_(ctx.gauge("queue_depth_messages")),
        dead_lettered_(ctx.counter("dead_lettered_count")),
        redelivered_(ctx.counter("redelivered_count")) {}

  MessageSent on(const SendMessage<Body>& message) {
    const auto sent = rules_.send(ctx_.now(), {message.id, message.group, message.body_text, message.deduplication_id});
    switch (sent.result) {
      case policies::FifoQueue::SendResult::accepted:
        bodies_.emplace(message.id, message);
        break;
      case policies::FifoQueue::SendResult::deduplicated:
        if (sent.original != message.id) {
          ctx_.send(ports_.ledger, LedgerEnded{message.id, policies::Outcome::deduplicated});
        }
        break;
      case policies::FifoQueue::SendResult::no_deduplication_id:
        ctx_.send(ports_.ledger, LedgerEnded{message.id, policies::Outcome::rejected});
        break;
    }
    after_change();
    return {sent};
  }

  void on(const ReceiveMessages<Body>& request, ReplyTo<ReceivedMessages<Body>> reply_to) {
    if (watched_.insert(reply_to.asker).second) {
      ctx_.monitor(reply_to.asker);
    }
    waiting_.push_back({reply_to, request.count_max, ctx_.now() + request.wait_time});
    after_change();
  }

  MessageDeleted on(const DeleteMessage& request) {
    rules_.advance(ctx_.now());
    const std::optional<MessageId> id = rules_.message_of(request.receipt_handle);
    const bool was_current =
        rules_.remove(ctx_.now(), request.receipt_handle) == policies::FifoQueue::ReceiptResult::done;
    if (was_current) {
      bodies_.erase(*id);
    }
    after_change();
    return {was_current};
  }

  void on(const ChangeMessageVisibility& request) {
    rules_.change_visibility(ctx_.now(), request.receipt_handle, request.visibility_timeout);
    after_change();
  }

  void on(const AlarmRang&) {
    alarm_at_.reset();
    after_change();
  }

  void on(const Down& down) {
    watched_.erase(down.actor);
    std::erase_if(waiting_, [&](const Waiting& waiting) { return waiting.reply_to.asker == down.actor; });
    after_change();
  }

  /// The messages that are here, in flight or not.
  [[nodiscard]] std::vector<MessageId> message_ids() const { return rules_.message_ids(); }
  [[nodiscard]] const policies::FifoQueue& rules() const { return rules_; }

 private:
  struct Waiting {
    ReplyTo<ReceivedMessages<Body>> reply_to;
    std::uint32_t count_max = 1;
    Time until{};
  };

  void after_change() {
    rules_.advance(ctx_.now());
    serve_waiting();
    settle_departures();
    depth_.set(rules_.visible());
    set_alarm();
  }

  void serve_waiting() {
    while (!waiting_.empty() && rules_.has_receivable()) {
      const Waiting waiting = waiting_.front();
      ReceivedMessages<Body> received;
      for (const auto& delivery : rules_.receive(ctx_.now(), waiting.count_max)) {
        received.messages.push_back({bodies_.at(delivery.id).body, delivery.receipt_handle, delivery.receive_count});
        redelivered_.add(delivery.receive_count > 1 ? 1 : 0);
      }
      if (!received.messages.empty()) {
        waiting_.pop_front();
        ctx_.reply(waiting.reply_to, std::move(received));
      }
    }
    end_long_polls();
  }

  void end_long_polls() {
    std::erase_if(waiting_, [this](const Waiting& waiting) {
      if (waiting.until > ctx_.now()) {
        return false;
      }
      ctx_.reply(waiting.reply_to, ReceivedMessages<Body>{});
      return true;
    });
  }

  void settle_departures() {
    for (const MessageId id : rules_.take_dead_lettered()) {
      dead_lettered_.add();
      ctx_.send(ports_.ledger, LedgerEnded{id, policies::Outcome::dead_lettered});
      ctx_.send(ports_.dead_letter_queue, take_body(id));
    }
    for (const MessageId id : rules_.take_expired()) {
      ctx_.send(ports_.ledger, LedgerEnded{id, policies::Outcome::expired});
      take_body(id);
    }
  }

  SendMessage<Body> take_body(MessageId id) {
    SendMessage<Body> message = std::move(bodies_.extract(id).mapped());
    message.deduplication_id = std::to_string(static_cast<std::uint64_t>(id));
    return message;
  }

  void set_alarm() {
    std::optional<Time> next = rules_.next_change_at();
    for (const Waiting& waiting : waiting_) {
      next = next ? std::min(*next, waiting.until) : waiting.until;
    }
    if (next == alarm_at_) {
      return;
    }
    ctx_.cancel(alarm_);
    alarm_at_ = next;
    if (next) {
      alarm_ = ctx_.after(*next - ctx_.now(), AlarmRang{});
    }
  }

  Context& ctx_;
  Ports ports_;
  policies::FifoQueue rules_;
  std::map<MessageId, SendMessage<Body>> bodies_;
  std::deque<Waiting> waiting_;
  std::set<ActorId> watched_;
  TimerId alarm_{};
  std::optional<Time> alarm_at_;
  Gauge& depth_;
  Counter& dead_lettered_;
  Counter& redelivered_;
};

}  // namespace sim::actors
