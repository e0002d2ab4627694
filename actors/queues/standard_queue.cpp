#include "actors/queues/standard_queue.hpp"

#include "libsim/failure.hpp"

namespace sim::policies {

namespace {

SqsAttributes attributes_of(const StandardQueue::Config& config) {
  SqsAttributes attributes;
  attributes.visibility_timeout = config.visibility_timeout;
  attributes.message_retention_period = config.message_retention_period;
  attributes.delay = config.delay;
  attributes.visibility_total_max = config.visibility_total_max;
  attributes.max_receive_count = config.max_receive_count;
  attributes.in_flight_max = config.in_flight_max;
  attributes.message_bytes_max = config.message_bytes_max;
  attributes.handle_outlives_delivery = true;
  attributes.poison_receive_count = config.poison_receive_count;
  return attributes;
}

void check_probability(double probability) {
  check(probability >= 0 && probability <= 1, "a probability is between 0 and 1");
}

}  // namespace

StandardQueue::StandardQueue(Config config) : config_(config), messages_(attributes_of(config)) {
  check_probability(config_.duplicate_probability);
  check_probability(config_.lost_delete_probability);
  check_probability(config_.out_of_order_probability);
  check(config_.disorder_window_messages > 0, "disorder needs at least one message to choose from");
}

StandardQueue::Sent StandardQueue::send(Time now, const Outgoing& message) {
  messages_.advance(now);
  if (message.body_bytes > config_.message_bytes_max) {
    return {SendResult::too_large, message.id};
  }
  messages_.add(now, {message.id, std::nullopt, message.delay.value_or(config_.delay), message.sent_at.value_or(now)});
  return {SendResult::accepted, message.id};
}

StandardQueue::ReceiptResult StandardQueue::change_visibility(Time now, ReceiptHandle receipt_handle,
                                                              Duration timeout) {
  return messages_.change_visibility(now, receipt_handle, timeout);
}

std::vector<SqsDeparted> StandardQueue::take_for_move(Time now, std::uint32_t count_max) {
  return messages_.take_receivable(now, count_max);
}

}  // namespace sim::policies
