#include "actors/containers/container.hpp"

namespace sim::actors {

Process Container::consume_interrupts() {
  for (;;) {
    const ReceiveMessages<Interrupt> request{10, config_.long_poll};
    const auto received = co_await ctx_.ask(ports_.interrupts, request);
    check(received.has_value(), "an interrupt queue outlives its consumers");
    for (const ReceivedMessage<Interrupt>& message : received->messages) {
      co_await ctx_.sleep(config_.api_latency.sample(network_rng_));
      const bool stopped_command = stop_command(message.body);
      ctx_.send_after(config_.reply_latency.sample(network_rng_), message.body.client,
                      InterruptAcknowledged{message.body.message, stopped_command});
      const auto deleted = co_await ctx_.ask(ports_.interrupt_deletes, DeleteMessage{message.receipt_handle});
      stale_deletes_.add(deleted && deleted->was_current ? 0 : 1);
    }
  }
}

bool Container::stop_command(const Interrupt& interrupt) {
  const auto batch = batches_.find(interrupt.session);
  if (batch == batches_.end()) {
    return false;
  }
  for (Work& work : batch->second.works) {
    if (work.received.body.message != interrupt.message) {
      continue;
    }
    if (work.state == Work::State::thinking) {
      calls_.resolve(work.call, CallOver{CallEnd::interrupted});
      return true;
    }
    if (work.state == Work::State::waiting) {
      work.state = Work::State::interrupted;
      return true;
    }
  }
  return false;
}

}  // namespace sim::actors
