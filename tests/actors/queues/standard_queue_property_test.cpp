#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "actors/queues/standard_queue.hpp"
#include "libsim/random/stream.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

enum class Verb { send, send_delayed, receive, remove, extend, hand_back, wait };

struct Operation {
  Verb verb = Verb::send;
  std::uint32_t number = 0;  ///< which delivery, how many, how long: by verb
};

const auto any_operation = rc::gen::build<Operation>(
    rc::gen::set(&Operation::verb, rc::gen::element(Verb::send, Verb::send_delayed, Verb::receive, Verb::receive,
                                                    Verb::remove, Verb::extend, Verb::hand_back, Verb::wait)),
    rc::gen::set(&Operation::number, rc::gen::inRange<std::uint32_t>(0, 40)));

/// Uniform numbers in [0, 1), always the same.
struct Draws {
  double operator()() { return stream.uniform01(); }
  RandomStream stream{StreamKey{.seed = 1, .actor = "queue", .purpose = "delivery"}};
};

/// Runs operations against a queue and keeps an account of its own.
class Watched {
 public:
  explicit Watched(StandardQueue::Config config) : queue_(config) {}

  void run(const Operation& operation) {
    switch (operation.verb) {
      case Verb::send:
        return send(std::nullopt);
      case Verb::send_delayed:
        return send(operation.number * 1s);
      case Verb::receive:
        return receive(1 + operation.number % 10);
      case Verb::remove:
        return remove(operation.number);
      case Verb::extend:
        return change_visibility(operation.number, 30s);
      case Verb::hand_back:
        return change_visibility(operation.number, 0s);
      case Verb::wait:
        now_ += operation.number * 1s;
        return queue_.advance(now_);
    }
  }

  void check_account() {
    for (const SqsDeparted& departed : queue_.take_dead_lettered()) {
      RC_ASSERT(dead_lettered_.insert(departed.id).second);
      RC_ASSERT(receives_[departed.id] == queue_.config().max_receive_count);
    }
    const std::vector<MessageId> held = queue_.message_ids();
    const std::set<MessageId> seen(held.begin(), held.end());
    RC_ASSERT(seen.size() == held.size());
    RC_ASSERT(sent_ == seen.size() + deleted_.size() + dead_lettered_.size());
    RC_ASSERT(seen.size() == queue_.visible() + queue_.not_visible() + queue_.delayed());
    RC_ASSERT(queue_.not_visible() <= queue_.config().in_flight_max);
    const SqsStatistics& statistics = queue_.statistics();
    RC_ASSERT(statistics.deleted_count == deleted_.size());
    RC_ASSERT(statistics.delivered_count == delivered_);
    // Every redelivery has its reason: a timeout that ran out, a message handed back, or a duplicate.
    RC_ASSERT(statistics.redelivered_count <= ended_ + queue_.oddities().duplicates_count);
  }

 private:
  struct Held {
    StandardQueue::Delivery delivery;
    Time until{};
  };

  void send(std::optional<Duration> delay) {
    queue_.send(now_, {MessageId{++sent_}, 1, delay});
    visible_from_[MessageId{sent_}] = now_ + delay.value_or(0s);
  }

  void receive(std::uint32_t count_max) {
    forget_ended();
    const auto deliveries = queue_.receive(now_, random_, count_max);
    RC_ASSERT(deliveries.size() <= count_max);
    std::set<MessageId> batch;
    for (const StandardQueue::Delivery& delivery : deliveries) {
      RC_ASSERT(batch.insert(delivery.id).second);
      RC_ASSERT(visible_from_[delivery.id] <= now_);
      RC_ASSERT(deleted_.count(delivery.id) == 0);
      RC_ASSERT(delivery.receive_count == ++receives_[delivery.id]);
      if (queue_.config().duplicate_probability == 0) {
        RC_ASSERT(std::none_of(held_.begin(), held_.end(),
                               [&](const Held& held) { return held.delivery.id == delivery.id; }));
      }
      ++delivered_;
      newest_[delivery.id] = delivery.receipt_handle;
    }
    for (const StandardQueue::Delivery& delivery : deliveries) {
      held_.push_back({delivery, now_ + 30s});
      all_.push_back(delivery);
    }
  }

