#pragma once

#include <cstdint>

#include "actors/cache/two_tier_cache.hpp"
#include "libsim/duration_sum.hpp"
#include "libsim/sim.hpp"
#include "libsim/statistics/time_weighted.hpp"
#include "models/stress/config.hpp"

namespace sim::models::stress {

using Tiers = policies::TwoTierCache<std::uint32_t, std::uint32_t>;

struct TierAnswer {
  Tiers::Tier tier = Tiers::Tier::none;  ///< that had the value; none: it was loaded

  friend bool operator==(const TierAnswer&, const TierAnswer&) = default;
};

struct LookUpKey {
  using Reply = TierAnswer;
  std::uint32_t key = 0;

  friend bool operator==(const LookUpKey&, const LookUpKey&) = default;
};

/// Puts a value into both tiers.
struct StoreKey {
  std::uint32_t key = 0;

  friend bool operator==(const StoreKey&, const StoreKey&) = default;
};

/// A small cache in memory before a large one on disk. What neither has is loaded from somewhere else and stored.
class TieredCache {
 public:
  struct Config {
    policies::TwoTierCacheConfig rules = {};
    Distribution l1_access = lognormal_p50_p99(5us, 20us);
    Distribution l2_access = lognormal_p50_p99(500us, 5ms);
    Distribution load = lognormal_p50_p99(20ms, 80ms);
  };
  using Inbox = sim::Inbox<LookUpKey, StoreKey>;

  TieredCache(Context& ctx, Config config)
      : ctx_(ctx),
        config_(config),
        tiers_(config.rules),
        l1_rng_(ctx.random("l1_access")),
        l2_rng_(ctx.random("l2_access")),
        load_rng_(ctx.random("load")),
        lookups_(ctx.now()) {}

  void on(const StoreKey& store) { tiers_.set(store.key, store.key, ctx_.now()); }

  Process on(LookUpKey look_up, ReplyTo<TierAnswer> reply_to) {
    lookups_.add(ctx_.now(), 1);
    const Tiers::Tier tier = tiers_.get(look_up.key, ctx_.now()).tier;
    co_await ctx_.sleep(config_.l1_access.sample(l1_rng_));
    if (tier != Tiers::Tier::l1) {
      co_await ctx_.sleep(config_.l2_access.sample(l2_rng_));
    }
    if (tier == Tiers::Tier::none) {
      co_await ctx_.sleep(config_.load.sample(load_rng_));
      tiers_.set(look_up.key, look_up.key, ctx_.now());
    }
    lookups_.add(ctx_.now(), -1);
    ctx_.reply(reply_to, TierAnswer{tier});
  }

  /// Area under the number of lookups in progress, in lookups × seconds.
  [[nodiscard]] double lookups_integral() const { return lookups_.integral(ctx_.now()); }

 private:
  Context& ctx_;
  Config config_;
  Tiers tiers_;
  RandomStream& l1_rng_;
  RandomStream& l2_rng_;
  RandomStream& load_rng_;
  TimeWeighted lookups_;
};

/// Fills the cache with all keys, then looks one key up after the other.
class KeyReader {
 public:
  struct Config {
    std::uint32_t keys_count = 200;
    std::uint32_t lookups_count = 1'000;
    KeyOrder order = KeyOrder::random;
    Duration timeout = 1s;
  };
  using Inbox = sim::Inbox<>;

  KeyReader(Context& ctx, Config config, Port<LookUpKey> look_up, Port<StoreKey> store)
      : ctx_(ctx), config_(config), look_up_(look_up), store_(store), key_rng_(ctx.random("key")) {}

  Process run() {
    for (std::uint32_t key = 0; key < config_.keys_count; ++key) {
      ctx_.send(store_, StoreKey{key});
    }
    for (std::uint32_t number = 0; number < config_.lookups_count; ++number) {
      const Time began_at = ctx_.now();
      const auto answer = co_await ctx_.ask(look_up_, LookUpKey{next_key(number)}, config_.timeout);
      time_ += ctx_.now() - began_at;
      if (!answer) {
        ++timed_out_;
        continue;
      }
      ++(answer->tier == Tiers::Tier::l1 ? l1_hits_ : answer->tier == Tiers::Tier::l2 ? l2_hits_ : misses_);
    }
  }

  [[nodiscard]] std::uint64_t l1_hits() const { return l1_hits_; }
  [[nodiscard]] std::uint64_t l2_hits() const { return l2_hits_; }
  [[nodiscard]] std::uint64_t misses() const { return misses_; }
  [[nodiscard]] std::uint64_t timed_out() const { return timed_out_; }
  [[nodiscard]] DurationSum time() const { return time_; }  ///< of all lookups together

 private:
  std::uint32_t next_key(std::uint32_t number) {
    return config_.order == KeyOrder::cyclic ? number % config_.keys_count
                                             : static_cast<std::uint32_t>(key_rng_.below(config_.keys_count));
  }

  Context& ctx_;
  Config config_;
  Port<LookUpKey> look_up_;
  Port<StoreKey> store_;
  RandomStream& key_rng_;
  std::uint64_t l1_hits_ = 0;
  std::uint64_t l2_hits_ = 0;
  std::uint64_t misses_ = 0;
  std::uint64_t timed_out_ = 0;
  DurationSum time_;
};

}  // namespace sim::models::stress
