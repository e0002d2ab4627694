#include "actors/monitoring/performance_reporter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>

#include "libsim/failure.hpp"

namespace sim::policies {

std::string_view metric_group(std::string_view metric) { return metric.substr(0, metric.find('.')); }

PerformanceReport::PerformanceReport(std::span<const MetricSummary> summaries) {
  std::map<std::string_view, std::vector<MetricSummary>> groups;
  for (const MetricSummary& summary : summaries) {
    groups[metric_group(summary.name)].push_back(summary);
  }
  const auto by_name = [](const MetricSummary& first, const MetricSummary& second) { return first.name < second.name; };
  const auto same_name = [](const MetricSummary& first, const MetricSummary& second) {
    return first.name == second.name;
  };
  for (auto& [name, metrics] : groups) {
    std::sort(metrics.begin(), metrics.end(), by_name);
    check(std::adjacent_find(metrics.begin(), metrics.end(), same_name) == metrics.end(),
          "a report has one summary per metric");
    groups_.push_back({std::string(name), std::move(metrics)});
  }
}

std::string PerformanceReport::to_text() const {
  std::size_t name_width = 0;
  for (const Group& group : groups_) {
    for (const MetricSummary& metric : group.metrics) {
      name_width = std::max(name_width, metric.name.size());
    }
  }
  fmt::memory_buffer text;
  const auto out = std::back_inserter(text);
  for (const Group& group : groups_) {
    fmt::format_to(out, "{}\n  {:<{}} {:>8} {:>12} {:>12} {:>12} {:>12} {:>12} {:>12}\n", group.name, "metric",
                   name_width, "count", "min", "mean", "p50", "p95", "p99", "max");
    for (const MetricSummary& metric : group.metrics) {
      fmt::format_to(out, "  {:<{}} {:>8} {:>12.3f} {:>12.3f} {:>12.3f} {:>12.3f} {:>12.3f} {:>12.3f}\n", metric.name,
                     name_width, metric.count, metric.min, metric.average, metric.p50, metric.p95, metric.p99,
                     metric.max);
    }
  }
  return fmt::to_string(text);
}

std::string PerformanceReport::to_json() const {
  using Json = nlohmann::ordered_json;
  Json groups = Json::array();
  for (const Group& group : groups_) {
    Json metrics = Json::array();
    for (const MetricSummary& metric : group.metrics) {
      metrics.push_back({{"name", metric.name},
                         {"count", metric.count},
                         {"min", metric.min},
                         {"max", metric.max},
                         {"mean", metric.average},
                         {"p50", metric.p50},
                         {"p95", metric.p95},
                         {"p99", metric.p99}});
    }
    groups.push_back({{"name", group.name}, {"metrics", std::move(metrics)}});
  }
  return Json{{"groups", std::move(groups)}}.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace sim::policies
