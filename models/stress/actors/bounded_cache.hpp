#pragma once

#include <algorithm>
#include <cstdint>

#include "actors/cache/cache.hpp"
#include "libsim/sim.hpp"

namespace sim::models::stress {

/// What a cache says to an insert: its size afterwards, and whether another entry had to go.
struct EntryStored {
  std::uint64_t entries = 0;
  bool evicted_another = false;

  friend bool operator==(const EntryStored&, const EntryStored&) = default;
};

struct StoreEntry {
  using Reply = EntryStored;
  std::uint32_t key = 0;

  friend bool operator==(const StoreEntry&, const StoreEntry&) = default;
};

struct EntryRead {
  bool found = false;

  friend bool operator==(const EntryRead&, const EntryRead&) = default;
};

struct ReadEntry {
  using Reply = EntryRead;
  std::uint32_t key = 0;

  friend bool operator==(const ReadEntry&, const ReadEntry&) = default;
};

/// A cache of bounded size whose entries do not age.
class BoundedCache {
 public:
  struct Config {
    std::uint32_t entries_max = 1'000;
    policies::CacheConfig::Eviction eviction = policies::CacheConfig::Eviction::least_recently_used;
  };
  using Inbox = sim::Inbox<StoreEntry, ReadEntry>;

  BoundedCache(Context& ctx, Config config)
      : ctx_(ctx), cache_({.entries_max = config.entries_max, .ttl = forever, .eviction = config.eviction}) {}

  EntryStored on(const StoreEntry& store) {
    const bool evicted = cache_.set(store.key, store.key, ctx_.now()).has_value();
    return {cache_.size(), evicted};
  }
  EntryRead on(const ReadEntry& read) { return {cache_.get(read.key, ctx_.now()).has_value()}; }

 private:
  Context& ctx_;
  policies::Cache<std::uint32_t, std::uint32_t> cache_;
};

/// Inserts one new key after the other, and reads one of the first keys after each.
class CacheFiller {
 public:
  struct Config {
    std::uint32_t inserts_count = 2'000;
    std::uint32_t hot_keys_count = 50;  ///< 0: nothing is read
    Distribution pause = exponential(1ms);
  };
  using Inbox = sim::Inbox<>;

  CacheFiller(Context& ctx, Config config, Port<StoreEntry> store, Port<ReadEntry> read)
      : ctx_(ctx),
        config_(config),
        store_(store),
        read_(read),
        pause_rng_(ctx.random("pause")),
        key_rng_(ctx.random("hot_key")) {}

  Process run() {
    for (std::uint32_t key = 0; key < config_.inserts_count; ++key) {
      co_await ctx_.sleep(config_.pause.sample(pause_rng_));
      const auto stored = co_await ctx_.ask(store_, StoreEntry{key});
      check(stored.has_value(), "a cache answers");
      entries_ = stored->entries;
      entries_max_ = std::max(entries_max_, stored->entries);
      evictions_ += stored->evicted_another ? 1 : 0;
      const std::uint32_t hot_keys = std::min(key + 1, config_.hot_keys_count);
      if (hot_keys > 0) {
        const auto read = co_await ctx_.ask(read_, ReadEntry{static_cast<std::uint32_t>(key_rng_.below(hot_keys))});
        ++reads_;
        hits_ += read.has_value() && read->found ? 1 : 0;
      }
    }
  }

  [[nodiscard]] std::uint64_t entries() const { return entries_; }          ///< after the last insert
  [[nodiscard]] std::uint64_t entries_max() const { return entries_max_; }  ///< the most after any insert
  [[nodiscard]] std::uint64_t evictions() const { return evictions_; }
  [[nodiscard]] std::uint64_t reads() const { return reads_; }
  [[nodiscard]] std::uint64_t hits() const { return hits_; }

 private:
  Context& ctx_;
  Config config_;
  Port<StoreEntry> store_;
  Port<ReadEntry> read_;
  RandomStream& pause_rng_;
  RandomStream& key_rng_;
  std::uint64_t entries_ = 0;
  std::uint64_t entries_max_ = 0;
  std::uint64_t evictions_ = 0;
  std::uint64_t reads_ = 0;
  std::uint64_t hits_ = 0;
};

}  // namespace sim::models::stress
