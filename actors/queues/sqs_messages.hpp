#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "actors/queues/ids.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// What became of a send. Whatever is neither accepted nor deduplicated was refused.
enum class SqsSendResult {
  accepted,
  deduplicated,          ///< FIFO: taken for a repetition, and not delivered
  no_deduplication_id,   ///< FIFO: there is none, and the queue is not content based
  no_message_group,      ///< FIFO: every message needs a group
  delay_of_one_message,  ///< FIFO: a delay above 0 is for the whole queue
  too_large,
};

struct SqsSent {
  SqsSendResult result = SqsSendResult::accepted;
  MessageId original{};  ///< the message that a duplicate repeats; the message itself otherwise

  friend bool operator==(const SqsSent&, const SqsSent&) = default;
};

/// Names one receive of a message, not the message; 0 is never given out.
enum class SqsReceiptHandle : std::uint64_t {};

struct SqsDelivery {
  MessageId id{};
  SqsReceiptHandle receipt_handle{};
  std::uint32_t receive_count = 0;  ///< this delivery included
  Time sent_at{};
  Time visible_again_at{};

  friend bool operator==(const SqsDelivery&, const SqsDelivery&) = default;
};

enum class SqsReceiptResult {
  done,
  stale,          ///< the receipt handle is not, or no longer, valid: nothing happened
  not_in_flight,  ///< the handle may still delete, but the message is visible: there is no timeout to change
  over_maximum,   ///< the timeout would end later than 12 h after the receive: refused, nothing happened
  copy_left,      ///< standard: deleted as far as anybody can tell, but a copy will be delivered again
};

/// A message that left a queue for another.
struct SqsDeparted {
  MessageId id{};
  Time sent_at{};  ///< its first send; retention of a standard queue counts from there in every queue

  friend bool operator==(const SqsDeparted&, const SqsDeparted&) = default;
};

/// What a queue counted so far. `sent` = in the queue + deleted + dead-lettered + expired + moved.
struct SqsStatistics {
  std::uint64_t sent_count = 0;
  std::uint64_t delivered_count = 0;  ///< redeliveries included
  std::uint64_t redelivered_count = 0;
  std::uint64_t deleted_count = 0;
  std::uint64_t dead_lettered_count = 0;
  std::uint64_t expired_count = 0;
  std::uint64_t moved_count = 0;

  friend bool operator==(const SqsStatistics&, const SqsStatistics&) = default;
};

/// The attributes that queues of both kinds have.
struct SqsAttributes {
  Duration visibility_timeout{};
  Duration message_retention_period{};
  Duration delay{};
  Duration visibility_total_max{};
  std::uint32_t max_receive_count = 0;
  std::uint32_t in_flight_max = 0;
  std::uint32_t message_bytes_max = 0;
  std::uint32_t lookahead_messages_max = std::numeric_limits<std::uint32_t>::max();
  bool handle_outlives_delivery = false;   ///< standard queues: the newest handle deletes even after its timeout
  std::uint32_t poison_receive_count = 0;  ///< standard queues: as often received, a message goes to the back; 0: never
};

/// Asserts each attribute against the range that CreateQueue documents.
void check_attributes(const SqsAttributes& attributes);

/// Asserts that a receive asks for 1 to 10 messages and 0 s to 12 h.
void check_receive(std::uint32_t count_max, Duration visibility_timeout);

/// The messages of one SQS queue and the clocks that run for them: what both kinds of queue share.
///
/// A message may belong to a group. In a group only the messages before the first one that is not visible can be
/// received; a message without group waits for nobody. Holds ids and states, not bodies.
class SqsMessages {
 public:
  using Sequence = std::uint64_t;

  struct Arrival {
    MessageId id{};
    std::optional<std::string> group;
    Duration delay{};
    Time sent_at{};  ///< retention counts from here
  };

  explicit SqsMessages(SqsAttributes attributes);

  void add(Time now, Arrival arrival);

  /// Takes a visible message in flight. Nothing when it was received too often: then it leaves as a dead letter.
  std::optional<SqsDelivery> deliver(Time now, Sequence sequence, Duration timeout);

  SqsReceiptResult remove(Time now, SqsReceiptHandle receipt_handle);
  SqsReceiptResult change_visibility(Time now, SqsReceiptHandle receipt_handle, Duration timeout);

