#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "actors/pools/buffer_pool.hpp"
#include "libsim/duration_sum.hpp"
#include "libsim/sim.hpp"
#include "libsim/statistics/time_weighted.hpp"

namespace sim::models::stress {

using policies::BufferPool;

struct BufferLent {
  BufferPool::BufferId buffer{};
  bool reused = false;

  friend bool operator==(const BufferLent&, const BufferLent&) = default;
};

struct AcquireBuffer {
  using Reply = BufferLent;

  friend bool operator==(const AcquireBuffer&, const AcquireBuffer&) = default;
};

struct BufferReturned {
  bool retained = false;
  std::uint32_t pooled = 0;  ///< buffers kept after this return
  std::uint64_t bytes = 0;   ///< in use and kept

  friend bool operator==(const BufferReturned&, const BufferReturned&) = default;
};

struct ReleaseBuffer {
  using Reply = BufferReturned;
  BufferPool::BufferId buffer{};

  friend bool operator==(const ReleaseBuffer&, const ReleaseBuffer&) = default;
};

/// A buffer pool that takes its time: to allocate what it does not have, to clear what it keeps.
class BufferKeeper {
 public:
  struct Config {
    BufferPool::Config rules = {};
    Distribution allocation = lognormal_p50_p99(100us, 400us);
    Distribution clearing = lognormal_p50_p99(50us, 100us);
  };
  using Inbox = sim::Inbox<AcquireBuffer, ReleaseBuffer>;

  BufferKeeper(Context& ctx, Config config)
      : ctx_(ctx),
        config_(config),
        pool_(config.rules),
        allocation_rng_(ctx.random("allocation")),
        clearing_rng_(ctx.random("clearing")),
        allocating_(ctx.now()) {}

  Process on(AcquireBuffer, ReplyTo<BufferLent> reply_to) {
    const auto acquired = pool_.acquire();
    check(acquired.has_value(), "a pool without a limit on buffers in use lends one to everybody");
    if (!acquired->reused) {
      allocating_.add(ctx_.now(), 1);
      co_await ctx_.sleep(config_.allocation.sample(allocation_rng_));
      allocating_.add(ctx_.now(), -1);
    }
    ctx_.reply(reply_to, BufferLent{acquired->buffer, acquired->reused});
  }

  /// Nobody may find in a buffer what another one left there: it is cleared before the pool has it again.
  Process on(ReleaseBuffer release, ReplyTo<BufferReturned> reply_to) {
    if (pool_.retained() < config_.rules.retained_max) {
      co_await ctx_.sleep(config_.clearing.sample(clearing_rng_));
    }
    const bool retained = pool_.release(release.buffer) == BufferPool::Released::retained;
    ctx_.reply(reply_to, BufferReturned{retained, pool_.retained(), pool_.bytes()});
  }

  /// Area under the number of buffers that are being allocated, in buffers × seconds.
  [[nodiscard]] double allocating_integral() const { return allocating_.integral(ctx_.now()); }

 private:
  Context& ctx_;
  Config config_;
  BufferPool pool_;
  RandomStream& allocation_rng_;
  RandomStream& clearing_rng_;
  TimeWeighted allocating_;
};

/// Takes many buffers, uses them, gives them back, and begins again.
class BufferUser {
 public:
  struct Config {
    std::uint32_t buffers_count = 20;
    std::uint32_t rounds_count = 3;
    Distribution hold = exponential(5ms);
  };
  using Inbox = sim::Inbox<>;

  BufferUser(Context& ctx, Config config, Port<AcquireBuffer> acquire, Port<ReleaseBuffer> release)
      : ctx_(ctx), config_(config), acquire_(acquire), release_(release), hold_rng_(ctx.random("hold")) {}

  Process run() {
    for (std::uint32_t round = 0; round < config_.rounds_count; ++round) {
      co_await take_all();
      co_await ctx_.sleep(config_.hold.sample(hold_rng_));
      co_await give_all_back();
    }
  }

  [[nodiscard]] std::uint32_t pooled() const { return pooled_; }          ///< after the last return
  [[nodiscard]] std::uint32_t pooled_max() const { return pooled_max_; }  ///< the most after any return
  [[nodiscard]] std::uint64_t allocated() const { return allocated_; }
  [[nodiscard]] std::uint64_t reused() const { return reused_; }
  [[nodiscard]] std::uint64_t freed() const { return freed_; }
  [[nodiscard]] DurationSum acquire_time() const { return acquire_time_; }  ///< of all buffers together

 private:
  Task<> take_all() {
    const Time began_at = ctx_.now();
    for (std::uint32_t number = 0; number < config_.buffers_count; ++number) {
      const auto lent = co_await ctx_.ask(acquire_, AcquireBuffer{});
      check(lent.has_value(), "a buffer pool answers");
      ++(lent->reused ? reused_ : allocated_);
      held_.push_back(lent->buffer);
    }
    acquire_time_ += ctx_.now() - began_at;
  }
  Task<> give_all_back() {
    for (const BufferPool::BufferId buffer : held_) {
      const auto returned = co_await ctx_.ask(release_, ReleaseBuffer{buffer});
      check(returned.has_value(), "a buffer pool answers");
      freed_ += returned->retained ? 0 : 1;
      pooled_ = returned->pooled;
      pooled_max_ = std::max(pooled_max_, returned->pooled);
    }
    held_.clear();
  }

  Context& ctx_;
  Config config_;
  Port<AcquireBuffer> acquire_;
  Port<ReleaseBuffer> release_;
  RandomStream& hold_rng_;
  std::vector<BufferPool::BufferId> held_;
  std::uint32_t pooled_ = 0;
  std::uint32_t pooled_max_ = 0;
  std::uint64_t allocated_ = 0;
  std::uint64_t reused_ = 0;
  std::uint64_t freed_ = 0;
  DurationSum acquire_time_;
};

}  // namespace sim::models::stress
