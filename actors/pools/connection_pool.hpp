#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "libsim/containers/linked_map.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// A bounded set of connections that requests borrow in the order they come.
///
/// Every call takes the time, which never goes back (asserted), and returns what there is to do now: connections to
/// open and to close, requests that have one, that waited too long, that were rejected. Opening takes the caller's time
/// and is reported by `created` or `creation_failed`. What is due at the time of a call comes before the call: a
/// request whose timeout ends now is not served by a connection given back now. A new connection goes to whoever has
/// waited longest, not to the one it was created for.
/// Source: HikariCP (its README and source) for terms, defaults, `minimum_idle` and the life of connections;
/// generic-pool 3.9 for creation on demand and the bounded line (its recorded trajectory is among the tests).
class ConnectionPool {
 public:
  /// Names whoever borrows or waits; chosen by the caller, unique among those who wait (asserted).
  enum class RequestId : std::uint64_t {};
  /// Counted from 1 in the order of creation.
  enum class ConnectionId : std::uint64_t {};
  enum class IdleReuse { most_recent, least_recent };
  enum class Condition { healthy, broken };

  struct Config {
    std::uint32_t maximum_pool_size = 10;    ///< being created, idle and in use together
    std::uint32_t minimum_idle = 10;         ///< kept ready as far as the size allows; 0: created only when asked for
    std::uint32_t waiting_max = 0xffffffff;  ///< in line while the pool has its full size; more are rejected
    Duration connection_timeout = 30s;       ///< of a request that waits; `forever`: none
    Duration idle_timeout = 10min;           ///< for idle ones beyond `minimum_idle`; `forever`: none
    Duration max_lifetime = 30min;           ///< one in use is closed when it comes back; `forever`: none
    double lifetime_spread = 0;             ///< percent of `max_lifetime` by which lives end early, none like the other
    Duration creation_retry_delay = 250ms;  ///< after a failed creation, before the next one is begun
    IdleReuse idle_reuse = IdleReuse::most_recent;

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// Defaults of HikariCP: a pool of fixed size, filled at once, whose connections live up to 2.5 % less than half an
  /// hour. Source: its README; the retry delay and the variance of lives (up to a fortieth, drawn uniformly, none
  /// below 10 s) from HikariPool. Its version 7 spreads by up to 25 %.
  [[nodiscard]] static Config hikari();
  /// Defaults of generic-pool 3.9: one connection, made when first asked for and kept for good. Source: PoolDefaults.
  [[nodiscard]] static Config generic_pool();

  struct Action {
    enum class Kind {
      create,    ///< begin to open `connection`
      assign,    ///< `connection` is lent to `request`, which `waited`
      close,     ///< `connection` has left the pool
      time_out,  ///< `request` has waited for nothing
      reject,    ///< the line that `request` wanted to join is full
    };
    Kind kind = Kind::create;
    ConnectionId connection{};
    RequestId request{};
    Duration waited = 0s;

    friend bool operator==(const Action&, const Action&) = default;
  };
  /// In the order in which they happened; valid until the next call that is not const.
  using Actions = std::span<const Action>;

  struct Statistics {
    std::uint64_t acquired_count = 0;
    std::uint64_t timed_out_count = 0;
    std::uint64_t rejected_count = 0;
    std::uint64_t cancelled_count = 0;
    std::uint64_t created_count = 0;
    std::uint64_t creation_failed_count = 0;
    std::uint64_t closed_idle_count = 0;      ///< after `idle_timeout`
    std::uint64_t closed_lifetime_count = 0;  ///< after `max_lifetime`
    std::uint64_t closed_broken_count = 0;    ///< given back broken
    std::uint64_t closed_evicted_count = 0;   ///< by `evict_all`
    std::uint32_t in_use_max = 0;

    friend bool operator==(const Statistics&, const Statistics&) = default;
  };

  explicit ConnectionPool(Config config);

  /// Lets time pass: timeouts, ends of idle time and life, creations. The first call fills the pool.
  Actions advance(Time now);

  /// When `advance` will next do something by itself; nothing while it only depends on calls.
  [[nodiscard]] std::optional<Time> next_change_at() const;

  /// `assign` at once when a connection is idle, `reject` when the line is full; otherwise the request waits.
  Actions acquire(Time now, RequestId request);

  /// Ends a loan. Only a connection in use is given back, once (asserted). A broken one is closed.
  Actions release(Time now, ConnectionId connection, Condition condition = Condition::healthy);

  /// Leaves the line. Nothing happens to a request that does not wait, whether it never did, timed out or was served.
  Actions cancel(Time now, RequestId request);

  /// A creation has ended well.
  Actions created(Time now, ConnectionId connection);
  /// A creation has failed: its place in the pool is free again.
  Actions creation_failed(Time now, ConnectionId connection);

  /// Closes all idle connections at once and each one in use when it comes back, as after a failover.
  Actions evict_all(Time now);

  [[nodiscard]] std::uint32_t in_use() const { return size() - creating() - idle(); }
  [[nodiscard]] std::uint32_t idle() const { return static_cast<std::uint32_t>(idle_.size()); }
  [[nodiscard]] std::uint32_t creating() const { return creating_; }
  /// Connections of all kinds.
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(connections_.size()); }
  [[nodiscard]] std::uint32_t waiting() const { return static_cast<std::uint32_t>(waiting_.size()); }
  [[nodiscard]] bool is_waiting(RequestId request) const { return waiting_.contains(request); }
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  enum class State { creating, idle, in_use };

  struct Connection {
    State state = State::creating;
    Time life_ends_at = Time::max();                 ///< `Time::max()`: never by its age
    std::uint64_t opened_as = 0;                     ///< counted from 1 in the order of opening
    std::uint64_t Statistics::*leaves_as = nullptr;  ///< in use and to be closed when it comes back: counted here
  };
  /// The end of a life, then the order of opening.
  struct LifeEnd {
    Time at{};
    std::uint64_t opened_as = 0;
    ConnectionId connection{};

    friend auto operator<=>(const LifeEnd&, const LifeEnd&) = default;  // NOLINT(modernize-use-nullptr)
  };
  using Connections = LinkedMap<ConnectionId, Connection>;

  void begin_call(Time now);
  Actions end_call();
  void run_due();
  void time_out_waiting();
  void end_lives();
  void close_overdue_idle();
  void create_missing();
  [[nodiscard]] std::uint32_t missing() const;
  void lend(ConnectionId connection, RequestId request, Time asked_at);
  void offer(ConnectionId connection);
  [[nodiscard]] Time end_of_life(ConnectionId connection) const;
  void forget_age(ConnectionId connection, const Connection& found);
  void close_or_mark(ConnectionId connection, std::uint64_t Statistics::*reason);
  void close(ConnectionId connection, std::uint64_t Statistics::*reason);
  Connection& expect(ConnectionId connection, State state, const char* promise);

  Config config_;
  Time now_{};
  Time retry_creation_at_{};
  std::uint64_t created_ids_ = 0;
  std::uint32_t creating_ = 0;
  Connections connections_;
  LinkedMap<ConnectionId, Time> idle_;  ///< since when, the longest first
  std::set<LifeEnd> ageing_;            ///< open ones whose life will end
  LinkedMap<RequestId, Time> waiting_;  ///< since when, the longest first
  std::vector<Action> actions_;
  Statistics statistics_;
};

}  // namespace sim::policies
