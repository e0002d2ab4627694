#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "actors/queues/fifo_queue.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

enum class Verb { send, receive, remove, extend, hand_back, wait };

struct Operation {
  Verb verb = Verb::send;
  std::uint32_t number = 0;  ///< which group, which delivery, how many, how long: by verb
};

const auto any_operation = rc::gen::build<Operation>(
    rc::gen::set(&Operation::verb, rc::gen::element(Verb::send, Verb::send, Verb::receive, Verb::receive, Verb::remove,
                                                    Verb::extend, Verb::hand_back, Verb::wait)),
    rc::gen::set(&Operation::number, rc::gen::inRange<std::uint32_t>(0, 40)));

/// Runs operations against a queue and keeps an account of its own.
class Watched {
 public:
  explicit Watched(FifoQueue::Config config) : queue_(config) {}

  void run(const Operation& operation) {
    switch (operation.verb) {
      case Verb::send:
        return send(operation.number % 3);
      case Verb::receive:
        return receive(1 + operation.number % 10);
      case Verb::remove:
        return remove(operation.number);
      case Verb::extend:
        return change_visibility(operation.number, 30s);
      case Verb::hand_back:
        return change_visibility(operation.number, 0s);
      case Verb::wait:
        return wait(operation.number);
    }
  }

  void check_account() {
    for (const SqsDeparted& departed : queue_.take_dead_lettered()) {
      RC_ASSERT(dead_lettered_.insert(departed.id).second);
      RC_ASSERT(receives_[departed.id] == queue_.config().max_receive_count);
    }
    std::set<MessageId> seen;
    for (const MessageId id : queue_.message_ids()) {
      RC_ASSERT(seen.insert(id).second);
    }
    RC_ASSERT(sent_ == seen.size() + deleted_.size() + dead_lettered_.size());
    RC_ASSERT(seen.size() == queue_.visible() + queue_.not_visible() + queue_.delayed());
    for (const MessageId id : deleted_) {
      RC_ASSERT(seen.count(id) == 0);
    }
  }

 private:
  struct Held {
    FifoQueue::Delivery delivery;
    std::string group;
    std::uint64_t receive = 0;  ///< number of the receive that delivered it
    Time until{};
  };

  void send(std::uint32_t group) {
    const MessageId id{++sent_};
    groups_[id] = std::to_string(group);
    const auto sent = queue_.send(now_, {id, groups_[id], "body " + std::to_string(sent_), ""});
    RC_ASSERT(sent.result == FifoQueue::SendResult::accepted);
  }

  void receive(std::uint32_t count_max) {
    forget_ended();
    ++receives_so_far_;
    const auto deliveries = queue_.receive(now_, count_max);
    RC_ASSERT(deliveries.size() <= count_max);
    for (const FifoQueue::Delivery& delivery : deliveries) {
      const std::string& group = groups_[delivery.id];
      for (const Held& held : held_) {
        RC_ASSERT(held.delivery.id != delivery.id);
        if (held.group == group) {  // a batch is in order, and else no message overtakes one in flight
          RC_ASSERT((held.delivery.id < delivery.id) == (held.receive == receives_so_far_));
        }
      }
      RC_ASSERT(delivery.receive_count == ++receives_[delivery.id]);
      held_.push_back({delivery, group, receives_so_far_, now_ + 30s});
      handles_.push_back(delivery.receipt_handle);
    }
  }

  void remove(std::uint32_t which) {
    if (handles_.empty()) {
      return;
    }
    const FifoQueue::ReceiptHandle handle = handles_[which % handles_.size()];
    const auto held = find_held(handle);
    RC_ASSERT((queue_.remove(now_, handle) == FifoQueue::ReceiptResult::done) == (held != held_.end()));
    if (held != held_.end()) {
      RC_ASSERT(deleted_.insert(held->delivery.id).second);
      held_.erase(held);
    }
  }

