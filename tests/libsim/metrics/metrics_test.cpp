#include "libsim/metrics/metrics.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "libsim/failure.hpp"

using namespace std::chrono_literals;
using sim::MetricKind;
using sim::MetricRow;
using sim::Metrics;
using sim::Time;

TEST_CASE("a metric of one name and actor is one instance, whose reference stays valid", "[metrics]") {
  const Time now{};
  Metrics metrics(now);
  sim::Tally& wait = metrics.tally("wait_s", "server-0");
  wait.add(1.0);
  for (int i = 0; i < 1'000; ++i) {
    metrics.tally("wait_s", "other-" + std::to_string(i)).add(2.0);
    metrics.tally("metric-" + std::to_string(i), "server-0");
  }
  CHECK(&metrics.tally("wait_s", "server-0") == &wait);
  CHECK(wait.count() == 1);
}

TEST_CASE("a name asked for as two kinds is refused, and the refusal says which it is", "[metrics]") {
  const Time now{};
  Metrics metrics(now);
  metrics.counter("requests_count", "a");
  CHECK_THROWS_WITH(metrics.tally("requests_count", "b"),
                    Catch::Contains("one kind throughout a run, and requests_count is a counter"));
  CHECK_THROWS_AS(metrics.merged_tally("requests_count"), sim::AssertionFailure);
  CHECK_THROWS_AS(metrics.gauge("", "a"), sim::AssertionFailure);
  CHECK(metrics.counters("requests_count").size() == 1);
}

TEST_CASE("tallies of all actors merge into one", "[metrics]") {
  const Time now{};
  Metrics metrics(now);
  metrics.tally("wait_s", "a").add(1.0);
  metrics.tally("wait_s", "b").add(2.0);
  metrics.tally("wait_s", "b").add(6.0);
  const auto all = metrics.merged_tally("wait_s");
  REQUIRE(all);
  CHECK(all->count() == 3);
  CHECK(all->mean() == 3.0);
  CHECK(all->percentile(50) == 2.0);
}

TEST_CASE("counters of all actors add up", "[metrics]") {
  const Time now{};
  Metrics metrics(now);
  metrics.counter("requests_count", "a").add(3);
  metrics.counter("requests_count", "b").add(4);
  CHECK(metrics.counter_total("requests_count") == 7);
}

TEST_CASE("gauges of all actors give the mean of one and the mean of their sum", "[metrics]") {
  Time now{};
  Metrics metrics(now);
  metrics.gauge("depth_messages", "a").set(4.0);
  now = Time{6s};
  metrics.gauge("depth_messages", "b").set(1.0);
  now = Time{10s};
  // Areas: a 4·10 = 40, b 1·4 = 4. Observed: 10 s and 4 s.
  const auto all = metrics.gauge_aggregate("depth_messages");
  REQUIRE(all);
  CHECK(all->instances == 2);
  CHECK(all->changes == 2);
  CHECK(all->mean == Approx(44.0 / 14.0));
  CHECK(all->mean_sum == Approx(4.4));  // 44 / 10: b counts as 0 before it came
  CHECK(all->min == 0.0);
  CHECK(all->max == 4.0);
}

TEST_CASE("gauges without any elapsed time answer with their levels", "[metrics]") {
  const Time now{};
  Metrics metrics(now);
  metrics.gauge("depth_messages", "a").set(4.0);
  metrics.gauge("depth_messages", "b").set(2.0);
  CHECK(metrics.gauge_aggregate("depth_messages")->mean == 3.0);
  CHECK(metrics.gauge_aggregate("depth_messages")->mean_sum == 6.0);
}

TEST_CASE("an unknown name has no metric", "[metrics]") {
  const Time now{};
  const Metrics metrics(now);
  CHECK_FALSE(metrics.kind("wait_s"));
  CHECK_FALSE(metrics.merged_tally("wait_s"));
  CHECK_FALSE(metrics.gauge_aggregate("wait_s"));
  CHECK(metrics.counter_total("wait_s") == 0);
  CHECK(metrics.all_series("wait_s").empty());
  CHECK(metrics.summarize().empty());
}

