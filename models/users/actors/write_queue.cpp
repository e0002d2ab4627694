#include "models/users/actors/write_queue.hpp"

#include <utility>

namespace sim::models::users {

WriteQueue::WriteQueue(Context& ctx, const Config& config, Port<Query> database)
    : ctx_(ctx),
      config_(config),
      batcher_(config.batches),
      database_(ctx, "write", database, config.retry),
      rows_(ctx.tally("statement_rows_count")) {}

void WriteQueue::on(const StoreRecord& store, ReplyTo<Answer> reply_to) {
  if (config_.mode == WriteMode::direct) {
    ++accepted_;
    ctx_.start(write({{store, reply_to}}, false));
    return;
  }
  const WriteId id{++last_write_};
  if (batcher_.add(ctx_.now(), id) == policies::WriteBatcher::Added::rejected) {
    ctx_.reply(reply_to, Answer{.succeeded = false, .error = policies::ErrorClass::rejected});
    return;
  }
  ++accepted_;
  queued_.emplace(id, Write{store, reply_to});
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
    std::vector<Write> writes;
    for (const WriteId id : batch) {
      writes.push_back(queued_.extract(id).mapped());
    }
    ctx_.start(write(std::move(writes), true));
  }
  ctx_.cancel(timer_);
  if (const auto next = batcher_.next_batch_at()) {
    timer_ = ctx_.after(*next - ctx_.now(), BatchDue{});
  }
}

/// One statement, tried again when it fails.
Process WriteQueue::write(std::vector<Write> writes, bool is_batch) {
  const std::uint64_t count = writes.size();
  in_progress_ += count;
  ++statements_;
  rows_.add(static_cast<double>(count));
  const Query query{.is_write = true, .rows = static_cast<std::uint32_t>(count)};
  const auto outcome = co_await database_.call(query);
  in_progress_ -= count;
  if (outcome) {
    committed_ += count;
    commits_.push_back({ctx_.now(), count});
    tell(writes, *outcome);
  } else {
    lost_ += count;
    tell(writes, Answer{.succeeded = false, .error = outcome.error().error});
  }
  if (is_batch) {
    batcher_.batch_done(ctx_.now());
    take_batches();
  }
}

/// What became of a statement: rows take their places in the log in their order.
void WriteQueue::tell(const std::vector<Write>& writes, const Answer& answer) {
  for (std::size_t index = 0; index < writes.size(); ++index) {
    const Write& write = writes[index];
    Answer of_row = answer;
    of_row.version = answer.succeeded ? answer.version - (writes.size() - 1 - index) : 0;
    if (answer.succeeded && write.store.tell != Port<RecordCommitted>{}) {
      ctx_.send(write.store.tell, RecordCommitted{write.store.record, of_row.version});
    }
    if (config_.mode != WriteMode::queued) {
      ctx_.reply(write.reply_to, of_row);
    }
  }
}

}  // namespace sim::models::users
