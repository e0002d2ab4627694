#include "actors/monitoring/performance_reporter.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

std::vector<MetricSummary> measured() {
  PerformanceMonitor monitor;
  for (int value = 1; value <= 100; ++value) {
    monitor.record("build.compile_ms", value);
  }
  monitor.record("build.bundle_ms", 2.5);
  monitor.record("deploy.upload.retry_ms", 1);
  monitor.record("uptime", 7);
  return monitor.summaries();
}

}  // namespace

TEST_CASE("the group of a metric is what stands before the first dot", "[performance_reporter]") {
  REQUIRE(metric_group("build.compile_ms") == "build");
  REQUIRE(metric_group("deploy.upload.retry_ms") == "deploy");
  REQUIRE(metric_group("uptime") == "uptime");
  REQUIRE(metric_group(".hidden").empty());
  REQUIRE(metric_group("").empty());
}

TEST_CASE("a report has the groups and their metrics in the order of the names", "[performance_reporter]") {
  std::vector<MetricSummary> summaries = measured();
  std::swap(summaries.front(), summaries.back());
  const PerformanceReport report(summaries);
  REQUIRE(report.groups().size() == 3);
  REQUIRE(report.groups()[0].name == "build");
  REQUIRE(report.groups()[0].metrics.size() == 2);
  REQUIRE(report.groups()[0].metrics[0].name == "build.bundle_ms");
  REQUIRE(report.groups()[0].metrics[1].name == "build.compile_ms");
  REQUIRE(report.groups()[1].name == "deploy");
  REQUIRE(report.groups()[2].name == "uptime");
}

TEST_CASE("a group stays together although another name sorts between its metrics", "[performance_reporter]") {
  PerformanceMonitor monitor;
  for (const char* name : {"a", "a!.x", "a.y"}) {
    monitor.record(name, 1);
  }
  const PerformanceReport report(monitor.summaries());
  REQUIRE(report.groups().size() == 2);
  REQUIRE(report.groups()[0].metrics.size() == 2);
}

TEST_CASE("a report as text has a table per group", "[performance_reporter]") {
  REQUIRE(PerformanceReport(measured()).to_text() ==
          "build\n"
          "  metric                    count          min         mean          p50          p95          p99"
          "          max\n"
          "  build.bundle_ms               1        2.500        2.500        2.500        2.500        2.500"
          "        2.500\n"
          "  build.compile_ms            100        1.000       50.500       50.000       95.000       99.000"
          "      100.000\n"
          "deploy\n"
          "  metric                    count          min         mean          p50          p95          p99"
          "          max\n"
          "  deploy.upload.retry_ms        1        1.000        1.000        1.000        1.000        1.000"
          "        1.000\n"
          "uptime\n"
          "  metric                    count          min         mean          p50          p95          p99"
          "          max\n"
          "  uptime                        1        7.000        7.000        7.000        7.000        7.000"
          "        7.000\n");
}

TEST_CASE("a report as JSON is read back with the same numbers", "[performance_reporter]") {
  const auto json = nlohmann::json::parse(PerformanceReport(measured()).to_json());
  REQUIRE(json["groups"].size() == 3);
  const auto& compile = json["groups"][0]["metrics"][1];
  REQUIRE(json["groups"][0]["name"] == "build");
  REQUIRE(compile == nlohmann::json{{"name", "build.compile_ms"},
                                    {"count", 100},
                                    {"min", 1.0},
                                    {"max", 100.0},
                                    {"mean", 50.5},
                                    {"p50", 50.0},
                                    {"p95", 95.0},
                                    {"p99", 99.0}});
}

TEST_CASE("an empty report is empty text and JSON without groups", "[performance_reporter]") {
  const PerformanceReport report({});
  REQUIRE(report.to_text().empty());
  REQUIRE(nlohmann::json::parse(report.to_json()) == nlohmann::json{{"groups", nlohmann::json::array()}});
}

TEST_CASE("a name that is no UTF-8 does not break the JSON", "[performance_reporter]") {
  PerformanceMonitor monitor;
  monitor.record("a.\xff", 1);
  REQUIRE_NOTHROW(nlohmann::json::parse(PerformanceReport(monitor.summaries()).to_json()));
}

TEST_CASE("two summaries of one metric in a report are a bug", "[performance_reporter]") {
  std::vector<MetricSummary> summaries = measured();
  summaries.push_back(summaries.front());
  REQUIRE_THROWS_AS(PerformanceReport(summaries), AssertionFailure);
}
