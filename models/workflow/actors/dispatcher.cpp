#include "models/workflow/actors/dispatcher.hpp"

#include <utility>

namespace sim::models::workflow {

Dispatcher::Dispatcher(Context& ctx, Config config, Ports ports)
    : ctx_(ctx),
      config_(std::move(config)),
      ports_(ports),
      network_rng_(ctx.random("network")),
      parse_rng_(ctx.random("parse")),
      duplicates_(ctx.counter("duplicate_deliveries_count")),
      failed_attempts_(ctx.counter("failed_attempts_count")),
      stale_deletes_(ctx.counter("stale_deletes_count")) {}

Process Dispatcher::run() {
  for (;;) {
    const actors::ReceiveMessages<SessionRequest> request{config_.receive_count_max, config_.long_poll, {}};
    const auto received = co_await ctx_.ask(ports_.receives, request);
    co_await ctx_.sleep(config_.api_latency.sample(network_rng_));
    check(received.has_value(), "a queue answers every receive");
    for (const auto& message : received->messages) {
      take(message);
    }
  }
}

void Dispatcher::take(const actors::ReceivedMessage<SessionRequest>& message) {
  const MessageId session = message.body.session;
  if (done_.count(session) == 1) {
    duplicates_.add();
    ctx_.start(remove(message.receipt_handle));
    return;
  }
  const auto [place, is_new] = in_progress_.try_emplace(session);
  place->second.receipt_handle = message.receipt_handle;  // only the newest one is valid
  if (!is_new) {
    duplicates_.add();
    return;
  }
  set_heartbeat(session, place->second);
  ctx_.send(ports_.log, {session, Step::picked_up});
  ctx_.start(work_on(message.body));
}

Process Dispatcher::work_on(SessionRequest request) {
  co_await ctx_.sleep(config_.parse.sample(parse_rng_));
  const RunSession run_session{request};
  const auto ended = co_await ctx_.ask(ports_.fleet, run_session);
  const Work work = in_progress_.at(request.session);
  in_progress_.erase(request.session);
  ctx_.cancel(work.heartbeat);
  if (ended && ended->succeeded) {
    done_.insert(request.session);
    ctx_.send(ports_.ledger, {request.session, policies::Outcome::answered});
    ctx_.start(remove(work.receipt_handle));
  } else {
    failed_attempts_.add();
    ctx_.send(ports_.visibility, {work.receipt_handle, config_.retry_delay});
  }
}

Process Dispatcher::remove(policies::SqsReceiptHandle receipt_handle) {
  co_await ctx_.sleep(config_.api_latency.sample(network_rng_));
  const actors::DeleteMessage request{receipt_handle};
  const auto deleted = co_await ctx_.ask(ports_.deletes, request);
  stale_deletes_.add(deleted && deleted->was_current ? 0 : 1);
}

void Dispatcher::on(const HeartbeatDue& due) {
  Work& work = in_progress_.at(due.session);
  ctx_.send(ports_.visibility, {work.receipt_handle, config_.visibility_timeout});
  set_heartbeat(due.session, work);
}

void Dispatcher::set_heartbeat(MessageId session, Work& work) {
  if (config_.heartbeats) {
    work.heartbeat = ctx_.after(config_.heartbeat_interval, HeartbeatDue{session});
  }
}

std::vector<MessageId> Dispatcher::sessions() const {
  std::vector<MessageId> sessions;
  sessions.reserve(in_progress_.size());
  for (const auto& [session, work] : in_progress_) {
    sessions.push_back(session);
  }
  return sessions;
}

}  // namespace sim::models::workflow
