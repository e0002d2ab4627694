#include "models/services/experiment.hpp"

#include "models/services/config.hpp"
#include "models/services/scenarios.hpp"

namespace sim::models::services {

harness::Experiment experiment() {
  return harness::Definition<Config>{
      .name = "services",
      .summary = "third-party services for payments, content and images behind clients with limiter, retry and breaker",
      .describe = describe,
      .scenarios = {{"stripe_create_customer", "50 customers, one after the other", stripe_create_customer},
                    {"stripe_payments", "100 payments, 10 at a time", stripe_payments},
                    {"stripe_rate_limit", "110 calls in a row against a limit of 100 in 60 s", stripe_rate_limit},
                    {"stripe_breaker", "7 calls that fail, then a good one while the breaker is open", stripe_breaker},
                    {"contentful", "entries, bulk actions and uploads, one by one and 10 at a time", contentful},
                    {"cloudinary", "transformations, uploads and bulk tags, one by one and 10 at a time", cloudinary},
                    {"baseline", "all three providers at once, 10 calls at a time each", baseline},
                    {"contentful_rate_limit", "as stripe_rate_limit, reading entries", contentful_rate_limit},
                    {"cloudinary_rate_limit", "as stripe_rate_limit, transforming images", cloudinary_rate_limit},
                    {"monitor", "alerts with a brownout of the payment provider and without", monitor},
                    {"regression", "20 unchanged runs and a slower one against a stored baseline", regression}},
      .validate = validate,
      .estimate = estimate};
}

}  // namespace sim::models::services
