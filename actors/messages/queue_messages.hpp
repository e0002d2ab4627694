#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "actors/policies/fifo_queue.hpp"
#include "actors/policies/ids.hpp"
#include "libsim/time.hpp"

/// The verbs of an SQS-like queue whose messages have bodies of type `Body`.
namespace sim::actors {

struct MessageSent {
  policies::FifoQueue::Sent sent;

  friend bool operator==(const MessageSent&, const MessageSent&) = default;
};

template <class Body>
struct SendMessage {
  static constexpr std::string_view message_name = "SendMessage";
  using Reply = MessageSent;
  MessageId id{};
  std::string group;
  std::string body_text;         ///< what content-based deduplication hashes
  std::string deduplication_id;  ///< empty: by content
  Body body;

  friend bool operator==(const SendMessage&, const SendMessage&) = default;
};

template <class Body>
struct ReceivedMessage {
  Body body;
  policies::FifoQueue::ReceiptHandle receipt_handle{};
  std::uint32_t receive_count = 0;

  friend bool operator==(const ReceivedMessage&, const ReceivedMessage&) = default;
};

template <class Body>
struct ReceivedMessages {
  static constexpr std::string_view message_name = "ReceivedMessages";
  std::vector<ReceivedMessage<Body>> messages;

  friend bool operator==(const ReceivedMessages&, const ReceivedMessages&) = default;
};

template <class Body>
struct ReceiveMessages {
  static constexpr std::string_view message_name = "ReceiveMessages";
  using Reply = ReceivedMessages<Body>;
  std::uint32_t count_max = 1;  ///< 1 to 10
  Duration wait_time{};         ///< 0 s to 20 s: how long to wait for a message (long poll)

  friend bool operator==(const ReceiveMessages&, const ReceiveMessages&) = default;
};

struct MessageDeleted {
  bool was_current = false;  ///< false: the receipt handle was stale, and nothing was deleted

  friend bool operator==(const MessageDeleted&, const MessageDeleted&) = default;
};

struct DeleteMessage {
  using Reply = MessageDeleted;
  policies::FifoQueue::ReceiptHandle receipt_handle{};

  friend bool operator==(const DeleteMessage&, const DeleteMessage&) = default;
};

struct ChangeMessageVisibility {
  policies::FifoQueue::ReceiptHandle receipt_handle{};
  Duration visibility_timeout{};

  friend bool operator==(const ChangeMessageVisibility&, const ChangeMessageVisibility&) = default;
};

}  // namespace sim::actors
