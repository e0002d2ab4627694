#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <type_traits>
#include <utility>
#include <vector>

#include "actors/monitoring/alarm.hpp"
#include "actors/monitoring/ledger_messages.hpp"
#include "actors/queues/fifo_queue.hpp"
#include "actors/queues/queue_messages.hpp"
#include "actors/queues/standard_queue.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// An SQS queue: the rules of `policies::FifoQueue` or `policies::StandardQueue`, long polls, a dead-letter queue that
/// is a queue itself, and the move back from there.
///
/// Tells the ledger when a message ends here: deduplicated, dead-lettered, expired or rejected. A receive whose
/// consumer stops is forgotten, because its connection closes.
template <class Body, class Rules = policies::FifoQueue>
class MessageQueue {
 public:
  static constexpr bool is_fifo = std::is_same_v<Rules, policies::FifoQueue>;
  static_assert(is_fifo || std::is_same_v<Rules, policies::StandardQueue>, "a queue is FIFO or standard");

  struct Config {
    typename Rules::Config rules;
    Duration receive_wait_time = 0s;  ///< 0 s to 20 s, for receives that do not say how long they wait

    friend bool operator==(const Config&, const Config&) = default;
  };

  struct Ports {
    Port<LedgerEnded> ledger{};
    Port<SendMessage<Body>> dead_letter_queue{};  ///< nobody for queues without one, or when max_receive_count is 0
    Port<SendMessage<Body>> move_destination{};   ///< of a dead-letter queue: where a move task takes its messages
    Port<LedgerSent> ledger_sent{};               ///< learns of the new messages that a move task makes
  };

  struct AlarmRang {
    static constexpr std::string_view message_name = "MessageQueue::AlarmRang";
    friend bool operator==(const AlarmRang&, const AlarmRang&) = default;
  };
  struct MoveNext {
    static constexpr std::string_view message_name = "MessageQueue::MoveNext";
    friend bool operator==(const MoveNext&, const MoveNext&) = default;
  };
  using Inbox = sim::Inbox<SendMessage<Body>, ReceiveMessages<Body>, DeleteMessage, ChangeMessageVisibility,
                           StartMessageMoveTask, AlarmRang, MoveNext, Down>;

  MessageQueue(Context& ctx, Config config, Ports ports)
      : ctx_(ctx),
        receive_wait_time_(config.receive_wait_time),
        ports_(ports),
        rules_(config.rules),
        alarm_(ctx),
        depth_(ctx.gauge("queue_depth_messages")),
        requests_(ctx.counter("queue_requests_count")),
        dead_lettered_(ctx.counter("dead_lettered_count")),
        redelivered_(ctx.counter("redelivered_count")) {
    check(is_wait_time(receive_wait_time_), "a receive waits for 0 s to 20 s");
  }

  MessageSent on(const SendMessage<Body>& message) {
    requests_.add();
    const policies::SqsSent sent = take_in(message);
    switch (sent.result) {
      case policies::SqsSendResult::accepted:
        ++bodies_.try_emplace(message.id, Held{message, 0}).first->second.copies_count;
        break;
      case policies::SqsSendResult::deduplicated:
        if (sent.original != message.id) {
          ctx_.send(ports_.ledger, LedgerEnded{message.id, policies::Outcome::deduplicated});
        }
        break;
      case policies::SqsSendResult::no_deduplication_id:
      case policies::SqsSendResult::no_message_group:
      case policies::SqsSendResult::delay_of_one_message:
      case policies::SqsSendResult::too_large:
        ctx_.send(ports_.ledger, LedgerEnded{message.id, policies::Outcome::rejected});
        break;
    }
    after_change();
    return {sent};
  }

  void on(const ReceiveMessages<Body>& request, ReplyTo<ReceivedMessages<Body>> reply_to) {
    requests_.add();
    const Duration wait_time = request.wait_time.value_or(receive_wait_time_);
    check(is_wait_time(wait_time), "a receive waits for 0 s to 20 s");
    if (watched_.insert(reply_to.asker).second) {
      ctx_.monitor(reply_to.asker);
    }
    waiting_.push_back(
        {reply_to, request.count_max, request.visibility_timeout, wait_time == 0s, ctx_.now() + wait_time});
    after_change();
  }

  MessageDeleted on(const DeleteMessage& request) {
    requests_.add();
    rules_.advance(ctx_.now());
    const std::optional<MessageId> id = rules_.message_of(request.receipt_handle);
    const policies::SqsReceiptResult result = remove(request.receipt_handle);
    if (result == policies::SqsReceiptResult::done) {
      take_body(*id);
    }
    after_change();
    return {result != policies::SqsReceiptResult::stale};
  }

  void on(const ChangeMessageVisibility& request) {
    requests_.add();
    rules_.change_visibility(ctx_.now(), request.receipt_handle, request.visibility_timeout);
    after_change();
  }

  MessageMoveTaskStarted on(const StartMessageMoveTask& request) {
    requests_.add();
    check(request.messages_per_second_max >= 1 && request.messages_per_second_max <= 500,
          "a move task moves 1 to 500 messages per second");
    if (move_) {
      return {false};
    }
    move_ = request;
    ctx_.after(Duration{0}, MoveNext{});
    return {true};
  }

