#include <algorithm>
#include <set>

#include "models/services/measures.hpp"
#include "models/services/provider.hpp"
#include "models/services/scenarios.hpp"

namespace sim::models::services {

namespace {

struct RateLimitTest {
  std::uint64_t admitted_per_window = 0;  ///< as the provider saw them
  std::uint64_t rejected = 0;             ///< calls that the client's own limiter ended
  std::uint64_t throttled_by_provider = 0;
  Duration span{};
  Accounts accounts;
};

/// Calls that ended with the rate-limit error, but not with that of the provider.
std::uint64_t rejected_by_client(const Provider& provider, const std::vector<Caller::Record>& records) {
  std::set<actors::ApiCallId> throttled_by_provider;
  for (const actors::ApiGateway::Visit& visit : provider.visits()) {
    if (visit.was_throttled) {
      throttled_by_provider.insert(visit.call);
    }
  }
  return static_cast<std::uint64_t>(std::count_if(records.begin(), records.end(), [&](const Caller::Record& record) {
    const auto& error = record.ended->error;
    return error && error->error == policies::ErrorClass::throttled && throttled_by_provider.count(record.call) == 0;
  }));
}

RateLimitTest attempt(harness::ScenarioRun& run, const Config& config, ProviderId id, const std::string& label,
                      Duration window) {
  const Config::RateLimitTest& test = config.rate_limit;
  Simulation& simulation = run.simulation(label);
  const Provider provider(simulation, config, id, {.client_limit = test.limit, .client_limit_window = window});
  const Caller::Config calls{.plan = {operation(0)},
                             .calls_max = test.attempts,
                             .pause = constant(test.pause),
                             .starts_after = test.starts_after};
  const std::vector<Ref<Caller>> callers{simulation.spawn<Caller>("caller", calls, provider.client())};
  simulation.run();
  const auto records = ended_calls(simulation, callers);
  return {busiest_window(provider, window), rejected_by_client(provider, records),
          simulation.metrics().counter_total("throttled_count"), span(records), accounts_of(provider, callers)};
}

void test_rate_limit(harness::ScenarioRun& run, const Config& config, ProviderId id) {
  const RateLimitTest test = attempt(run, config, id, "window", config.rate_limit.window);
  const RateLimitTest test_short = attempt(run, config, id, "window_short", config.rate_limit.window_short);
  const std::uint64_t attempts = config.rate_limit.attempts;
  run.report("admitted_per_window", "count", static_cast<double>(test.admitted_per_window), attempts);
  run.report("rejected", "count", static_cast<double>(test.rejected), attempts);
  run.report("throttled_by_provider", "count", static_cast<double>(test.throttled_by_provider), attempts);
  run.report("duration", "s", to_seconds(test.span), attempts);
  run.report("admitted_per_window_short", "count", static_cast<double>(test_short.admitted_per_window), attempts);
  run.report("rejected_window_short", "count", static_cast<double>(test_short.rejected), attempts);
  Accounts accounts = test.accounts;
  accounts += test_short.accounts;
  report_accounts(run, accounts);
}

}  // namespace

void stripe_rate_limit(harness::ScenarioRun& run, const Config& config) {
  test_rate_limit(run, config, ProviderId::stripe);
}

void contentful_rate_limit(harness::ScenarioRun& run, const Config& config) {
  test_rate_limit(run, config, ProviderId::contentful);
}

void cloudinary_rate_limit(harness::ScenarioRun& run, const Config& config) {
  test_rate_limit(run, config, ProviderId::cloudinary);
}

}  // namespace sim::models::services
