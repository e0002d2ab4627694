#include "models/sessions/actors/session_client.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sim::actors {

namespace {

MessageId make_message_id(SessionId session, std::uint64_t number) {
  return MessageId{(static_cast<std::uint64_t>(session) << 32) + number};
}

}  // namespace

SessionClient::SessionClient(Context& ctx, Config config, Ports ports)
    : ctx_(ctx),
      config_(std::move(config)),
      ports_(ports),
      network_rng_(ctx.random("network")),
      message_time_(ctx.tally("message_time_s")),
      repeated_ends_(ctx.counter("repeated_ends_count")),
      interrupts_acknowledged_(ctx.counter("interrupts_acknowledged_count")),
      commands_stopped_(ctx.counter("commands_stopped_count")) {}

void SessionClient::on(const Say& say, ReplyTo<Said> reply_to) {
  const MessageId message = make_message_id(config_.session, records_.size() + 1);
  record_of_.emplace(message, records_.size());
  records_.push_back({message, ctx_.now(), Record::End::open, {}});
  ctx_.send(ports_.ledger_sent, LedgerSent{message});
  if (reply_to) {
    askers_.emplace(message, Asker{reply_to, ctx_.after(config_.timeout, PatienceOver{message})});
  }
  Command command{.message = message,
                  .session = config_.session,
                  .command_id = fmt::format("{}-{}", ctx_.name(), records_.size()),
                  .instruction = say.instruction,
                  .edits_files = say.edits_files,
                  .context_tokens = say.context_tokens,
                  .generated_tokens = say.generated_tokens,
                  .client = ctx_.ref(*this)};
  being_sent_.emplace(message, command);
  if (!config_.sends_in_order) {
    ctx_.start(send_alone(std::move(command)));
    return;
  }
  outbox_.push_back(std::move(command));
  if (!is_sending_) {
    is_sending_ = true;
    ctx_.start(send_outbox());
  }
}

Process SessionClient::on(StopCommand stop) {
  co_await ctx_.sleep(config_.api_latency.sample(network_rng_));
  Interrupt interrupt{stop.message, config_.session, ctx_.ref(*this)};
  SendMessage<Interrupt> request{.id = stop.message,
                                 .group = fmt::format("session-{}", static_cast<std::uint64_t>(config_.session)),
                                 .body_text = fmt::format("interrupt {}", static_cast<std::uint64_t>(stop.message)),
                                 .deduplication_id = {},
                                 .body = interrupt};
  ctx_.send(ports_.interrupts, std::move(request));
}

CommandEndReceived SessionClient::on(const CommandEnded& end) {
  const std::size_t position = record_of_.at(end.message);
  Record& record = records_[position];
  if (record.end != Record::End::open) {
    repeated_ends_.add();
    return {};
  }
  record.end = end.interrupted ? Record::End::interrupted : Record::End::answered;
  record.ended_at = ctx_.now();
  const Duration message_time = record.ended_at - record.sent_at;
  ctx_.send(ports_.ledger_ended,
            LedgerEnded{end.message, end.interrupted ? policies::Outcome::interrupted : policies::Outcome::answered});
  if (!end.interrupted) {
    message_time_.add(to_seconds(message_time));
    ctx_.send(ports_.monitor, RecordMetric{"message_time_ms", to_seconds(message_time) * 1e3});
    count_order_violations(position);
  }
  tell_asker(end.message, {end.interrupted ? Said::End::interrupted : Said::End::answered, message_time});
  return {};
}

void SessionClient::on(const InterruptAcknowledged& acknowledged) {
  interrupts_acknowledged_.add();
  commands_stopped_.add(acknowledged.stopped_command ? 1 : 0);
}

void SessionClient::on(const PatienceOver& over) { tell_asker(over.message, {Said::End::timed_out, config_.timeout}); }

std::vector<MessageId> SessionClient::messages_being_sent() const {
  std::vector<MessageId> messages;
  for (const auto& [message, command] : being_sent_) {
    messages.push_back(message);
  }
  return messages;
}

Process SessionClient::send_outbox() {
  while (!outbox_.empty()) {
    Command command = std::move(outbox_.front());
    outbox_.pop_front();
    co_await send(std::move(command));
  }
  is_sending_ = false;
}

Process SessionClient::send_alone(Command command) { co_await send(std::move(command)); }

Task<> SessionClient::send(Command command) {
  co_await ctx_.sleep(config_.api_latency.sample(network_rng_));
  const auto routed = co_await ctx_.ask(ports_.orchestrator, RouteSession{config_.session});
  check(routed.has_value(), "the orchestrator routes every session");
  co_await ctx_.sleep(config_.api_latency.sample(network_rng_));
  const SendMessage<Command> request{
      .id = command.message,
      .group = fmt::format("session-{}", static_cast<std::uint64_t>(config_.session)),
      .body_text = (config_.body_has_command_id ? command.command_id + "\n" : std::string{}) + command.instruction,
      .deduplication_id = {},
      .body = command};
  const auto sent = co_await ctx_.ask(ports_.commands, request);
  check(sent.has_value(), "a session queue takes every message");
  being_sent_.erase(command.message);
}

void SessionClient::tell_asker(MessageId message, Said said) {
  if (const auto asker = askers_.find(message); asker != askers_.end()) {
    ctx_.cancel(asker->second.patience);
    ctx_.reply(asker->second.reply_to, said);
    askers_.erase(asker);
  }
}

void SessionClient::count_order_violations(std::size_t answered) {
  const auto overtaken = std::upper_bound(answered_.begin(), answered_.end(), answered);
  order_violations_count_ += static_cast<std::uint64_t>(answered_.end() - overtaken);
  answered_.insert(overtaken, answered);
}

}  // namespace sim::actors
