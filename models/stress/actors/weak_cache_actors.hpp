#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "actors/cache/owner_bound_cache.hpp"
#include "libsim/sim.hpp"

namespace sim::models::stress {

/// A result that was computed for an actor, on its way to the cache.
struct StoreForOwner {
  ActorId owner{};
  std::uint32_t key = 0;

  friend bool operator==(const StoreForOwner&, const StoreForOwner&) = default;
};

/// Says that an owner lives, so that the cache may keep entries for it.
struct OwnerBegins {
  ActorId owner{};

  friend bool operator==(const OwnerBegins&, const OwnerBegins&) = default;
};

struct OwnedEntryRead {
  bool found = false;

  friend bool operator==(const OwnedEntryRead&, const OwnedEntryRead&) = default;
};

struct ReadOwnedEntry {
  using Reply = OwnedEntryRead;
  ActorId owner{};
  std::uint32_t key = 0;

  friend bool operator==(const ReadOwnedEntry&, const ReadOwnedEntry&) = default;
};

/// A cache whose entries end with their owners. An ordinary one, for comparison, knows no owners and keeps everything.
class WeakCache {
 public:
  struct Config {
    bool owner_bound = true;
  };
  using Inbox = sim::Inbox<OwnerBegins, StoreForOwner, ReadOwnedEntry, Down>;

  WeakCache(Context& ctx, Config config) : ctx_(ctx), config_(config) {}

  void on(const OwnerBegins& begins) {
    if (config_.owner_bound) {
      bound_.begin(begins.owner);
      ctx_.monitor(begins.owner);
    }
  }
  void on(const StoreForOwner& store) {
    ++stored_;
    if (!config_.owner_bound) {
      unbound_[{store.owner, store.key}] = store.key;
    } else if (!bound_.set(store.owner, store.key, store.key)) {
      ++refused_;
    }
  }
  OwnedEntryRead on(const ReadOwnedEntry& read) {
    return {config_.owner_bound ? bound_.get(read.owner, read.key).has_value()
                                : unbound_.contains({read.owner, read.key})};
  }
  void on(const Down& down) { ended_ += bound_.end(down.actor); }

  [[nodiscard]] std::uint64_t stored() const { return stored_; }    ///< results that arrived
  [[nodiscard]] std::uint64_t refused() const { return refused_; }  ///< came when the owner was gone
  [[nodiscard]] std::uint64_t ended() const { return ended_; }      ///< went with the owner

 private:
  Context& ctx_;
  Config config_;
  policies::OwnerBoundCache<ActorId, std::uint32_t, std::uint32_t> bound_;
  std::map<std::pair<ActorId, std::uint32_t>, std::uint32_t> unbound_;
  std::uint64_t stored_ = 0;
  std::uint64_t refused_ = 0;
  std::uint64_t ended_ = 0;
};

/// Has results computed all its life, which the cache gets as they are done: also the last one, after its owner's end.
class CacheOwner {
 public:
  struct Config {
    std::uint32_t entries_count = 5;
    Distribution lifetime = exponential(500ms);
    bool ends = true;  ///< off: lives on, with as much to compute
    Distribution computation = lognormal_p50_p99(20ms, 80ms);
  };
  using Inbox = sim::Inbox<>;

  CacheOwner(Context& ctx, Config config, Port<OwnerBegins> begins, Port<StoreForOwner> store)
      : ctx_(ctx),
        config_(std::move(config)),
        begins_(begins),
        store_(store),
        lifetime_rng_(ctx.random("lifetime")),
        computation_rng_(ctx.random("computation")) {}

  Process run() {
    ctx_.send(begins_, OwnerBegins{ctx_.id()});
    const Duration lifetime = config_.lifetime.sample(lifetime_rng_);
    for (std::uint32_t key = 0; key < config_.entries_count; ++key) {
      co_await ctx_.sleep(lifetime / config_.entries_count);
      ctx_.send_after(config_.computation.sample(computation_rng_), store_, StoreForOwner{ctx_.id(), key});
    }
    if (config_.ends) {
      ctx_.stop();
    }
  }

 private:
  Context& ctx_;
  Config config_;
  Port<OwnerBegins> begins_;
  Port<StoreForOwner> store_;
  RandomStream& lifetime_rng_;
  RandomStream& computation_rng_;
};

/// Looks up every entry that there ever was, and counts those it finds.
class EntryAuditor {
 public:
  struct Config {
    std::vector<ActorId> owners = {};
    std::uint32_t entries_per_owner = 5;
  };
  using Inbox = sim::Inbox<>;

  EntryAuditor(Context& ctx, Config config, Port<ReadOwnedEntry> cache)
      : ctx_(ctx), config_(std::move(config)), cache_(cache) {}

  Process run() {
    for (const ActorId owner : config_.owners) {
      for (std::uint32_t key = 0; key < config_.entries_per_owner; ++key) {
        const auto read = co_await ctx_.ask(cache_, ReadOwnedEntry{owner, key});
        if (read.has_value() && read->found) {
          ++(ctx_.alive(owner) ? found_of_living_ : found_of_gone_);
        }
      }
    }
  }

  [[nodiscard]] std::uint64_t found_of_living() const { return found_of_living_; }
  [[nodiscard]] std::uint64_t found_of_gone() const { return found_of_gone_; }

 private:
  Context& ctx_;
  Config config_;
  Port<ReadOwnedEntry> cache_;
  std::uint64_t found_of_living_ = 0;
  std::uint64_t found_of_gone_ = 0;
};

}  // namespace sim::models::stress
