#include <fmt/format.h>

#include <cmath>

#include "models/services/measures.hpp"
#include "models/services/provider.hpp"
#include "models/services/scenarios.hpp"

namespace sim::models::services {

namespace {

using State = policies::CircuitBreaker::State;

constexpr double never = nothing_measured;

/// Makes single calls and looks at the breaker between them.
class BreakerTest {
 public:
  BreakerTest(Simulation& simulation, const Config& config)
      : simulation_(simulation), provider_(simulation, config, ProviderId::stripe) {}

  Provider& provider() { return provider_; }
  [[nodiscard]] const std::vector<Ref<Caller>>& callers() const { return callers_; }

  /// A call, to its end.
  Caller::Record call() {
    const auto number = static_cast<std::uint32_t>(callers_.size());
    const Caller::Config calls{.number = number, .plan = {operation(0)}, .calls_max = 1};
    callers_.push_back(simulation_.spawn<Caller>(fmt::format("caller-{}", number), calls, provider_.client()));
    simulation_.run();
    return simulation_.get(callers_.back()).records().front();
  }

  [[nodiscard]] State state() const { return simulation_.get(provider_.client()).breaker().state(simulation_.now()); }

 private:
  Simulation& simulation_;
  Provider provider_;
  std::vector<Ref<Caller>> callers_;
};

bool was_rejected(const Caller::Record& record) {
  return record.ended->error && record.ended->error->error == policies::ErrorClass::rejected;
}

/// Good calls once the wait is over, until the breaker is closed; at most so many that it should be.
void report_recovery(harness::ScenarioRun& run, const Config& config, BreakerTest& test) {
  const std::uint32_t calls_max = 10 * config.client.success_threshold;
  std::uint32_t successes = 0;
  for (std::uint32_t number = 0; number < calls_max && test.state() != State::closed; ++number) {
    successes += test.call().ended->error ? 0 : 1;
  }
  run.report("good_calls_until_closed", "count", test.state() == State::closed ? successes : never);
}

}  // namespace

void stripe_breaker(harness::ScenarioRun& run, const Config& config) {
  Simulation& simulation = run.simulation();
  BreakerTest test(simulation, config);
  const policies::ActiveFaults::Number outage{1};
  test.provider().apply(outage, {.kind = policies::FaultKind::errors, .probability = 1});
  double opened_after_failures = never;
  std::uint32_t rejected = 0;
  for (std::uint32_t number = 0; number < config.breaker.failing_calls; ++number) {
    const State before = test.state();
    rejected += was_rejected(test.call()) ? 1 : 0;
    if (before == State::closed && test.state() == State::open && std::isnan(opened_after_failures)) {
      opened_after_failures = static_cast<double>(test.provider().failed_requests_count());
    }
  }
  test.provider().end_fault(outage);
  simulation.run_for(config.breaker.pause);

  const bool was_open = test.state() == State::open;
  const std::size_t requests_before = test.provider().visits().size();
  const Caller::Record good = test.call();
  run.report("opened_after_failures", "count", opened_after_failures, config.breaker.failing_calls);
  run.report("good_call_rejected_while_open", "bool", was_open && was_rejected(good) ? 1 : 0);
  run.report("failing_calls_rejected", "count", rejected, config.breaker.failing_calls);
  run.report("good_call_time", "ms", to_seconds(good.ended_at - good.began_at) * 1e3);
  run.report("good_call_requests", "count", static_cast<double>(test.provider().visits().size() - requests_before));
  simulation.run_for(config.client.wait_duration_in_open_state);
  report_recovery(run, config, test);
  report_accounts(run, accounts_of(test.provider(), test.callers()));
}

}  // namespace sim::models::services
