#include "actors/queues/fifo_queue.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libsim/failure.hpp"

namespace sim::policies {

namespace {

SqsAttributes attributes_of(const FifoQueue::Config& config) {
  return {.visibility_timeout = config.visibility_timeout,
          .message_retention_period = config.message_retention_period,
          .delay = config.delay,
          .visibility_total_max = config.visibility_total_max,
          .max_receive_count = config.max_receive_count,
          .in_flight_max = config.in_flight_max,
          .message_bytes_max = config.message_bytes_max,
          .lookahead_messages_max = config.lookahead_messages_max,
          .handle_outlives_delivery = false};
}

}  // namespace

std::uint64_t content_hash(const std::string& body) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char character : body) {
    hash ^= static_cast<unsigned char>(character);
    hash *= 0x100000001b3;
  }
  return hash;
}

FifoQueue::FifoQueue(Config config) : config_(config), messages_(attributes_of(config)) {
  check(config_.deduplication_interval >= 0s, "a deduplication interval is not negative");
  check(config_.receive_attempt_interval >= 0s, "an interval for receive attempts is not negative");
}

FifoQueue::Sent FifoQueue::send(Time now, const Outgoing& message) {
  advance(now);
  const std::string key = deduplication_key(message);
  if (const auto reason = reason_to_refuse(message, key)) {
    return {*reason, message.id};
  }
  if (const auto duplicate = duplicates_.find(key); duplicate != duplicates_.end()) {
    return {SendResult::deduplicated, duplicate->second.original};
  }
  const Time until = now + config_.deduplication_interval;
  duplicates_.emplace(key, Duplicate{message.id, until});
  duplicates_by_age_.emplace_back(until, key);
  messages_.add(now, {message.id, message.group, config_.delay, now});
  return {SendResult::accepted, message.id};
}

std::vector<FifoQueue::Delivery> FifoQueue::receive(Time now, std::uint32_t count_max,
                                                    std::optional<Duration> visibility_timeout) {
  advance(now);
  const Duration timeout = visibility_timeout.value_or(config_.visibility_timeout);
  check_receive(count_max, timeout);
  std::vector<Delivery> deliveries;
  while (messages_.has_receivable() && deliveries.size() < count_max) {
    std::optional<SqsMessages::Sequence> next = *messages_.receivable().begin();
    while (next && deliveries.size() < count_max && !messages_.is_over_limit()) {  // as many of one group as possible
      const SqsMessages::Sequence sequence = *next;
      next = messages_.next_in_group(sequence);
      if (const auto delivery = messages_.deliver(now, sequence, timeout)) {
        deliveries.push_back(*delivery);
      }
    }
  }
  return deliveries;
}

FifoQueue::Attempted FifoQueue::receive_attempt(Time now, const std::string& attempt_id, std::uint32_t count_max,
                                                std::optional<Duration> visibility_timeout) {
  advance(now);
  const auto earlier = attempts_.find(attempt_id);
  if (earlier == attempts_.end()) {
    Attempted first{true, receive(now, count_max, visibility_timeout)};
    if (!first.deliveries.empty()) {
      attempts_.emplace(attempt_id, first.deliveries);
      attempts_by_age_.emplace_back(now + config_.receive_attempt_interval, attempt_id);
    }
    return first;
  }
  if (!is_unchanged(earlier->second)) {
    return {false, {}};
  }
  const Duration timeout = visibility_timeout.value_or(config_.visibility_timeout);
  for (Delivery& delivery : earlier->second) {
    if (messages_.change_visibility(now, delivery.receipt_handle, timeout) == ReceiptResult::done) {
      delivery.visible_again_at = now + timeout;
    }
  }
  return {true, earlier->second};
}

FifoQueue::ReceiptResult FifoQueue::remove(Time now, ReceiptHandle receipt_handle) {
  advance(now);
  return messages_.remove(now, receipt_handle);
}

FifoQueue::ReceiptResult FifoQueue::change_visibility(Time now, ReceiptHandle receipt_handle, Duration timeout) {
  advance(now);
  return messages_.change_visibility(now, receipt_handle, timeout);
}

std::vector<SqsDeparted> FifoQueue::take_for_move(Time now, std::uint32_t count_max) {
  advance(now);
  return messages_.take_receivable(now, count_max);
}

void FifoQueue::advance(Time now) {
  messages_.advance(now);
  forget_old(now);
}

std::optional<FifoQueue::SendResult> FifoQueue::reason_to_refuse(const Outgoing& message,
                                                                 const std::string& key) const {
  if (message.group.empty()) {
    return SendResult::no_message_group;
  }
  if (key.empty()) {
    return SendResult::no_deduplication_id;
  }
  if (message.delay.value_or(0s) != 0s) {
    return SendResult::delay_of_one_message;
  }
  return message.body.size() > config_.message_bytes_max ? std::optional(SendResult::too_large) : std::nullopt;
}

std::string FifoQueue::deduplication_key(const Outgoing& message) const {
  const std::string scope =
      config_.deduplication_scope == DeduplicationScope::message_group ? message.group + '\n' : std::string{};
  if (!message.deduplication_id.empty()) {
    return scope + "id " + message.deduplication_id;
  }
  return config_.content_based_deduplication ? fmt::format("{}content {:016x}", scope, content_hash(message.body))
                                             : std::string{};
}

bool FifoQueue::is_unchanged(const std::vector<Delivery>& deliveries) const {
  return std::all_of(deliveries.begin(), deliveries.end(), [this](const Delivery& delivery) {
    return messages_.delivery_ends_at(delivery.receipt_handle) == delivery.visible_again_at;
  });
}

void FifoQueue::forget_old(Time now) {
  while (!duplicates_by_age_.empty() && duplicates_by_age_.front().first <= now) {
    duplicates_.erase(duplicates_by_age_.front().second);
    duplicates_by_age_.pop_front();
  }
  while (!attempts_by_age_.empty() && attempts_by_age_.front().first <= now) {
    attempts_.erase(attempts_by_age_.front().second);
    attempts_by_age_.pop_front();
  }
}

}  // namespace sim::policies
