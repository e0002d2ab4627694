#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <vector>

#include "actors/queues/ids.hpp"
#include "actors/queues/sqs_messages.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// The rules of an SQS standard queue: at least once, in the order of sending as far as that goes.
///
/// Holds ids and states, not bodies. Every call takes the time, which must never go back. Three probabilities, all 0 by
/// default, bring out what makes a queue of this kind standard; with 0 nothing is drawn. Each receive gives a new
/// receipt handle; only the newest one of a message is valid, and it deletes even after its visibility timeout, as long
/// as the message was not received again. A message that was received three times and came back is taken for a poison
/// pill: it goes to the back of the queue.
/// Source: Amazon SQS developer guide, "Standard queues", "Visibility timeout", "Message timers", "Dead-letter queues",
/// "Available CloudWatch metrics for Amazon SQS"; API reference, CreateQueue, ReceiveMessage, DeleteMessage,
/// ChangeMessageVisibility.
class StandardQueue {
 public:
  struct Config {
    Duration visibility_timeout = 30s;          ///< 0 s to 12 h
    Duration message_retention_period = 96h;    ///< 60 s to 14 days, counted from the first send
    Duration delay = 0s;                        ///< 0 s to 15 min, for messages that have none of their own
    Duration visibility_total_max = 12h;        ///< from a receive: no extension ends later
    std::uint32_t max_receive_count = 0;        ///< receives before the dead-letter queue, to 1000; 0: no such queue
    std::uint32_t in_flight_max = 120'000;      ///< messages in flight at once; beyond it a receive is over limit
    std::uint32_t message_bytes_max = 262'144;  ///< 1 KiB to 1 MiB
    double duplicate_probability = 0;           ///< that a message stays visible though it was just delivered
    double lost_delete_probability = 0;         ///< that a copy survives a delete
    double out_of_order_probability = 0;        ///< that a delivery is any of the oldest messages, not the very oldest
    std::uint32_t disorder_window_messages = 10;  ///< how many oldest messages those are
    /// Received so often and not deleted, a message goes to the back and leaves `age_of_oldest`; 0: it stays in front.
    std::uint32_t poison_receive_count = 3;

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// A message on its way in.
  struct Outgoing {
    MessageId id{};
    std::uint64_t body_bytes = 0;
    std::optional<Duration> delay = std::nullopt;  ///< 0 s to 15 min, instead of that of the queue
    std::optional<Time> sent_at = std::nullopt;    ///< its first send, when it comes from another queue
  };

  using SendResult = SqsSendResult;
  using Sent = SqsSent;
  using ReceiptHandle = SqsReceiptHandle;
  using Delivery = SqsDelivery;
  using ReceiptResult = SqsReceiptResult;

  /// How often the three probabilities struck.
  struct Oddities {
    std::uint64_t duplicates_count = 0;
    std::uint64_t lost_deletes_count = 0;
    std::uint64_t out_of_order_count = 0;

    friend bool operator==(const Oddities&, const Oddities&) = default;
  };

  explicit StandardQueue(Config config);

  /// Takes a message in; nothing is deduplicated.
  Sent send(Time now, const Outgoing& message);

  /// Up to `count_max` (1 to 10) messages; they are invisible for `visibility_timeout`, by default that of the queue.
  /// A message that was already received `max_receive_count` times leaves for the dead-letter queue instead.
  /// `draw()` gives a uniform number in [0, 1); it is asked once for each decision with a probability above 0.
  template <class Draw>
  std::vector<Delivery> receive(Time now, Draw&& draw, std::uint32_t count_max = 1,
                                std::optional<Duration> visibility_timeout = std::nullopt) {
    messages_.advance(now);
    const Duration timeout = visibility_timeout.value_or(config_.visibility_timeout);
    check_receive(count_max, timeout);
    std::vector<Delivery> deliveries;
    while (messages_.has_receivable() && deliveries.size() < count_max) {
      if (const auto delivery = messages_.deliver(now, pick(draw), timeout)) {
        deliveries.push_back(*delivery);
      }
    }
    for (const Delivery& delivery : deliveries) {  // after the batch: no batch has a message twice
      if (strikes(config_.duplicate_probability, draw)) {
        ++oddities_.duplicates_count;
        messages_.show_again(delivery.receipt_handle);
      }
    }
    return deliveries;
  }

