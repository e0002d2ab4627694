#include "actors/monitoring/operation_monitor.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "libsim/testing.hpp"

using namespace sim;
using actors::OperationMonitor;
using actors::RecordOperation;
using actors::ThresholdEvent;

namespace {

/// A monitor that is told of calls one after the other.
struct Watch {
  explicit Watch(OperationMonitor::Config config)
      : monitor(fake.context<OperationMonitor>("monitor"), std::move(config), events) {}

  void record(const std::string& operation, std::vector<Duration> took) {
    for (const Duration duration : took) {
      monitor.on(RecordOperation{operation, duration, true});
    }
  }
  std::vector<ThresholdEvent> received() { return fake.received(events); }

  sim::testing::FakeContext fake;
  Port<ThresholdEvent> events = fake.port<ThresholdEvent>("events");
  OperationMonitor monitor;
};

OperationMonitor::Config median_of_three() {
  return {.thresholds = {{"pay", 1s}}, .window_calls = 3, .percentile = 50, .recovery_share = 0.9};
}

}  // namespace

TEST_CASE("a monitor raises one event when an operation exceeds its threshold, and one when it has recovered",
          "[monitor]") {
  Watch watch(median_of_three());
  watch.record("pay", {100ms, 1100ms, 100ms, 1200ms});  // the median of the last three: 100, then 1100
  REQUIRE(watch.received() == std::vector<ThresholdEvent>{{"pay", true, 1100ms, 1s}});
  watch.record("pay", {1300ms, 950ms, 940ms});  // 1200, 1200, 950: not below 90 % of the threshold
  REQUIRE(watch.received().empty());
  watch.record("pay", {500ms, 100ms});  // 940, 500
  REQUIRE(watch.received() == std::vector<ThresholdEvent>{{"pay", false, 500ms, 1s}});
}

TEST_CASE("a monitor waits until it knows as many calls as it looks at", "[monitor]") {
  Watch watch(median_of_three());
  watch.record("pay", {5s, 5s});
  REQUIRE(watch.received().empty());
  watch.record("pay", {5s});
  REQUIRE(watch.received().size() == 1);
}

TEST_CASE("with a window of one call each slow call is an event", "[monitor]") {
  OperationMonitor::Config config = median_of_three();
  config.window_calls = 1;
  Watch watch(config);
  watch.record("pay", {100ms, 1s, 1001ms, 100ms, 2s});  // exactly the threshold does not exceed it
  const std::vector<ThresholdEvent> expected = {
      {"pay", true, 1001ms, 1s}, {"pay", false, 100ms, 1s}, {"pay", true, 2s, 1s}};
  REQUIRE(watch.received() == expected);
}

TEST_CASE("operations are watched apart, and one without threshold is only recorded", "[monitor]") {
  Watch watch(median_of_three());
  watch.record("pay", {5s, 5s});
  watch.record("read", {5s, 5s, 5s});
  REQUIRE(watch.received().empty());
  const auto figures = watch.monitor.figures();
  REQUIRE(figures.at("pay") == OperationMonitor::Figures{2, 2, 2, 10s});
  REQUIRE(figures.at("read") == OperationMonitor::Figures{3, 3, 0, 15s});
}
