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
      fallbacks_(ctx.counter("cached_fallbacks_count")),
      answers_(ctx.counter("record_answers_count")),
      outdated_(ctx.counter("outdated_answers_count")) {}

Task<RecordReader::Source> RecordReader::read(RecordKey record) {
  if (config_.uses_cache) {
    co_await ctx_.sleep(config_.cache_latency.sample(cache_rng_));
    const auto cached = cache_.get(record, ctx_.now());
    (cached ? hits_ : misses_).add();
    if (cached) {
      count_answer(record, *cached);
      co_return Source::cache;
    }
  }
  const Fetched fetched = co_await query(record);
  if (fetched.error) {
    co_return instead(record, *fetched.error);
  }
  count_answer(record, fetched.version);
  co_return Source::database;
}

void RecordReader::on_commit(const RecordCommitted& commit) {
  if (config_.uses_cache && config_.after_write == AfterWrite::store) {
    cache_.set(commit.record, commit.version, ctx_.now());
  } else {
    cache_.erase(commit.record);
  }
  committed_.insert_or_assign(commit.record, commit.version);
}

Task<RecordReader::Fetched> RecordReader::query(RecordKey record) {
  if (!config_.shares_queries) {
    co_return co_await fetch(record);
  }
  const CallerId caller = ++last_caller_;
  if (flights_.join(record, caller) == decltype(flights_)::Role::follower) {
    shared_.add();
    Follower self(ctx_);
    followers_.emplace(caller, &self);
    co_await self.ended;
    co_return self.fetched;
  }
  const Fetched fetched = co_await fetch(record);
  const auto flight = fetched.error ? flights_.fail(record, caller) : flights_.succeed(record, caller);
  for (const CallerId told : flight.told) {
    Follower& follower = *followers_.extract(told).mapped();
    follower.fetched = fetched;
    follower.ended.wake();
  }
  co_return fetched;
}

Task<RecordReader::Fetched> RecordReader::fetch(RecordKey record) {
  const Query query;
  const auto outcome = co_await database_.call(query);
  Fetched fetched;
  if (!outcome) {
    fetched.error = outcome.error().error;
    co_return fetched;
  }
  fetched.version = outcome->version;
  if (config_.uses_cache) {
    cache_.set(record, fetched.version, ctx_.now());
  }
  if (config_.answers_cached) {
    const policies::Fallback<Version>::Config fallback{.stale_max = config_.cached_max};
    last_answers_.try_emplace(record, fallback).first->second.on_success(ctx_.now(), fetched.version);
  }
  co_return fetched;
}

/// An answer is outdated when it lacks a write of this record that was committed before.
void RecordReader::count_answer(RecordKey record, Version version) {
  answers_.add();
  const auto written = committed_.find(record);
  outdated_.add(written != committed_.end() && version < written->second ? 1 : 0);
}

RecordReader::Source RecordReader::instead(RecordKey record, policies::ErrorClass error) {
  const auto last = last_answers_.find(record);
  if (last == last_answers_.end()) {
    return Source::nothing;
  }
  const auto answer = last->second.on_failure(ctx_.now(), error);
  if (!answer.value) {
    return Source::nothing;
  }
  fallbacks_.add();
  count_answer(record, *answer.value);
  return Source::fallback;
}

}  // namespace sim::models::users
