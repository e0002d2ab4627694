#include "models/services/config.hpp"

#include <fmt/format.h>

#include "models/contradiction.hpp"
#include "models/services/baseline.hpp"

namespace sim::models::services {

namespace {

ProviderConfig stripe_defaults() {
  return {.name = "stripe",
          .limit = 100,
          .limit_window = 1s,
          .limit_source = "Stripe documentation, rate limits: 100 operations a second in live mode",
          .error_probability = 0.005,
          .operations = {{.name = "create_customer",
                          .latency = lognormal_p50_p99(250ms, 1200ms),
                          .latency_source = "assumed: one write over the public internet",
                          .object_mb = 0.3,
                          .threshold = 1s,
                          .baseline = "calls=5000 typical=0.24903 spread=1.9611"},
                         {.name = "create_payment",
                          .latency = lognormal_p50_p99(350ms, 1600ms),
                          .latency_source = "assumed: a payment that is not yet confirmed, so that no bank takes part",
                          .object_mb = 0.4,
                          .threshold = 1500ms,
                          .baseline = "calls=5000 typical=0.35549 spread=1.9274"}}};
}

ProviderConfig contentful_defaults() {
  return {
      .name = "contentful",
      .limit = 10,
      .limit_window = 1s,
      .limit_source = "Contentful documentation, Content Management API: 10 a second in paid plans; assumed for reads",
      .error_probability = 0.005,
      .operations = {{.name = "get_entry",
                      .latency = lognormal_p50_p99(100ms, 500ms),
                      .latency_source = "assumed: a read that no edge cache answers",
                      .object_mb = 0.5,
                      .threshold = 500ms,
                      .baseline = "calls=5000 typical=0.10462 spread=2.0176"},
                     {.name = "publish_bulk",
                      .latency = lognormal_p50_p99(800ms, 3500ms),
                      .latency_source = "assumed: a bulk action on some dozen entries",
                      .object_mb = 1.5,
                      .threshold = 3s,
                      .baseline = "calls=5000 typical=0.7982 spread=1.908"},
                     {.name = "upload_asset",
                      .latency = lognormal_p50_p99(900ms, 4500ms),
                      .latency_source = "assumed: upload of 1 MB and its processing",
                      .object_mb = 3,
                      .threshold = 4s,
                      .baseline = "calls=5000 typical=0.91321 spread=2.0058"}}};
}

ProviderConfig cloudinary_defaults() {
  return {.name = "cloudinary",
          .limit = 2000,
          .limit_window = 1h,
          .limit_source =
              "Cloudinary support, Admin API: 2000 an hour in paid plans; assumed for uploads, which have no limit",
          .error_probability = 0.01,
          .operations = {{.name = "transform_image",
                          .latency = lognormal_p50_p99(300ms, 1400ms),
                          .latency_source = "assumed: a derived image that is made on its first request",
                          .object_mb = 0.3,
                          .threshold = 1500ms,
                          .baseline = "calls=5000 typical=0.30269 spread=1.9703"},
                         {.name = "upload_image",
                          .latency = lognormal_p50_p99(1200ms, 5s),
                          .latency_source = "assumed: upload of 2 MB at about 25 Mbit/s, then analysis",
                          .object_mb = 5,
                          .threshold = 5s,
                          .baseline = "calls=5000 typical=1.2173 spread=1.8466"},
                         {.name = "tag_bulk",
                          .latency = lognormal_p50_p99(600ms, 2500ms),
                          .latency_source = "assumed: one request that tags 100 images",
                          .object_mb = 0.8,
                          .threshold = 3s,
                          .baseline = "calls=5000 typical=0.60207 spread=1.8412"}}};
}

}  // namespace

Config::Config() : providers{stripe_defaults(), contentful_defaults(), cloudinary_defaults()} {}

Expected<void> validate(const Config& config) {
  if (auto calls = check_at_most("concurrent.at_once", config.load.concurrency, "concurrent.calls",
                                 config.load.concurrent_calls);
      !calls) {
    return calls;
  }
  const auto& monitor = config.monitor;
  if (auto brownout = check_ends_by({"monitor.brownout_starts_after", monitor.brownout_starts_after,
                                     "monitor.brownout_duration", monitor.brownout_duration},
                                    "monitor.duration", monitor.duration);
      !brownout) {
    return brownout;
  }
  for (const ProviderConfig& provider : config.providers) {
    for (const OperationConfig& operation : provider.operations) {
      if (const auto baseline = parse_baseline(operation.baseline); !baseline) {
        return unexpected(fmt::format("--regression.baseline.{}.{} {}: {}", provider.name, operation.name,
                                      operation.baseline, baseline.error().message));
      }
    }
  }
  return {};
}

}  // namespace sim::models::services
