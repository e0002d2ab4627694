#pragma once

#include <optional>
#include <string>
#include <vector>

#include "actors/monitoring/ledger.hpp"
#include "actors/queues/message_queue.hpp"
#include "tests/actors/ask_once.hpp"

/// What the tests of message queues share.
namespace queue_test {

using namespace sim;
using namespace sim::actors;

using Queue = MessageQueue<std::string>;
using Receive = ReceiveMessages<std::string>;
using Consumer = sim::testing::AskOnce<Receive>;

inline Time at(Duration since_start) { return Time{} + since_start; }

inline SendMessage<std::string> message(std::uint64_t id, const std::string& body) {
  return {.id = MessageId{id}, .group = "g", .body_text = body, .deduplication_id = {}, .body = body};
}

/// A queue with its dead-letter queue and a ledger.
struct Bench {
  explicit Bench(policies::FifoQueue::Config rules = {})
      : ledger(simulation.spawn<Ledger>("ledger", Ledger::Config{})),
        dead_letters(simulation.spawn<Queue>("dead-letters", Queue::Config{}, Queue::Ports{})),
        queue(simulation.spawn<Queue>("queue", Queue::Config{rules}, Queue::Ports{ledger, dead_letters})) {}

  void send(std::uint64_t id, const std::string& body, Duration delay = 0s) {
    simulation.send(ledger, LedgerSent{MessageId{id}}, delay);
    simulation.send(queue, message(id, body), delay);
  }

  Ref<Consumer> receive(const std::string& name, Duration wait_time, std::uint32_t count_max = 1) {
    return simulation.spawn<Consumer>(name, queue, Receive{count_max, wait_time});
  }

  std::vector<std::string> bodies(Ref<Consumer> consumer) {
    std::vector<std::string> bodies;
    for (const auto& received : simulation.get(consumer).answer()->messages) {
      bodies.push_back(received.body);
    }
    return bodies;
  }

  std::optional<policies::OutcomeLedger::Ended> outcome(std::uint64_t id) {
    return simulation.get(ledger).entries().outcome(MessageId{id});
  }

  Simulation simulation;
  Ref<Ledger> ledger;
  Ref<Queue> dead_letters;
  Ref<Queue> queue;
};

using Bodies = std::vector<std::string>;

}  // namespace queue_test