  /// Deletes a message, unless its receipt handle is stale or the delete gets lost (`copy_left`).
  template <class Draw>
  ReceiptResult remove(Time now, ReceiptHandle receipt_handle, Draw&& draw) {
    messages_.advance(now);
    if (messages_.message_of(receipt_handle) && strikes(config_.lost_delete_probability, draw)) {
      ++oddities_.lost_deletes_count;
      return ReceiptResult::copy_left;
    }
    return messages_.remove(now, receipt_handle);
  }

  /// Sets the end of a delivery to `now + timeout`; zero makes the message visible at once.
  ReceiptResult change_visibility(Time now, ReceiptHandle receipt_handle, Duration timeout);

  /// Takes up to `count_max` messages that could be received out of this queue, the oldest first: a step of the move
  /// from a dead-letter queue back to its source.
  std::vector<SqsDeparted> take_for_move(Time now, std::uint32_t count_max);

  /// Lets time pass: delays and visibility timeouts that are due, retention.
  void advance(Time now) { messages_.advance(now); }

  /// When `advance` will next change something; nothing while the queue is empty.
  [[nodiscard]] std::optional<Time> next_change_at() const { return messages_.next_change_at(); }

  /// The messages that left for the dead-letter queue since the last call, in that order.
  [[nodiscard]] std::vector<SqsDeparted> take_dead_lettered() { return messages_.take_dead_lettered(); }

  /// The messages that outlived the retention period since the last call.
  [[nodiscard]] std::vector<MessageId> take_expired() { return messages_.take_expired(); }

  /// The message that a receipt handle could delete.
  [[nodiscard]] std::optional<MessageId> message_of(ReceiptHandle receipt_handle) const {
    return messages_.message_of(receipt_handle);
  }

  [[nodiscard]] bool has_receivable() const { return messages_.has_receivable(); }
  /// Whether as many messages are in flight as may be: a receive that does not wait is answered with an error then.
  [[nodiscard]] bool is_over_limit() const { return messages_.is_over_limit(); }
  [[nodiscard]] std::uint32_t visible() const { return messages_.visible(); }
  [[nodiscard]] std::uint32_t not_visible() const { return messages_.not_visible(); }
  [[nodiscard]] std::uint32_t delayed() const { return messages_.delayed(); }
  /// How long the message that came first is in this queue.
  [[nodiscard]] Duration age_of_oldest(Time now) const { return messages_.age_of_oldest(now); }
  /// Every message in the queue, in flight or not, in the order of arrival.
  [[nodiscard]] std::vector<MessageId> message_ids() const { return messages_.message_ids(); }
  [[nodiscard]] const SqsStatistics& statistics() const { return messages_.statistics(); }
  [[nodiscard]] const Oddities& oddities() const { return oddities_; }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  /// Draws only where there is something to decide.
  template <class Draw>
  static bool strikes(double probability, Draw& draw) {
    return probability > 0 && draw() < probability;
  }

  template <class Draw>
  SqsMessages::Sequence pick(Draw& draw) {
    const auto& receivable = messages_.receivable();
    if (!strikes(config_.out_of_order_probability, draw)) {
      return *receivable.begin();
    }
    const auto window = std::min<std::size_t>(config_.disorder_window_messages, receivable.size());
    const auto place = static_cast<std::ptrdiff_t>(draw() * static_cast<double>(window));
    oddities_.out_of_order_count += place > 0 ? 1 : 0;
    return *std::next(receivable.begin(), place);
  }

  Config config_;
  SqsMessages messages_;
  Oddities oddities_;
};

}  // namespace sim::policies
