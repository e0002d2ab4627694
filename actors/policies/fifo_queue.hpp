#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "actors/policies/ids.hpp"
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
    Duration message_retention_period = 96h;  ///< counted from the send, in flight or not
    Duration delay = 0s;                      ///< between the send and the first chance to be received
    Duration deduplication_interval = 5min;   ///< kept even after the message was deleted, not renewed by duplicates
    Duration visibility_total_max = 12h;      ///< from a receive: extensions end there
    DeduplicationScope deduplication_scope = DeduplicationScope::queue;
    bool content_based_deduplication = true;  ///< hash the body when a message has no deduplication id
    std::uint32_t max_receive_count = 0;      ///< receives before the dead-letter queue; 0: no dead-letter queue
    std::uint32_t in_flight_max = 120'000;    ///< messages in flight at once

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// A message on its way in.
  struct Outgoing {
    MessageId id{};
    std::string group;
    std::string body;
    std::string deduplication_id;  ///< empty: the hash of the body, if the queue is content based
  };

  enum class SendResult { accepted, deduplicated, no_deduplication_id };

  struct Sent {
    SendResult result = SendResult::accepted;
    MessageId original{};  ///< the message that a duplicate repeats; the message itself otherwise

    friend bool operator==(const Sent&, const Sent&) = default;
  };

  /// Names one delivery, not one message: it is worthless once that delivery has ended.
  enum class ReceiptHandle : std::uint64_t {};

  struct Delivery {
    MessageId id{};
    ReceiptHandle receipt_handle{};
    std::uint32_t receive_count = 0;  ///< this delivery included
    Time sent_at{};
    Time visible_again_at{};

    friend bool operator==(const Delivery&, const Delivery&) = default;
  };

  enum class ReceiptResult { done, stale };

  explicit FifoQueue(Config config);

  /// Takes a message in, or recognises it as a duplicate of one sent less than `deduplication_interval` ago.
  Sent send(Time now, const Outgoing& message);

  /// Up to `count_max` (1 to 10) messages; they are invisible for `visibility_timeout`, by default that of the queue.
  /// A message that was already received `max_receive_count` times leaves for the dead-letter queue instead.
  std::vector<Delivery> receive(Time now, std::uint32_t count_max = 1,
                                std::optional<Duration> visibility_timeout = std::nullopt);

  /// Ends a delivery for good. `stale` when the delivery has ended already; then nothing happens.
  ReceiptResult remove(Time now, ReceiptHandle receipt_handle);

  /// Sets the end of a delivery to `now + timeout`; zero makes the message visible at once.
  ReceiptResult change_visibility(Time now, ReceiptHandle receipt_handle, Duration timeout);

  /// Lets time pass: delays and visibility timeouts that are due, retention.
  void advance(Time now);

  /// When `advance` will next change something; nothing while the queue is empty.
  [[nodiscard]] std::optional<Time> next_change_at() const;

  /// The messages that left for the dead-letter queue since the last call, in that order.
  [[nodiscard]] std::vector<MessageId> take_dead_lettered();

  /// The messages that outlived the retention period since the last call.
  [[nodiscard]] std::vector<MessageId> take_expired();

  /// The message of a delivery that is still going on.
  [[nodiscard]] std::optional<MessageId> message_of(ReceiptHandle receipt_handle) const;

  [[nodiscard]] bool has_receivable() const;
  /// Messages that may be received, now or once the one in flight before them in their group is gone.
  [[nodiscard]] std::uint32_t visible() const { return visible_; }
  [[nodiscard]] std::uint32_t not_visible() const { return static_cast<std::uint32_t>(deliveries_.size()); }
  [[nodiscard]] std::uint32_t delayed() const { return delayed_; }
  [[nodiscard]] Duration age_of_oldest(Time now) const;
  /// Every message in the queue, in flight or not, in the order of sending.
  [[nodiscard]] std::vector<MessageId> message_ids() const;
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  using Sequence = std::uint64_t;
  enum class State { delayed, visible, in_flight };

  struct Message {
    MessageId id{};
    std::string group;
    Time sent_at{};
    State state = State::visible;
    Time due_at{};  ///< end of the delay or of the delivery
    Time received_at{};
    ReceiptHandle receipt_handle{};
    std::uint32_t receive_count = 0;
  };

  struct Group {
    std::set<Sequence> members;
    std::uint32_t in_flight = 0;
    std::optional<Sequence> ready;  ///< its entry in `ready_`
  };

  struct Duplicate {
    MessageId original{};
    Time until{};
  };

  [[nodiscard]] std::string deduplication_key(const Outgoing& message) const;
  [[nodiscard]] bool is_spent(const Message& message) const;
  [[nodiscard]] std::optional<Sequence> next_visible_in_group(const std::string& group, Sequence after) const;
  void forget_old_duplicates(Time now);
  void receive_from_group(Time now, Sequence first, std::uint32_t count_max, Duration timeout,
                          std::vector<Delivery>& deliveries);
  void become_visible(Sequence sequence);
  void take_in_flight(Time now, Sequence sequence, Duration timeout, std::vector<Delivery>& deliveries);
  void end_delivery(Message& message, Sequence sequence);
  void erase(Sequence sequence);
  void expire_old(Time now);
  void refresh_ready(Group& group);

  Config config_;
  Time now_{};
  Sequence next_sequence_ = 0;
  std::uint64_t next_receipt_ = 1;
  std::uint32_t visible_ = 0;
  std::uint32_t delayed_ = 0;
  std::map<Sequence, Message> messages_;
  std::map<std::string, Group> groups_;
  std::set<Sequence> ready_;                 ///< first message of every group that may be received
  std::set<std::pair<Time, Sequence>> due_;  ///< delayed messages and messages in flight
  std::map<ReceiptHandle, Sequence> deliveries_;
  std::map<std::string, Duplicate> duplicates_;
  std::deque<std::pair<Time, std::string>> duplicates_by_age_;
  std::vector<MessageId> dead_lettered_;
  std::vector<MessageId> expired_;
};

/// The 64-bit FNV-1a hash of a body. Among a million bodies two different ones collide with a chance of 3 in 10^8.
[[nodiscard]] std::uint64_t content_hash(const std::string& body);

}  // namespace sim::policies
