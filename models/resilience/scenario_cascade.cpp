#include <algorithm>
#include <tuple>
#include <vector>

#include "actors/calls/bulkhead.hpp"
#include "models/faults/idle_faults.hpp"
#include "models/resilience/actors/gateway.hpp"
#include "models/resilience/call_service.hpp"
#include "models/resilience/faults.hpp"
#include "models/resilience/measures.hpp"
#include "models/resilience/scenarios.hpp"

namespace sim::models::resilience {

namespace {

using policies::ErrorClass;
using Clients = Caller<calls::Retry, calls::Bulkhead, calls::Timeout>;

Clients::Config clients_config(const Config::Cascade& cascade) {
  Clients::Config clients;
  clients.streams = {{.service = Gateway::service_a, .arrivals = {policies::PoissonArrivals{cascade.rate_a_per_s}}},
                     {.service = Gateway::service_b, .arrivals = {policies::PoissonArrivals{cascade.rate_b_per_s}}}};
  clients.duration = cascade.duration;
  auto& [retry, connections, timeout] = clients.layers;
  retry.schedule = cascade.request_retry;
  connections.max_concurrent_calls = cascade.client_connections;
  connections.max_wait_duration = cascade.connection_wait;
  timeout.timeout = cascade.request_timeout;
  return clients;
}

Gateway::Config gateway_config(const Config& config) {
  const Config::Cascade& cascade = config.cascade;
  Gateway::Config gateway;
  gateway.threads = {cascade.gateway_threads, forever, cascade.gateway_queue};
  gateway.own_time = cascade.gateway_time;
  gateway.retry.schedule = cascade.call_retry;
  gateway.retry.schedule.retryable = {ErrorClass::connection_failed, ErrorClass::timed_out, ErrorClass::throttled,
                                      ErrorClass::server_error};  // an open breaker is not asked again at once
  gateway.breaker.breaker = config.breaker_rules;
  if (config.breaker == Config::Breaker::none) {
    gateway.breaker.failures = {};  // nothing is a failure to it: it never opens
  }
  gateway.timeout.timeout = cascade.call_timeout;
  return gateway;
}

CallService::Config cascade_service_config(const Config::Cascade& cascade) {
  CallService::Config service;
  service.latency = cascade.latency;
  service.behaviour.errors = {{ErrorClass::server_error, cascade.error_probability}};
  service.behaviour.concurrent_requests_max = cascade.service_requests_max;
  return service;
}

/// Clients, a gateway, and two services.
struct CascadeStage {
  CascadeStage(Simulation& of, const Config& config)
      : simulation(of),
        service_a(of.spawn<CallService>("service-a", cascade_service_config(config.cascade))),
        service_b(of.spawn<CallService>("service-b", cascade_service_config(config.cascade))),
        gateway(of.spawn<Gateway>("gateway", gateway_config(config), service_a, service_b)),
        clients(of.spawn<Clients>("clients", clients_config(config.cascade), gateway)) {}

  [[nodiscard]] const std::vector<CallRecord>& records() const { return simulation.get(clients).records(); }
  [[nodiscard]] std::uint32_t connections_busy() const {
    constexpr std::size_t connections = 1;
    return simulation.get(clients).layer<connections>().policy().active();
  }

  Simulation& simulation;
  Ref<CallService> service_a;
  Ref<CallService> service_b;
  Ref<Gateway> gateway;
  Ref<Clients> clients;
};

/// What is seen of the clients and the gateway once a second.
class CascadeTimeline {
 public:
  explicit CascadeTimeline(const CascadeStage& stage, const Config::Cascade& cascade)
      : stage_(stage), cascade_(cascade) {}

  /// Runs until `end`, looking once a second.
  void run_until(Time end) {
    while (stage_.simulation.now() < end) {
      stage_.simulation.run_until(std::min(stage_.simulation.now() + 1s, end));
      look();
    }
  }

  [[nodiscard]] std::optional<Time> threads_exhausted_at() const { return threads_exhausted_at_; }
  [[nodiscard]] std::optional<Time> connections_exhausted_at() const { return connections_exhausted_at_; }

