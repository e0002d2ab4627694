#pragma once

#include <string>
#include <string_view>

#include "libsim/expected.hpp"
#include "libsim/statistics/comparison.hpp"

namespace sim::models::services {

/// Response times are compared by their logarithms, whose distribution is close to normal. A stored sample is written
/// for people, as in `calls=5000 typical=0.25 spread=1.96`: how many calls, the geometric mean in seconds, and the
/// geometric standard deviation.
[[nodiscard]] Expected<SampleSummary> parse_baseline(std::string_view text);

[[nodiscard]] std::string baseline_text(const SampleSummary& log_times);

}  // namespace sim::models::services
