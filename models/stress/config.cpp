#include "models/stress/config.hpp"

#include "models/contradiction.hpp"

namespace sim::models::stress {

Config::LatencyMix::LatencyMix() : service(mixture({{0.95, uniform(0ms, 10ms)}, {0.05, uniform(0ms, 100ms)}})) {}

Expected<void> validate(const Config& config) {
  const auto& weak = config.weak_cache;
  const auto& pressure = config.backpressure;
  const auto& degradation = config.degradation;
  const auto& tiers = config.multi_tier_cache;
  return check_at_most("weak_cache.ending", weak.ending_count, "weak_cache.owners", weak.owners_count)
      .and_then([&] {
        return check_below("backpressure.low_water_mark", pressure.low_water_mark, "backpressure.high_water_mark",
                           pressure.high_water_mark);
      })
      .and_then([&] {
        return check_below("degradation.reduced_above", degradation.reduced_above, "degradation.minimal_above",
                           degradation.minimal_above);
      })
      .and_then([&] {
        return check_below("degradation.minimal_above", degradation.minimal_above, "degradation.core_off_above",
                           degradation.core_off_above);
      })
      .and_then([&] {
        return check_below("degradation.hysteresis", degradation.hysteresis, "degradation.reduced_above",
                           degradation.reduced_above);
      })
      .and_then([&] {
        return check_at_most("multi_tier_cache.l1_entries_max", tiers.l1_entries_max, "multi_tier_cache.l2_entries_max",
                             tiers.l2_entries_max);
      })
      .and_then([&] {
        return check_takes_time("breaker.pause", config.breaker.pause, "a call that the breaker rejects takes none");
      });
}

}  // namespace sim::models::stress
