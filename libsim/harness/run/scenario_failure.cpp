#include "libsim/harness/run/scenario_failure.hpp"

#include <fmt/format.h>

#include <utility>

#include "libsim/text/number_text.hpp"
#include "libsim/text/printable.hpp"

namespace sim::harness {

ScenarioFailure::ScenarioFailure(const std::string& scenario, std::uint32_t replication, const std::string& reason)
    : ScenarioFailure(scenario, replication, Kind::bug, fmt::format("scenario {} failed: {}", scenario, reason)) {}

ScenarioFailure ScenarioFailure::too_long(const std::string& scenario, std::uint32_t replication, const RunTooLong& end,
                                          const WorkLimits& limits) {
  return {
      scenario, replication, Kind::too_long,
      fmt::format("scenario {} is too long: more than {} events, or {} pending at one time, by {} s of virtual time "
                  "in replication {}; --long runs it all the same",
                  scenario, with_thousands(limits.events_max), with_thousands(limits.pending_events_max),
                  short_text(to_seconds(end.place().at - Time{})), replication)};
}

ScenarioFailure ScenarioFailure::end_of_time(const std::string& scenario, std::uint32_t replication,
                                             const std::string& reason) {
  return {scenario, replication, Kind::end_of_time,
          fmt::format("scenario {} passes the end of virtual time (292 years): {}", scenario, reason)};
}

ScenarioFailure::ScenarioFailure(std::string scenario, std::uint32_t replication, Kind kind, const std::string& what)
    : std::runtime_error(Printable(what)), scenario_(std::move(scenario)), replication_(replication), kind_(kind) {}

}  // namespace sim::harness
