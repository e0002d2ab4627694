#include <algorithm>
#include <cstddef>

#include "models/resilience/actors/workflows.hpp"
#include "models/resilience/faults.hpp"
#include "models/resilience/measures.hpp"
#include "models/resilience/scenarios.hpp"

namespace sim::models::resilience {

namespace {

/// The document's case, many times: workflows that fail at one stage, one after the other.
WorkflowCounts documented_case(Simulation& simulation, const Config& config) {
  Workflows workflows(simulation, config);
  for (std::uint32_t number = 0; number < config.workflow.workflows_count; ++number) {
    workflows.start({.failing_stage = config.workflow.failing_stage}, config.workflow.pause * number);
  }
  simulation.run_for(config.workflow.pause * config.workflow.workflows_count);
  workflows.drain();
  return workflows.counts();
}

/// One workflow that succeeds, and one that fails at each stage.
WorkflowCounts every_stage(Simulation& simulation, const Config& config) {
  Workflows workflows(simulation, config);
  for (std::uint32_t stage = 0; stage <= config.workflow.stages_count; ++stage) {
    workflows.start({.failing_stage = stage});
    workflows.drain();
  }
  return workflows.counts();
}

/// Runs until a workflow has written so many records; false when it ended before, or is stuck.
bool run_until_records(Workflows& workflows, SagaId saga, std::size_t records) {
  const Time last = workflows.simulation().now() + Workflows::drain_limit;
  while (workflows.records_of(saga) < records) {
    if (workflows.has_ended(saga) || workflows.simulation().now() >= last) {
      return false;
    }
    workflows.simulation().run_for(10ms);
  }
  return true;
}

/// Workflows that fail at each stage, or at none; the orchestrator is killed after each thing that one of them has
/// written down, once per workflow.
WorkflowCounts orchestrator_killed(harness::ScenarioRun& run, Simulation& simulation, const Config& config,
                                   std::uint64_t& kills) {
  Workflows workflows(simulation, config);
  RandomStream restart_rng({run.seed(), run.replication(), "compensation-script", 0, "restart"});
  for (std::uint32_t stage = 0; stage <= config.workflow.stages_count; ++stage) {
    std::size_t records = 1;
    for (bool was_killed = true; was_killed;) {
      const SagaId saga = workflows.start({.failing_stage = stage});
      was_killed = run_until_records(workflows, saga, records);
      if (was_killed) {
        records = workflows.records_of(saga) + 1;
        workflows.restart_orchestrator(config.workflow.restart_time.sample(restart_rng));
        ++kills;
      }
      workflows.drain();
    }
  }
  return workflows.counts();
}

/// Workflows that fail at each stage; each compensation of each of them fails for good once.
WorkflowCounts compensations_fail(Simulation& simulation, const Config& config) {
  Workflows workflows(simulation, config);
  for (std::uint32_t stage = 2; stage <= config.workflow.stages_count; ++stage) {
    for (std::uint32_t compensation = 1; compensation < stage; ++compensation) {
      workflows.start({.failing_stage = stage, .failing_compensation = compensation});
      workflows.drain();
    }
  }
  return workflows.counts();
}

void report_count(harness::ScenarioRun& run, std::string_view metric, std::uint64_t count, std::uint64_t samples) {
  run.report(metric, "count", static_cast<double>(count), samples);
}

}  // namespace

void compensation(harness::ScenarioRun& run, const Config& config) {
  WorkflowCounts calm = documented_case(run.simulation("documented"), config);
  calm += every_stage(run.simulation("every_stage"), config);
  std::uint64_t kills = 0;
  const WorkflowCounts killed = orchestrator_killed(run, run.simulation("killed"), config, kills);
  const WorkflowCounts unlucky = compensations_fail(run.simulation("compensation_fails"), config);
  WorkflowCounts all = calm;
  all += killed;
  report_count(run, "artifacts_orphaned", all.orphans_left, all.artifacts_created);
  all += unlucky;
  report_count(run, "orphans_of_failed_compensations", unlucky.orphans_left, unlucky.artifacts_created);
  report_count(run, "orphans_unreported", all.orphans_unreported, all.orphans_left);
  const auto& times = calm.compensation_times_s;
  run.report("compensation_time", "s", largest_of(times), times.size());
  run.report("compensation_time_p50", "s", percentile_of(times, 50), times.size());
  run.report("compensation_time_p99", "s", percentile_of(times, 99), times.size());
  run.report("compensation_time_killed", "s", largest_of(killed.compensation_times_s),
             killed.compensation_times_s.size());
  report_count(run, "orchestrator_kills", kills, killed.started);
  report_count(run, "artifacts_created", all.artifacts_created, all.started);
  report_workflows(run, all);
  warn_of_unused_faults(run, config);
}

void partial_compensation(harness::ScenarioRun& run, const Config& config) {
  const WorkflowCounts counts = compensations_fail(run.simulation(), config);
  run.report_share("compensations_attempted", counts.compensations_attempted, counts.compensations_expected);
  report_count(run, "compensation_attempts_failed", counts.compensations_failed, counts.compensations_expected);
  report_count(run, "orphans_left", counts.orphans_left, counts.artifacts_created);
  report_count(run, "orphans_unreported", counts.orphans_unreported, counts.orphans_left);
  run.report("compensation_time_max", "s", largest_of(counts.compensation_times_s), counts.compensation_times_s.size());
  report_workflows(run, counts);
  warn_of_unused_faults(run, config);
}

}  // namespace sim::models::resilience
