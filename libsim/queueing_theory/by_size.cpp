#include <fmt/format.h>

#include <algorithm>
#include <boost/math/quadrature/gauss.hpp>
#include <cmath>
#include <utility>
#include <vector>

#include "libsim/queueing_theory/single_server.hpp"
#include "libsim/queueing_theory/validation.hpp"

namespace sim::queueing_theory {

namespace {

using Rule = boost::math::quadrature::gauss<double, 10>;

constexpr int octaves_below_mean = 80;
constexpr int octaves_above_mean = 40;
constexpr int panels_per_octave = 2;
// Below this, 1 - cdf is little more than rounding, which a large size would multiply.
constexpr double negligible_tail = 1e-15;
// As much of its mean as a heavy tail may have beyond that.
constexpr double mean_tolerance = 1e-3;

/// Sum of weight times `value(x)` by Gauss-Legendre over one panel.
template <class Value>
double integral(double from, double to, Value value) {
  const double centre = 0.5 * (from + to);
  const double half = 0.5 * (to - from);
  double sum = 0.0;
  for (std::size_t i = 0; i < Rule::abscissa().size(); ++i) {
    const double offset = half * Rule::abscissa()[i];
    sum += Rule::weights()[i] * (value(centre - offset) + value(centre + offset));
  }
  return half * sum;
}

/// Ends of the panels of integration: even steps of the logarithm around the mean, and the breakpoints.
std::vector<double> panel_ends(const ServiceLaw& service) {
  std::vector<double> ends{0.0};
  for (int step = -octaves_below_mean * panels_per_octave; step <= octaves_above_mean * panels_per_octave; ++step) {
    const double end = service.mean_s * std::exp2(static_cast<double>(step) / panels_per_octave);
    ends.push_back(end);
    if (end > service.mean_s && 1.0 - service.cdf(end) < negligible_tail) {
      break;
    }
  }
  const double last = ends.back();
  for (const double point : service.breakpoints_s) {
    if (point > 0.0 && point < last) {
      ends.push_back(point);
    }
  }
  std::sort(ends.begin(), ends.end());
  ends.erase(std::unique(ends.begin(), ends.end()), ends.end());
  return ends;
}

/// The law, the load of the jobs up to some size, and the part of larger jobs' service up to it.
class Sizes {
 public:
  Sizes(double arrivals_per_s, const ServiceLaw& service) : arrivals_per_s_(arrivals_per_s), service_(service) {}

  /// At a size x: all follows from the tail P(S > x) and its integrals.
  struct Point {
    double size_s;
    double tail;                        // P(S > x)
    double load;                        // of jobs of size <= x
    double truncated_second_moment_s2;  // E[min(S, x)^2]
  };

  /// The integral of `value(point)` over all sizes; the point at the end is left in `last`.
  template <class Value>
  double integrate(Value value, Point& last) const {
    double truncated_mean_s = 0.0;
    double second_moment_s2 = 0.0;
    double sum = 0.0;
    const auto ends = panel_ends(service_);
    const auto point_at = [&](double from, double x) {
      const double mean_s = truncated_mean_s + integral(from, x, [&](double t) { return tail(t); });
      const double second_s2 = second_moment_s2 + integral(from, x, [&](double t) { return 2.0 * t * tail(t); });
      return Point{x, tail(x), std::max(0.0, arrivals_per_s_ * (mean_s - x * tail(x))), second_s2};
    };
    for (std::size_t i = 1; i < ends.size(); ++i) {
      const double from = ends[i - 1];
      sum += integral(from, ends[i], [&](double x) { return value(point_at(from, x)); });
      second_moment_s2 += integral(from, ends[i], [&](double t) { return 2.0 * t * tail(t); });
      truncated_mean_s += integral(from, ends[i], [&](double t) { return tail(t); });
    }
    last = {ends.back(), 0.0, arrivals_per_s_ * truncated_mean_s, second_moment_s2};
    return sum;
  }

 private:
  [[nodiscard]] double tail(double x) const { return 1.0 - service_.cdf(x); }

