#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "actors/monitoring/alarm.hpp"
#include "actors/pools/connection_pool.hpp"
#include "libsim/duration_sum.hpp"
#include "libsim/sim.hpp"

namespace sim::models::stress {

using policies::ConnectionPool;

enum class LoanOutcome : std::uint8_t { lent, timed_out, rejected };

struct ConnectionLoan {
  LoanOutcome outcome = LoanOutcome::lent;
  ConnectionPool::ConnectionId connection{};  ///< when lent
  Duration waited{};

  friend bool operator==(const ConnectionLoan&, const ConnectionLoan&) = default;
};

struct AcquireConnection {
  using Reply = ConnectionLoan;

  friend bool operator==(const AcquireConnection&, const AcquireConnection&) = default;
};

struct ReleaseConnection {
  ConnectionPool::ConnectionId connection{};

  friend bool operator==(const ReleaseConnection&, const ReleaseConnection&) = default;
};

struct PoolCounted {
  std::uint32_t in_use = 0;
  std::uint32_t waiting = 0;
  bool is_exhausted = false;  ///< whoever comes now has to wait

  friend bool operator==(const PoolCounted&, const PoolCounted&) = default;
};

struct CountPool {
  using Reply = PoolCounted;

  friend bool operator==(const CountPool&, const CountPool&) = default;
};

/// A connection pool whose connections take time to open.
class PoolKeeper {
 public:
  struct Config {
    ConnectionPool::Config rules = {};
    Distribution creation = lognormal_p50_p99(15ms, 60ms);
  };
  struct ConnectionOpened {
    ConnectionPool::ConnectionId connection{};

    friend bool operator==(const ConnectionOpened&, const ConnectionOpened&) = default;
  };
  struct AlarmRang {
    friend bool operator==(const AlarmRang&, const AlarmRang&) = default;
  };
  using Inbox = sim::Inbox<AcquireConnection, ReleaseConnection, CountPool, ConnectionOpened, AlarmRang>;

  PoolKeeper(Context& ctx, Config config)
      : ctx_(ctx),
        config_(config),
        pool_(config.rules),
        alarm_(ctx),
        creation_rng_(ctx.random("creation")),
        in_use_(ctx.gauge("connections_in_use_count")) {}

  void on(const AcquireConnection&, ReplyTo<ConnectionLoan> reply_to) {
    const ConnectionPool::RequestId request{++last_request_};
    borrowers_.emplace(request, reply_to);
    settle(pool_.acquire(ctx_.now(), request));
  }
  void on(const ReleaseConnection& release) { settle(pool_.release(ctx_.now(), release.connection)); }
  PoolCounted on(const CountPool&) {
    const bool has_room = pool_.idle() > 0 || pool_.size() < config_.rules.maximum_pool_size;
    return {pool_.in_use(), pool_.waiting(), !has_room};
  }
  void on(const ConnectionOpened& opened) { settle(pool_.created(ctx_.now(), opened.connection)); }
  void on(const AlarmRang&) {
    alarm_.has_rung();
    settle(pool_.advance(ctx_.now()));
  }

 private:
  using Action = ConnectionPool::Action;

  void settle(ConnectionPool::Actions actions) {
    for (const Action& action : actions) {
      switch (action.kind) {
        case Action::Kind::create:
          ctx_.after(config_.creation.sample(creation_rng_), ConnectionOpened{action.connection});
          break;
        case Action::Kind::assign:
          answer(action, LoanOutcome::lent);
          break;
        case Action::Kind::time_out:
          answer(action, LoanOutcome::timed_out);
          break;
        case Action::Kind::reject:
          answer(action, LoanOutcome::rejected);
          break;
        case Action::Kind::close:
          break;
      }
    }
    in_use_.set(pool_.in_use());
    alarm_.set(pool_.next_change_at());
  }
  void answer(const Action& action, LoanOutcome outcome) {
    const auto node = borrowers_.extract(action.request);
    ctx_.reply(node.mapped(), ConnectionLoan{outcome, action.connection, action.waited});
  }