TEST_CASE("names are ordered and know their kind", "[metrics]") {
  const Time now{};
  Metrics metrics(now);
  metrics.series("memory_mb", "a");
  metrics.gauge("depth_messages", "a");
  metrics.tally("wait_s", "a");
  metrics.counter("requests_count", "a");
  CHECK(metrics.names() == std::vector<std::string>{"depth_messages", "memory_mb", "requests_count", "wait_s"});
  CHECK(metrics.kind("memory_mb") == MetricKind::series);
  CHECK(metrics.kind("depth_messages") == MetricKind::gauge);
  CHECK(metrics.kind("wait_s") == MetricKind::tally);
  CHECK(metrics.kind("requests_count") == MetricKind::counter);
  CHECK(to_text(MetricKind::series) == "series");
}

TEST_CASE("the summary has the rows of each kind, with unit and number of samples", "[metrics]") {
  Time now{};
  Metrics metrics(now);
  for (int i = 1; i <= 100; ++i) {
    metrics.tally("wait_s", "a").add(i);
  }
  metrics.counter("requests_count", "a").add(5);
  metrics.gauge("depth_messages", "a").set(4.0);
  metrics.series("memory_mb", "a").add(1.0);
  now = Time{4s};
  metrics.gauge("depth_messages", "a").set(0.0);
  now = Time{8s};

  const auto rows = metrics.summarize();
  REQUIRE(rows.size() == 12);
  CHECK(rows[0] == MetricRow{"depth_messages", "messages", "mean", 2.0, 2});  // 4·4 / 8
  CHECK(rows[1] == MetricRow{"depth_messages", "messages", "max", 4.0, 2});
  CHECK(rows[2] == MetricRow{"requests_count", "count", "total", 5.0, 5});
  CHECK(rows[3] == MetricRow{"wait_s", "count", "count", 100.0, 100});
  CHECK(rows[4] == MetricRow{"wait_s", "s", "mean", 50.5, 100});
  CHECK(rows[5].statistic == "standard_deviation");
  CHECK(rows[5].value == Approx(29.0115));  // √(100·101 / 12)
  CHECK(rows[6] == MetricRow{"wait_s", "s", "min", 1.0, 100});
  CHECK(rows[7] == MetricRow{"wait_s", "s", "max", 100.0, 100});
  CHECK(rows[8] == MetricRow{"wait_s", "s", "p50", 50.0, 100});
  CHECK(rows[9] == MetricRow{"wait_s", "s", "p90", 90.0, 100});
  CHECK(rows[10] == MetricRow{"wait_s", "s", "p95", 95.0, 100});
  CHECK(rows[11] == MetricRow{"wait_s", "s", "p99", 99.0, 100});
}

TEST_CASE("what too few observations leave undefined has no row", "[metrics]") {
  const Time now{};
  Metrics metrics(now);
  sim::Tally& wait = metrics.tally("wait_s", "a");
  CHECK(metrics.summarize() == std::vector{MetricRow{"wait_s", "count", "count", 0.0, 0}});
  wait.add(1.0);
  CHECK(metrics.summarize().size() == 8);  // all but the standard deviation
}

TEST_CASE("the order in which metrics are made changes nothing in the summary", "[metrics]") {
  const Time now{};
  const std::vector<std::pair<std::string, double>> additions{{"c", 0.1}, {"a", 0.2}, {"b", 0.7}, {"d", 1e9}};
  Metrics forwards(now);
  Metrics backwards(now);
  for (const auto& [actor, value] : additions) {
    forwards.tally("wait_s", actor).add(value);
  }
  forwards.counter("requests_count", "a").add();
  backwards.counter("requests_count", "a").add();
  for (auto addition = additions.rbegin(); addition != additions.rend(); ++addition) {
    backwards.tally("wait_s", addition->first).add(addition->second);
  }
  CHECK(forwards.summarize() == backwards.summarize());
}

TEST_CASE("the end of a warm-up forgets all but levels and series", "[metrics]") {
  Time now{};
  Metrics metrics(now);
  metrics.tally("wait_s", "a").add(100.0);
  metrics.counter("requests_count", "a").add(100);
  metrics.gauge("depth_messages", "a").set(100.0);
  metrics.series("memory_mb", "a").add(100.0);
  now = Time{10s};
  metrics.gauge("depth_messages", "a").set(2.0);
  metrics.reset_statistics();
  now = Time{20s};
  CHECK(metrics.merged_tally("wait_s")->empty());
  CHECK(metrics.counter_total("requests_count") == 0);
  CHECK(metrics.gauge_aggregate("depth_messages")->mean == 2.0);
  CHECK(metrics.gauge_aggregate("depth_messages")->max == 2.0);
  CHECK(metrics.all_series("memory_mb").at("a").points().size() == 1);
}
