#include "libsim/random/distribution.hpp"

#include "libsim/random/distribution_factory.hpp"

namespace sim {

namespace {

constexpr double seconds_per_ns = 1e-9;

/// Wrong parameters in code are a bug of its author.
Distribution asserted(Expected<Distribution> made, std::string_view name) {
  check(made.has_value(), made ? std::string{} : std::string(name) + ": " + made.error().message);
  return *std::move(made);
}

}  // namespace

Distribution::Distribution() : text_("constant(0s)") {}

Distribution::Distribution(std::string text, laws::Law law) : text_(std::move(text)), law_(std::move(law)) {}

Duration Distribution::sample_other(RandomStream& random) const {
  return std::visit([&random](const auto& law) { return law.sample(random); }, law_);
}

double Distribution::mean_s() const {
  return std::visit([](const auto& law) { return law.mean_ns(); }, law_) * seconds_per_ns;
}

double Distribution::variance_s2() const {
  return std::visit([](const auto& law) { return law.variance_ns2(); }, law_) * seconds_per_ns * seconds_per_ns;
}

double Distribution::squared_coefficient_of_variation() const {
  const double mean = mean_s();
  return mean == 0.0 ? 0.0 : variance_s2() / (mean * mean);
}

double Distribution::cdf(Duration t) const {
  const double t_ns = static_cast<double>(t.count());
  return std::visit([t_ns](const auto& law) { return law.cdf(t_ns); }, law_);
}

// Bisection over whole nanoseconds: 63 steps find the exact one for every law.
Duration Distribution::quantile(double p) const {
  check(p >= 0.0 && p <= 1.0, "a probability is between 0 and 1");
  Duration below{0};
  if (cdf(below) >= p) {
    return below;
  }
  Duration found = forever;
  while (found - below > Duration{1}) {
    const auto middle = below + (found - below) / 2;
    (cdf(middle) >= p ? found : below) = middle;
  }
  return found;
}

Distribution constant(Duration value) { return asserted(DistributionFactory::constant(value), "constant"); }

Distribution uniform(Duration minimum, Duration maximum) {
  return asserted(DistributionFactory::uniform(minimum, maximum), "uniform");
}

Distribution exponential(Duration mean) { return asserted(DistributionFactory::exponential(mean), "exponential"); }

Distribution lognormal_p50_p99(Duration p50, Duration p99) {
  return asserted(DistributionFactory::lognormal_p50_p99(p50, p99), "lognormal");
}

Distribution lognormal(Duration mean, double cv) {
  return asserted(DistributionFactory::lognormal(mean, cv), "lognormal");
}

Distribution erlang(std::uint32_t k, Duration mean) { return asserted(DistributionFactory::erlang(k, mean), "erlang"); }

Distribution hyperexponential(Duration mean, double cv) {
  return asserted(DistributionFactory::hyperexponential(mean, cv), "hyperexponential");
}

Distribution hyperexponential(const std::vector<HyperexponentialBranch>& branches) {
  return asserted(DistributionFactory::hyperexponential(branches), "hyperexponential");
}

Distribution weibull(double shape, Duration scale) {
  return asserted(DistributionFactory::weibull(shape, scale), "weibull");
}

Distribution pareto(double shape, Duration minimum) {
  return asserted(DistributionFactory::pareto(shape, minimum), "pareto");
}

Distribution gamma(double shape, Duration mean) { return asserted(DistributionFactory::gamma(shape, mean), "gamma"); }

Distribution normal(Duration mean, Duration sd) { return asserted(DistributionFactory::normal(mean, sd), "normal"); }

Distribution triangular(Duration minimum, Duration mode, Duration maximum) {
  return asserted(DistributionFactory::triangular(minimum, mode, maximum), "triangular");
}

Distribution mixture(const std::vector<MixturePart>& parts) {
  return asserted(DistributionFactory::mixture(parts), "mixture");
}

Distribution empirical(std::vector<Duration> samples) {
  return asserted(DistributionFactory::empirical(std::move(samples)), "empirical");
}

Distribution empirical(std::vector<Duration> samples, std::string_view file, std::string_view column) {
  return asserted(DistributionFactory::empirical(std::move(samples), file, column), "empirical");
}

}  // namespace sim
