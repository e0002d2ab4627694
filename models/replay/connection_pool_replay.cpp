#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <queue>
#include <tuple>
#include <utility>

#include "actors/pools/connection_pool.hpp"
#include "models/replay/holds.hpp"

namespace sim::models::replay {

namespace {

using policies::ConnectionPool;

struct PoolConfig {
  ConnectionPool::Config pool;
  Duration creation_time{};
};

/// One run. At equal times connections come back first, then new ones are ready, then waits end, then requests come.
/// The pool was there before the trace: the connections that it begins with are open, however long that takes.
class PoolRun {
 public:
  PoolRun(const PoolConfig& config, const Trace& trace)
      : trace_(trace), config_(config), pool_(config.pool), open_(trace.rows.size()), holds_(trace.rows.size()) {}

  std::vector<Hold> run() {
    act(pool_.advance(Time{}), Time{});
    creation_time_ = config_.creation_time;
    for (std::size_t row = 0; row < trace_.rows.size(); ++row) {
      pass_until(trace_.rows[row].at);
      act(pool_.acquire(trace_.rows[row].at, ConnectionPool::RequestId{row}), trace_.rows[row].at);
    }
    pass_until(Time::max());
    return std::move(holds_);
  }

  [[nodiscard]] const ConnectionPool::Statistics& statistics() const { return pool_.statistics(); }

 private:
  /// Something that happens to a connection.
  struct Due {
    enum class What { comes_back, is_ready };
    Time at{};
    What what{};
    ConnectionPool::ConnectionId connection{};

    friend bool operator>(const Due& one, const Due& other) {
      return std::tie(one.at, one.what, one.connection) > std::tie(other.at, other.what, other.connection);
    }
  };

  void pass_until(Time until) {
    while (open_ > 0) {  // an idle pool would go on replacing its connections for ever
      const Time due = due_.empty() ? Time::max() : due_.top().at;
      const Time change = pool_.next_change_at().value_or(Time::max());
      if (std::min(due, change) > until) {
        return;
      }
      if (due <= change) {
        settle();
      } else {
        act(pool_.advance(change), change);
      }
    }
  }

  void settle() {
    const Due due = due_.top();
    due_.pop();
    if (due.what == Due::What::is_ready) {
      act(pool_.created(due.at, due.connection), due.at);
    } else {
      --open_;
      act(pool_.release(due.at, due.connection), due.at);
    }
  }

  void act(ConnectionPool::Actions actions, Time now) {
    using Kind = ConnectionPool::Action::Kind;
    for (const ConnectionPool::Action& action : actions) {
      const auto row = static_cast<std::size_t>(action.request);
      if (action.kind == Kind::create) {
        due_.push({now + creation_time_, Due::What::is_ready, action.connection});
      } else if (action.kind == Kind::assign) {
        const Time back_at = now + trace_.rows[row].span;
        holds_[row] = {Hold::Result::acquired, now, back_at};
        due_.push({back_at, Due::What::comes_back, action.connection});
      } else if (action.kind != Kind::close) {
        holds_[row].result = action.kind == Kind::reject ? Hold::Result::rejected : Hold::Result::timed_out;
        --open_;
      }
    }
  }

  const Trace& trace_;
  const PoolConfig& config_;
  Duration creation_time_{};
  ConnectionPool pool_;
  std::size_t open_;  ///< requests that still wait, hold, or are to come
  std::vector<Hold> holds_;
  std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
};

class ConnectionPoolReplay final : public HoldComponent {
 public:
  explicit ConnectionPoolReplay(std::string_view preset) {
    ConnectionPool::Config& pool = config_.pool;
    pool = preset == "generic_pool" ? ConnectionPool::generic_pool() : ConnectionPool::hikari();
    parameters_.add("maximum_pool_size", pool.maximum_pool_size)
        .unit("connections")
        .range(1, 1'000'000)
        .meaning("being created, idle and in use together")
        .source("HikariCP");
    parameters_.add("minimum_idle", pool.minimum_idle)
        .unit("connections")
        .range(0, 1'000'000)
        .meaning("kept ready as far as the size allows; 0: created only when asked for")
        .source("HikariCP: as maximum_pool_size");
    parameters_.add("waiting_max", pool.waiting_max)
        .unit("requests")
        .range(0, 0xffffffff)
        .meaning("requests in line; the rest is rejected")
        .source("HikariCP: no bound");
    parameters_.add("connection_timeout", pool.connection_timeout)
        .range(1ms, 24h)
        .zero_is_forever()
        .meaning("how long a request waits for a connection")
        .source("HikariCP");
    parameters_.add("idle_timeout", pool.idle_timeout)
        .range(1us, 8760h)
        .zero_is_forever()
        .meaning("idle connections beyond minimum_idle are closed after it")
        .source("HikariCP");
    parameters_.add("max_lifetime", pool.max_lifetime)
        .range(1us, 8760h)
        .zero_is_forever()
        .meaning("a connection is replaced after it")
        .source("HikariCP");
    parameters_.add("lifetime_spread", pool.lifetime_spread)
        .unit("percent")
        .range(0, 100)
        .meaning("of max_lifetime, by which lives end early, none like the other; none below 10 s")
        .source("HikariCP, HikariPool: up to a fortieth");
    parameters_.add("creation_time", config_.creation_time)
        .range(0s, 1h)
        .meaning("from the decision to open a connection until it is ready")
        .source("0: connections cost no time");
    parameters_
        .add("idle_reuse", pool.idle_reuse,
             {{"most_recent", ConnectionPool::IdleReuse::most_recent},
              {"least_recent", ConnectionPool::IdleReuse::least_recent}})
        .meaning("which idle connection is lent first")
        .source("docs/components/connection_pool.md");
  }

  /// An idle pool goes on replacing its connections.
  [[nodiscard]] Expected<void> can_be_run(const Trace& trace) const override {
    const ConnectionPool::Config& pool = config_.pool;
    const double kept = std::min(pool.minimum_idle, pool.maximum_pool_size);
    const double life_s = to_seconds(pool.max_lifetime) * (1 - pool.lifetime_spread / 100);
    const double least_s = std::max(life_s + to_seconds(config_.creation_time), 1e-9);
    return check_work("max_lifetime", pool.max_lifetime, "connections", kept * span_s(trace) / least_s);
  }

  [[nodiscard]] Summary replay(const Trace& trace, const RowWriter& write) const override {
    PoolRun run(config_, trace);
    Summary summary = show(trace, run.run(), write);
    summary.emplace_back("in use at most", fmt::to_string(run.statistics().in_use_max));
    summary.emplace_back("created", fmt::to_string(run.statistics().created_count));
    return summary;
  }

 private:
  PoolConfig config_;
};

}  // namespace

std::unique_ptr<Component> make_connection_pool(std::string_view preset) {
  return std::make_unique<ConnectionPoolReplay>(preset);
}

}  // namespace sim::models::replay
