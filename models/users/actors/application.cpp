#include "models/users/actors/application.hpp"

#include <cmath>

namespace sim::models::users {

Application::Application(Context& ctx, const Config& config, Ports ports)
    : ctx_(ctx),
      config_(config),
      ports_(ports),
      reader_(ctx, config.reading, ports.reads),
      agents_(ctx, "agent", ports.agents, config.agent_retry, config.agent_timeout),
      account_(config.memory, ctx.now()),
      cpu_rng_(ctx.random("cpu")),
      stage_cpu_rng_(ctx.random("stage_cpu")),
      size_rng_(ctx.random("size")),
      bytes_(ctx.counter("network_bytes")),
      throttled_(ctx.counter("throttled_count")),
      partial_(ctx.counter("partial_answers_count")),
      requests_(ctx.gauge("requests_in_progress_count")),
      memory_(ctx.gauge("application_memory_mb")),
      bandwidth_(ctx.gauge("bandwidth_mbit_per_s")) {}

Process Application::on(ApiRequest request, ReplyTo<ApiAnswer> reply_to) {
  arrive(request.user);
  ApiAnswer answer;
  if (const auto retry_after = refusal(request.user)) {
    throttled_.add();
    answer = {AnswerKind::throttled, *retry_after};
  } else {
    co_await use_cpu(config_.cpu_time.sample(cpu_rng_));
    answer = co_await work(request);
  }
  co_await transmit(config_.answer_kb);
  leave();
  ctx_.reply(reply_to, answer);
}

/// How long the user should wait; nothing when the request may come in.
std::optional<Duration> Application::refusal(std::uint32_t user) {
  if (!config_.limits_rate) {
    return std::nullopt;
  }
  auto& bucket = buckets_.try_emplace(user, config_.rate_limit, ctx_.now()).first->second;
  const policies::RateDecision decision = bucket.acquire(ctx_.now());
  return decision.allowed ? std::nullopt : std::optional(decision.retry_after);
}

Task<ApiAnswer> Application::work(ApiRequest request) {
  switch (request.operation) {
    case Operation::write_record:
      co_return co_await write(request.written);
    case Operation::run_stage:
      co_return co_await run_stage(request);
    case Operation::read_record:
    case Operation::open_workflow:
      break;
  }
  co_return co_await open_workflow(request);
}

Task<ApiAnswer> Application::open_workflow(ApiRequest request) {
  const Records records = co_await read_all(request);
  const policies::PartialAnswer parts{config_.answers_partially ? 1 : request.reads_count};
  ApiAnswer answer;
  switch (parts.result(records.found, request.reads_count)) {
    case policies::PartialAnswer::Result::complete:
      answer.kind = records.any_old ? AnswerKind::cached : AnswerKind::complete;
      break;
    case policies::PartialAnswer::Result::partial:
      partial_.add();
      answer.kind = AnswerKind::partial;
      break;
    case policies::PartialAnswer::Result::failed:
      answer.kind = AnswerKind::failed;
  }
  co_return answer;
}

/// Needs all of its inputs.
Task<ApiAnswer> Application::run_stage(ApiRequest request) {
  ApiAnswer failed;
  failed.kind = AnswerKind::failed;
  const Records inputs = co_await read_all(request);
  if (inputs.found < request.reads_count) {
    co_return failed;
  }
  co_await use_cpu(config_.stage_cpu_time.sample(stage_cpu_rng_));
  const RunAgent run;
  const auto result = co_await agents_.call(run);
  if (!result) {
    co_return failed;
  }
  ApiAnswer answer = co_await write(request.written);
  if (answer.kind == AnswerKind::complete && inputs.any_old) {
    answer.kind = AnswerKind::cached;
  }
  co_return answer;
}

Task<ApiAnswer> Application::write(RecordKey record) {
  const StoreRecord store{record, ctx_.ref(*this)};
  const auto stored = co_await ctx_.ask(ports_.writes, store);
  ApiAnswer answer;
  if (!stored || !stored->succeeded) {
    answer.kind = AnswerKind::failed;
  }
  co_return answer;
}

/// One after the other.
Task<Application::Records> Application::read_all(ApiRequest request) {
  Records records;
  double kilobytes = 0;
  for (std::uint32_t index = 0; index < request.reads_count; ++index) {
    const RecordReader::Source source = co_await reader_.read(request.reads[index]);
    if (source == RecordReader::Source::nothing) {
      continue;
    }
    ++records.found;
    records.any_old = records.any_old || source == RecordReader::Source::fallback;
    kilobytes += config_.record_kb * size_rng_.standard_exponential();
  }
  if (request.operation != Operation::run_stage) {  // whose inputs stay here
    co_await transmit(kilobytes);
  }
  co_return records;
}

Task<> Application::use_cpu(Duration time) {
  actors::ServiceRequest work;
  work.service_time = time;
  const auto served = co_await ctx_.ask(ports_.cpu, work);
  check(served.has_value(), "a processor serves everybody");
}

/// Answers share the bandwidth of the network card.
Task<> Application::transmit(double kilobytes) {
  const double megabits = kilobytes * 8 / 1000;
  actors::ServiceRequest transfer;
  transfer.service_time = nearest_duration(megabits / config_.bandwidth_mbit_s);
  const auto served = co_await ctx_.ask(ports_.network_card, transfer);
  check(served.has_value(), "a network card sends everything");
  bytes_.add(static_cast<std::uint64_t>(std::llround(kilobytes * 1000)));
  const auto window = static_cast<std::uint64_t>((ctx_.now() - Time{}) / config_.bandwidth_window);
  window_kilobytes_ = window == window_ ? window_kilobytes_ + kilobytes : kilobytes;
  window_ = window;
  bandwidth_.set(window_kilobytes_ * 8 / 1000 / to_seconds(config_.bandwidth_window));
}

void Application::arrive(std::uint32_t user) {
  if (sessions_.insert(user).second) {
    account_.add_session();
  }
  account_.begin_message();
  requests_.set(++in_progress_);
  show_memory();
}

void Application::leave() {
  account_.end_message();
  requests_.set(--in_progress_);
  show_memory();
}

void Application::show_memory() {
  memory_.set(account_.memory_mb() + static_cast<double>(reader_.cached_entries()) * config_.record_kb / 1000);
}

}  // namespace sim::models::users
