#include "libsim/harness/experiment/work_estimate.hpp"

#include <fmt/format.h>

#include "libsim/text/number_text.hpp"

namespace sim::harness {

Expected<void> check_length(const std::string& scenario, const WorkEstimate& estimate) {
  const WorkLimits limits;
  if (estimate.events <= static_cast<double>(limits.events_max)) {
    return {};
  }
  return unexpected(
      fmt::format("{}: expected less: scenario {} would take about {:.1g} events, and more than {} need "
                  "--long",
                  estimate.because, scenario, estimate.events, with_thousands(limits.events_max)));
}

}  // namespace sim::harness