 private:
  void look() {
    const Time now = stage_.simulation.now();
    const Gateway& gateway = stage_.simulation.get(stage_.gateway);
    const std::uint32_t threads = gateway.threads_busy();
    const std::uint32_t connections = stage_.connections_busy();
    sample("threads_busy_items", threads);
    sample("gateway_waiting_requests", gateway.waiting());
    sample("connections_busy_items", connections);
    const auto attempts = static_cast<double>(gateway.attempts(Gateway::service_a).size());
    sample("attempts_a_per_s", attempts - attempts_before_);
    attempts_before_ = attempts;
    const auto answered = static_cast<double>(std::count_if(
        stage_.records().begin(), stage_.records().end(),
        [](const CallRecord& record) { return record.service == Gateway::service_b && record.is_answered(); }));
    sample("answered_b_per_s", answered - answered_before_);
    answered_before_ = answered;
    if (!threads_exhausted_at_ && threads >= cascade_.gateway_threads) {
      threads_exhausted_at_ = now;
    }
    if (!connections_exhausted_at_ && connections >= cascade_.client_connections) {
      connections_exhausted_at_ = now;
    }
  }

  void sample(std::string_view series, double value) {
    stage_.simulation.metrics().series(series, "timeline").add(value);
  }

  const CascadeStage& stage_;
  const Config::Cascade& cascade_;
  double attempts_before_ = 0;
  double answered_before_ = 0;
  std::optional<Time> threads_exhausted_at_;
  std::optional<Time> connections_exhausted_at_;
};

/// Percent of the requests to one service that were answered.
double answered_percent(const std::vector<CallRecord>& records, std::uint32_t service) {
  double all = 0;
  double answered = 0;
  for (const CallRecord& record : records) {
    all += record.service == service ? 1 : 0;
    answered += record.service == service && record.is_answered() ? 1 : 0;
  }
  return all == 0 ? nothing_measured : 100 * answered / all;
}

/// Percent of service B's requests that ended alike in both runs.
double isolation_percent(const std::vector<CallRecord>& calm, const std::vector<CallRecord>& failing) {
  check(calm.size() == failing.size(), "both runs have the same streams of requests");
  double all = 0;
  double alike = 0;
  for (std::size_t number = 0; number < calm.size(); ++number) {
    if (calm[number].service == Gateway::service_b) {
      check(calm[number].sent_at == failing[number].sent_at, "both runs have the same streams of requests");
      all += 1;
      alike += calm[number].is_open == failing[number].is_open && calm[number].error == failing[number].error ? 1 : 0;
    }
  }
  return all == 0 ? nothing_measured : 100 * alike / all;
}

void report_failures_of_b(harness::ScenarioRun& run, const std::vector<CallRecord>& records) {
  std::optional<Time> first;
  std::optional<Time> last;
  for (const CallRecord& record : records) {
    if (record.service == Gateway::service_b && record.error) {
      first = std::min(first.value_or(record.ended_at), record.ended_at);
      last = std::max(last.value_or(record.ended_at), record.ended_at);
    }
  }
  run.report("b_first_failure_at", "s", seconds_at(first));
  run.report("b_last_failure_at", "s", seconds_at(last));
}

/// Percent of the requests to service B within a time that were answered, and how long the slow ones of them took.
void report_b_in_outage(harness::ScenarioRun& run, const std::vector<CallRecord>& records, Time begin, Time end) {
  double all = 0;
  std::vector<double> times_s;
  for (const CallRecord& record : records) {
    if (record.service == Gateway::service_b && record.sent_at >= begin && record.sent_at < end) {
      all += 1;
      if (record.is_answered()) {
        times_s.push_back(to_seconds(record.ended_at - record.sent_at));
      }
    }
  }
  const auto answered = static_cast<double>(times_s.size());
  run.report("answered_b_in_outage", "percent", all == 0 ? nothing_measured : 100 * answered / all, times_s.size());
  run.report("latency_b_in_outage_p50", "s", percentile_of(times_s, 50), times_s.size());
  run.report("latency_b_in_outage_p99", "s", percentile_of(times_s, 99), times_s.size());
}

/// Attempts of the clients per request of users, in the time of the outage.
double amplification_clients(const CascadeStage& stage, Time begin, Time end) {
  const auto is_within = [&](Time at) { return at >= begin && at < end; };
  const auto& attempts = stage.simulation.get(stage.clients).attempts();
  const auto made = std::count_if(attempts.begin(), attempts.end(), is_within);
  const auto wanted = std::count_if(stage.records().begin(), stage.records().end(),
                                    [&](const CallRecord& record) { return is_within(record.sent_at); });
  return wanted == 0 ? nothing_measured : static_cast<double>(made) / static_cast<double>(wanted);
}

/// Attempts of the gateway per request of users, for service A and in the time of its outage.
double amplification_a(const CascadeStage& stage, Time begin, Time end) {
  const auto is_within = [&](Time at) { return at >= begin && at < end; };
  const auto& attempts = stage.simulation.get(stage.gateway).attempts(Gateway::service_a);
  const auto made = std::count_if(attempts.begin(), attempts.end(), is_within);
  const auto wanted = std::count_if(stage.records().begin(), stage.records().end(), [&](const CallRecord& record) {
    return record.service == Gateway::service_a && is_within(record.sent_at);
  });
  return wanted == 0 ? nothing_measured : static_cast<double>(made) / static_cast<double>(wanted);
}

Accounts cascade_accounts(const CascadeStage& stage) { return accounts_of(stage.simulation, stage.clients); }

}  // namespace

void cascade(harness::ScenarioRun& run, const Config& config) {
  const Config::Cascade& script = config.cascade;
  const CascadeStage calm(run.simulation("without_failure"), config);
  calm.simulation.run();

  const CascadeStage stage(run.simulation("with_failure"), config);
  Simulation& simulation = stage.simulation;
  spawn_faults(simulation, config, {{"service-a", stage.service_a}, {"service-b", stage.service_b}});
  CascadeTimeline timeline(stage, script);
  const Time outage_begin = Time{} + script.outage_at;
  const Time outage_end = outage_begin + script.outage_duration;
  timeline.run_until(outage_begin);
  begin_fault(simulation, stage.service_a, {.kind = policies::FaultKind::pause});
  timeline.run_until(outage_end);
  end_fault(simulation, stage.service_a);
  timeline.run_until(Time{} + script.duration);
  simulation.run();

  const auto& records = stage.records();
  const Gateway& gateway = simulation.get(stage.gateway);
  const auto openings = [&](Gateway::Service service) {
    return static_cast<double>(gateway.breaker(service).statistics().opened_count);
  };
  const auto peak = [&](std::string_view gauge) { return simulation.metrics().gauge_aggregate(gauge)->max; };
  run.report("failure_isolation", "percent", isolation_percent(calm.records(), records), records.size());
  run.report("answered_a", "percent", answered_percent(records, Gateway::service_a), records.size());
  run.report("answered_b", "percent", answered_percent(records, Gateway::service_b), records.size());
  run.report("breaker_a_openings", "count", openings(Gateway::service_a));
  run.report("breaker_b_openings", "count", openings(Gateway::service_b));
  run.report("a_failed_at", "s", seconds_at(outage_begin));
  run.report("breaker_a_opened_at", "s", seconds_at(gateway.first_opened_at(Gateway::service_a)));
  run.report("connections_exhausted_at", "s", seconds_at(timeline.connections_exhausted_at()));
  run.report("threads_exhausted_at", "s", seconds_at(timeline.threads_exhausted_at()));
  report_failures_of_b(run, records);
  report_b_in_outage(run, records, outage_begin, outage_end);
  run.report("amplification_clients", "ratio", amplification_clients(stage, outage_begin, outage_end));
  run.report("amplification_a", "ratio", amplification_a(stage, outage_begin, outage_end));
  run.report("threads_peak", "items", peak("threads_busy"));
  run.report("waiting_peak", "requests", peak("requests_waiting"));
  run.report("connections_peak", "items", peak("request_bulkhead_active_calls"));
  Accounts accounts = cascade_accounts(calm);
  accounts += cascade_accounts(stage);
  report_accounts(run, accounts);
  warn_of_idle_faults(run, simulation, config.faults.rows().size());
}

}  // namespace sim::models::resilience
