#include <numeric>

#include "actors/server/server.hpp"
#include "models/stress/actors/request_users.hpp"
#include "models/stress/measures.hpp"
#include "models/stress/scenarios.hpp"

namespace sim::models::stress {

void latency_mix(harness::ScenarioRun& run, const Config& config) {
  const auto& settings = config.latency_mix;
  Simulation& simulation = run.simulation();
  actors::Server::Config serving;
  serving.station.servers = settings.servers_count;
  serving.service_time = settings.service;
  const auto server = simulation.spawn<actors::Server>("server", serving);
  const RequestUsers::Config script{settings.users_count, settings.requests_count};
  const auto users = simulation.spawn<RequestUsers>("users", script, Port<actors::ServiceRequest>(server));
  simulation.run();

  const auto& latencies = simulation.get(users).latencies_ms();
  const auto& waits = simulation.get(users).waits_ms();
  const double waited = std::accumulate(waits.begin(), waits.end(), 0.0);
  run.report("latency_p50", "ms", percentile_of(latencies, 50), latencies.size());
  run.report("latency_p95", "ms", percentile_of(latencies, 95), latencies.size());
  run.report("latency_p99", "ms", percentile_of(latencies, 99), latencies.size());
  run.report("latency_max", "ms", percentile_of(latencies, 100), latencies.size());
  run.report("wait_mean", "ms", waited / static_cast<double>(waits.size()), waits.size());
  report_count(run, "requests", simulation.get(users).sent());
  report_count(run, "requests_answered", latencies.size());
  run.check_littles_law("requests", simulation.metrics().gauge("server_in_system_items", "server").integral(),
                        sum_s(latencies));
  run.report_account({.whole = "requests", .parts = {"requests_answered"}});
}

}  // namespace sim::models::stress
