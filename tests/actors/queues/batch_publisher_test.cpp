#include "actors/queues/batch_publisher.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "actors/monitoring/metrics_service.hpp"

using namespace sim;
using namespace sim::actors;

namespace {

PublishMetrics figures(int count) {
  PublishMetrics metrics;
  for (int number = 0; number < count; ++number) {
    metrics.summaries.push_back({.name = "metric." + std::to_string(number), .count = 1});
  }
  return metrics;
}

/// A publisher and a service that stores within 100 ms.
struct Bench {
  explicit Bench(MetricsService::Config service_config = {}, BatchPublisher::Config publisher_config = {}) {
    service_config.latency = constant(100ms);
    service = simulation.spawn<MetricsService>("service", service_config);
    publisher = simulation.spawn<BatchPublisher>("publisher", publisher_config, service);
  }
  [[nodiscard]] std::uint64_t total(const std::string& metric) { return simulation.metrics().counter_total(metric); }
  [[nodiscard]] const BatchPublisher::Batcher::Statistics& statistics() {
    return simulation.get(publisher).batcher().statistics();
  }

  Simulation simulation;
  Ref<MetricsService> service;
  Ref<BatchPublisher> publisher;
};

}  // namespace

TEST_CASE("45 figures reach the metrics service in two batches at once and a third a minute later",
          "[batch_publisher]") {
  Bench bench;
  bench.simulation.send(bench.publisher, figures(45));
  bench.simulation.run_until(Time{} + 59s);
  REQUIRE(bench.total("stored_batches_count") == 2);
  REQUIRE(bench.total("stored_metrics_count") == 40);
  bench.simulation.run();
  REQUIRE(bench.simulation.now() == Time{} + 60s + 100ms);
  REQUIRE(bench.total("stored_batches_count") == 3);
  REQUIRE(bench.total("stored_metrics_count") == 45);
  REQUIRE(bench.statistics().published_count == 45);
}

TEST_CASE("a batch that fills up is sent before its interval is over", "[batch_publisher]") {
  Bench bench;
  bench.simulation.send(bench.publisher, figures(10));
  bench.simulation.run_until(Time{} + 1s);
  bench.simulation.send(bench.publisher, figures(10));
  bench.simulation.run();
  REQUIRE(bench.total("stored_metrics_count") == 20);
  REQUIRE(bench.simulation.now() == Time{} + 1s + 100ms);  // the timer of the interval is gone
}

TEST_CASE("a batch beyond the limit of the service is sent again when the service says so, and none is lost",
          "[batch_publisher]") {
  Bench bench({.rate_limit = {.limit = 1, .window = 10s}});
  bench.simulation.send(bench.publisher, figures(60));
  bench.simulation.run();
  // A token at 0 s, then one every 10 s: each later batch is throttled once, at the end of the one before.
  REQUIRE(bench.total("throttled_batches_count") == 2);
  REQUIRE(bench.total("stored_metrics_count") == 60);
  REQUIRE(bench.simulation.now() == Time{} + 20s + 100ms);
  REQUIRE(bench.statistics().failures_count == 2);
  REQUIRE(bench.statistics().abandoned_count == 0);
}

TEST_CASE("a service that is down costs the batch after three attempts", "[batch_publisher]") {
  Bench bench;
  bench.simulation.kill(bench.service);
  bench.simulation.send(bench.publisher, figures(20));
  bench.simulation.run();
  // Failed at 0 s, 0.5 s later, and 1 s after that.
  REQUIRE(bench.simulation.now() == Time{} + 1500ms);
  REQUIRE(bench.statistics().attempts_count == 3);
  REQUIRE(bench.statistics().abandoned_count == 20);
}

TEST_CASE("a service that is too slow times the request out", "[batch_publisher]") {
  Bench bench({}, {.request_timeout = 50ms});
  bench.simulation.send(bench.publisher, figures(20));
  bench.simulation.run();
  REQUIRE(bench.statistics().failures_count == 3);
  REQUIRE(bench.statistics().published_count == 0);
  REQUIRE(bench.total("stored_batches_count") == 3);  // the answers came too late
}

TEST_CASE("a service that leaves requests unanswered costs a publisher that does not give up nothing",
          "[batch_publisher]") {
  BatchPublisher::Config patient;
  patient.batches.retry.attempts_max = 0;
  Bench bench({.failure_probability = 0.5}, patient);
  bench.simulation.send(bench.publisher, figures(400));
  bench.simulation.run();
  REQUIRE(bench.statistics().failures_count > 0);
  REQUIRE(bench.total("failed_batches_count") == bench.statistics().failures_count);
  REQUIRE(bench.total("stored_metrics_count") == 400);
  REQUIRE(bench.statistics().published_count == 400);
}

TEST_CASE("a metrics service under errors stores nothing until they end, and a slow one stores later",
          "[batch_publisher][faults]") {
  BatchPublisher::Config patient;
  patient.batches.retry.attempts_max = 0;
  Bench bench({}, patient);
  using Number = policies::ActiveFaults::Number;
  const policies::Fault errors{.kind = policies::FaultKind::errors};
  const policies::Fault slow{.kind = policies::FaultKind::slow, .factor = 20};
  bench.simulation.send(bench.service, ApplyFault{Number{1}, errors});
  bench.simulation.send(bench.service, EndFault{Number{1}}, 1min);
  bench.simulation.send(bench.service, ApplyFault{Number{2}, slow}, 1min);
  bench.simulation.send(bench.publisher, figures(20));
  bench.simulation.run_until(Time{} + 1min);
  REQUIRE(bench.total("stored_batches_count") == 0);
  bench.simulation.run();
  REQUIRE(bench.total("stored_metrics_count") == 20);
  REQUIRE(bench.statistics().abandoned_count == 0);
  // Attempts of 5 s each at 0, 5.5, 11.5, 18.5, 27.5 and 40.5 s; the one at 61.5 s takes 20 times 100 ms.
  REQUIRE(bench.simulation.now() == Time{} + 61500ms + 2s);
}

TEST_CASE("a publisher that would block its sender, and a batch beyond the size that the service takes, are bugs",
          "[batch_publisher]") {
  BatchPublisher::Config blocking;
  blocking.batches.overflow = BatchPublisher::Batcher::Overflow::block;
  REQUIRE_THROWS((Bench{{}, blocking}));
  Bench bench({.batch_size_max = 19});
  bench.simulation.send(bench.publisher, figures(20));
  REQUIRE_THROWS_AS(bench.simulation.run(), RunFailure);
}
