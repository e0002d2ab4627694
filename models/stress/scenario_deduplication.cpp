
#include "models/stress/actors/search_actors.hpp"
#include "models/stress/measures.hpp"
#include "models/stress/scenarios.hpp"

namespace sim::models::stress {

void deduplication(harness::ScenarioRun& run, const Config& config) {
  const auto& settings = config.deduplication;
  Simulation& simulation = run.simulation();
  const bool compares = settings.search == DuplicateSearch::all_against_all;
  const DuplicateWorker::Config worker{settings.search, settings.remembered_max, settings.slice,
                                       compares ? settings.cost_per_comparison : settings.cost_per_value};
  const auto searcher = simulation.spawn<DuplicateWorker>("searcher", worker);
  const SearchClient::Config script{settings.values_count, settings.modulus};
  const auto client = simulation.spawn<SearchClient>("client", script, Port<FindDuplicates>(searcher));
  simulation.run();

  const SearchClient& seen = simulation.get(client);
  report_count(run, "duplicates_found", seen.found().duplicates, settings.values_count);
  report_ms(run, "duration", seen.duration(), seen.found().slices);
  report_count(run, "values_visited", seen.found().visited, settings.values_count);
  report_ms(run, "other_work_delayed_max", seen.found().longest_slice, seen.found().slices);
}

}  // namespace sim::models::stress
