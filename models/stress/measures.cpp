#include "models/stress/measures.hpp"

#include <numeric>

namespace sim::models::stress {

double sum_s(const std::vector<double>& times_ms) {
  return std::accumulate(times_ms.begin(), times_ms.end(), 0.0) / 1e3;
}

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
             whole == 0 ? nothing_measured : 100 * static_cast<double>(part) / static_cast<double>(whole), whole);
}

}  // namespace sim::models::stress
