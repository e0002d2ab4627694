#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>
#include <string>

#include "actors/queues/message_queue.hpp"

using namespace sim;
using namespace sim::actors;

namespace {

struct Task {
  std::uint64_t id = 0;
  std::string group;
};

/// What all consumers together did. Owned by the test, so that it survives them.
struct Record {
  /// Notes that work on a task starts; whether all earlier tasks of its group are done.
  bool start(const Task& task) {
    ++starts_count[task.id];
    const std::set<std::uint64_t>& in_group = sent[task.group];
    return std::all_of(in_group.begin(), in_group.lower_bound(task.id),
                       [this](std::uint64_t earlier) { return done.count(earlier) > 0; });
  }

  std::map<std::string, std::set<std::uint64_t>> sent;
  std::map<std::uint64_t, std::uint32_t> starts_count;
  std::set<std::uint64_t> done;
  bool is_in_order = true;
  std::uint32_t repeated_after_done_count = 0;
};

/// Receives a batch, works on one message after the other and deletes each when it is done.
class Worker {
 public:
  struct Config {
    std::uint32_t receive_count_max = 1;
    Duration work_time_max = 2s;  ///< ten in a row end before the visibility timeout
  };
  struct Ports {
    Port<ReceiveMessages<Task>> receives{};
    Port<DeleteMessage> deletes{};
  };
  using Inbox = sim::Inbox<>;

  Worker(Context& ctx, Config config, Ports ports, Record* record)
      : ctx_(ctx), config_(config), ports_(ports), record_(record), work_(ctx.random("work")) {}

  Process run() {
    while (true) {
      auto received = co_await ctx_.ask(ports_.receives, ReceiveMessages<Task>{config_.receive_count_max, 20s});
      in_hand_ = received ? static_cast<std::uint32_t>(received->messages.size()) : 0;
      for (std::size_t i = 0; in_hand_ > 0; ++i, --in_hand_) {
        const ReceivedMessage<Task> message = received->messages[i];
        record_->repeated_after_done_count += record_->done.count(message.body.id) > 0 ? 1 : 0;
        record_->is_in_order = record_->start(message.body) && record_->is_in_order;
        co_await ctx_.sleep(from_seconds(work_.uniform01() * to_seconds(config_.work_time_max)));
        record_->done.insert(message.body.id);
        static_cast<void>(co_await ctx_.ask(ports_.deletes, DeleteMessage{message.receipt_handle}));
      }
    }
  }

  /// Messages that this worker has received and not yet deleted.
  [[nodiscard]] std::uint32_t in_hand() const { return in_hand_; }

