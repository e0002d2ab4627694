#include "libsim/random/laws.hpp"

#include <cmath>

#include "libsim/random/portable_math.hpp"

namespace sim::laws {

namespace {

/// Gamma with scale 1 and a shape of 1 or more: Marsaglia and Tsang, "A simple method for generating gamma variables",
/// ACM TOMS 26 (2000), with the logarithm of its uniform number drawn directly as an exponential one.
double standard_gamma(RandomStream& random, double shape) {
  const double d = shape - 1.0 / 3.0;
  const double c = 1.0 / std::sqrt(9.0 * d);
  for (;;) {
    const double x = random.standard_normal();
    const double root = 1.0 + c * x;
    if (root <= 0.0) {
      continue;
    }
    const double v = root * root * root;
    if (-random.standard_exponential() < 0.5 * x * x + d * (1.0 - v + portable_log(v))) {
      return d * v;
    }
  }
}

}  // namespace

Duration Lognormal::sample(RandomStream& random) const {
  return rounded(median * portable_exp(sigma * random.standard_normal()));
}

// For a shape below 1 the same paper multiplies the next higher shape with U^(1/shape); -ln U is exponential.
Duration Gamma::sample(RandomStream& random) const {
  if (shape >= 1.0) {
    return rounded(scale * standard_gamma(random, shape));
  }
  const double higher = standard_gamma(random, shape + 1.0);
  return rounded(scale * higher * portable_exp(-random.standard_exponential() / shape));
}

Duration Weibull::sample(RandomStream& random) const {
  const double exponential = random.standard_exponential();
  if (exponential == 0.0) {
    return Duration::zero();
  }
  return rounded(scale * portable_exp(portable_log(exponential) / shape));
}

Duration Pareto::sample(RandomStream& random) const {
  return rounded(minimum * portable_exp(random.standard_exponential() / shape));
}

Duration TruncatedNormal::sample(RandomStream& random) const {
  for (;;) {
    const double drawn = location + spread * random.standard_normal();
    if (drawn >= 0.0) {
      return rounded(drawn);
    }
  }
}

Duration Triangular::sample(RandomStream& random) const {
  const double u = random.uniform01();
  const double width = maximum - minimum;
  const double rising = mode - minimum;
  if (u * width < rising) {
    return rounded(minimum + std::sqrt(u * width * rising));
  }
  return rounded(maximum - std::sqrt((1.0 - u) * width * (maximum - mode)));
}

Duration Empirical::sample(RandomStream& random) const { return samples[random.below(samples.size())]; }

Duration Mixture::sample(RandomStream& random) const {
  double rest = random.uniform01();
  std::size_t chosen = 0;
  // The last part takes what rounding leaves over.
  while (chosen + 1 < parts.size() && rest >= parts[chosen].weight) {
    rest -= parts[chosen].weight;
    ++chosen;
  }
  return std::visit([&](const auto& law) { return law.sample(random); }, parts[chosen].law);
}

}  // namespace sim::laws
