#include "actors/policies/fifo_queue.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libsim/failure.hpp"

namespace sim::policies {

std::uint64_t content_hash(const std::string& body) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char character : body) {
    hash ^= static_cast<unsigned char>(character);
    hash *= 0x100000001b3;
  }
  return hash;
}

FifoQueue::FifoQueue(Config config) : config_(std::move(config)) {
  check(config_.visibility_timeout >= 0s && config_.visibility_timeout <= 12h, "a visibility timeout is 0 s to 12 h");
  check(config_.message_retention_period > 0s, "a queue keeps its messages for some time");
}

FifoQueue::Sent FifoQueue::send(Time now, const Outgoing& message) {
  advance(now);
  const std::string key = deduplication_key(message);
  if (key.empty()) {
    return {SendResult::no_deduplication_id, message.id};
  }
  if (const auto duplicate = duplicates_.find(key); duplicate != duplicates_.end()) {
    return {SendResult::deduplicated, duplicate->second.original};
  }
  const Time until = now + config_.deduplication_interval;
  duplicates_.emplace(key, Duplicate{message.id, until});
  duplicates_by_age_.emplace_back(until, key);

  const Sequence sequence = next_sequence_++;
  Message& entry = messages_[sequence];
  entry.id = message.id;
  entry.group = message.group;
  entry.sent_at = now;
  groups_[message.group].members.insert(sequence);
  if (config_.delay > 0s) {
    entry.state = State::delayed;
    entry.due_at = now + config_.delay;
    due_.emplace(entry.due_at, sequence);
    ++delayed_;
  } else {
    become_visible(sequence);
  }
  return {SendResult::accepted, message.id};
}

std::vector<FifoQueue::Delivery> FifoQueue::receive(Time now, std::uint32_t count_max,
                                                    std::optional<Duration> visibility_timeout) {
  check(count_max >= 1 && count_max <= 10, "a receive asks for 1 to 10 messages");
  advance(now);
  const Duration timeout = visibility_timeout.value_or(config_.visibility_timeout);
  std::vector<Delivery> deliveries;
  while (has_receivable() && deliveries.size() < count_max) {
    receive_from_group(now, *ready_.begin(), count_max, timeout, deliveries);
  }
  return deliveries;
}

FifoQueue::ReceiptResult FifoQueue::remove(Time now, ReceiptHandle receipt_handle) {
  advance(now);
  const auto delivery = deliveries_.find(receipt_handle);
  if (delivery == deliveries_.end()) {
    return ReceiptResult::stale;
  }
  erase(delivery->second);
  return ReceiptResult::done;
}

FifoQueue::ReceiptResult FifoQueue::change_visibility(Time now, ReceiptHandle receipt_handle, Duration timeout) {
  check(timeout >= 0s && timeout <= 12h, "a visibility timeout is 0 s to 12 h");
  advance(now);
  const auto delivery = deliveries_.find(receipt_handle);
  if (delivery == deliveries_.end()) {
    return ReceiptResult::stale;
  }
  const Sequence sequence = delivery->second;
  Message& message = messages_.at(sequence);
  due_.erase({message.due_at, sequence});
  message.due_at = std::min(now + timeout, message.received_at + config_.visibility_total_max);
  if (message.due_at <= now) {
    end_delivery(message, sequence);
  } else {
    due_.emplace(message.due_at, sequence);
  }
  return ReceiptResult::done;
}

void FifoQueue::advance(Time now) {
  check(now >= now_, "the time of a queue never goes back");
  now_ = now;
  forget_old_duplicates(now);
  while (!due_.empty() && due_.begin()->first <= now) {
    const Sequence sequence = due_.begin()->second;
    due_.erase(due_.begin());
    Message& message = messages_.at(sequence);
    if (message.state == State::delayed) {
      --delayed_;
      become_visible(sequence);
    } else {
      end_delivery(message, sequence);
    }
  }
  expire_old(now);
}

std::optional<Time> FifoQueue::next_change_at() const {
  if (messages_.empty()) {
    return std::nullopt;
  }
  const Time retention_ends = messages_.begin()->second.sent_at + config_.message_retention_period;
  return due_.empty() ? retention_ends : std::min(retention_ends, due_.begin()->first);
}

std::vector<MessageId> FifoQueue::take_dead_lettered() { return std::exchange(dead_lettered_, {}); }

std::vector<MessageId> FifoQueue::take_expired() { return std::exchange(expired_, {}); }

