#include "models/value_tree/measures.hpp"

namespace sim::models::value_tree {

void check_littles_law(harness::ScenarioRun& run, const actors::ValueTreeService& service, const Analyst& analyst) {
  DurationSum asked;
  for (const Analyst::Record& record : analyst.records()) {
    if (!record.answer) {
      return;
    }
    asked += record.time;
  }
  run.check_littles_law("questions", service.questions_integral(), to_seconds(asked));
}

}  // namespace sim::models::value_tree
