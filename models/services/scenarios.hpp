#pragma once

#include "libsim/harness/experiment/scenario_run.hpp"
#include "models/services/config.hpp"

/// The scripts of the eleven scenarios. Each reports the metrics of its targets and the accounts of all calls.
namespace sim::models::services {

/// Customers are created, one after the other.
void stripe_create_customer(harness::ScenarioRun& run, const Config& config);

/// Payments are created, ten at a time.
void stripe_payments(harness::ScenarioRun& run, const Config& config);

/// More calls in a row than the client's limit allows within its window.
void stripe_rate_limit(harness::ScenarioRun& run, const Config& config);
void contentful_rate_limit(harness::ScenarioRun& run, const Config& config);
void cloudinary_rate_limit(harness::ScenarioRun& run, const Config& config);

/// The provider fails until the breaker opens, and is good again while it is open.
void stripe_breaker(harness::ScenarioRun& run, const Config& config);

/// Every operation one call after the other, then all of them ten at a time.
void contentful(harness::ScenarioRun& run, const Config& config);
void cloudinary(harness::ScenarioRun& run, const Config& config);

/// All three providers at the same time, ten calls at once each: the figures of a healthy day.
void baseline(harness::ScenarioRun& run, const Config& config);

/// A monitor watches all operations, with a brownout of the payment provider and without.
void monitor(harness::ScenarioRun& run, const Config& config);

/// Runs of the unchanged system, and one that is slower, against a stored baseline.
void regression(harness::ScenarioRun& run, const Config& config);

}  // namespace sim::models::services
