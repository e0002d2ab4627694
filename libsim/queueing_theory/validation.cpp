#include "libsim/queueing_theory/validation.hpp"

#include <fmt/format.h>

#include <cmath>

namespace sim::queueing_theory {

namespace {

// Moments are often computed by the caller: a constant's second moment may come out a little below its squared mean.
constexpr double moment_rounding = 1e-9;

}  // namespace

Expected<void> validate_positive(std::string_view name, double value) {
  if (!(value > 0.0 && std::isfinite(value))) {
    return unexpected(fmt::format("{} {}: expected a positive number", name, value));
  }
  return {};
}

Expected<void> validate_not_negative(std::string_view name, double value) {
  if (!(value >= 0.0 && std::isfinite(value))) {
    return unexpected(fmt::format("{} {}: expected 0 or a positive number", name, value));
  }
  return {};
}

Expected<void> validate_servers(std::uint32_t servers) {
  if (servers == 0) {
    return unexpected("servers 0: expected 1 or more");
  }
  return {};
}

Expected<void> validate_station(double arrivals_per_s, double services_per_s, std::uint32_t servers) {
  return first_error(validate_positive("arrivals_per_s", arrivals_per_s),
                     validate_positive("services_per_s", services_per_s), validate_servers(servers));
}

Expected<void> validate_steady(double load_per_server) {
  if (!(load_per_server < 1.0)) {
    return unexpected(
        fmt::format("load {} per server: expected less than 1, or the queue grows without end", load_per_server));
  }
  return {};
}

Expected<void> validate_second_moment(double mean_s, double second_moment_s2) {
  if (!(second_moment_s2 >= mean_s * mean_s * (1.0 - moment_rounding))) {
    return unexpected(fmt::format("second moment {} of a service time with the mean {}: expected at least {}",
                                  second_moment_s2, mean_s, mean_s * mean_s));
  }
  return {};
}

}  // namespace sim::queueing_theory
