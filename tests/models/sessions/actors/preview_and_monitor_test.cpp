#include <catch2/catch.hpp>

#include "actors/monitoring/metrics_publisher.hpp"
#include "actors/monitoring/performance_monitor.hpp"
#include "models/sessions/actors/preview_visitor.hpp"

using namespace sim;
using namespace sim::actors;

namespace {

/// Routes to itself and serves pages after 80 ms.
struct StubSite {
  struct Config {
    bool is_ready = true;
  };
  using Inbox = sim::Inbox<RouteSession, LoadPage>;
  StubSite(Context& context, Config site_config) : ctx(context), config(site_config) {}
  SessionRouted on(const RouteSession&) { return {config.is_ready, ctx.ref(*this), {}}; }
  Process on(LoadPage, ReplyTo<PageServed> reply_to) {
    co_await ctx.sleep(80ms);
    ctx.reply(reply_to, PageServed{});
  }
  Context& ctx;
  Config config;
};

PreviewVisitor::Config visits(std::uint32_t loads_count) {
  return {.loads_count = loads_count,
          .between_loads = constant(1s),
          .network_latency = constant(30ms),
          .transfer = constant(150ms),
          .timeout = 10s,
          .sessions = {SessionId{0}}};
}

std::vector<Duration> load_times(StubSite::Config site_config) {
  Simulation simulation;
  const auto site = simulation.spawn<StubSite>("site", site_config);
  const auto visitor = simulation.spawn<PreviewVisitor>("visitor", visits(2), PreviewVisitor::Ports{site, {}});
  simulation.run();
  return simulation.get(visitor).load_times();
}

}  // namespace

TEST_CASE("a page load is the round trip, the work of the container and the transfer", "[preview_visitor]") {
  REQUIRE(load_times({.is_ready = true}) == std::vector<Duration>{260ms, 260ms});
}

TEST_CASE("a page load without a container counts as the timeout", "[preview_visitor]") {
  REQUIRE(load_times({.is_ready = false}) == std::vector<Duration>{10s, 10s});
}

TEST_CASE("the monitor hands its figures to the publisher once a minute, when there is something new",
          "[performance_monitor]") {
  Simulation simulation;
  const auto publisher = simulation.spawn<MetricsPublisher>("publisher", MetricsPublisher::Config{});
  const auto monitor = simulation.spawn<actors::PerformanceMonitor>(
      "monitor", actors::PerformanceMonitor::Config{.publish_interval = 60s}, publisher);
  simulation.send(monitor, RecordMetric{"message_time_ms", 10});
  simulation.send(monitor, RecordMetric{"message_time_ms", 30});
  simulation.run_until(Time{} + 59s);
  REQUIRE(simulation.get(publisher).latest().empty());
  simulation.run_until(Time{} + 5min);
  REQUIRE(simulation.get(publisher).latest() ==
          std::vector{policies::MetricSummary{"message_time_ms", 2, 10, 30, 20, 10, 30, 30, 30}});
  REQUIRE(simulation.metrics().counter_total("published_metrics_count") == 1);
}
