#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "actors/queues/ids.hpp"
#include "actors/queues/sqs_messages.hpp"
#include "libsim/time.hpp"

/// The verbs of an SQS-like queue whose messages have bodies of type `Body`.
namespace sim::actors {

struct MessageSent {
  policies::SqsSent sent;

  friend bool operator==(const MessageSent&, const MessageSent&) = default;
};

template <class Body>
struct SendMessage {
  static constexpr std::string_view message_name = "SendMessage";
  using Reply = MessageSent;
  MessageId id{};
  std::string group;             ///< FIFO queues need it, standard queues do not look at it
  std::string body_text;         ///< what content-based deduplication hashes, and whose size counts
  std::string deduplication_id;  ///< empty: by content
  Body body;
  std::optional<Duration> delay{};      ///< standard queues: 0 s to 15 min, instead of that of the queue
  std::optional<Time> first_sent_at{};  ///< standard queues: when it was sent to the queue that it comes from

  friend bool operator==(const SendMessage&, const SendMessage&) = default;
};

template <class Body>
struct ReceivedMessage {
  Body body;
  policies::SqsReceiptHandle receipt_handle{};
  std::uint32_t receive_count = 0;

  friend bool operator==(const ReceivedMessage&, const ReceivedMessage&) = default;
};

template <class Body>
struct ReceivedMessages {
  static constexpr std::string_view message_name = "ReceivedMessages";
  std::vector<ReceivedMessage<Body>> messages;
  bool is_over_limit = false;  ///< standard queues, short polls: too many messages are in flight

  friend bool operator==(const ReceivedMessages&, const ReceivedMessages&) = default;
};

template <class Body>
struct ReceiveMessages {
  static constexpr std::string_view message_name = "ReceiveMessages";
  using Reply = ReceivedMessages<Body>;
  std::uint32_t count_max = 1;                   ///< 1 to 10
  std::optional<Duration> wait_time{};           ///< 0 s to 20 s: how long to wait for a message; nothing: as the queue
  std::optional<Duration> visibility_timeout{};  ///< 0 s to 12 h; nothing: that of the queue

  friend bool operator==(const ReceiveMessages&, const ReceiveMessages&) = default;
};

struct MessageDeleted {
  bool was_current = false;  ///< false: the receipt handle was stale, and nothing was deleted

  friend bool operator==(const MessageDeleted&, const MessageDeleted&) = default;
};

struct DeleteMessage {
  using Reply = MessageDeleted;
  policies::SqsReceiptHandle receipt_handle{};

  friend bool operator==(const DeleteMessage&, const DeleteMessage&) = default;
};

struct ChangeMessageVisibility {
  policies::SqsReceiptHandle receipt_handle{};
  Duration visibility_timeout{};

  friend bool operator==(const ChangeMessageVisibility&, const ChangeMessageVisibility&) = default;
};

struct MessageMoveTaskStarted {
  bool is_started = false;  ///< false: one is running already

  friend bool operator==(const MessageMoveTaskStarted&, const MessageMoveTaskStarted&) = default;
};

/// Moves the messages of a dead-letter queue that can be received to `move_destination`, the oldest first.
/// The moved ones are new messages: they get ids from `first_id` upwards, and their retention starts anew.
struct StartMessageMoveTask {
  using Reply = MessageMoveTaskStarted;
  MessageId first_id{};
  std::uint32_t messages_per_second_max = 500;  ///< 1 to 500

  friend bool operator==(const StartMessageMoveTask&, const StartMessageMoveTask&) = default;
};

}  // namespace sim::actors
