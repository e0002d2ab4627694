#include "models/users/write_queue.hpp"

#include <utility>

namespace sim::models::users {

WriteQueue::WriteQueue(Context& ctx, const Config& config, Port<Query> database)
    : ctx_(ctx),
      config_(config),
      batcher_(config.batches),
      database_(ctx, "write", database, config.retry),
      rows_(ctx.tally("statement_rows_count")) {}

void WriteQueue::on(const StoreRecord&, ReplyTo<Answer> reply_to) {
  if (config_.mode == WriteMode::direct) {
    ++accepted_;
    ctx_.start(write({reply_to}, false));
    return;
  }
  const WriteId id{++last_write_};
  if (batcher_.add(ctx_.now(), id) == policies::WriteBatcher::Added::rejected) {
    ctx_.reply(reply_to, Answer{false, policies::ErrorClass::rejected});
    return;
  }
  ++accepted_;
  queued_.emplace(id, reply_to);
  if (config_.mode == WriteMode::queued) {
    ctx_.reply(reply_to, Answer{});
  }
  take_batches();
}

void WriteQueue::on(const BatchDue&) { take_batches(); }

std::uint64_t WriteQueue::committed_by(Time time) const {
  std::uint64_t rows = 0;
  for (const Commit& commit : commits_) {
    rows += commit.at <= time ? commit.rows : 0;
  }
  return rows;
}

void WriteQueue::take_batches() {
  for (auto batch = batcher_.take_batch(ctx_.now()); !batch.empty(); batch = batcher_.take_batch(ctx_.now())) {
    Waiting waiting;
    for (const WriteId id : batch) {
      waiting.push_back(queued_.extract(id).mapped());
    }
    ctx_.start(write(std::move(waiting), true));
  }
  ctx_.cancel(timer_);
  if (const auto next = batcher_.next_batch_at()) {
    timer_ = ctx_.after(*next - ctx_.now(), BatchDue{});
  }
}

/// One statement, tried again when it fails.
Process WriteQueue::write(Waiting waiting, bool is_batch) {
  const std::uint64_t count = waiting.size();
  in_progress_ += count;
  ++statements_;
  rows_.add(static_cast<double>(count));
  const Query query{.is_write = true, .rows = static_cast<std::uint32_t>(count)};
  const auto outcome = co_await database_.call(query);
  in_progress_ -= count;
  if (outcome) {
    committed_ += count;
    commits_.push_back({ctx_.now(), count});
  } else {
    lost_ += count;
  }
  if (config_.mode != WriteMode::queued) {
    const Answer answer = outcome ? Answer{} : Answer{false, outcome.error().error};
    for (const ReplyTo<Answer> reply_to : waiting) {
      ctx_.reply(reply_to, answer);
    }
  }
  if (is_batch) {
    batcher_.batch_done(ctx_.now());
    take_batches();
  }
}

}  // namespace sim::models::users
