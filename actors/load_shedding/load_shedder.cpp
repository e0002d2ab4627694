#include "actors/load_shedding/load_shedder.hpp"

#include <algorithm>

#include "libsim/failure.hpp"

namespace sim::policies {

namespace {

constexpr std::array<LoadShedder::Level, 3> levels_from_the_top = {
    LoadShedder::Level::shedding, LoadShedder::Level::minimal, LoadShedder::Level::degraded};

template <class Enum>
constexpr std::size_t number_of(Enum value) {
  return static_cast<std::size_t>(value);
}

}  // namespace

LoadShedder::LoadShedder(Config config, Time start) : config_(config), now_(start), level_since_(start) {
  const auto& [degraded, minimal, shedding, calm, lowest_admitted, features_off] = config_;
  for (const Threshold& each : {degraded, minimal, shedding}) {
    check(each.leave < each.enter, "a level is left at a lower load than it is entered at");
  }
  check(degraded.enter <= minimal.enter && minimal.enter <= shedding.enter, "thresholds rise from level to level");
  check(degraded.leave <= minimal.leave && minimal.leave <= shedding.leave, "thresholds rise from level to level");
  check(calm >= 0s, "a duration is not negative");
  for (std::size_t level = 1; level < levels; ++level) {
    check(lowest_admitted[level] <= lowest_admitted[level - 1], "a higher level admits no more than a lower one");
    check((features_off[level - 1] & ~features_off[level]) == 0, "a feature that is off at a level is off above");
  }
}

LoadShedder::Level LoadShedder::observe(Time now, double load) {
  check(now >= now_, "the time of a load shedder never goes back");
  check(load >= 0, "a load is a number and not negative");
  now_ = now;
  const Level entered = highest_entered(load);
  const Level kept = highest_kept(load);
  if (entered > level_) {
    set_level(now, entered);
  }
  if (kept >= level_) {
    calm_since_ = Time::max();
    return level_;
  }
  calm_since_ = std::min(calm_since_, now);
  if (now - calm_since_ >= config_.calm_duration) {
    set_level(now, kept);
  }
  return level_;
}

bool LoadShedder::admit(Priority priority) {
  const bool is_admitted = priority <= config_.lowest_admitted[number_of(level_)];
  ++(is_admitted ? statistics_.admitted_count : statistics_.shed_count)[number_of(priority)];
  return is_admitted;
}

bool LoadShedder::is_enabled(Feature feature) const {
  check(number_of(feature) < 32, "a feature has a number up to 31");
  return (config_.features_off[number_of(level_)] >> number_of(feature) & 1U) == 0;
}

Duration LoadShedder::time_at(Level level, Time now) const {
  check(now >= now_, "the time of a load shedder never goes back");
  return time_at_[number_of(level)] + (level == level_ ? now - level_since_ : Duration{0});
}

const LoadShedder::Threshold& LoadShedder::threshold(Level level) const {
  return level == Level::degraded ? config_.degraded : level == Level::minimal ? config_.minimal : config_.shedding;
}

LoadShedder::Level LoadShedder::highest_entered(double load) const {
  const auto found = std::find_if(levels_from_the_top.begin(), levels_from_the_top.end(),
                                  [&](Level level) { return load >= threshold(level).enter; });
  return found == levels_from_the_top.end() ? Level::normal : *found;
}

LoadShedder::Level LoadShedder::highest_kept(double load) const {
  const auto found = std::find_if(levels_from_the_top.begin(), levels_from_the_top.end(),
                                  [&](Level level) { return load >= threshold(level).leave; });
  return found == levels_from_the_top.end() ? Level::normal : *found;
}

void LoadShedder::set_level(Time now, Level level) {
  time_at_[number_of(level_)] += now - level_since_;
  level_since_ = now;
  level_ = level;
  calm_since_ = Time::max();
  ++statistics_.level_changes_count;
}

}  // namespace sim::policies
