#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "actors/database/database_messages.hpp"
#include "actors/pools/connection_pool.hpp"
#include "actors/server/service_messages.hpp"
#include "libsim/sim.hpp"
#include "models/users/messages.hpp"

namespace sim::models::users {

/// Queries over pooled connections: each borrows one, runs on the database, takes CPU time of its host, and gives the
/// connection back. A connection whose query failed with it is thrown away; a new one needs a node that is up.
class PooledDatabase {
 public:
  struct Config {
    bool for_writes = false;  ///< whose connections need the primary
    policies::ConnectionPool::Config pool;
    bool evicts_on_failure = false;  ///< a query that fails with its connection takes all connections with it
    Distribution connect_time = lognormal_p50_p99(15ms, 80ms);
  };

  struct Ports {
    Port<actors::DatabaseRead> read;
    Port<actors::DatabaseWrite> write;
    Port<actors::DatabaseConnect> connect;
    Port<actors::ServiceRequest> cpu;  ///< of the host
  };

  struct PoolDue {
    static constexpr std::string_view message_name = "PooledDatabase::PoolDue";
    friend bool operator==(const PoolDue&, const PoolDue&) = default;
  };
  using Inbox = sim::Inbox<Start, Query, PoolDue>;

  PooledDatabase(Context& ctx, Config config, Ports ports);
  void on(const Start& start);
  Process on(Query query, ReplyTo<Answer> reply_to);
  void on(const PoolDue& due);

  [[nodiscard]] const policies::ConnectionPool& pool() const { return pool_; }

 private:
  using Pool = policies::ConnectionPool;

  /// A query that waits for a connection, or has one.
  struct Loan {
    explicit Loan(Context& ctx) : decided(ctx) {}

    Waiter decided;
    std::optional<Pool::ConnectionId> connection;
    policies::ErrorClass error = policies::ErrorClass::rejected;  ///< without a connection
  };

  Task<Answer> run(Query query);
  Process connect(Pool::ConnectionId connection);
  void apply(Pool::Actions actions);
  void decide(const Pool::Action& action);

  Context& ctx_;
  Config config_;
  Ports ports_;
  Pool pool_;
  std::map<Pool::RequestId, Loan*> waiting_;
  std::uint64_t last_request_ = 0;
  TimerId timer_{};
  RandomStream& connect_rng_;
  Tally& wait_;
  Gauge& in_use_;
  Gauge& waiting_count_;
  Counter& opened_;
  Counter& refused_;
  Counter& timed_out_;
};

}  // namespace sim::models::users
