#include "models/resilience/actors/database_user.hpp"

namespace sim::models::resilience {

DatabaseUser::DatabaseUser(Context& ctx, const Config& config, Ports ports)
    : ctx_(ctx),
      pause_(config.pause),
      read_(ctx, "read", ports.read, config.retry, config.attempt_timeout, FailedAnswers::Config{}),
      write_(ctx, "write", ports.write, config.retry, config.attempt_timeout, FailedAnswers::Config{}),
      pause_rng_(ctx.random("pause")),
      open_level_(ctx.now()) {}

Process DatabaseUser::on(Query query) {
  for (std::uint32_t number = 0; number < query.count; ++number) {
    if (number > 0) {
      co_await ctx_.sleep(pause_.sample(pause_rng_));
    }
    CallRecord record;
    record.sent_at = ctx_.now();
    records_.push_back(record);
    details_.emplace_back();
    open_level_.set(ctx_.now(), static_cast<double>(++open_count_));
    const std::uint64_t attempts_before = attempts_count();
    if (query.kind == Kind::read) {
      const Outcome outcome = co_await read_.call(actors::DatabaseRead{});
      note(outcome, attempts_count() - attempts_before);
    } else {
      const Outcome outcome = co_await write_.call(actors::DatabaseWrite{});
      note(outcome, attempts_count() - attempts_before);
    }
  }
}

std::uint64_t DatabaseUser::attempts_count() const {
  constexpr std::size_t answers = 2;
  return read_.layer<answers>().attempts_count() + write_.layer<answers>().attempts_count();
}

void DatabaseUser::note(const Outcome& outcome, std::uint64_t attempts) {
  open_level_.set(ctx_.now(), static_cast<double>(--open_count_));
  CallRecord& record = records_.back();
  record.is_open = false;
  record.ended_at = ctx_.now();
  details_.back().attempts = attempts;
  if (outcome) {
    details_.back().node = outcome->node;
  } else {
    record.error = outcome.error().error;
  }
}

}  // namespace sim::models::resilience
