#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "actors/cache/cache.hpp"
#include "actors/cache/single_flight.hpp"
#include "actors/calls/guarded_port.hpp"
#include "actors/calls/retry.hpp"
#include "actors/retry/fallback.hpp"
#include "libsim/sim.hpp"
#include "models/users/messages.hpp"

namespace sim::models::users {

/// How the application reads a record: from its cache, else from the database, one query per record at a time, else
/// the last good answer. Part of the application's actor, whose context and streams it uses.
class RecordReader {
 public:
  /// What becomes of the cached entry of a record that is written.
  enum class AfterWrite { drop, store };

  struct Config {
    bool uses_cache = true;
    policies::CacheConfig cache = {.entries_max = 10'000, .ttl = 60s};
    Distribution cache_latency = lognormal_p50_p99(500us, 3ms);
    AfterWrite after_write = AfterWrite::drop;
    bool shares_queries = true;   ///< whoever misses a record that is being read waits for that query
    bool answers_cached = true;   ///< an old answer instead of a failure
    Duration cached_max = 10min;  ///< age up to which an old answer is better than none
    calls::Retry::Config retry;
  };

  enum class Source { cache, database, fallback, nothing };

  RecordReader(Context& ctx, const Config& config, Port<Query> database);
  RecordReader(const RecordReader&) = delete;
  RecordReader& operator=(const RecordReader&) = delete;

  /// Where the record came from; `nothing`: it could not be read.
  Task<Source> read(RecordKey record);

  /// The record has changed: what the cache knows of it is old.
  void on_commit(const RecordCommitted& commit);

  [[nodiscard]] std::uint64_t cached_entries() const { return cache_.size(); }

 private:
  using CallerId = std::uint64_t;
  using Version = std::uint64_t;
  using Error = std::optional<policies::ErrorClass>;

  struct Fetched {
    Error error;
    Version version = 0;  ///< the last write that the answer knows of
  };

  /// Waits for the query of another.
  struct Follower {
    explicit Follower(Context& ctx) : ended(ctx) {}

    Waiter ended;
    Fetched fetched;
  };

  Task<Fetched> query(RecordKey record);
  Task<Fetched> fetch(RecordKey record);
  void count_answer(RecordKey record, Version version);
  [[nodiscard]] Source instead(RecordKey record, policies::ErrorClass error);

  Context& ctx_;
  Config config_;
  policies::Cache<RecordKey, Version> cache_;
  policies::SingleFlight<RecordKey, CallerId> flights_;
  calls::GuardedPort<Query, calls::Retry> database_;
  std::map<RecordKey, policies::Fallback<Version>> last_answers_;
  std::map<RecordKey, Version> committed_;  ///< of records that were written; only to count what is outdated
  std::map<CallerId, Follower*> followers_;
  CallerId last_caller_ = 0;
  RandomStream& cache_rng_;
  Counter& hits_;
  Counter& misses_;
  Counter& shared_;
  Counter& fallbacks_;
  Counter& answers_;
  Counter& outdated_;
};

}  // namespace sim::models::users
