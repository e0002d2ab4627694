#pragma once

#include <cstdint>
#include <string_view>

#include "libsim/expected.hpp"

/// What the formulas ask of their arguments. Each error gives the name, the value and what was expected.
namespace sim::queueing_theory {

/// Positive and finite.
[[nodiscard]] Expected<void> validate_positive(std::string_view name, double value);

/// 0 or more, and finite.
[[nodiscard]] Expected<void> validate_not_negative(std::string_view name, double value);

[[nodiscard]] Expected<void> validate_servers(std::uint32_t servers);

/// Arrival and service rate are positive, and there is a server.
[[nodiscard]] Expected<void> validate_station(double arrivals_per_s, double services_per_s, std::uint32_t servers);

/// The offered load per server is below 1: else the queue grows without end.
[[nodiscard]] Expected<void> validate_steady(double load_per_server);

/// No law has a second moment below its squared mean. May be infinite.
[[nodiscard]] Expected<void> validate_second_moment(double mean_s, double second_moment_s2);

/// The first error, if any, of several checks.
template <class... Checks>
[[nodiscard]] Expected<void> first_error(Checks... checks) {
  Expected<void> result;
  (void)(... && (checks ? true : (result = tl::unexpected(checks.error()), false)));
  return result;
}

}  // namespace sim::queueing_theory