  /// Makes a message visible though its delivery goes on; the receipt handle stays valid until the next receive.
  void show_again(SqsReceiptHandle receipt_handle);

  /// Takes up to `count_max` receivable messages out of the queue, the oldest first.
  std::vector<SqsDeparted> take_receivable(Time now, std::uint32_t count_max);

  void advance(Time now);
  [[nodiscard]] std::optional<Time> next_change_at() const;

  [[nodiscard]] std::vector<SqsDeparted> take_dead_lettered() { return std::exchange(dead_lettered_, {}); }
  [[nodiscard]] std::vector<MessageId> take_expired() { return std::exchange(expired_, {}); }

  /// The first receivable message of every group, and all visible ones without group. The caller stops at
  /// `lookahead_end`.
  [[nodiscard]] const std::set<Sequence>& receivable() const { return receivable_; }
  /// The first message that is too far back to be looked at.
  [[nodiscard]] Sequence lookahead_end() const { return lookahead_end_; }
  [[nodiscard]] bool has_receivable() const;
  [[nodiscard]] bool is_over_limit() const { return in_flight_ >= attributes_.in_flight_max; }
  /// The message after `sequence` in its group, if that one can be received as well.
  [[nodiscard]] std::optional<Sequence> next_in_group(Sequence sequence) const;

  [[nodiscard]] std::optional<MessageId> message_of(SqsReceiptHandle receipt_handle) const;
  /// When the delivery of a handle ends, while it lasts.
  [[nodiscard]] std::optional<Time> delivery_ends_at(SqsReceiptHandle receipt_handle) const;
  [[nodiscard]] std::uint32_t visible() const { return visible_; }
  [[nodiscard]] std::uint32_t not_visible() const { return in_flight_; }
  [[nodiscard]] std::uint32_t delayed() const { return delayed_; }
  /// Of the messages that were not received `poison_receive_count` times; in time proportional to those before it.
  [[nodiscard]] Duration age_of_oldest(Time now) const;
  [[nodiscard]] std::vector<MessageId> message_ids() const;
  [[nodiscard]] const SqsStatistics& statistics() const { return statistics_; }

 private:
  enum class State { delayed, visible, in_flight };

  struct Message {
    MessageId id{};
    std::optional<std::string> group;
    Time sent_at{};
    Time arrived_at{};
    State state = State::visible;
    Time due_at{};  ///< end of the delay or of the delivery
    Time received_at{};
    SqsReceiptHandle receipt_handle{};
    std::uint32_t receive_count = 0;
  };
  using Messages = std::map<Sequence, Message>;

  struct Group {
    std::set<Sequence> members;
    std::optional<Sequence> receivable;  ///< its entry in `receivable_`
  };

  static constexpr Sequence no_end = std::numeric_limits<Sequence>::max();

  [[nodiscard]] bool is_poison(const Message& message) const {
    return attributes_.poison_receive_count > 0 && message.receive_count >= attributes_.poison_receive_count;
  }
  /// The last thing that happens to it: a poison message gets another sequence number.
  void become_visible(Sequence sequence, Message& message);
  void move_to_back(Sequence sequence);
  void end_delivery(Sequence sequence, Message& message);
  void expire_old(Time now);
  void erase(Messages::iterator entry);
  void refresh(Sequence sequence, const Message& message);
  void refresh(Group& group);

  SqsAttributes attributes_;
  Time now_{};
  Sequence next_sequence_ = 0;
  std::uint64_t next_receipt_ = 1;
  std::uint32_t visible_ = 0;
  std::uint32_t in_flight_ = 0;
  std::uint32_t delayed_ = 0;
  Messages messages_;
  Sequence lookahead_end_ = no_end;
  std::map<std::string, Group> groups_;
  std::set<Sequence> receivable_;
  std::set<std::pair<Time, Sequence>> due_;     ///< delayed messages and messages in flight
  std::set<std::pair<Time, Sequence>> by_age_;  ///< all messages by their first send
  std::map<SqsReceiptHandle, Sequence> handles_;
  std::vector<SqsDeparted> dead_lettered_;
  std::vector<MessageId> expired_;
  SqsStatistics statistics_;
};

}  // namespace sim::policies
