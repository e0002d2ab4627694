#include "models/services/scenario_parameters.hpp"

#include <fmt/format.h>

namespace sim::models::services {

namespace {

using harness::Parameters;

void describe_load(Parameters& parameters, Config::Load& load) {
  parameters.add("sequential.calls", load.sequential_calls)
      .unit("calls")
      .range(1, 100'000)
      .meaning("calls of one operation, one after the other")
      .source(document);
  parameters.add("concurrent.calls", load.concurrent_calls)
      .unit("calls")
      .range(1, 100'000)
      .meaning("calls of stripe_payments and baseline, and of the second half of contentful and cloudinary")
      .source(document);
  parameters.add("concurrent.at_once", load.concurrency)
      .unit("calls")
      .range(1, 10'000)
      .meaning("of these calls at the same time")
      .source(document);
  parameters.add("concurrent.in_batches", load.in_batches)
      .meaning("a batch begins when all calls of the one before have ended; off: a call begins when one has ended")
      .source(document);
}

void describe_rate_limit(Parameters& parameters, Config::RateLimitTest& test) {
  parameters.add("rate_limit.attempts", test.attempts)
      .unit("calls")
      .range(1, 100'000)
      .meaning("calls of the rate limit scenarios, one after the other")
      .source(document);
  parameters.add("rate_limit.pause", test.pause)
      .range(0s, 1h)
      .meaning("between the end of one and the next")
      .source(document);
  parameters.add("rate_limit.limit", test.limit)
      .unit("calls")
      .range(1, 100'000)
      .meaning("limit of the client in these scenarios")
      .source(document);
  parameters.add("rate_limit.window", test.window).range(1ms, 24h).meaning("the window of this limit").source(document);
  parameters.add("rate_limit.window_short", test.window_short)
      .range(1ms, 24h)
      .meaning("the window of a second run, shown beside the first")
      .source("test plan of the services, which calls its limit one per second");
  parameters.add("rate_limit.starts_after", test.starts_after)
      .range(0s, 24h)
      .meaning("when the first call is made")
      .source("0: at the beginning of a window, for limiters that count by the clock");
}

void describe_breaker_test(Parameters& parameters, Config::BreakerTest& test) {
  parameters.add("breaker.failing_calls", test.failing_calls)
      .unit("calls")
      .range(1, 100'000)
      .meaning("calls of stripe_breaker while the provider fails")
      .source("test plan of the services: two more than the threshold");
  parameters.add("breaker.pause", test.pause)
      .range(0s, 24h)
      .meaning("from the last of them to the good call")
      .source(document);
}

void describe_monitor(Parameters& parameters, Config::Monitor& monitor) {
  parameters.add("monitor.duration", monitor.duration)
      .range(1s, 24h)
      .meaning("how long the operations are called")
      .source(assumed);
  parameters.add("monitor.pause", monitor.pause)
      .meaning("between the end of a call and the next one of the same operation")
      .source(assumed);
  parameters.add("monitor.window_calls", monitor.window_calls)
      .unit("calls")
      .range(1, 10'000)
      .meaning("the monitor looks at the latest so many calls of an operation; 1: at each call by itself")
      .source("assumed: single calls of a healthy provider exceed any useful threshold now and then");
  parameters.add("monitor.percentile", monitor.percentile)
      .unit("percent")
      .range(0, 100)
      .meaning("the percentile of their response times that it compares with the threshold")
      .source("assumed: the median passes over the single call that hangs");
  parameters.add("monitor.recovery_share", monitor.recovery_share)
      .range(0, 1)
      .meaning("an operation has recovered when it falls below this share of the threshold")
      .source(assumed);
  parameters.add("monitor.brownout_starts_after", monitor.brownout_starts_after)
      .range(0s, 24h)
      .meaning("when the payment provider becomes slow")
      .source(assumed);
  parameters.add("monitor.brownout_duration", monitor.brownout_duration)
      .range(0s, 24h)
      .meaning("for how long")
      .source(assumed);
  parameters.add("monitor.brownout_latency_factor", monitor.brownout_latency_factor)
      .range(0, 1'000)
      .meaning("latency of requests that begin in the brownout")
      .source("assumed: 2 to 3 s instead of 0.3 s");
  parameters.add("monitor.brownout_error_probability", monitor.brownout_error_probability)
      .range(0, 1)
      .meaning("of requests that begin in the brownout, besides the usual")
      .source(assumed);
}

void describe_regression(Parameters& parameters, Config& config) {
  Config::Regression& regression = config.regression;
  parameters
      .add("regression.baseline", regression.baseline,
           {{"stored", Config::BaselineSource::stored}, {"measured", Config::BaselineSource::measured}})
      .meaning("compare with the stored response times, or with runs made first under the present settings")
      .source("stored: a baseline belongs to the version that it was taken from");
  parameters.add("regression.baseline_runs", regression.baseline_runs)
      .unit("runs")
      .range(1, 1'000)
      .meaning("runs that a measured baseline is made of")
      .source("25 runs of 200 calls: the baseline's own error is a fifth of a run's");
  parameters.add("regression.runs", regression.runs)
      .unit("runs")
      .range(1, 1'000)
      .meaning("runs of the unchanged system")
      .source("definition of the target");
  parameters.add("regression.calls", regression.calls)
      .unit("calls")
      .range(2, 100'000)
      .meaning("calls of each operation in a run, one after the other")
      .source("finds 30 % in a single operation nine times of ten at the level below");
  parameters.add("regression.slowdown", regression.slowdown)
      .range(0.1, 100)
      .meaning("factor of all service times in the run that is to be flagged")
      .source("definition of the target");
  parameters.add("regression.level", regression.level)
      .range(1e-9, 0.5)
      .meaning("probability that a run of the unchanged system is flagged, over all of its operations")
      .source("20 runs give a false alarm in about one of 500 seeds; at 0.05 they would give one in each");
  for (ProviderConfig& provider : config.providers) {
    for (OperationConfig& operation : provider.operations) {
      parameters.add(fmt::format("regression.baseline.{}.{}", provider.name, operation.name), operation.baseline)
          .not_empty()
          .meaning("stored response times: calls, geometric mean in seconds, geometric standard deviation")
          .source("measured baseline of seed 1000 with the defaults");
    }
  }
}

}  // namespace

void describe_scenarios(Parameters& parameters, Config& config) {
  describe_load(parameters, config.load);
  describe_rate_limit(parameters, config.rate_limit);
  describe_breaker_test(parameters, config.breaker);
  describe_monitor(parameters, config.monitor);
  describe_regression(parameters, config);
}

}  // namespace sim::models::services