std::optional<MessageId> FifoQueue::message_of(ReceiptHandle receipt_handle) const {
  const auto delivery = deliveries_.find(receipt_handle);
  return delivery == deliveries_.end() ? std::nullopt : std::optional(messages_.at(delivery->second).id);
}

bool FifoQueue::has_receivable() const { return !ready_.empty() && not_visible() < config_.in_flight_max; }

Duration FifoQueue::age_of_oldest(Time now) const {
  return messages_.empty() ? Duration{0} : now - messages_.begin()->second.sent_at;
}

std::vector<MessageId> FifoQueue::message_ids() const {
  std::vector<MessageId> ids;
  ids.reserve(messages_.size());
  for (const auto& [sequence, message] : messages_) {
    ids.push_back(message.id);
  }
  return ids;
}

void FifoQueue::receive_from_group(Time now, Sequence first, std::uint32_t count_max, Duration timeout,
                                   std::vector<Delivery>& deliveries) {
  std::optional<Sequence> next = first;
  while (next && deliveries.size() < count_max && not_visible() < config_.in_flight_max) {
    const Sequence sequence = *next;
    const Message& message = messages_.at(sequence);
    next = next_visible_in_group(message.group, sequence);
    if (is_spent(message)) {
      dead_lettered_.push_back(message.id);
      erase(sequence);
    } else {
      take_in_flight(now, sequence, timeout, deliveries);
    }
  }
}

std::optional<FifoQueue::Sequence> FifoQueue::next_visible_in_group(const std::string& group, Sequence after) const {
  const std::set<Sequence>& members = groups_.at(group).members;
  const auto next = members.upper_bound(after);
  return next != members.end() && messages_.at(*next).state == State::visible ? std::optional(*next) : std::nullopt;
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

bool FifoQueue::is_spent(const Message& message) const {
  return config_.max_receive_count > 0 && message.receive_count >= config_.max_receive_count;
}

void FifoQueue::forget_old_duplicates(Time now) {
  while (!duplicates_by_age_.empty() && duplicates_by_age_.front().first <= now) {
    duplicates_.erase(duplicates_by_age_.front().second);
    duplicates_by_age_.pop_front();
  }
}

void FifoQueue::become_visible(Sequence sequence) {
  Message& message = messages_.at(sequence);
  message.state = State::visible;
  ++visible_;
  refresh_ready(groups_.at(message.group));
}

void FifoQueue::take_in_flight(Time now, Sequence sequence, Duration timeout, std::vector<Delivery>& deliveries) {
  Message& message = messages_.at(sequence);
  message.state = State::in_flight;
  message.received_at = now;
  message.due_at = now + timeout;
  message.receipt_handle = ReceiptHandle{next_receipt_++};
  ++message.receive_count;
  --visible_;
  due_.emplace(message.due_at, sequence);
  deliveries_.emplace(message.receipt_handle, sequence);
  Group& group = groups_.at(message.group);
  ++group.in_flight;
  refresh_ready(group);
  deliveries.push_back({message.id, message.receipt_handle, message.receive_count, message.sent_at, message.due_at});
}

void FifoQueue::end_delivery(Message& message, Sequence sequence) {
  deliveries_.erase(message.receipt_handle);
  --groups_.at(message.group).in_flight;
  become_visible(sequence);
}

void FifoQueue::erase(Sequence sequence) {
  const auto entry = messages_.find(sequence);
  const Message& message = entry->second;
  const auto group = groups_.find(message.group);
  switch (message.state) {
    case State::delayed:
      --delayed_;
      due_.erase({message.due_at, sequence});
      break;
    case State::visible:
      --visible_;
      break;
    case State::in_flight:
      deliveries_.erase(message.receipt_handle);
      due_.erase({message.due_at, sequence});
      --group->second.in_flight;
      break;
  }
  group->second.members.erase(sequence);
  refresh_ready(group->second);
  if (group->second.members.empty()) {
    groups_.erase(group);
  }
  messages_.erase(entry);
}

void FifoQueue::expire_old(Time now) {
  while (!messages_.empty() && messages_.begin()->second.sent_at + config_.message_retention_period <= now) {
    expired_.push_back(messages_.begin()->second.id);
    erase(messages_.begin()->first);
  }
}

void FifoQueue::refresh_ready(Group& group) {
  if (group.ready) {
    ready_.erase(*group.ready);
    group.ready.reset();
  }
  if (group.in_flight == 0 && !group.members.empty() && messages_.at(*group.members.begin()).state == State::visible) {
    group.ready = *group.members.begin();
    ready_.insert(*group.ready);
  }
}

}  // namespace sim::policies
