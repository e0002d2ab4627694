#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <vector>

#include "actors/queues/fifo_queue.hpp"
#include "actors/queues/standard_queue.hpp"
#include "libsim/random/stream.hpp"

/// What the tests of SQS rules share.
namespace sqs_test {

using namespace sim;
using namespace sim::policies;

using Ids = std::vector<std::uint64_t>;
using Deliveries = std::vector<SqsDelivery>;

inline Time at(Duration since_start) { return Time{} + since_start; }

inline Ids ids(const Deliveries& deliveries) {
  Ids ids;
  for (const SqsDelivery& delivery : deliveries) {
    ids.push_back(static_cast<std::uint64_t>(delivery.id));
  }
  return ids;
}

/// Uniform numbers in [0, 1), always the same.
struct Draws {
  double operator()() { return stream.uniform01(); }
  RandomStream stream{StreamKey{.seed = 1, .actor = "queue", .purpose = "delivery"}};
};

/// A queue of either kind behind the same calls.
template <class Rules>
struct Bench {
  static constexpr bool is_fifo = std::is_same_v<Rules, FifoQueue>;

  explicit Bench(typename Rules::Config config = {}) : queue(config) {}

  SqsSendResult send(std::uint64_t id, Duration when = 0s, const std::string& group = "g", std::size_t bytes = 10) {
    if constexpr (is_fifo) {
      return queue.send(at(when), {MessageId{id}, group, std::string(bytes, 'x'), std::to_string(id)}).result;
    } else {
      return queue.send(at(when), {MessageId{id}, bytes}).result;
    }
  }

  Deliveries receive(Duration when, std::uint32_t count_max = 1, std::optional<Duration> timeout = std::nullopt) {
    if constexpr (is_fifo) {
      return queue.receive(at(when), count_max, timeout);
    } else {
      return queue.receive(at(when), random, count_max, timeout);
    }
  }

  SqsReceiptResult remove(Duration when, const SqsDelivery& delivery) {
    if constexpr (is_fifo) {
      return queue.remove(at(when), delivery.receipt_handle);
    } else {
      return queue.remove(at(when), delivery.receipt_handle, random);
    }
  }

  SqsReceiptResult change(Duration when, const SqsDelivery& delivery, Duration timeout) {
    return queue.change_visibility(at(when), delivery.receipt_handle, timeout);
  }

  Rules queue;
  Draws random;
};

using Fifo = Bench<FifoQueue>;
using Standard = Bench<StandardQueue>;

}  // namespace sqs_test
