#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>

#include "actors/monitoring/ledger.hpp"
#include "libsim/sim.hpp"
#include "models/run_in_steps.hpp"
#include "models/workflow/actors/workflow_log.hpp"
#include "models/workflow/config.hpp"

namespace sim::models::workflow {

/// The wired platform inside of one simulation, and the looks into it that the scenarios take between runs.
class Platform {
 public:
  static constexpr Duration start_limit = 30min;

  Platform(Simulation& simulation, const Config& config);
  Platform(const Platform&) = delete;
  Platform& operator=(const Platform&) = delete;

  /// Runs until the containers that are always kept ready are, or for `start_limit` at most; false when some are not.
  bool start();

  /// An author sends an e-mail, at once or after `delay`.
  MessageId request(std::string client, Instruction instruction, Duration delay = Duration{0});

  /// Runs in steps until `condition` holds; false when it still does not after `limit`.
  template <class Condition>
  bool run_until(Condition condition, Duration limit, Duration step = 50ms) {
    return run_in_steps(simulation_, condition, limit, step);
  }

  /// Runs until every session has its outcome, or for `drain.limit` at most after the last was requested.
  void drain();
  /// Runs until the publisher has nothing left, or for `drain.limit` at most.
  void publish_metrics();
  /// A figure of the scenario, to be published with the others.
  void record(std::string metric, double value);

  [[nodiscard]] Simulation& simulation() const { return simulation_; }
  [[nodiscard]] const std::map<MessageId, WorkflowLog::Record>& records() const;
  [[nodiscard]] const WorkflowLog::Record& record_of(MessageId session) const { return records().at(session); }
  [[nodiscard]] const policies::ContainerPool& containers() const;
  [[nodiscard]] const TaskSampler& sampler() const;
  [[nodiscard]] const actors::BatchPublisher::Batcher& publisher() const;
  [[nodiscard]] const policies::PerformanceMonitor& figures() const;
  [[nodiscard]] const policies::OutcomeLedger& ledger() const;
  [[nodiscard]] std::size_t faults_count() const { return faults_count_; }

  /// Checks the identity of the ledger against a walk through senders, queue and dispatcher. Returns the sessions
  /// without outcome.
  std::uint64_t check_accounts() const;

 private:
  void spawn_publishing(const Config& config);
  void spawn_fleet(const Config& config);
  void spawn_mail(const Config& config);
  void spawn_faults(const Config& config);

  Simulation& simulation_;
  Duration drain_limit_;
  Duration publish_interval_;
  std::uint32_t warm_min_;
  std::uint64_t last_session_ = 0;
  Time last_request_at_{};
  std::size_t faults_count_ = 0;
  Ref<actors::Ledger> ledger_;
  Ref<actors::MetricsService> metrics_service_;
  Ref<actors::BatchPublisher> publisher_;
  Ref<actors::PerformanceMonitor> monitor_;
  Ref<WorkflowLog> log_;
  Ref<actors::LanguageModel> language_model_;
  Ref<actors::Server> object_store_;
  Ref<actors::Server> git_host_;
  Ref<Fleet> fleet_;
  Ref<TaskSampler> sampler_;
  Ref<EmailQueue> queue_;
  Ref<Dispatcher> dispatcher_;
  Ref<Authors> authors_;
};

}  // namespace sim::models::workflow
