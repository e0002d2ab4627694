#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "actors/saga/saga_orchestrator.hpp"
#include "actors/saga/saga_participant.hpp"
#include "libsim/harness/experiment/scenario_run.hpp"
#include "models/littles_law_sides.hpp"
#include "models/resilience/config.hpp"

namespace sim::models::resilience {

/// What goes wrong in a workflow, by stages from 1; 0: nothing.
struct WorkflowPlan {
  std::uint32_t failing_stage = 0;
  std::uint32_t failing_compensation = 0;  ///< the stage whose compensation fails, in every attempt
};

/// Has workflows started, asking until they are accepted, and hears how they end.
class WorkflowUsers {
 public:
  struct Config {};
  /// Where the orchestrator is reached from now on, as a name service would say.
  struct OrchestratorMoved {
    Port<actors::StartSaga> orchestrator{};
  };
  struct StartNow {
    SagaId saga{};
  };
  using Inbox = sim::Inbox<OrchestratorMoved, StartNow, actors::SagaEnded>;

  WorkflowUsers(Context& ctx, Config) : ctx_(ctx) {}
  void on(const OrchestratorMoved& moved) { orchestrator_ = moved.orchestrator; }
  void on(const actors::SagaEnded& ended);
  Process on(StartNow request);

  [[nodiscard]] std::uint64_t started_count() const { return started_count_; }
  /// The time from their acceptance to their ends that workflows have taken so far, all together.
  [[nodiscard]] double accepted_time_s() const;
  [[nodiscard]] const std::map<SagaId, actors::SagaEnded>& ended() const { return ended_; }

 private:
  Context& ctx_;
  Port<actors::StartSaga> orchestrator_{};
  std::uint64_t started_count_ = 0;
  std::map<SagaId, actors::SagaEnded> ended_;
  std::map<SagaId, Time> accepted_at_;
  std::map<SagaId, Time> ended_at_;
};

/// How a set of workflows ended, and what it left.
struct WorkflowCounts {
  std::uint64_t started = 0;
  std::uint64_t completed = 0;
  std::uint64_t compensated = 0;
  std::uint64_t failed = 0;
  std::uint64_t open = 0;
  std::uint64_t artifacts_created = 0;
  std::uint64_t orphans_left = 0;        ///< artifacts of workflows that did not complete, found at the participants
  std::uint64_t orphans_unreported = 0;  ///< those that no report of the orchestrator names
  std::uint64_t compensations_expected = 0;  ///< executed steps of workflows that did not complete
  std::uint64_t compensations_attempted = 0;
  std::uint64_t compensations_failed = 0;  ///< attempts
  std::vector<double> compensation_times_s = {};
  LittlesLawSides sides;  ///< of the log of the orchestrator, and of the clocks of the users

  WorkflowCounts& operator+=(const WorkflowCounts& other);
};

/// The workflow application: users, an orchestrator with its log, and one participant per stage.
class Workflows {
 public:
  Workflows(Simulation& simulation, const Config& config);
  Workflows(const Workflows&) = delete;
  Workflows& operator=(const Workflows&) = delete;

  /// Starts a workflow now, or later. Its plan travels in its id.
  SagaId start(WorkflowPlan plan, Duration delay = Duration{0});
  /// How long workflows are waited for.
  static constexpr Duration drain_limit = 10min;

  /// Runs until all workflows have ended, or for `drain_limit`.
  void drain();
  /// Kills the orchestrator; another one goes on from the log after `restart_time`.
  void restart_orchestrator(Duration restart_time);

  /// How many records of a workflow are in the log.
  [[nodiscard]] std::size_t records_of(SagaId saga) const;
  [[nodiscard]] bool has_ended(SagaId saga) const;
  [[nodiscard]] WorkflowCounts counts() const;
  [[nodiscard]] Simulation& simulation() const { return simulation_; }

 private:
  void spawn_orchestrator();
  void count_artifacts(WorkflowCounts& counts) const;

  Simulation& simulation_;
  const Config::Workflow& config_;
  policies::SagaLog log_;  ///< survives every orchestrator
  std::uint64_t last_number_ = 0;
  Ref<WorkflowUsers> users_;
  std::vector<Ref<actors::SagaParticipant>> participants_;
  Ref<actors::SagaOrchestrator> orchestrator_;
};

/// Reports how workflows ended; the sum is asserted, and Little's law checked.
void report_workflows(harness::ScenarioRun& run, const WorkflowCounts& counts);

}  // namespace sim::models::resilience
