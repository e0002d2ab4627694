#include <algorithm>
#include <boost/math/constants/constants.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>

#include "libsim/random/laws.hpp"

namespace sim::laws {

namespace {

double nanoseconds(Duration duration) { return static_cast<double>(duration.count()); }

double square(double x) { return x * x; }

double standard_normal_cdf(double z) {
  return 0.5 * std::erfc(-z * boost::math::constants::one_div_root_two<double>());
}

double standard_normal_density(double z) {
  return boost::math::constants::one_div_root_two_pi<double>() * std::exp(-0.5 * z * z);
}

/// Density over probability of the part that is left above 0; Johnson, Kotz and Balakrishnan, "Continuous Univariate
/// Distributions" 1 (1994), chapter 13, derive both moments from it.
double hazard_at_zero(const TruncatedNormal& law) {
  const double z = law.location / law.spread;
  return standard_normal_density(z) / standard_normal_cdf(z);
}

}  // namespace

double Constant::mean_ns() const { return nanoseconds(value); }
double Constant::variance_ns2() const { return 0.0; }
double Constant::cdf(double t_ns) const { return t_ns >= nanoseconds(value) ? 1.0 : 0.0; }

double Uniform::mean_ns() const { return 0.5 * (nanoseconds(minimum) + nanoseconds(maximum)); }
double Uniform::variance_ns2() const { return square(nanoseconds(maximum - minimum)) / 12.0; }
double Uniform::cdf(double t_ns) const {
  if (minimum == maximum) {
    return t_ns >= nanoseconds(minimum) ? 1.0 : 0.0;
  }
  return std::clamp((t_ns - nanoseconds(minimum)) / nanoseconds(maximum - minimum), 0.0, 1.0);
}

double Exponential::cdf(double t_ns) const { return t_ns <= 0.0 ? 0.0 : -std::expm1(-t_ns / mean); }

double Lognormal::mean_ns() const { return median * std::exp(0.5 * sigma * sigma); }
double Lognormal::variance_ns2() const { return square(mean_ns()) * std::expm1(sigma * sigma); }
double Lognormal::cdf(double t_ns) const {
  return t_ns <= 0.0 ? 0.0 : standard_normal_cdf(std::log(t_ns / median) / sigma);
}

double Gamma::cdf(double t_ns) const { return t_ns <= 0.0 ? 0.0 : boost::math::gamma_p(shape, t_ns / scale); }

double Weibull::mean_ns() const { return scale * std::tgamma(1.0 + 1.0 / shape); }
double Weibull::variance_ns2() const {
  const double second_moment = std::tgamma(1.0 + 2.0 / shape);
  return std::isinf(second_moment) ? infinite
                                   : square(scale) * (second_moment - square(std::tgamma(1.0 + 1.0 / shape)));
}
double Weibull::cdf(double t_ns) const { return t_ns <= 0.0 ? 0.0 : -std::expm1(-std::pow(t_ns / scale, shape)); }

double Pareto::mean_ns() const { return shape <= 1.0 ? infinite : shape * minimum / (shape - 1.0); }
double Pareto::variance_ns2() const {
  return shape <= 2.0 ? infinite : square(minimum / (shape - 1.0)) * shape / (shape - 2.0);
}
double Pareto::cdf(double t_ns) const { return t_ns <= minimum ? 0.0 : 1.0 - std::pow(minimum / t_ns, shape); }

double TruncatedNormal::mean_ns() const { return location + spread * hazard_at_zero(*this); }
double TruncatedNormal::variance_ns2() const {
  const double hazard = hazard_at_zero(*this);
  return square(spread) * (1.0 - hazard * (location / spread + hazard));
}
double TruncatedNormal::cdf(double t_ns) const {
  if (t_ns < 0.0) {
    return 0.0;
  }
  const double removed = standard_normal_cdf(-location / spread);
  return (standard_normal_cdf((t_ns - location) / spread) - removed) / (1.0 - removed);
}

double Triangular::mean_ns() const { return (minimum + mode + maximum) / 3.0; }
double Triangular::variance_ns2() const {
  return (square(maximum - minimum) - (mode - minimum) * (maximum - mode)) / 18.0;
}
double Triangular::cdf(double t_ns) const {
  if (t_ns <= minimum) {
    return 0.0;
  }
  if (t_ns >= maximum) {
    return 1.0;
  }
  const double width = maximum - minimum;
  return t_ns < mode ? square(t_ns - minimum) / (width * (mode - minimum))
                     : 1.0 - square(maximum - t_ns) / (width * (maximum - mode));
}

double Empirical::mean_ns() const {
  double sum = 0.0;
  for (const auto sample_value : samples) {
    sum += nanoseconds(sample_value);
  }
  return sum / static_cast<double>(samples.size());
}
double Empirical::variance_ns2() const {
  const double mean = mean_ns();
  double sum = 0.0;
  for (const auto sample_value : samples) {
    sum += square(nanoseconds(sample_value) - mean);
  }
  return sum / static_cast<double>(samples.size());
}
double Empirical::cdf(double t_ns) const {
  const auto above = std::upper_bound(samples.begin(), samples.end(), t_ns,
                                      [](double t, Duration value) { return t < nanoseconds(value); });
  return static_cast<double>(above - samples.begin()) / static_cast<double>(samples.size());
}

double Mixture::mean_ns() const {
  double sum = 0.0;
  for (const auto& part : parts) {
    sum += part.weight * std::visit([](const auto& law) { return law.mean_ns(); }, part.law);
  }
  return sum;
}

// The variance within the parts and that of their means.
double Mixture::variance_ns2() const {
  const double mean = mean_ns();
  if (std::isinf(mean)) {
    return infinite;
  }
  double sum = 0.0;
  for (const auto& part : parts) {
    const auto about_the_mean = [mean](const auto& law) { return law.variance_ns2() + square(law.mean_ns() - mean); };
    sum += part.weight * std::visit(about_the_mean, part.law);
  }
  return sum;
}

double Mixture::cdf(double t_ns) const {
  double sum = 0.0;
  for (const auto& part : parts) {
    sum += part.weight * std::visit([t_ns](const auto& law) { return law.cdf(t_ns); }, part.law);
  }
  return std::min(sum, 1.0);
}

}  // namespace sim::laws
