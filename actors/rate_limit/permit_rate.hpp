#pragma once

#include <cstdint>

#include "libsim/time.hpp"

namespace sim::policies {

/// So many permits in so long: a rate as buckets keep it, in whole numbers.
struct PermitRate {
  std::uint32_t permits = 1;
  Duration period{};

  friend bool operator==(const PermitRate&, const PermitRate&) = default;
};

/// The rate of a decimal number of permits per second, from 1e-9 to 4e9 (asserted). Exact for numbers of up to nine
/// digits and nine decimals: 0.00138889 is 138,889 permits in 100,000,000 s. Of others the period is that of as many
/// permits as fit (2^32, or those of 31 years), rounded to the nearest nanosecond: wrong by less than one in 10^9.
[[nodiscard]] PermitRate permit_rate(double permits_per_second);

}  // namespace sim::policies