 private:
  Context& ctx_;
  Config config_;
  Ports ports_;
  Record* record_;
  RandomStream& work_;
  std::uint32_t in_hand_ = 0;
};

struct Kill {
  std::uint32_t worker = 0;
  Duration pause{};  ///< since the kill before
};

const auto any_kill = rc::gen::build<Kill>(
    rc::gen::set(&Kill::worker, rc::gen::inRange<std::uint32_t>(0, 3)),
    rc::gen::set(&Kill::pause, rc::gen::map(rc::gen::inRange(0, 40'000), [](int ms) { return Duration{ms * 1ms}; })));

/// Three workers at one queue; any of them is killed at any time and replaced by another.
template <class Rules>
class Bench {
 public:
  using Queue = MessageQueue<Task, Rules>;

  Bench(typename Rules::Config rules, std::uint32_t receive_count_max)
      : receive_count_max_(receive_count_max),
        queue_(simulation_.spawn<Queue>("queue", typename Queue::Config{rules}, typename Queue::Ports{})) {
    for (std::uint32_t worker = 0; worker < 3; ++worker) {
      workers_.push_back(start(worker));
    }
  }

  void send(std::uint64_t count) {
    for (std::uint64_t id = 1; id <= count; ++id) {
      const std::string group = std::to_string(id * id % 3);
      record.sent[group].insert(id);
      simulation_.send(queue_,
                       SendMessage<Task>{.id = MessageId{id},
                                         .group = group,
                                         .body_text = std::to_string(id),
                                         .deduplication_id = {},
                                         .body = {id, group}},
                       id * 500ms);
    }
  }

  void kill(const Kill& kill) {
    simulation_.run_for(kill.pause);
    in_hand_of_killed += simulation_.get(workers_[kill.worker]).in_hand();
    simulation_.kill(workers_[kill.worker]);
    simulation_.run_for(Duration{0});
    workers_[kill.worker] = start(kill.worker);
  }

  void finish() { simulation_.run_for(2h); }

  [[nodiscard]] const Rules& rules() { return simulation_.get(queue_).rules(); }

  Record record;
  std::uint64_t in_hand_of_killed = 0;

 private:
  Ref<Worker> start(std::uint32_t worker) {
    return simulation_.spawn<Worker>("worker-" + std::to_string(worker), Worker::Config{receive_count_max_},
                                     Worker::Ports{queue_, queue_}, &record);
  }

  std::uint32_t receive_count_max_;
  Simulation simulation_;
  Ref<Queue> queue_;
  std::vector<Ref<Worker>> workers_;
};

template <class Rules>
void check_at_least_once(Bench<Rules>& bench, std::uint64_t count) {
  RC_ASSERT(bench.record.done.size() == count);
  RC_ASSERT(bench.rules().message_ids().empty());
  RC_ASSERT(bench.rules().statistics().deleted_count == count);
}

}  // namespace

TEST_CASE("killed consumers of a FIFO queue: nothing lost, only what they held comes again, groups in order",
          "[message_queue][property]") {
  REQUIRE(rc::check("kills", [] {
    const auto kills = *rc::gen::container<std::vector<Kill>>(any_kill);
    const auto count = *rc::gen::inRange<std::uint64_t>(1, 60);
    Bench<policies::FifoQueue> bench({}, *rc::gen::inRange<std::uint32_t>(1, 11));
    bench.send(count);
    for (const Kill& kill : kills) {
      bench.kill(kill);
    }
    bench.finish();
    check_at_least_once(bench, count);
    RC_ASSERT(bench.record.is_in_order);
    RC_ASSERT(bench.rules().statistics().redelivered_count == bench.in_hand_of_killed);
  }));
}

TEST_CASE("killed consumers of a standard queue: nothing lost, only what they held comes again",
          "[message_queue][property]") {
  REQUIRE(rc::check("kills", [] {
    const auto kills = *rc::gen::container<std::vector<Kill>>(any_kill);
    const auto count = *rc::gen::inRange<std::uint64_t>(1, 60);
    Bench<policies::StandardQueue> bench({}, *rc::gen::inRange<std::uint32_t>(1, 11));
    bench.send(count);
    for (const Kill& kill : kills) {
      bench.kill(kill);
    }
    bench.finish();
    check_at_least_once(bench, count);
    RC_ASSERT(bench.rules().statistics().redelivered_count == bench.in_hand_of_killed);
  }));
}

TEST_CASE("killed consumers of a standard queue with duplicates, lost deletes and disorder: still nothing lost",
          "[message_queue][property]") {
  REQUIRE(rc::check("kills", [] {
    const auto kills = *rc::gen::container<std::vector<Kill>>(any_kill);
    const auto count = *rc::gen::inRange<std::uint64_t>(1, 60);
    Bench<policies::StandardQueue> bench(
        {.duplicate_probability = 0.2, .lost_delete_probability = 0.2, .out_of_order_probability = 0.5},
        *rc::gen::inRange<std::uint32_t>(1, 11));
    bench.send(count);
    for (const Kill& kill : kills) {
      bench.kill(kill);
    }
    bench.finish();
    check_at_least_once(bench, count);
    const auto& oddities = bench.rules().oddities();
    RC_ASSERT(bench.rules().statistics().redelivered_count <=
              bench.in_hand_of_killed + oddities.duplicates_count + oddities.lost_deletes_count);
  }));
}