  double arrivals_per_s_;
  const ServiceLaw& service_;
};

Expected<void> validate_law(const ServiceLaw& service, double integrated_mean_s) {
  if (!(std::abs(integrated_mean_s - service.mean_s) <= mean_tolerance * service.mean_s)) {
    return unexpected(fmt::format("the cdf of the service time has the mean {}: expected {}, as mean_s says",
                                  integrated_mean_s, service.mean_s));
  }
  return {};
}

/// Completes what `mg_1` found by the mean wait.
SteadyState with_wait(SteadyState state, double wait_mean_s, double arrivals_per_s, double service_mean_s) {
  state.wait_mean_s = wait_mean_s;
  state.sojourn_mean_s = wait_mean_s + service_mean_s;
  state.queue_length_mean = arrivals_per_s * wait_mean_s;
  state.in_system_mean = arrivals_per_s * *state.sojourn_mean_s;
  return state;
}

/// What follows from `load` = rho(x): with H = 1 / (1 - rho) - 1, jobs of size x contribute
/// dF(x) / ((1 - rho(x-)) (1 - rho(x))) = dH(x) / (lambda x), at jumps of F too. By parts only integrals of H are left.
double excess(double load) { return load / (1.0 - load); }

}  // namespace

ServiceLaw constant_service(double seconds) {
  return {.mean_s = seconds,
          .second_moment_s2 = seconds * seconds,
          .cdf = [seconds](double t) { return t >= seconds ? 1.0 : 0.0; },
          .breakpoints_s = {seconds}};
}

ServiceLaw exponential_service(double mean_s) {
  return {.mean_s = mean_s, .second_moment_s2 = 2.0 * mean_s * mean_s, .cdf = [mean_s](double t) {
            return -std::expm1(-t / mean_s);
          }};
}

ServiceLaw uniform_service(double minimum_s, double maximum_s) {
  const double width_s = maximum_s - minimum_s;
  return {.mean_s = 0.5 * (minimum_s + maximum_s),
          .second_moment_s2 = (minimum_s * minimum_s + minimum_s * maximum_s + maximum_s * maximum_s) / 3.0,
          .cdf = [=](double t) { return t >= maximum_s   ? 1.0
                                        : t <= minimum_s ? 0.0
                                                         : (t - minimum_s) / width_s; },
          .breakpoints_s = {minimum_s, maximum_s}};
}

Expected<SteadyState> mg_1_sjf(double arrivals_per_s, const ServiceLaw& service) {
  auto state = mg_1(arrivals_per_s, service.mean_s, service.second_moment_s2);
  if (!state) {
    return state;
  }
  Sizes::Point last{};
  const double inner =
      Sizes(arrivals_per_s, service)
          .integrate([](const Sizes::Point& at) { return excess(at.load) / (at.size_s * at.size_s); }, last);
  if (const auto valid = validate_law(service, last.load / arrivals_per_s); !valid) {
    return tl::unexpected(valid.error());
  }
  state->formula = "M/G/1 shortest job first";
  if (!std::isfinite(service.second_moment_s2)) {
    return state;
  }
  const double sum = service.cdf(0.0) + (inner + excess(*state->utilisation) / last.size_s) / arrivals_per_s;
  const double wait_s = 0.5 * arrivals_per_s * service.second_moment_s2 * sum;
  return with_wait(std::move(*state), wait_s, arrivals_per_s, service.mean_s);
}

Expected<SteadyState> mg_1_srpt(double arrivals_per_s, const ServiceLaw& service) {
  auto state = mg_1(arrivals_per_s, service.mean_s, service.second_moment_s2);
  if (!state) {
    return state;
  }
  // Before its first service, a job of size x waits lambda/2 E[min(S, x)^2] / ((1 - rho(x-)) (1 - rho(x))); then it
  // takes the integral of 1 / (1 - rho(t)) up to x, of which 1 is service. The sum of both means, by parts:
  const auto value = [](const Sizes::Point& at) {
    return excess(at.load) * at.truncated_second_moment_s2 / (2.0 * at.size_s * at.size_s);
  };
  Sizes::Point last{};
  const double inner = Sizes(arrivals_per_s, service).integrate(value, last);
  if (const auto valid = validate_law(service, last.load / arrivals_per_s); !valid) {
    return tl::unexpected(valid.error());
  }
  state->formula = "M/G/1 shortest remaining processing time (Schrage–Miller)";
  state->wait_probability.reset();
  const double boundary = excess(*state->utilisation) * last.truncated_second_moment_s2 / (2.0 * last.size_s);
  return with_wait(std::move(*state), inner + boundary, arrivals_per_s, service.mean_s);
}

}  // namespace sim::queueing_theory
