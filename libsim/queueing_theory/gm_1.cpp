#include <cmath>

#include "libsim/failure.hpp"
#include "libsim/queueing_theory/quantile_search.hpp"
#include "libsim/queueing_theory/single_server.hpp"
#include "libsim/queueing_theory/validation.hpp"

namespace sim::queueing_theory {

namespace {

// Below this, 1 - A(s) is little but the rounding of A(s).
constexpr double idle_min = 1e-12;

/// 1 - sigma, by bisection. A(mu d) - 1 + d is convex in d, 0 at d = 0, negative after it and positive at d = 1.
Expected<double> idle_share_on_arrival(const InterarrivalLaw& interarrivals, double services_per_s) {
  const auto difference = [&](double d) { return interarrivals.laplace_transform(services_per_s * d) - (1.0 - d); };
  double below = 0.5;
  while (!(difference(below) <= 0.0)) {
    below /= 2.0;
    if (below < idle_min) {
      return unexpected("no share of arrivals below 1 waits by this Laplace transform of the interarrival times");
    }
  }
  double above = 1.0;
  for (;;) {
    const double middle = below + (above - below) / 2.0;
    if (middle <= below || middle >= above) {
      return below;
    }
    (difference(middle) > 0.0 ? above : below) = middle;
  }
}

}  // namespace

InterarrivalLaw constant_interarrivals(double seconds) {
  return {seconds, [seconds](double s) { return std::exp(-s * seconds); }};
}

InterarrivalLaw exponential_interarrivals(double mean_s) {
  return {mean_s, [mean_s](double s) { return 1.0 / (1.0 + s * mean_s); }};
}

InterarrivalLaw uniform_interarrivals(double minimum_s, double maximum_s) {
  const double width_s = maximum_s - minimum_s;
  return {0.5 * (minimum_s + maximum_s), [=](double s) {
            return width_s > 0.0 ? std::exp(-s * minimum_s) * -std::expm1(-s * width_s) / (s * width_s)
                                 : std::exp(-s * minimum_s);
          }};
}

InterarrivalLaw erlang_interarrivals(std::uint32_t phases, double mean_s) {
  const auto k = static_cast<double>(phases);
  return {mean_s, [=](double s) { return std::exp(-k * std::log1p(s * mean_s / k)); }};
}

InterarrivalLaw hyperexponential_interarrivals(const std::vector<ExponentialBranch>& branches) {
  double mean_s = 0.0;
  for (const auto& branch : branches) {
    mean_s += branch.weight * branch.mean_s;
  }
  return {mean_s, [branches](double s) {
            double sum = 0.0;
            for (const auto& branch : branches) {
              sum += branch.weight / (1.0 + s * branch.mean_s);
            }
            return sum;
          }};
}

InterarrivalLaw balanced_hyperexponential_interarrivals(double mean_s, double scv) {
  check(scv >= 1.0, "a hyperexponential law has a squared coefficient of variation of at least 1");
  const double weight = 0.5 * (1.0 + std::sqrt((scv - 1.0) / (scv + 1.0)));
  return hyperexponential_interarrivals(
      {{weight, mean_s / (2.0 * weight)}, {1.0 - weight, mean_s / (2.0 * (1.0 - weight))}});
}

InterarrivalLaw interrupted_poisson(double arrivals_while_on_per_s, double switches_off_per_s,
                                    double switches_on_per_s) {
  // The next arrival comes while on with density lambda; seen from an arrival the source is on. With the rates a, f, n:
  // A(s) = a (s + n) / (s^2 + (a + f + n) s + a n).
  const double a = arrivals_while_on_per_s;
  const double f = switches_off_per_s;
  const double n = switches_on_per_s;
  return {(f + n) / (a * n), [=](double s) { return a * (s + n) / (s * s + (a + f + n) * s + a * n); }};
}

Expected<SteadyState> gm_1(const InterarrivalLaw& interarrivals, double services_per_s) {
  if (const auto valid = first_error(validate_positive("mean of the interarrival times", interarrivals.mean_s),
                                     validate_positive("services_per_s", services_per_s));
      !valid) {
    return tl::unexpected(valid.error());
  }
  const double load = 1.0 / (interarrivals.mean_s * services_per_s);
  if (const auto valid = validate_steady(load); !valid) {
    return tl::unexpected(valid.error());
  }
  const auto share = idle_share_on_arrival(interarrivals, services_per_s);
  if (!share) {
    return tl::unexpected(share.error());
  }
  const double idle = *share;
  const double leaving_per_s = services_per_s * idle;
  SteadyState state;
  state.utilisation = load;
  state.throughput_per_s = 1.0 / interarrivals.mean_s;
  state.wait_mean_s = (1.0 - idle) / leaving_per_s;
  state.sojourn_mean_s = 1.0 / leaving_per_s;
  state.queue_length_mean = *state.wait_mean_s / interarrivals.mean_s;
  state.in_system_mean = *state.sojourn_mean_s / interarrivals.mean_s;
  state.wait_probability = 1.0 - idle;
  state.loss_probability = 0.0;
  state.abandonment_probability = 0.0;
  state.wait_quantile_s = exponential_tail_quantiles(1.0 - idle, leaving_per_s);
  state.sojourn_quantile_s = exponential_tail_quantiles(1.0, leaving_per_s);
  state.formula = "G/M/1";
  return state;
}

}  // namespace sim::queueing_theory
