#include "libsim/harness/scenario_failure.hpp"

#include <fmt/format.h>

namespace sim::harness {

ScenarioFailure::ScenarioFailure(const std::string& scenario, std::uint32_t replication, const std::string& reason)
    : std::runtime_error(fmt::format("scenario {} failed: {}", scenario, reason)),
      scenario_(scenario),
      replication_(replication) {}

}  // namespace sim::harness
