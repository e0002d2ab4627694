#include <algorithm>
#include <string>
#include <vector>

#include "actors/database/database.hpp"
#include "models/resilience/actors/database_user.hpp"
#include "models/resilience/actors/flaky_primary.hpp"
#include "models/resilience/faults.hpp"
#include "models/resilience/measures.hpp"
#include "models/resilience/scenarios.hpp"

namespace sim::models::resilience {

namespace {

using policies::ErrorClass;
using policies::FaultKind;
using Kind = DatabaseUser::Kind;

/// A database, the application that uses it, and what a script does to them.
class DatabaseStage {
 public:
  DatabaseStage(Simulation& simulation, const Config& config)
      : simulation_(simulation),
        database_(simulation.spawn<actors::Database>("database", config.failover.database)),
        flaky_(simulation.spawn<FlakyPrimary>("flaky-primary",
                                              FlakyPrimary::Config{config.failover.database.write_latency}, database_)),
        user_(simulation.spawn<DatabaseUser>("workflows", user_config(config.failover),
                                             DatabaseUser::Ports{database_, flaky_})) {}

  void begin_fault(std::uint32_t node, const policies::Fault& fault) {
    simulation_.send(database_, actors::ApplyFault{policies::ActiveFaults::Number{node}, fault, node});
    simulation_.run_for(Duration{0});
  }

  /// The next so many attempts at a write fail.
  void fail_next(std::uint32_t count) { simulation_.send(flaky_, FlakyPrimary::FailNext{count}); }

  /// Begins queries, one after the other.
  void query(Kind kind, std::uint32_t count) { simulation_.send(user_, DatabaseUser::Query{kind, count}); }
  /// Begins queries and runs until all of them have ended.
  void query_to_end(Kind kind, std::uint32_t count) {
    query(kind, count);
    simulation_.run();
  }

  [[nodiscard]] const policies::Database& database() const { return simulation_.get(database_).rules(); }
  [[nodiscard]] const DatabaseUser& user() const { return simulation_.get(user_); }
  [[nodiscard]] Simulation& simulation() const { return simulation_; }
  [[nodiscard]] Accounts accounts() const { return accounts_of(simulation_, user_); }

  /// Whether there were queries, and all of them ended with this error.
  [[nodiscard]] bool all_failed_as(ErrorClass error) const {
    const auto& records = user().records();
    return !records.empty() && std::all_of(records.begin(), records.end(), [error](const CallRecord& record) {
      return !record.is_open && record.error == error;
    });
  }

 private:
  static DatabaseUser::Config user_config(const Config::Failover& failover) {
    DatabaseUser::Config config;
    config.retry.schedule = failover.retry;
    config.attempt_timeout.timeout = failover.attempt_timeout;
    config.pause = exponential(nearest_duration(1 / failover.rate_per_s));
    return config;
  }

  Simulation& simulation_;
  Ref<actors::Database> database_;
  Ref<FlakyPrimary> flaky_;
  Ref<DatabaseUser> user_;
};

/// Every node refuses connections: the application is told so.
Accounts connection_refused(harness::ScenarioRun& run, const Config& config) {
  DatabaseStage stage(run.simulation("refused"), config);
  for (std::uint32_t node = 0; node < stage.database().nodes(); ++node) {
    stage.begin_fault(node, {.kind = FaultKind::down});
  }
  stage.query_to_end(Kind::write, config.failover.workflows_count);
  run.report("connection_refused_surfaced", "bool", stage.all_failed_as(ErrorClass::connection_failed) ? 1 : 0,
             stage.user().records().size());
  return stage.accounts();
}

/// The primary fails so many attempts in a row and then works, again and again.
Accounts transient_errors(harness::ScenarioRun& run, const Config& config) {
  DatabaseStage stage(run.simulation("transient"), config);
  for (std::uint32_t round = 0; round < config.failover.transient_rounds_count; ++round) {
    stage.fail_next(config.failover.transient_errors_count);
    stage.query_to_end(Kind::write, 1);
  }
  const DatabaseUser& user = stage.user();
  std::uint64_t attempts = 0;
  bool all_answered = true;
  for (std::size_t query = 0; query < user.records().size(); ++query) {
    attempts = std::max(attempts, user.details()[query].attempts);
    all_answered = all_answered && user.records()[query].is_answered();
  }
  run.report("transient_attempts_to_success", "count", all_answered ? static_cast<double>(attempts) : nothing_measured,
             user.records().size());
  return stage.accounts();
}

/// The primary hangs: the application is told that it took too long.
Accounts primary_hangs(harness::ScenarioRun& run, const Config& config) {
  DatabaseStage stage(run.simulation("timeout"), config);
  stage.begin_fault(0, {.kind = FaultKind::slow, .delay = config.failover.slow_delay});
  stage.query_to_end(Kind::write, config.failover.workflows_count);
  run.report("timeout_surfaced", "bool", stage.all_failed_as(ErrorClass::timed_out) ? 1 : 0,
             stage.user().records().size());
  return stage.accounts();
}

/// All replicas are down: reads go to the primary.
Accounts replicas_lost(harness::ScenarioRun& run, const Config& config) {
  DatabaseStage stage(run.simulation("replicas_lost"), config);
  for (std::uint32_t node = 1; node < stage.database().nodes(); ++node) {
    stage.begin_fault(node, {.kind = FaultKind::down});
  }
  stage.query_to_end(Kind::read, config.failover.workflows_count);
  const DatabaseUser& user = stage.user();
  bool all_from_primary = !user.records().empty();
  for (std::size_t query = 0; query < user.records().size(); ++query) {
    all_from_primary = all_from_primary && user.records()[query].is_answered() &&
                       user.details()[query].node == stage.database().primary();
  }
  run.report("replica_fallback_ok", "bool", all_from_primary ? 1 : 0, user.records().size());
  return stage.accounts();
}

/// The primary is lost for good while the application writes: how long until writes succeed again.
Accounts primary_lost(harness::ScenarioRun& run, const Config& config) {
  DatabaseStage stage(run.simulation("primary_lost"), config);
  const auto writes = static_cast<std::uint32_t>(60 * config.failover.rate_per_s);
  stage.query(Kind::write, writes);
  stage.simulation().run_for(10s);
  const Time lost_at = stage.simulation().now();
  stage.begin_fault(0, {.kind = FaultKind::down});
  stage.simulation().run();
  const auto& records = stage.user().records();
  const auto back = std::find_if(records.begin(), records.end(), [lost_at](const CallRecord& record) {
    return record.is_answered() && record.ended_at > lost_at;
  });
  const auto failed =
      std::count_if(records.begin(), records.end(), [](const CallRecord& record) { return !record.is_answered(); });
  run.report("write_outage_time", "s", back == records.end() ? nothing_measured : to_seconds(back->ended_at - lost_at),
             records.size());
  run.report("writes_failed", "count", static_cast<double>(failed), records.size());
  run.report("writes_lost", "count", static_cast<double>(stage.database().statistics().lost_writes_count),
             records.size());
  return stage.accounts();
}

}  // namespace

void failover(harness::ScenarioRun& run, const Config& config) {
  Accounts accounts = connection_refused(run, config);
  accounts += transient_errors(run, config);
  accounts += primary_hangs(run, config);
  accounts += replicas_lost(run, config);
  accounts += primary_lost(run, config);
  report_accounts(run, accounts);
  warn_of_unused_faults(run, config);
}

}  // namespace sim::models::resilience
