#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/queues/ids.hpp"
#include "actors/queues/sqs_messages.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// The rules of an SQS FIFO queue: message groups in strict order, visibility timeouts, deduplication, dead letters.
///
/// Holds ids and states, not bodies. Every call takes the time, which must never go back. While a message of a group is
/// in flight no other receive gets a later message of that group; one batch receive may take several of a group, in
/// order. Groups that are free are served in the order of their oldest message.
/// Source: Amazon SQS developer guide, "FIFO queues" and "Dead-letter queues"; API reference, CreateQueue.
class FifoQueue {
 public:
  enum class DeduplicationScope { queue, message_group };

  struct Config {
    Duration visibility_timeout = 30s;        ///< 0 s to 12 h
    Duration message_retention_period = 96h;  ///< 60 s to 14 days, counted from the send, in flight or not
    Duration delay = 0s;                      ///< 0 s to 15 min between the send and the first chance to be received
    Duration deduplication_interval = 5min;   ///< kept even after the message was deleted, not renewed by duplicates
    Duration visibility_total_max = 12h;      ///< from a receive: no extension ends later
    DeduplicationScope deduplication_scope = DeduplicationScope::queue;
    bool content_based_deduplication = true;    ///< hash the body when a message has no deduplication id
    std::uint32_t max_receive_count = 0;        ///< receives before the dead-letter queue, to 1000; 0: no such queue
    std::uint32_t in_flight_max = 120'000;      ///< messages in flight at once; beyond it receives find nothing
    std::uint32_t message_bytes_max = 262'144;  ///< 1 KiB to 1 MiB
    std::uint32_t lookahead_messages_max = 120'000;  ///< groups are looked for among so many oldest messages
    Duration receive_attempt_interval = 5min;        ///< how long a receive can be repeated by its attempt id

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// A message on its way in.
  struct Outgoing {
    MessageId id{};
    std::string group;
    std::string body;
    std::string deduplication_id;  ///< empty: the hash of the body, if the queue is content based
    /// Refused unless it is 0, which many clients always send and which says nothing: the queue's delay holds.
    std::optional<Duration> delay = std::nullopt;
  };

  using SendResult = SqsSendResult;
  using Sent = SqsSent;
  using ReceiptHandle = SqsReceiptHandle;
  using Delivery = SqsDelivery;
  using ReceiptResult = SqsReceiptResult;

  /// The answer to a receive with an attempt id.
  struct Attempted {
    bool is_valid = true;  ///< false: the id cannot be used any more, because a message of its receive changed since
    std::vector<Delivery> deliveries;
  };

  explicit FifoQueue(Config config);

  /// Takes a message in, or recognises it as a duplicate of one sent less than `deduplication_interval` ago.
  Sent send(Time now, const Outgoing& message);

  /// Up to `count_max` (1 to 10) messages; they are invisible for `visibility_timeout`, by default that of the queue.
  /// A message that was already received `max_receive_count` times leaves for the dead-letter queue instead.
  std::vector<Delivery> receive(Time now, std::uint32_t count_max = 1,
                                std::optional<Duration> visibility_timeout = std::nullopt);

  /// As `receive`; the same attempt id within `receive_attempt_interval` gives the same messages and receipt handles
  /// again and starts their visibility timeout anew, as long as none of them was deleted, changed or timed out.
  Attempted receive_attempt(Time now, const std::string& attempt_id, std::uint32_t count_max = 1,
                            std::optional<Duration> visibility_timeout = std::nullopt);

  /// Ends a delivery for good. `stale` when the delivery has ended already; then nothing happens.
  ReceiptResult remove(Time now, ReceiptHandle receipt_handle);

  /// Sets the end of a delivery to `now + timeout`; zero makes the message visible at once.
  ReceiptResult change_visibility(Time now, ReceiptHandle receipt_handle, Duration timeout);

  /// Takes up to `count_max` messages that could be received out of this queue, the oldest first: a step of the move
  /// from a dead-letter queue back to its source.
  std::vector<SqsDeparted> take_for_move(Time now, std::uint32_t count_max);

  /// Lets time pass: delays and visibility timeouts that are due, retention.
  void advance(Time now);

  /// When `advance` will next change something; nothing while the queue is empty.
  [[nodiscard]] std::optional<Time> next_change_at() const { return messages_.next_change_at(); }

  /// The messages that left for the dead-letter queue since the last call, in that order.
  [[nodiscard]] std::vector<SqsDeparted> take_dead_lettered() { return messages_.take_dead_lettered(); }

  /// The messages that outlived the retention period since the last call.
  [[nodiscard]] std::vector<MessageId> take_expired() { return messages_.take_expired(); }

  /// The message of a delivery that is still going on.
  [[nodiscard]] std::optional<MessageId> message_of(ReceiptHandle receipt_handle) const {
    return messages_.message_of(receipt_handle);
  }

  [[nodiscard]] bool has_receivable() const { return messages_.has_receivable(); }
  /// Messages that may be received, now or once the one in flight before them in their group is gone.
  [[nodiscard]] std::uint32_t visible() const { return messages_.visible(); }
  [[nodiscard]] std::uint32_t not_visible() const { return messages_.not_visible(); }
  [[nodiscard]] std::uint32_t delayed() const { return messages_.delayed(); }
  /// How long the message that came first is in this queue.
  [[nodiscard]] Duration age_of_oldest(Time now) const { return messages_.age_of_oldest(now); }
  /// Every message in the queue, in flight or not, in the order of sending.
  [[nodiscard]] std::vector<MessageId> message_ids() const { return messages_.message_ids(); }
  [[nodiscard]] const SqsStatistics& statistics() const { return messages_.statistics(); }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  struct Duplicate {
    MessageId original{};
    Time until{};
  };

  [[nodiscard]] std::optional<SendResult> reason_to_refuse(const Outgoing& message, const std::string& key) const;
  [[nodiscard]] std::string deduplication_key(const Outgoing& message) const;
  [[nodiscard]] bool is_unchanged(const std::vector<Delivery>& deliveries) const;
  void forget_old(Time now);

  Config config_;
  SqsMessages messages_;
  std::map<std::string, Duplicate> duplicates_;
  std::deque<std::pair<Time, std::string>> duplicates_by_age_;
  std::map<std::string, std::vector<Delivery>> attempts_;
  std::deque<std::pair<Time, std::string>> attempts_by_age_;
};

/// The 64-bit FNV-1a hash of a body. Among a million bodies two different ones collide with a chance of 3 in 10^8.
[[nodiscard]] std::uint64_t content_hash(const std::string& body);

}  // namespace sim::policies
