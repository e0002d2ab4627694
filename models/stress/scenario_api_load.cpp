#include "actors/server/server.hpp"
#include "models/stress/actors/api_actors.hpp"
#include "models/stress/measures.hpp"
#include "models/stress/scenarios.hpp"

namespace sim::models::stress {

void api_load(harness::ScenarioRun& run, const Config& config) {
  const auto& settings = config.api_load;
  Simulation& simulation = run.simulation();
  actors::Server::Config cpu;
  cpu.station.servers = settings.cpu_cores;
  cpu.service_time = settings.cpu;
  const auto processor = simulation.spawn<actors::Server>("cpu", cpu);
  const ApiEndpoint::Config endpoint{settings.processing, settings.in_flight_max};
  const auto api = simulation.spawn<ApiEndpoint>("api", endpoint, Port<actors::ServiceRequest>(processor));
  const ApiCrowd::Config script{settings.requests_count, settings.client_timeout};
  const auto crowd = simulation.spawn<ApiCrowd>("crowd", script, Port<ApiRequest>(api));
  simulation.run();

  const ApiCrowd& seen = simulation.get(crowd);
  run.report("duration", "s", to_seconds(seen.duration()), settings.requests_count);
  report_count(run, "concurrent_requests_max", seen.in_flight_max(), settings.requests_count);
  run.report("latency_p50", "ms", percentile_of(seen.latencies_ms(), 50), seen.latencies_ms().size());
  run.report("latency_p99", "ms", percentile_of(seen.latencies_ms(), 99), seen.latencies_ms().size());
  report_count(run, "requests_sent", settings.requests_count);
  report_count(run, "requests_processed", seen.processed(), settings.requests_count);
  report_count(run, "requests_rejected", seen.rejected(), settings.requests_count);
  report_count(run, "requests_timed_out", seen.timed_out(), settings.requests_count);
  run.report_account(
      {.whole = "requests_sent", .parts = {"requests_processed", "requests_rejected", "requests_timed_out"}});
  if (seen.timed_out() == 0) {  // a request that is given up goes on without its client; a rejected one takes no time
    run.check_littles_law("requests", simulation.get(api).in_flight_integral(), sum_s(seen.latencies_ms()));
  }
}

}  // namespace sim::models::stress
