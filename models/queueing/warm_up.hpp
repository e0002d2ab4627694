#pragma once

#include <cstdint>
#include <string>

#include "libsim/expected.hpp"
#include "libsim/harness/experiment/scenario_run.hpp"
#include "libsim/time.hpp"
#include "models/queueing/advice.hpp"
#include "models/queueing/config.hpp"
#include "models/queueing/plant.hpp"

namespace sim::models::queueing {

/// How much of the beginning is not measured: a number of jobs, a time, or as much as a pilot run shows.
struct WarmUpRule {
  enum class Kind { jobs, time, automatic };

  Kind kind = Kind::jobs;
  std::uint64_t jobs = 0;
  Duration time{};
};

/// Reads `none`, `auto`, a number of jobs or a time such as `200s`. The error says what was expected.
[[nodiscard]] Expected<WarmUpRule> parse_warm_up(const std::string& text);

/// The rule of a configuration that has been validated (asserted).
[[nodiscard]] WarmUpRule warm_up_rule(const Config& config);

/// Runs a pilot for the time that would be measured and drops from the front what MSER-5 drops of the jobs' times in
/// the system; a warning when the pilot was too short to tell. It draws what the measured run draws, as the rule is
/// meant to be used: it cuts off the beginning of a run that is known.
[[nodiscard]] Duration warm_up_of_pilot(harness::ScenarioRun& run, Plant& pilot, Duration measured);

/// Refuses a run that is longer than virtual time lasts; `made_by` names the parameters of the rate.
void expect_to_fit(const Config& config, double warm_up_s, double arrivals_per_s, const std::string& made_by);

/// The time of the warm-up; `make_plant(simulation)` makes what a pilot runs. Refuses what does not fit.
template <class MakePlant>
[[nodiscard]] Duration warm_up_time(harness::ScenarioRun& run, const Config& config, double arrivals_per_s,
                                    const std::string& made_by, const MakePlant& make_plant) {
  const WarmUpRule rule = warm_up_rule(config);
  const bool is_time = rule.kind == WarmUpRule::Kind::time;
  expect_to_fit(config, is_time ? to_seconds(rule.time) : seconds_for(rule.jobs, arrivals_per_s), arrivals_per_s,
                made_by);
  if (rule.kind != WarmUpRule::Kind::automatic) {
    return is_time ? rule.time : time_for(rule.jobs, arrivals_per_s);
  }
  Plant pilot = make_plant(run.simulation("pilot"));
  const Duration dropped = warm_up_of_pilot(run, pilot, time_for(config.jobs, arrivals_per_s));
  expect_to_fit(config, to_seconds(dropped), arrivals_per_s, made_by);
  return dropped;
}

}  // namespace sim::models::queueing
