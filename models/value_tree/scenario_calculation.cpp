#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "libsim/statistics/sample_summary.hpp"
#include "models/value_tree/actors/analyst.hpp"
#include "models/value_tree/measures.hpp"
#include "models/value_tree/scenarios.hpp"

namespace sim::models::value_tree {

namespace {

using policies::TreeOperation;

struct Workplace {
  Ref<actors::ValueTreeStore> store;
  Ref<actors::ValueTreeService> service;
  Ref<Analyst> analyst;
};

Workplace set_up(Simulation& simulation, const Config& config, Config::Shape shape) {
  actors::ValueTreeStore::Config store_config = config.store;
  store_config.children = shape.children;
  store_config.levels = shape.levels;
  const auto store = simulation.spawn<actors::ValueTreeStore>("store", store_config);

  actors::ValueTreeWorker::Config worker_config = config.worker;
  if (config.memoisation) {
    worker_config.calculator.memo = config.memo;
  }
  actors::ValueTreeService::Ports ports{.outline = store, .nodes = store, .change = store, .workers = {}};
  for (std::uint32_t worker = 0; worker < (config.service.parallel_branches ? config.workers_count : 1); ++worker) {
    ports.workers.emplace_back(
        simulation.spawn<actors::ValueTreeWorker>(fmt::format("worker-{}", worker), worker_config));
  }
  const auto service = simulation.spawn<actors::ValueTreeService>("service", config.service, std::move(ports));
  const auto analyst = simulation.spawn<Analyst>("analyst", Analyst::Config{.timeout = config.client_timeout},
                                                 Analyst::Ports{service, service, service});
  return {store, service, analyst};
}

double to_ms(Duration time) { return 1e3 * to_seconds(time); }

/// The slowest answer of a round; one that did not come counts with the time that was waited for it.
double slowest_ms(const std::vector<Analyst::Record>& records, Round round) {
  double slowest = nothing_measured;
  for (const Analyst::Record& record : records) {
    if (record.round == round) {
      slowest = std::fmax(slowest, to_ms(record.time));
    }
  }
  return slowest;
}

void report_times(harness::ScenarioRun& run, const Analyst& analyst) {
  const std::size_t operations = policies::all_tree_operations.size();
  run.report("calculation_time", "ms", slowest_ms(analyst.records(), Round::first), operations);
  for (const Analyst::Record& record : analyst.records()) {
    if (record.round == Round::first) {
      run.report(fmt::format("{}_time", policies::to_text(record.operation)), "ms", to_ms(record.time));
    }
  }
  run.report("opening_time", "ms", to_ms(analyst.opening_time()));
  const double branch_ms = slowest_ms(analyst.records(), Round::branch);
  run.report("first_branch_time", "ms", to_ms(analyst.opening_time()) + branch_ms, std::isnan(branch_ms) ? 0 : 1);
  run.report("repeated_calculation_time", "ms", slowest_ms(analyst.records(), Round::repeated), operations);
  run.report("recalculation_time", "ms", slowest_ms(analyst.records(), Round::changed), operations);
}

/// The results of the first round, which are real.
void report_results(harness::ScenarioRun& run, const Analyst& analyst, double investment) {
  for (const Analyst::Record& record : analyst.records()) {
    if (record.round != Round::first || !record.answer) {
      continue;
    }
    const policies::TreeResult& result = record.answer->result;
    switch (record.operation) {
      case TreeOperation::total:
        run.report("total_value", "USD", static_cast<double>(std::get<std::int64_t>(result)) / 100);
        break;
      case TreeOperation::weighted:
        run.report("weighted_value", "USD", std::get<double>(result) / 100);
        break;
      case TreeOperation::critical_path: {
        const auto& path = std::get<policies::CriticalPath>(result);
        run.report("critical_path_value", "USD", static_cast<double>(path.value_cents) / 100, path.nodes.size());
        break;
      }
      case TreeOperation::distribution: {
        const auto& categories = std::get<policies::ValueDistribution>(result).categories;
        const auto& revenue = categories[static_cast<std::size_t>(policies::ValueCategory::revenue)];
        run.report("revenue_value", "USD", static_cast<double>(revenue.value_cents) / 100, revenue.nodes_count);
        break;
      }
      case TreeOperation::roi:
        run.report("roi", "percent",
                   policies::return_on_investment_percent(std::get<double>(result), std::llround(100 * investment)));
        break;
    }
  }
}

void report_accounts(harness::ScenarioRun& run, Simulation& simulation, const Analyst& analyst) {
  policies::TreeEffort effort;
  std::uint64_t answered = 0;
  std::uint64_t timed_out = 0;
  for (const Analyst::Record& record : analyst.records()) {
    if (record.answer) {
      effort += record.answer->effort;
      ++answered;
    } else {
      ++timed_out;
    }
  }
  const auto report = [&](const char* metric, std::uint64_t count) {
    run.report(metric, "count", static_cast<double>(count), analyst.records().size());
  };
  report("nodes_read", simulation.metrics().counter_total("nodes_read_count"));
  report("nodes_visited", effort.visited_count);
  report("branches_remembered", effort.known_count);
  report("questions", analyst.questions_count());
  report("questions_answered", answered);
  report("questions_timed_out", timed_out);
  run.report_account({.whole = "questions", .parts = {"questions_answered", "questions_timed_out"}});
}

void calculate(harness::ScenarioRun& run, const Config& config, Config::Shape shape) {
  Simulation& simulation = run.simulation();
  const Workplace workplace = set_up(simulation, config, shape);
  simulation.run();
  const Analyst& analyst = simulation.get(workplace.analyst);
  check(analyst.is_done(), "an analyst comes to the end of the script");
  const policies::ValueTree::Index nodes = simulation.get(workplace.store).tree().size();
  run.report("nodes", "count", nodes);
  report_times(run, analyst);
  report_results(run, analyst, config.investment_per_node * nodes);
  report_accounts(run, simulation, analyst);
  check_littles_law(run, simulation.get(workplace.service), analyst);
}

}  // namespace

void small(harness::ScenarioRun& run, const Config& config) { calculate(run, config, config.small); }
void medium(harness::ScenarioRun& run, const Config& config) { calculate(run, config, config.medium); }
void large(harness::ScenarioRun& run, const Config& config) { calculate(run, config, config.large); }

}  // namespace sim::models::value_tree
