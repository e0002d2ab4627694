#include "models/queueing/laws_of_theory.hpp"

#include <algorithm>
#include <boost/math/quadrature/gauss_kronrod.hpp>
#include <cmath>
#include <string>
#include <string_view>

namespace sim::models::queueing {

namespace {

bool is_law(const Distribution& distribution, std::string_view name) {
  const std::string text = to_text(distribution);
  return text.starts_with(name) && text.size() > name.size() && text[name.size()] == '(';
}

double cdf_at(const Distribution& distribution, double seconds) {
  constexpr double seconds_max = 9e9;
  return seconds < 0.0 ? 0.0 : distribution.cdf(from_seconds(std::min(seconds, seconds_max)));
}

// E[exp(-s T)] is the integral over u of exp(-u) F(u / s). Split where the exponential loses a digit or two, and the
// law may bend.
double transform_of(const Distribution& distribution, double s) {
  using Integrator = boost::math::quadrature::gauss_kronrod<double, 31>;
  constexpr double end = 40.0;       // nothing above 1e-17 lies behind
  constexpr unsigned depth_max = 3;  // the distribution function is one of whole nanoseconds: deeper is noise
  constexpr double tolerance = 1e-10;
  std::vector<double> bounds{0.0, 1.0, 4.0, 12.0, end};
  for (const double probability : {0.0, 0.25, 0.75, 1.0}) {
    bounds.push_back(std::min(s * to_seconds(distribution.quantile(probability)), end));
  }
  std::sort(bounds.begin(), bounds.end());
  const auto integrand = [&](double u) { return std::exp(-u) * cdf_at(distribution, u / s); };
  double sum = 0.0;
  for (std::size_t part = 0; part + 1 < bounds.size(); ++part) {
    if (bounds[part] < bounds[part + 1]) {
      sum += Integrator::integrate(integrand, bounds[part], bounds[part + 1], depth_max, tolerance);
    }
  }
  return sum;
}

double half_width_of_uniform_s(const Distribution& distribution) { return std::sqrt(3.0 * distribution.variance_s2()); }

}  // namespace

bool is_exponential(const Distribution& distribution) { return is_law(distribution, "exponential"); }

bool is_constant(const Distribution& distribution) { return distribution.variance_s2() == 0.0; }

double second_moment_s2(const Distribution& distribution) {
  return distribution.variance_s2() + distribution.mean_s() * distribution.mean_s();
}

queueing_theory::InterarrivalLaw interarrival_law(const Distribution& distribution) {
  const double mean_s = distribution.mean_s();
  if (is_constant(distribution)) {
    return queueing_theory::constant_interarrivals(mean_s);
  }
  if (is_exponential(distribution)) {
    return queueing_theory::exponential_interarrivals(mean_s);
  }
  if (is_law(distribution, "uniform")) {
    const double half_width_s = half_width_of_uniform_s(distribution);
    return queueing_theory::uniform_interarrivals(std::max(0.0, mean_s - half_width_s), mean_s + half_width_s);
  }
  if (to_text(distribution).starts_with("hyperexponential(mean=")) {
    const double variation = distribution.squared_coefficient_of_variation();
    return queueing_theory::balanced_hyperexponential_interarrivals(mean_s, std::max(1.0, variation));
  }
  if (is_law(distribution, "erlang")) {
    const double phases = std::round(1.0 / distribution.squared_coefficient_of_variation());
    return queueing_theory::erlang_interarrivals(static_cast<std::uint32_t>(phases), mean_s);
  }
  return {.mean_s = mean_s, .laplace_transform = [distribution](double s) { return transform_of(distribution, s); }};
}

queueing_theory::ServiceLaw service_law(const Distribution& distribution) {
  const double mean_s = distribution.mean_s();
  if (is_constant(distribution)) {
    return queueing_theory::constant_service(mean_s);
  }
  if (is_exponential(distribution)) {
    return queueing_theory::exponential_service(mean_s);
  }
  if (is_law(distribution, "uniform")) {
    const double half_width_s = half_width_of_uniform_s(distribution);
    return queueing_theory::uniform_service(std::max(0.0, mean_s - half_width_s), mean_s + half_width_s);
  }
  queueing_theory::ServiceLaw law{.mean_s = mean_s, .second_moment_s2 = second_moment_s2(distribution)};
  law.cdf = [distribution](double seconds) { return cdf_at(distribution, seconds); };
  // Where the law begins and ends it may have a bend.
  law.breakpoints_s = {to_seconds(distribution.quantile(1e-12)), to_seconds(distribution.quantile(1.0))};
  return law;
}

}  // namespace sim::models::queueing