  void on(const MoveNext&) {
    const auto moved = rules_.take_for_move(ctx_.now(), 1);
    if (moved.empty()) {
      move_.reset();
    } else {
      send_as_new(take_body(moved.front().id));
      ctx_.after(Duration{1s} / move_->messages_per_second_max, MoveNext{});
    }
    after_change();
  }

  void on(const AlarmRang&) {
    alarm_.has_rung();
    after_change();
  }

  void on(const Down& down) {
    watched_.erase(down.actor);
    std::erase_if(waiting_, [&](const Waiting& waiting) { return waiting.reply_to.asker == down.actor; });
    after_change();
  }

  /// The messages that are here, in flight or not.
  [[nodiscard]] std::vector<MessageId> message_ids() const { return rules_.message_ids(); }
  [[nodiscard]] const Rules& rules() const { return rules_; }

 private:
  struct Waiting {
    ReplyTo<ReceivedMessages<Body>> reply_to;
    std::uint32_t count_max = 1;
    std::optional<Duration> visibility_timeout;
    bool is_short_poll = false;
    Time until{};
  };

  struct Held {
    SendMessage<Body> message;
    std::uint32_t copies_count = 0;  ///< the same message may be accepted twice, as when its sender repeats it
  };

  static bool is_wait_time(Duration wait_time) { return wait_time >= 0s && wait_time <= 20s; }

  policies::SqsSent take_in(const SendMessage<Body>& message) {
    if constexpr (is_fifo) {
      return rules_.send(ctx_.now(),
                         {message.id, message.group, message.body_text, message.deduplication_id, message.delay});
    } else {
      return rules_.send(ctx_.now(), {message.id, message.body_text.size(), message.delay, message.first_sent_at});
    }
  }

  std::vector<policies::SqsDelivery> receive(const Waiting& waiting) {
    if constexpr (is_fifo) {
      return rules_.receive(ctx_.now(), waiting.count_max, waiting.visibility_timeout);
    } else {
      const auto draw = [this] { return ctx_.random("delivery").uniform01(); };
      return rules_.receive(ctx_.now(), draw, waiting.count_max, waiting.visibility_timeout);
    }
  }

  policies::SqsReceiptResult remove(policies::SqsReceiptHandle receipt_handle) {
    if constexpr (is_fifo) {
      return rules_.remove(ctx_.now(), receipt_handle);
    } else {
      return rules_.remove(ctx_.now(), receipt_handle, [this] { return ctx_.random("delete").uniform01(); });
    }
  }

  [[nodiscard]] bool is_over_limit() const {
    if constexpr (is_fifo) {
      return false;  // a FIFO queue finds no messages then, and says nothing
    } else {
      return rules_.is_over_limit();
    }
  }

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
      for (const auto& delivery : receive(waiting)) {
        received.messages.push_back(
            {bodies_.at(delivery.id).message.body, delivery.receipt_handle, delivery.receive_count});
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
      ctx_.reply(waiting.reply_to, ReceivedMessages<Body>{{}, waiting.is_short_poll && is_over_limit()});
      return true;
    });
  }

  void settle_departures() {
    for (const policies::SqsDeparted& departed : rules_.take_dead_lettered()) {
      dead_lettered_.add();
      ctx_.send(ports_.ledger, LedgerEnded{departed.id, policies::Outcome::dead_lettered});
      SendMessage<Body> message = take_body(departed.id);
      message.deduplication_id = std::to_string(static_cast<std::uint64_t>(departed.id));
      message.delay.reset();
      message.first_sent_at = departed.sent_at;
      ctx_.send(ports_.dead_letter_queue, std::move(message));
    }
    for (const MessageId id : rules_.take_expired()) {
      ctx_.send(ports_.ledger, LedgerEnded{id, policies::Outcome::expired});
      take_body(id);
    }
  }

  void send_as_new(SendMessage<Body> message) {
    message.id = move_->first_id;
    message.deduplication_id = std::to_string(static_cast<std::uint64_t>(message.id));
    message.first_sent_at.reset();
    move_->first_id = MessageId{static_cast<std::uint64_t>(message.id) + 1};
    ctx_.send(ports_.ledger_sent, LedgerSent{message.id});
    ctx_.send(ports_.move_destination, std::move(message));
  }

  SendMessage<Body> take_body(MessageId id) {
    const auto held = bodies_.find(id);
    if (--held->second.copies_count > 0) {
      return held->second.message;
    }
    SendMessage<Body> message = std::move(held->second.message);
    bodies_.erase(held);
    return message;
  }

  void set_alarm() {
    std::optional<Time> next = rules_.next_change_at();
    for (const Waiting& waiting : waiting_) {
      next = next ? std::min(*next, waiting.until) : waiting.until;
    }
    alarm_.set(next);
  }

  Context& ctx_;
  Duration receive_wait_time_;
  Ports ports_;
  Rules rules_;
  Alarm<AlarmRang> alarm_;
  std::map<MessageId, Held> bodies_;
  std::deque<Waiting> waiting_;
  std::set<ActorId> watched_;
  std::optional<StartMessageMoveTask> move_;  ///< the one that is running; `first_id` is the next new id
  Gauge& depth_;
  Counter& requests_;  ///< calls of the API, as they are charged: one for each batch
  Counter& dead_lettered_;
  Counter& redelivered_;
};

}  // namespace sim::actors
