#include "libsim/metrics/unit.hpp"

#include <catch2/catch.hpp>

using sim::unit_of;

TEST_CASE("the unit of a metric is the last part of its name", "[metrics]") {
  CHECK(unit_of("wait_s") == "s");
  CHECK(unit_of("latency_ms") == "ms");
  CHECK(unit_of("requests_count") == "count");
  CHECK(unit_of("memory_mb") == "MB");
  CHECK(unit_of("cpu_percent") == "percent");
  CHECK(unit_of("queue_depth_messages") == "messages");
  CHECK(unit_of("hit_ratio") == "ratio");
  CHECK(unit_of("cost_usd") == "USD");
}

TEST_CASE("a rate is told from a time", "[metrics]") {
  CHECK(unit_of("invocations_per_s") == "1/s");
  CHECK(unit_of("throughput_ops_per_s") == "ops/s");
}

TEST_CASE("a last word that names a statistic is passed over", "[metrics]") {
  CHECK(unit_of("latency_s_max") == "s");
  CHECK(unit_of("memory_mb_mean") == "MB");
}

TEST_CASE("a name without a known unit has none", "[metrics]") {
  CHECK(unit_of("speed").empty());
  CHECK(unit_of("retries").empty());
  CHECK(unit_of("s").empty());
  CHECK(unit_of("").empty());
}
