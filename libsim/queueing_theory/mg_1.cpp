#include <cmath>

#include "libsim/queueing_theory/single_server.hpp"
#include "libsim/queueing_theory/validation.hpp"

namespace sim::queueing_theory {

namespace {

Expected<void> validate_mg_1(double arrivals_per_s, double service_mean_s) {
  return first_error(validate_positive("arrivals_per_s", arrivals_per_s),
                     validate_positive("service_mean_s", service_mean_s),
                     validate_steady(arrivals_per_s * service_mean_s));
}

}  // namespace

Expected<SteadyState> mg_1(double arrivals_per_s, double service_mean_s, double service_second_moment_s2) {
  if (const auto valid = first_error(validate_mg_1(arrivals_per_s, service_mean_s),
                                     validate_second_moment(service_mean_s, service_second_moment_s2));
      !valid) {
    return tl::unexpected(valid.error());
  }
  const double load = arrivals_per_s * service_mean_s;
  SteadyState state;
  state.utilisation = load;
  state.throughput_per_s = arrivals_per_s;
  state.wait_probability = load;
  state.loss_probability = 0.0;
  state.abandonment_probability = 0.0;
  state.formula = "Pollaczek–Khinchine";
  if (std::isfinite(service_second_moment_s2)) {
    state.wait_mean_s = arrivals_per_s * service_second_moment_s2 / (2.0 * (1.0 - load));
    state.sojourn_mean_s = *state.wait_mean_s + service_mean_s;
    state.queue_length_mean = arrivals_per_s * *state.wait_mean_s;
    state.in_system_mean = arrivals_per_s * *state.sojourn_mean_s;
  }
  return state;
}

Expected<double> mg_1_wait_second_moment(double arrivals_per_s, double service_mean_s, double service_second_moment_s2,
                                         double service_third_moment_s3) {
  const auto state = mg_1(arrivals_per_s, service_mean_s, service_second_moment_s2);
  if (!state) {
    return tl::unexpected(state.error());
  }
  if (const auto valid = first_error(validate_positive("service_second_moment_s2", service_second_moment_s2),
                                     validate_positive("service_third_moment_s3", service_third_moment_s3));
      !valid) {
    return tl::unexpected(valid.error());
  }
  const double wait_s = *state->wait_mean_s;
  return 2.0 * wait_s * wait_s +
         arrivals_per_s * service_third_moment_s3 / (3.0 * (1.0 - arrivals_per_s * service_mean_s));
}

Expected<double> mg_1_busy_period_mean_s(double arrivals_per_s, double service_mean_s) {
  if (const auto valid = validate_mg_1(arrivals_per_s, service_mean_s); !valid) {
    return tl::unexpected(valid.error());
  }
  return service_mean_s / (1.0 - arrivals_per_s * service_mean_s);
}

Expected<SteadyState> mg_1_ps(double arrivals_per_s, double service_mean_s) {
  if (const auto valid = validate_mg_1(arrivals_per_s, service_mean_s); !valid) {
    return tl::unexpected(valid.error());
  }
  const double load = arrivals_per_s * service_mean_s;
  SteadyState state;
  state.utilisation = load;
  state.throughput_per_s = arrivals_per_s;
  state.sojourn_mean_s = service_mean_s / (1.0 - load);
  state.in_system_mean = load / (1.0 - load);
  state.loss_probability = 0.0;
  state.abandonment_probability = 0.0;
  state.formula = "M/G/1 processor sharing";
  return state;
}

}  // namespace sim::queueing_theory
