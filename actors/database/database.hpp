#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "actors/database/database_messages.hpp"
#include "actors/database/database_rules.hpp"
#include "actors/faults/fault_messages.hpp"
#include "actors/queues/write_batcher.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// A primary with its read replicas: `policies::Database` with the draws it needs, and writes in batches if wanted.
/// Faults act on nodes: the `part` of a fault is the number of the node.
class Database {
 public:
  struct Config {
    Distribution read_latency = lognormal_p50_p99(2ms, 20ms);
    Distribution write_latency = lognormal_p50_p99(5ms, 40ms);  ///< of a write, or of a batch
    Distribution replication_lag = lognormal_p50_p99(20ms, 500ms);
    policies::Database::Config rules;
    std::optional<policies::WriteBatcher::Config> batching = {};  ///< nothing: each write by itself
    Duration batched_write_time = 100us;                          ///< for each row of a batch, besides its latency

    friend bool operator==(const Config&, const Config&) = default;
  };

  struct FailoverDue {
    static constexpr std::string_view message_name = "Database::FailoverDue";
    friend bool operator==(const FailoverDue&, const FailoverDue&) = default;
  };
  struct BatchDue {
    static constexpr std::string_view message_name = "Database::BatchDue";
    friend bool operator==(const BatchDue&, const BatchDue&) = default;
  };
  using Inbox = sim::Inbox<DatabaseRead, DatabaseWrite, DatabaseConnect, ApplyFault, EndFault, FailoverDue, BatchDue>;

  Database(Context& ctx, Config config);
  Process on(DatabaseRead read, ReplyTo<DatabaseAnswer> reply_to);
  void on(const DatabaseWrite& write, ReplyTo<DatabaseAnswer> reply_to);
  [[nodiscard]] DatabaseAnswer on(const DatabaseConnect& connect);
  void on(const ApplyFault& message);
  void on(const EndFault& message);
  void on(const FailoverDue& due);
  void on(const BatchDue& due);

  [[nodiscard]] const policies::Database& rules() const { return rules_; }
  /// Nothing when each write goes by itself.
  [[nodiscard]] const std::optional<policies::WriteBatcher>& batcher() const { return batcher_; }

 private:
  using Waiting = std::vector<ReplyTo<DatabaseAnswer>>;

  Process write(Waiting waiting, std::uint32_t rows, Duration extra_time);
  void queue(ReplyTo<DatabaseAnswer> reply_to);
  void write_batches();
  void after_fault();
  [[nodiscard]] Duration extra_time(std::uint32_t rows) const;
  [[nodiscard]] std::optional<policies::Database::Node> node_for(bool writes) const;
  [[nodiscard]] policies::Database::Draws draw(const Distribution& latency, RandomStream& stream);
  [[nodiscard]] std::span<const Duration> draw_lags();
  void note(Tally& latency, Time began_at, const policies::Database::Result& result);

  Context& ctx_;
  Config config_;
  policies::Database rules_;
  std::optional<policies::WriteBatcher> batcher_;
  std::map<policies::WriteBatcher::WriteId, ReplyTo<DatabaseAnswer>> queued_;
  std::uint64_t last_write_ = 0;
  TimerId batch_timer_{};
  TimerId failover_timer_{};
  std::vector<Duration> lags_;
  RandomStream& read_rng_;
  RandomStream& write_rng_;
  RandomStream& lag_rng_;
  RandomStream& error_rng_;
  Tally& read_latency_;
  Tally& write_latency_;
  Counter& failures_;
  Counter& stale_reads_;
  Counter& lost_writes_;
  Gauge& primary_up_;
};

}  // namespace sim::actors