  void remove(std::uint32_t which) {
    if (all_.empty()) {
      return;
    }
    const StandardQueue::Delivery& delivery = all_[which % all_.size()];
    const bool is_gone = deleted_.count(delivery.id) > 0 || dead_lettered_.count(delivery.id) > 0;
    const bool is_newest = newest_[delivery.id] == delivery.receipt_handle;
    const auto result = queue_.remove(now_, delivery.receipt_handle, random_);
    RC_ASSERT((result == StandardQueue::ReceiptResult::stale) == (is_gone || !is_newest));
    if (result == StandardQueue::ReceiptResult::done) {
      deleted_.insert(delivery.id);
    }
  }

  void change_visibility(std::uint32_t which, Duration timeout) {
    forget_ended();
    if (all_.empty()) {
      return;
    }
    const StandardQueue::Delivery& delivery = all_[which % all_.size()];
    if (queue_.change_visibility(now_, delivery.receipt_handle, timeout) == StandardQueue::ReceiptResult::done) {
      for (Held& held : held_) {
        held.until = held.delivery.receipt_handle == delivery.receipt_handle ? now_ + timeout : held.until;
      }
    }
  }

  void forget_ended() {
    ended_ += std::erase_if(held_, [this](const Held& held) { return held.until <= now_; });
  }

  StandardQueue queue_;
  Draws random_;
  Time now_{};
  std::uint64_t sent_ = 0;
  std::uint64_t delivered_ = 0;
  std::uint64_t ended_ = 0;
  std::map<MessageId, Time> visible_from_;
  std::map<MessageId, std::uint32_t> receives_;
  std::map<MessageId, StandardQueue::ReceiptHandle> newest_;
  std::vector<StandardQueue::Delivery> all_;
  std::vector<Held> held_;
  std::set<MessageId> deleted_;
  std::set<MessageId> dead_lettered_;
};

}  // namespace

TEST_CASE("whatever happens to a standard queue: no message is lost, and each redelivery has a reason",
          "[standard_queue][property]") {
  REQUIRE(rc::check("account of all messages", [] {
    const auto operations = *rc::gen::container<std::vector<Operation>>(any_operation);
    const auto max_receive_count = *rc::gen::inRange<std::uint32_t>(0, 4);
    const auto in_flight_max = *rc::gen::inRange<std::uint32_t>(1, 30);
    const bool is_odd = *rc::gen::arbitrary<bool>();
    const double probability = is_odd ? 0.3 : 0;
    Watched watched{{.max_receive_count = max_receive_count,
                     .in_flight_max = in_flight_max,
                     .duplicate_probability = probability,
                     .lost_delete_probability = probability,
                     .out_of_order_probability = probability}};
    for (const Operation& operation : operations) {
      watched.run(operation);
      watched.check_account();
    }
  }));
}

TEST_CASE("next_change_at of a standard queue is never late: before it nothing changes", "[standard_queue][property]") {
  REQUIRE(rc::check("next change", [] {
    const auto delays_s = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 50));
    StandardQueue queue{{.message_retention_period = 100s}};
    Draws random;
    Time now{};
    std::uint64_t id = 0;
    for (const int delay_s : delays_s) {
      now += delay_s * 1s;
      queue.send(now, {MessageId{++id}, 1, delay_s * 1s, now - delay_s * 500ms});
      queue.receive(now, random);
    }
    const auto counts = [&queue] {
      return std::tuple(queue.visible(), queue.not_visible(), queue.delayed(), queue.message_ids().size());
    };
    while (const auto next = queue.next_change_at()) {
      if (*next > now) {
        const auto before = counts();
        queue.advance(*next - 1ns);
        RC_ASSERT(counts() == before);
      }
      const auto before = counts();
      queue.advance(std::max(*next, now));
      RC_ASSERT(counts() != before);
    }
    RC_ASSERT(queue.message_ids().empty());
  }));
}
