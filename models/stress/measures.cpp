#include "models/stress/measures.hpp"

#include <algorithm>
#include <limits>

#include "actors/policies/performance_monitor.hpp"

namespace sim::models::stress {

void report_count(harness::ScenarioRun& run, std::string_view metric, std::uint64_t count, std::uint64_t samples) {
  run.report(metric, "count", static_cast<double>(count), samples);
}

void report_bool(harness::ScenarioRun& run, std::string_view metric, bool observed, std::uint64_t samples) {
  run.report(metric, "bool", observed ? 1 : 0, samples);
}

void report_ms(harness::ScenarioRun& run, std::string_view metric, Duration duration, std::uint64_t samples) {
  run.report(metric, "ms", to_milliseconds(duration), samples);
}

void report_percent(harness::ScenarioRun& run, std::string_view metric, std::uint64_t part, std::uint64_t whole) {
  run.report(metric, "percent",
             whole == 0 ? std::numeric_limits<double>::quiet_NaN()
                        : 100 * static_cast<double>(part) / static_cast<double>(whole),
             whole);
}

double percentile(std::vector<double> values, double percent) {
  std::sort(values.begin(), values.end());
  return values.empty() ? std::numeric_limits<double>::quiet_NaN() : policies::nearest_rank(values, percent);
}

}  // namespace sim::models::stress
