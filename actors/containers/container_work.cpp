#include <algorithm>
#include <utility>

#include "actors/containers/container.hpp"
#include "actors/queues/batch_processor.hpp"

namespace sim::actors {

Process Container::consume(std::size_t queue) {
  for (;;) {
    const ReceiveMessages<Command> request{config_.receive_count_max, config_.long_poll};
    const auto received = co_await ctx_.ask(ports_.commands[queue], request);
    check(received.has_value(), "a session queue outlives its consumers");
    if (received->messages.empty()) {
      continue;
    }
    co_await ctx_.sleep(config_.api_latency.sample(network_rng_));
    const auto session_of = [](const ReceivedMessage<Command>& message) { return message.body.session; };
    for (auto& [session, messages] : policies::group_by_session(received->messages, session_of)) {
      co_await work_on(queue, session, std::move(messages));
    }
  }
}

Task<> Container::work_on(std::size_t queue, SessionId session, std::vector<ReceivedMessage<Command>> messages) {
  Batch& batch = open_batch(queue, session, std::move(messages));
  co_await take(places_);
  account_.begin_message();
  note_resources();
  if (tree_.begin_fetch(session)) {
    co_await ctx_.sleep(config_.work_times.git_fetch.sample(git_rng_));
  }
  co_await think(batch);
  co_await apply(session, batch);
  account_.end_message();
  leak(batch.works.size());
  note_resources();
  give_back(places_);
  co_await hand_over(batch);
  close_batch(session);
}

void Container::leak(std::size_t messages_count) {
  for (std::size_t message = 0; message < messages_count; ++message) {
    account_.leak(config_.leak_per_message_mb * leak_rng_.standard_exponential());
  }
}

Container::Batch& Container::open_batch(std::size_t queue, SessionId session,
                                        std::vector<ReceivedMessage<Command>> messages) {
  check(batches_.count(session) == 0, "a session has one batch in hand");
  Batch& batch = batches_[session];
  batch.queue = queue;
  for (ReceivedMessage<Command>& message : messages) {
    batch.works.push_back({std::move(message), Work::State::waiting, 0});
  }
  if (config_.heartbeats) {
    batch.heartbeat = ctx_.after(config_.heartbeat_interval, HeartbeatDue{session});
  }
  return batch;
}

void Container::close_batch(SessionId session) {
  ctx_.cancel(batches_.at(session).heartbeat);
  batches_.erase(session);
}

void Container::on(const HeartbeatDue& due) {
  Batch& batch = batches_.at(due.session);
  for (const Work& work : batch.works) {
    ctx_.send(ports_.command_visibility[batch.queue],
              ChangeMessageVisibility{work.received.receipt_handle, config_.visibility_timeout});
  }
  batch.heartbeat = ctx_.after(config_.heartbeat_interval, due);
}

Task<> Container::think(Batch& batch) {
  for (Work& work : batch.works) {
    co_await import_agent_once();
    co_await compute(config_.work_times.agent_cpu.sample(cpu_rng_));
    if (work.state == Work::State::interrupted) {
      continue;
    }
    work.state = Work::State::thinking;
    switch (co_await call_model(work)) {
      case CallEnd::succeeded:
        work.state = Work::State::finished;
        break;
      case CallEnd::interrupted:
        work.state = Work::State::interrupted;
        break;
      case CallEnd::failed:
        work.state = Work::State::failed;
        failed_commands_.add();
        co_return;  // what follows in the session must not overtake it
    }
  }
}

Task<Container::CallEnd> Container::call_model(Work& work) {
  const Command& command = work.received.body;
  work.call = calls_.open();
  const std::uint64_t call = work.call;
  ctx_.send(ports_.language_model,
            Complete{call, !command.edits_files, command.context_tokens, command.generated_tokens, ctx_.ref(*this)});
  const auto over = co_await ctx_.ask(ctx_.ref(*this), AwaitCall{call}, config_.model_timeout);
  calls_.close(call);
  co_return over ? over->end : CallEnd::failed;
}

void Container::on(const Completion& completion) {
  calls_.resolve(completion.call, CallOver{completion.succeeded ? CallEnd::succeeded : CallEnd::failed});
}

Task<> Container::apply(SessionId session, const Batch& batch) {
  const auto counts = [&batch](auto matches) { return std::count_if(batch.works.begin(), batch.works.end(), matches); };
  const auto has_result = [](const Work& work) {
    return work.state == Work::State::finished || work.state == Work::State::interrupted;
  };
  const auto changes_site = [](const Work& work) {
    return work.state == Work::State::finished && work.received.body.edits_files;
  };
  if (counts(has_result) == 0) {
    co_return;
  }
  co_await take(tree_lock_);
  co_await switch_tree(session);
  tree_.mark_changed();
  co_await compute(config_.work_times.commit_cpu.sample(cpu_rng_));
  tree_.mark_committed();
  if (counts(changes_site) > 0) {
    co_await compute(config_.work_times.build_cpu.sample(cpu_rng_));
    pages_.erase(session);
  }
  give_back(tree_lock_);
}

Task<> Container::switch_tree(SessionId session) {
  const Time began_at = ctx_.now();
  const std::vector<policies::GitStep> steps = tree_.plan_switch(session);
  for (const policies::GitStep step : steps) {
    co_await ctx_.sleep(sample(step));
  }
  tree_.switched_to(session);
  if (!steps.empty()) {
    tree_switch_.add(to_seconds(ctx_.now() - began_at));
    ctx_.send(ports_.monitor, RecordMetric{"tree_switch_ms", to_seconds(ctx_.now() - began_at) * 1e3});
  }
}

Duration Container::sample(policies::GitStep step) {
  switch (step) {
    case policies::GitStep::status:
      return config_.work_times.git_status.sample(git_rng_);
    case policies::GitStep::stash:
      return config_.work_times.git_stash.sample(git_rng_);
    case policies::GitStep::checkout:
      return config_.work_times.git_checkout.sample(git_rng_);
  }
  check(false, "a step of git has its time");
  return {};
}

Task<> Container::hand_over(const Batch& batch) {
  for (const Work& work : batch.works) {
    const Command& command = work.received.body;
    if (work.state != Work::State::finished && work.state != Work::State::interrupted) {
      ctx_.send(ports_.command_visibility[batch.queue], ChangeMessageVisibility{work.received.receipt_handle, 0s});
      continue;
    }
    co_await ctx_.sleep(config_.reply_latency.sample(network_rng_));
    const CommandEnded end{command.message, work.state == Work::State::interrupted};
    const auto noted = co_await ctx_.ask(command.client, end);
    check(noted.has_value(), "a client outlives its commands");
    co_await ctx_.sleep(config_.api_latency.sample(network_rng_));
    const auto deleted =
        co_await ctx_.ask(ports_.command_deletes[batch.queue], DeleteMessage{work.received.receipt_handle});
    stale_deletes_.add(deleted && deleted->was_current ? 0 : 1);
  }
}

}  // namespace sim::actors