  void change_visibility(std::uint32_t which, Duration timeout) {
    if (handles_.empty()) {
      return;
    }
    const FifoQueue::ReceiptHandle handle = handles_[which % handles_.size()];
    const auto held = find_held(handle);
    const auto result = queue_.change_visibility(now_, handle, timeout);
    RC_ASSERT((result == FifoQueue::ReceiptResult::done) == (held != held_.end()));
    if (held != held_.end()) {
      held->until = now_ + timeout;
    }
  }

  std::vector<Held>::iterator find_held(FifoQueue::ReceiptHandle handle) {
    forget_ended();
    return std::find_if(held_.begin(), held_.end(),
                        [&](const Held& held) { return held.delivery.receipt_handle == handle; });
  }

  void wait(std::uint32_t seconds) {
    now_ += seconds * 1s;
    queue_.advance(now_);
  }

  void forget_ended() {
    std::erase_if(held_, [this](const Held& held) { return held.until <= now_; });
  }

  FifoQueue queue_;
  Time now_{};
  std::uint64_t sent_ = 0;
  std::uint64_t receives_so_far_ = 0;
  std::map<MessageId, std::string> groups_;
  std::map<MessageId, std::uint32_t> receives_;
  std::vector<FifoQueue::ReceiptHandle> handles_;  ///< all that were ever given out
  std::vector<Held> held_;
  std::set<MessageId> deleted_;
  std::set<MessageId> dead_lettered_;
};

}  // namespace

TEST_CASE("whatever happens to a queue: no message is lost, doubled or overtaken in its group",
          "[fifo_queue][property]") {
  REQUIRE(rc::check("account of all messages", [] {
    const auto operations = *rc::gen::container<std::vector<Operation>>(any_operation);
    const auto max_receive_count = *rc::gen::inRange<std::uint32_t>(1, 4);
    Watched watched{{.max_receive_count = max_receive_count}};
    for (const Operation& operation : operations) {
      watched.run(operation);
      watched.check_account();
    }
  }));
}

TEST_CASE("a consumer that deletes what it receives gets every group in the order of sending",
          "[fifo_queue][property]") {
  REQUIRE(rc::check("order within groups", [](const std::vector<std::uint8_t>& groups) {
    FifoQueue queue{{}};
    std::uint64_t id = 0;
    std::map<std::string, std::vector<std::uint64_t>> sent;
    for (const std::uint8_t group : groups) {
      const std::string name = std::to_string(group % 4);
      sent[name].push_back(++id);
      queue.send(Time{}, {MessageId{id}, name, std::to_string(id), ""});
    }
    std::map<std::uint64_t, std::string> group_of;
    for (const auto& [name, numbers] : sent) {
      for (const std::uint64_t number : numbers) {
        group_of[number] = name;
      }
    }
    std::map<std::string, std::vector<std::uint64_t>> received;
    const auto count_max = *rc::gen::inRange<std::uint32_t>(1, 11);
    while (queue.has_receivable()) {
      for (const FifoQueue::Delivery& delivery : queue.receive(Time{}, count_max)) {
        const auto number = static_cast<std::uint64_t>(delivery.id);
        received[group_of[number]].push_back(number);
        queue.remove(Time{}, delivery.receipt_handle);
      }
    }
    RC_ASSERT(received == sent);
  }));
}

TEST_CASE("next_change_at is never late: advancing to it changes something, before it nothing",
          "[fifo_queue][property]") {
  REQUIRE(rc::check("next change", [] {
    const auto delays_s = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 50));
    FifoQueue queue{{.message_retention_period = 100s, .delay = 5s}};
    Time now{};
    std::uint64_t id = 0;
    for (const int delay_s : delays_s) {
      now += delay_s * 1s;
      queue.send(now, {MessageId{++id}, std::to_string(id % 2), std::to_string(id), ""});
      queue.receive(now);
    }
    const auto counts = [&queue] {
      return std::tuple(queue.visible(), queue.not_visible(), queue.delayed(), queue.message_ids().size());
    };
    while (const auto next = queue.next_change_at()) {
      const auto before = counts();
      queue.advance(*next - 1ns);
      RC_ASSERT(counts() == before);
      queue.advance(*next);
      RC_ASSERT(counts() != before);
    }
    RC_ASSERT(queue.message_ids().empty());
  }));
}
