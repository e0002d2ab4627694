#include "actors/queues/sqs_messages.hpp"

#include <algorithm>

#include "libsim/failure.hpp"

namespace sim::policies {

namespace {

void check_visibility_timeout(Duration timeout) {
  check(timeout >= 0s && timeout <= 12h, "a visibility timeout is 0 s to 12 h");
}

}  // namespace

void check_attributes(const SqsAttributes& attributes) {
  check_visibility_timeout(attributes.visibility_timeout);
  check(attributes.message_retention_period >= 60s && attributes.message_retention_period <= 336h,
        "a queue keeps its messages for 60 s to 14 days");
  check(attributes.delay >= 0s && attributes.delay <= 15min, "a delay is 0 s to 15 min");
  check(attributes.visibility_total_max > 0s && attributes.visibility_total_max <= 12h,
        "a message is in flight for at most 12 h");
  check(attributes.max_receive_count <= 1'000, "max_receive_count is 1 to 1000, or 0 for no dead-letter queue");
  check(attributes.in_flight_max > 0, "a queue lets at least one message be in flight");
  check(attributes.message_bytes_max >= 1'024 && attributes.message_bytes_max <= 1'048'576,
        "the largest message of a queue is 1 KiB to 1 MiB");
  check(attributes.lookahead_messages_max > 0, "a queue looks at one message at least");
}

void check_receive(std::uint32_t count_max, Duration visibility_timeout) {
  check(count_max >= 1 && count_max <= 10, "a receive asks for 1 to 10 messages");
  check_visibility_timeout(visibility_timeout);
}

SqsMessages::SqsMessages(SqsAttributes attributes) : attributes_(attributes) { check_attributes(attributes_); }

void SqsMessages::add(Time now, Arrival arrival) {
  check(arrival.delay >= 0s && arrival.delay <= 15min, "a delay is 0 s to 15 min");
  check(arrival.sent_at <= now, "a message was sent before it arrives");
  const Sequence sequence = next_sequence_++;
  Message& message = messages_[sequence];
  message.id = arrival.id;
  message.group = std::move(arrival.group);
  message.sent_at = arrival.sent_at;
  message.arrived_at = now;
  by_age_.emplace(message.sent_at, sequence);
  if (message.group) {
    groups_[*message.group].members.insert(sequence);
  }
  if (lookahead_end_ == no_end && messages_.size() > attributes_.lookahead_messages_max) {
    lookahead_end_ = sequence;
  }
  ++statistics_.sent_count;
  if (arrival.delay > 0s) {
    message.state = State::delayed;
    message.due_at = now + arrival.delay;
    due_.emplace(message.due_at, sequence);
    ++delayed_;
  } else {
    become_visible(sequence, message);
  }
}

std::optional<SqsDelivery> SqsMessages::deliver(Time now, Sequence sequence, Duration timeout) {
  const auto entry = messages_.find(sequence);
  check(entry != messages_.end() && entry->second.state == State::visible, "only a visible message is received");
  Message& message = entry->second;
  if (attributes_.max_receive_count > 0 && message.receive_count >= attributes_.max_receive_count) {
    dead_lettered_.push_back({message.id, message.sent_at});
    ++statistics_.dead_lettered_count;
    erase(entry);
    return std::nullopt;
  }
  handles_.erase(message.receipt_handle);
  message.state = State::in_flight;
  message.received_at = now;
  message.due_at = now + timeout;
  message.receipt_handle = SqsReceiptHandle{next_receipt_++};
  ++message.receive_count;
  --visible_;
  ++in_flight_;
  due_.emplace(message.due_at, sequence);
  handles_.emplace(message.receipt_handle, sequence);
  refresh(sequence, message);
  ++statistics_.delivered_count;
  statistics_.redelivered_count += message.receive_count > 1 ? 1 : 0;
  return SqsDelivery{message.id, message.receipt_handle, message.receive_count, message.sent_at, message.due_at};
}

SqsReceiptResult SqsMessages::remove(Time now, SqsReceiptHandle receipt_handle) {
  advance(now);
  const auto handle = handles_.find(receipt_handle);
  if (handle == handles_.end()) {
    return SqsReceiptResult::stale;
  }
  ++statistics_.deleted_count;
  erase(messages_.find(handle->second));
  return SqsReceiptResult::done;
}

SqsReceiptResult SqsMessages::change_visibility(Time now, SqsReceiptHandle receipt_handle, Duration timeout) {
  check_visibility_timeout(timeout);
  advance(now);
  const auto handle = handles_.find(receipt_handle);
  if (handle == handles_.end()) {
    return SqsReceiptResult::stale;
  }
  const Sequence sequence = handle->second;
  Message& message = messages_.at(sequence);
  if (message.state != State::in_flight) {
    return SqsReceiptResult::not_in_flight;
  }
  if (now + timeout > message.received_at + attributes_.visibility_total_max) {
    return SqsReceiptResult::over_maximum;
  }
  due_.erase({message.due_at, sequence});
  message.due_at = now + timeout;
  if (timeout == 0s) {
    end_delivery(sequence, message);
  } else {
    due_.emplace(message.due_at, sequence);
  }
  return SqsReceiptResult::done;
}

void SqsMessages::show_again(SqsReceiptHandle receipt_handle) {
  const Sequence sequence = handles_.at(receipt_handle);
  Message& message = messages_.at(sequence);
  due_.erase({message.due_at, sequence});
  --in_flight_;
  become_visible(sequence, message);
}

std::vector<SqsDeparted> SqsMessages::take_receivable(Time now, std::uint32_t count_max) {
  advance(now);
  std::vector<SqsDeparted> taken;
  while (taken.size() < count_max && !receivable_.empty() && *receivable_.begin() < lookahead_end_) {
    const auto entry = messages_.find(*receivable_.begin());
    taken.push_back({entry->second.id, entry->second.sent_at});
    ++statistics_.moved_count;
    erase(entry);
  }
  return taken;
}

void SqsMessages::advance(Time now) {
  check(now >= now_, "the time of a queue never goes back");
  now_ = now;
  while (!due_.empty() && due_.begin()->first <= now) {
    const Sequence sequence = due_.begin()->second;
    due_.erase(due_.begin());
    Message& message = messages_.at(sequence);
    if (message.state == State::delayed) {
      --delayed_;
      become_visible(sequence, message);
    } else {
      end_delivery(sequence, message);
    }
  }
  expire_old(now);
}

std::optional<Time> SqsMessages::next_change_at() const {
  if (messages_.empty()) {
    return std::nullopt;
  }
  const Time retention_ends = by_age_.begin()->first + attributes_.message_retention_period;
  return due_.empty() ? retention_ends : std::min(retention_ends, due_.begin()->first);
}

bool SqsMessages::has_receivable() const {
  return !receivable_.empty() && *receivable_.begin() < lookahead_end_ && !is_over_limit();
}

std::optional<SqsMessages::Sequence> SqsMessages::next_in_group(Sequence sequence) const {
  const Message& message = messages_.at(sequence);
  if (!message.group) {
    return std::nullopt;
  }
  const std::set<Sequence>& members = groups_.at(*message.group).members;
  const auto next = members.upper_bound(sequence);
  const bool can_be_received =
      next != members.end() && *next < lookahead_end_ && messages_.at(*next).state == State::visible;
  return can_be_received ? std::optional(*next) : std::nullopt;
}

std::optional<MessageId> SqsMessages::message_of(SqsReceiptHandle receipt_handle) const {
  const auto handle = handles_.find(receipt_handle);
  return handle == handles_.end() ? std::nullopt : std::optional(messages_.at(handle->second).id);
}

std::optional<Time> SqsMessages::delivery_ends_at(SqsReceiptHandle receipt_handle) const {
  const auto handle = handles_.find(receipt_handle);
  if (handle == handles_.end() || messages_.at(handle->second).state != State::in_flight) {
    return std::nullopt;
  }
  return messages_.at(handle->second).due_at;
}

Duration SqsMessages::age_of_oldest(Time now) const {
  const auto oldest =
      std::find_if(messages_.begin(), messages_.end(), [this](const auto& entry) { return !is_poison(entry.second); });
  return oldest == messages_.end() ? Duration{0} : now - oldest->second.arrived_at;
}

std::vector<MessageId> SqsMessages::message_ids() const {
  std::vector<MessageId> ids;
  ids.reserve(messages_.size());
  for (const auto& [sequence, message] : messages_) {
    ids.push_back(message.id);
  }
  return ids;
}

void SqsMessages::become_visible(Sequence sequence, Message& message) {
  message.state = State::visible;
  ++visible_;
  if (is_poison(message)) {
    move_to_back(sequence);
  } else {
    refresh(sequence, message);
  }
}

void SqsMessages::move_to_back(Sequence sequence) {
  auto entry = messages_.extract(sequence);
  const Sequence back = next_sequence_++;
  Message& message = entry.mapped();
  by_age_.erase({message.sent_at, sequence});
  by_age_.emplace(message.sent_at, back);
  if (const auto handle = handles_.find(message.receipt_handle); handle != handles_.end()) {
    handle->second = back;
  }
  entry.key() = back;
  messages_.insert(messages_.end(), std::move(entry));
  refresh(back, message);
}

void SqsMessages::end_delivery(Sequence sequence, Message& message) {
  if (!attributes_.handle_outlives_delivery) {
    handles_.erase(message.receipt_handle);
  }
  --in_flight_;
  become_visible(sequence, message);
}

void SqsMessages::expire_old(Time now) {
  while (!by_age_.empty() && by_age_.begin()->first + attributes_.message_retention_period <= now) {
    const auto entry = messages_.find(by_age_.begin()->second);
    expired_.push_back(entry->second.id);
    ++statistics_.expired_count;
    erase(entry);
  }
}

void SqsMessages::erase(Messages::iterator entry) {
  const Sequence sequence = entry->first;
  const Message& message = entry->second;
  switch (message.state) {
    case State::delayed:
      --delayed_;
      due_.erase({message.due_at, sequence});
      break;
    case State::visible:
      --visible_;
      break;
    case State::in_flight:
      --in_flight_;
      due_.erase({message.due_at, sequence});
      break;
  }
  handles_.erase(message.receipt_handle);
  by_age_.erase({message.sent_at, sequence});
  if (lookahead_end_ != no_end) {  // nothing beyond it is ever erased: one more comes into view
    const auto next = messages_.upper_bound(lookahead_end_);
    lookahead_end_ = next == messages_.end() ? no_end : next->first;
  }
  if (message.group) {
    const auto group = groups_.find(*message.group);
    group->second.members.erase(sequence);
    refresh(group->second);
    if (group->second.members.empty()) {
      groups_.erase(group);
    }
  } else {
    receivable_.erase(sequence);
  }
  messages_.erase(entry);
}

void SqsMessages::refresh(Sequence sequence, const Message& message) {
  if (message.group) {
    refresh(groups_.at(*message.group));
  } else if (message.state == State::visible) {
    receivable_.insert(sequence);
  } else {
    receivable_.erase(sequence);
  }
}

void SqsMessages::refresh(Group& group) {
  std::optional<Sequence> first;
  if (!group.members.empty() && messages_.at(*group.members.begin()).state == State::visible) {
    first = *group.members.begin();
  }
  if (first == group.receivable) {
    return;
  }
  if (group.receivable) {
    receivable_.erase(*group.receivable);
  }
  if (first) {
    receivable_.insert(*first);
  }
  group.receivable = first;
}

}  // namespace sim::policies
