#include "actors/monitoring/performance_monitor_rules.hpp"

#include <catch2/catch.hpp>

using namespace sim;
using namespace sim::policies;

TEST_CASE("a summary gives count, extremes, average and nearest-rank percentiles", "[performance_monitor]") {
  PerformanceMonitor monitor;
  for (int value = 10; value >= 1; --value) {
    monitor.record("message_time_ms", value);
  }
  // ranks ceil(0.5 * 10) = 5, ceil(0.9 * 10) = 9, ceil(0.95 * 10) = ceil(0.99 * 10) = 10
  REQUIRE(monitor.summary("message_time_ms") == MetricSummary{"message_time_ms", 10, 1, 10, 5.5, 5, 9, 10, 10});
}

TEST_CASE("a metric without values has an empty summary", "[performance_monitor]") {
  REQUIRE(PerformanceMonitor{}.summary("nothing") == MetricSummary{"nothing", 0, 0, 0, 0, 0, 0, 0, 0});
}

TEST_CASE("summaries come in the order of the names", "[performance_monitor]") {
  PerformanceMonitor monitor;
  monitor.record("b", 1);
  monitor.record("a", 2);
  const auto summaries = monitor.summaries();
  REQUIRE(summaries.size() == 2);
  REQUIRE(summaries[0].name == "a");
  REQUIRE(summaries[1].name == "b");
}

TEST_CASE("what was published is not published again", "[performance_monitor]") {
  PerformanceMonitor monitor;
  monitor.record("a", 1);
  monitor.record("b", 1);
  REQUIRE(monitor.take_unpublished_count() == 2);
  REQUIRE(monitor.take_unpublished_count() == 0);
}
