#include "models/stress/config.hpp"

#include <fmt/format.h>

#include <string>

namespace sim::models::stress {

namespace {

Expected<void> at_most(const char* parameter, std::uint64_t value, const char* other, std::uint64_t limit) {
  if (value <= limit) {
    return {};
  }
  return unexpected(fmt::format("--{} {}: expected at most --{}, which is {}", parameter, value, other, limit));
}

Expected<void> below(const char* parameter, std::uint64_t value, const char* other, std::uint64_t limit) {
  if (value < limit) {
    return {};
  }
  return unexpected(fmt::format("--{} {}: expected less than --{}, which is {}", parameter, value, other, limit));
}

}  // namespace

Config::LatencyMix::LatencyMix() : service(mixture({{0.95, uniform(0ms, 10ms)}, {0.05, uniform(0ms, 100ms)}})) {}

Expected<void> validate(const Config& config) {
  const auto& weak = config.weak_cache;
  if (auto owners = at_most("weak_cache.ending", weak.ending_count, "weak_cache.owners", weak.owners_count); !owners) {
    return owners;
  }
  const auto& pressure = config.backpressure;
  if (auto marks = below("backpressure.low_water_mark", pressure.low_water_mark, "backpressure.high_water_mark",
                         pressure.high_water_mark);
      !marks) {
    return marks;
  }
  const auto& degradation = config.degradation;
  if (auto levels = below("degradation.reduced_above", degradation.reduced_above, "degradation.minimal_above",
                          degradation.minimal_above);
      !levels) {
    return levels;
  }
  if (auto levels = below("degradation.minimal_above", degradation.minimal_above, "degradation.core_off_above",
                          degradation.core_off_above);
      !levels) {
    return levels;
  }
  if (auto steps = below("degradation.hysteresis", degradation.hysteresis, "degradation.reduced_above",
                         degradation.reduced_above);
      !steps) {
    return steps;
  }
  const auto& tiers = config.multi_tier_cache;
  return at_most("multi_tier_cache.l1_entries_max", tiers.l1_entries_max, "multi_tier_cache.l2_entries_max",
                 tiers.l2_entries_max);
}

}  // namespace sim::models::stress
