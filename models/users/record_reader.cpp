#include "models/users/record_reader.hpp"

namespace sim::models::users {

RecordReader::RecordReader(Context& ctx, const Config& config, Port<Query> database)
    : ctx_(ctx),
      config_(config),
      cache_(config.cache),
      database_(ctx, "read", database, config.retry),
      cache_rng_(ctx.random("cache")),
      hits_(ctx.counter("cache_hits_count")),
      misses_(ctx.counter("cache_misses_count")),
      shared_(ctx.counter("shared_queries_count")),
      fallbacks_(ctx.counter("cached_fallbacks_count")) {}

Task<RecordReader::Source> RecordReader::read(RecordKey record) {
  if (config_.uses_cache) {
    co_await ctx_.sleep(config_.cache_latency.sample(cache_rng_));
    const bool hit = cache_.get(record, ctx_.now()).has_value();
    (hit ? hits_ : misses_).add();
    if (hit) {
      co_return Source::cache;
    }
  }
  const Error error = co_await query(record);
  co_return error ? instead(record, *error) : Source::database;
}

void RecordReader::forget(RecordKey record) { cache_.erase(record); }

Task<RecordReader::Error> RecordReader::query(RecordKey record) {
  if (!config_.shares_queries) {
    co_return co_await fetch(record);
  }
  const CallerId caller = ++last_caller_;
  if (flights_.join(record, caller) == decltype(flights_)::Role::follower) {
    shared_.add();
    Follower self(ctx_);
    followers_.emplace(caller, &self);
    co_await self.ended;
    co_return self.error;
  }
  const Error error = co_await fetch(record);
  const auto flight = error ? flights_.fail(record, caller) : flights_.succeed(record, caller);
  for (const CallerId told : flight.told) {
    Follower& follower = *followers_.extract(told).mapped();
    follower.error = error;
    follower.ended.wake();
  }
  co_return error;
}

Task<RecordReader::Error> RecordReader::fetch(RecordKey record) {
  const Query query;
  const auto outcome = co_await database_.call(query);
  if (!outcome) {
    co_return outcome.error().error;
  }
  if (config_.uses_cache) {
    cache_.set(record, ctx_.now(), ctx_.now());
  }
  if (config_.answers_cached) {
    const policies::Fallback<Time>::Config fallback{.stale_max = config_.cached_max};
    last_answers_.try_emplace(record, fallback).first->second.on_success(ctx_.now(), ctx_.now());
  }
  co_return std::nullopt;
}

RecordReader::Source RecordReader::instead(RecordKey record, policies::ErrorClass error) {
  const auto last = last_answers_.find(record);
  if (last == last_answers_.end() || !last->second.on_failure(ctx_.now(), error).value) {
    return Source::nothing;
  }
  fallbacks_.add();
  return Source::fallback;
}

}  // namespace sim::models::users
