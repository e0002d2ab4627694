#include "libsim/harness/run/end_of_time.hpp"

#include <fmt/format.h>

#include "libsim/failure.hpp"
#include "libsim/time.hpp"

namespace sim::harness {

void expect_within_virtual_time(double seconds, const std::string& made_by) {
  constexpr double seconds_per_year = 365.25 * 86'400;
  if (!(seconds < to_seconds(forever))) {
    throw EndOfTime(fmt::format("{} take {:.4g} years", made_by, seconds / seconds_per_year));
  }
}

}  // namespace sim::harness
