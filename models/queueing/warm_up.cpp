#include "models/queueing/warm_up.hpp"

#include <fmt/format.h>

#include <cmath>

#include "libsim/failure.hpp"
#include "libsim/harness/run/end_of_time.hpp"
#include "libsim/statistics/warm_up.hpp"
#include "libsim/text/number_text.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::models::queueing {

namespace {

constexpr std::uint64_t jobs_max = 10'000'000;

}  // namespace

Expected<WarmUpRule> parse_warm_up(const std::string& text) {
  if (text == "none") {
    return WarmUpRule{};
  }
  if (text == "auto") {
    return WarmUpRule{.kind = WarmUpRule::Kind::automatic, .jobs = 0, .time = {}};
  }
  if (const auto jobs = parse_whole_number<std::uint64_t>(text); jobs && *jobs <= jobs_max) {
    return WarmUpRule{.kind = WarmUpRule::Kind::jobs, .jobs = *jobs, .time = {}};
  }
  if (const auto time = parse_duration(text); time && *time >= Duration::zero()) {
    return WarmUpRule{.kind = WarmUpRule::Kind::time, .jobs = 0, .time = *time};
  }
  return unexpected(fmt::format("expected none, auto, a number of jobs up to {}, or a time such as 200s", jobs_max));
}

WarmUpRule warm_up_rule(const Config& config) {
  const auto rule = parse_warm_up(config.warm_up);
  check(rule.has_value(), "the warm-up of a configuration has been validated");
  return *rule;
}

void expect_to_fit(const Config& config, double warm_up_s, double arrivals_per_s, const std::string& made_by) {
  harness::expect_within_virtual_time(
      warm_up_s + seconds_for(config.jobs, arrivals_per_s),
      fmt::format("--measured_jobs {} after --warm-up {}, with {},", config.jobs, shown(config.warm_up), made_by));
}

Duration warm_up_of_pilot(harness::ScenarioRun& run, Plant& pilot, Duration measured) {
  pilot.run_for(measured);
  const auto& sojourns = pilot.record().sojourns_s();
  const auto cut = mser5(sojourns);
  if (!cut) {
    run.warn(fmt::format("warm-up: {}; nothing is dropped", cut.error().message));
    return {};
  }
  if (cut->run_too_short()) {
    run.warn(fmt::format("warm-up: of {} jobs MSER-5 drops more than half: the run is too short to settle",
                         with_thousands(cut->observations)));
  }
  // Jobs leave at an even rate; whole nanoseconds, as everywhere.
  const double share = static_cast<double>(cut->dropped) / static_cast<double>(cut->observations);
  return Duration(std::llround(share * static_cast<double>(measured.count())));
}

}  // namespace sim::models::queueing