  Context& ctx_;
  Config config_;
  ConnectionPool pool_;
  actors::Alarm<AlarmRang> alarm_;
  RandomStream& creation_rng_;
  Gauge& in_use_;
  std::uint64_t last_request_ = 0;
  std::map<ConnectionPool::RequestId, ReplyTo<ConnectionLoan>> borrowers_;  ///< that wait
};

/// Borrows connections until the pool has no more, then waits for one that it may or may not give back in time.
class PoolExhauster {
 public:
  struct Config {
    std::optional<Duration> release_after = {};  ///< gives one back so long after the pool was exhausted
    Duration held_for = 2s;                      ///< gives all back then
  };
  using Inbox = sim::Inbox<>;

  PoolExhauster(Context& ctx, Config config, Port<AcquireConnection> acquire, Port<ReleaseConnection> release,
                Port<CountPool> count)
      : ctx_(ctx), config_(config), acquire_(acquire), release_(release), count_(count) {}

  Process run() {
    co_await exhaust();
    active_at_exhaustion_ = held_.size();
    if (config_.release_after) {
      ctx_.start(release_one());
    }
    ctx_.start(release_all());
    ++asked_;
    const auto loan = co_await ctx_.ask(acquire_, AcquireConnection{});
    check(loan.has_value(), "a pool answers every request");
    count(*loan);
    waiter_ = *loan;
  }

  /// How long connections have been held so far, all together.
  [[nodiscard]] DurationSum held_time() const {
    DurationSum time = held_time_;
    for (const Held& held : held_) {
      time += ctx_.now() - held.since;
    }
    return time;
  }
  [[nodiscard]] std::uint64_t active_at_exhaustion() const { return active_at_exhaustion_; }
  [[nodiscard]] const ConnectionLoan& waiter() const { return waiter_; }
  [[nodiscard]] std::uint64_t asked() const { return asked_; }
  [[nodiscard]] std::uint64_t lent() const { return lent_; }
  [[nodiscard]] std::uint64_t timed_out() const { return timed_out_; }
  [[nodiscard]] std::uint64_t rejected() const { return rejected_; }

 private:
  struct Held {
    ConnectionPool::ConnectionId connection{};
    Time since{};
  };

  Task<> exhaust() {
    bool is_exhausted = false;
    while (!is_exhausted) {
      ++asked_;
      const auto loan = co_await ctx_.ask(acquire_, AcquireConnection{});
      check(loan.has_value(), "a pool answers every request");
      count(*loan);
      const auto counted = co_await ctx_.ask(count_, CountPool{});
      is_exhausted = counted.has_value() && counted->is_exhausted;
    }
  }
  Process release_one() {
    co_await ctx_.sleep(*config_.release_after);
    give_back();
  }
  Process release_all() {
    co_await ctx_.sleep(config_.held_for);
    while (!held_.empty()) {
      give_back();
    }
  }
  void give_back() {
    if (!held_.empty()) {
      ctx_.send(release_, ReleaseConnection{held_.back().connection});
      held_time_ += ctx_.now() - held_.back().since;
      held_.pop_back();
    }
  }
  void count(const ConnectionLoan& loan) {
    if (loan.outcome == LoanOutcome::lent) {
      held_.push_back({loan.connection, ctx_.now()});
    }
    ++(loan.outcome == LoanOutcome::lent ? lent_ : loan.outcome == LoanOutcome::timed_out ? timed_out_ : rejected_);
  }

  Context& ctx_;
  Config config_;
  Port<AcquireConnection> acquire_;
  Port<ReleaseConnection> release_;
  Port<CountPool> count_;
  std::vector<Held> held_;
  DurationSum held_time_;  ///< of what was given back
  std::uint64_t active_at_exhaustion_ = 0;
  ConnectionLoan waiter_;
  std::uint64_t asked_ = 0;
  std::uint64_t lent_ = 0;
  std::uint64_t timed_out_ = 0;
  std::uint64_t rejected_ = 0;
};

}  // namespace sim::models::stress
