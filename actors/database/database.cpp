#include "actors/database/database.hpp"

#include <utility>

namespace sim::actors {

namespace {

DatabaseAnswer answer_of(const policies::Database::Result& result) {
  return {!result.error, result.error.value_or(policies::ErrorClass::server_error), result.node, result.version,
          result.staleness};
}

}  // namespace

Database::Database(Context& ctx, Config config)
    : ctx_(ctx),
      config_(std::move(config)),
      rules_(config_.rules),
      lags_(rules_.nodes()),
      read_rng_(ctx.random("read")),
      write_rng_(ctx.random("write")),
      lag_rng_(ctx.random("lag")),
      error_rng_(ctx.random("error")),
      read_latency_(ctx.tally("database_read_latency_s")),
      write_latency_(ctx.tally("database_write_latency_s")),
      failures_(ctx.counter("database_failures_count")),
      stale_reads_(ctx.counter("database_stale_reads_count")),
      lost_writes_(ctx.counter("database_lost_writes_count")),
      primary_up_(ctx.gauge("database_primary_up_bool")) {
  if (config_.batching) {
    batcher_.emplace(*config_.batching);
  }
  primary_up_.set(1);
}

Process Database::on(DatabaseRead, ReplyTo<DatabaseAnswer> reply_to) {
  const Time began_at = ctx_.now();
  const auto query = rules_.begin_read(began_at, draw(config_.read_latency, read_rng_));
  co_await ctx_.sleep(query.duration);
  const auto result = rules_.finish(ctx_.now(), query);
  note(read_latency_, began_at, result);
  stale_reads_.add(result.staleness > 0 ? 1 : 0);
  ctx_.reply(reply_to, answer_of(result));
}

void Database::on(const DatabaseWrite& write, ReplyTo<DatabaseAnswer> reply_to) {
  check(write.rows > 0, "a statement writes at least one row");
  if (batcher_) {
    check(write.rows == 1, "a database that makes batches itself takes single rows");
    queue(reply_to);
  } else {
    ctx_.start(this->write({reply_to}, write.rows, write.rows > 1 ? extra_time(write.rows) : 0s));
  }
}

DatabaseAnswer Database::on(const DatabaseConnect& connect) {
  const auto node = node_for(connect.for_writes);
  return {.succeeded = node.has_value(), .error = policies::ErrorClass::connection_failed, .node = node.value_or(0)};
}

void Database::on(const ApplyFault& message) {
  rules_.apply(ctx_.now(), message.part, message.number, message.fault);
  after_fault();
}

void Database::on(const EndFault& message) {
  rules_.end_fault(ctx_.now(), message.part, message.number);
  after_fault();
}

void Database::on(const FailoverDue&) {
  const std::uint64_t lost_before = rules_.statistics().lost_writes_count;
  rules_.advance(ctx_.now());
  lost_writes_.add(rules_.statistics().lost_writes_count - lost_before);
  after_fault();
}

void Database::on(const BatchDue&) { write_batches(); }

/// One write of one or more rows, or a batch of single rows. The answers come in the order of the writes.
Process Database::write(Waiting waiting, std::uint32_t rows, Duration extra_time) {
  const Time began_at = ctx_.now();
  auto draws = draw(config_.write_latency, write_rng_);
  draws.latency = policies::scaled_latency(draws.latency, 1) + extra_time;
  const auto query = rules_.begin_write(began_at, draws);
  co_await ctx_.sleep(query.duration);
  const auto count = static_cast<std::uint32_t>(waiting.size());
  auto result = rules_.finish_batch(ctx_.now(), query, rows, draw_lags());
  const std::uint64_t last_version = result.version;
  for (std::uint32_t index = 0; index < count; ++index) {
    note(write_latency_, began_at, result);
    result.version = result.error ? 0 : last_version - (count - 1 - index);
    ctx_.reply(waiting[index], answer_of(result));
  }
  if (batcher_) {
    batcher_->batch_done(ctx_.now());
    write_batches();
  }
}

void Database::queue(ReplyTo<DatabaseAnswer> reply_to) {
  const policies::WriteBatcher::WriteId id{++last_write_};
  if (batcher_->add(ctx_.now(), id) == policies::WriteBatcher::Added::rejected) {
    failures_.add();
    ctx_.reply(reply_to, DatabaseAnswer{.succeeded = false, .error = policies::ErrorClass::rejected});
    return;
  }
  queued_.emplace(id, reply_to);
  write_batches();
}

void Database::write_batches() {
  for (auto batch = batcher_->take_batch(ctx_.now()); !batch.empty(); batch = batcher_->take_batch(ctx_.now())) {
    Waiting waiting;
    for (const auto id : batch) {
      waiting.push_back(queued_.extract(id).mapped());
    }
    const auto rows = static_cast<std::uint32_t>(waiting.size());
    ctx_.start(write(std::move(waiting), rows, extra_time(rows)));
  }
  ctx_.cancel(batch_timer_);
  if (const auto next = batcher_->next_batch_at()) {
    batch_timer_ = ctx_.after(*next - ctx_.now(), BatchDue{});
  }
}

Duration Database::extra_time(std::uint32_t rows) const {
  return config_.batched_write_time * static_cast<std::int64_t>(rows);
}

/// One that is up and takes such queries.
std::optional<policies::Database::Node> Database::node_for(bool writes) const {
  const auto primary = rules_.primary();
  const bool reads_replicas = !writes && config_.rules.read_routing != policies::Database::ReadRouting::primary;
  for (policies::Database::Node node = 0; reads_replicas && node < rules_.nodes(); ++node) {
    if (node != primary && rules_.is_up(node)) {
      return node;
    }
  }
  return rules_.is_up(primary) ? std::optional(primary) : std::nullopt;
}

void Database::after_fault() {
  primary_up_.set(rules_.is_up(rules_.primary()) ? 1 : 0);
  ctx_.cancel(failover_timer_);
  if (const auto due = rules_.next_failover_at()) {
    failover_timer_ = ctx_.after(*due - ctx_.now(), FailoverDue{});
  }
}

policies::Database::Draws Database::draw(const Distribution& latency, RandomStream& stream) {
  return {latency.sample(stream), error_rng_.uniform01()};
}

std::span<const Duration> Database::draw_lags() {
  for (Duration& lag : lags_) {
    lag = config_.replication_lag.sample(lag_rng_);
  }
  return lags_;
}

void Database::note(Tally& latency, Time began_at, const policies::Database::Result& result) {
  if (result.error) {
    failures_.add();
  } else {
    latency.add(to_seconds(ctx_.now() - began_at));
  }
}

}  // namespace sim::actors
