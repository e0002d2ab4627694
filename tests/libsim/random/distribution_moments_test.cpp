#include <array>
#include <catch2/catch.hpp>
#include <cmath>
#include <string_view>
#include <vector>

#include "libsim/random/distribution.hpp"

namespace {

using namespace std::chrono_literals;
using sim::Duration;

/// A distribution with its exact figures in seconds. The quantiles solve the closed form of its cumulative
/// distribution.
struct Exact {
  std::string_view text;
  double mean_s;
  double variance_s2;
  double p10_s;
  double p50_s;
  double p90_s;
  double p99_s;
};

const std::vector<Exact> exact_figures{
    {"constant(5ms)", 0.005, 0.0, 0.005, 0.005, 0.005, 0.005},
    // (b - a)² / 12 = 100 ms² / 12
    {"uniform(0ms, 10ms)", 0.005, 1e-4 / 12, 0.001, 0.005, 0.009, 0.0099},
    // p50 = 2 ln 2, p99 = 2 ln 100
    {"exponential(2s)", 2.0, 4.0, 0.2107210313156527, 1.3862943611198906, 4.605170185988091, 9.210340371976171},
    // σ = ln 5.6 / 2.32635 = 0.740540, mean = 2.5 exp(σ²/2), variance = mean² (exp(σ²) - 1)
    {"lognormal(p50=2.5s, p99=14s)", 3.2887073927398265, 7.900743468998212, 0.9677740923231184, 2.5, 6.458118738224356,
     14.0},
    // variance = (0.8 · 3)²; p50 = 3 / √1.64
    {"lognormal(mean=3s, cv=0.8)", 3.0, 5.76, 0.9511242354626492, 2.342606428329091, 5.769808688955742,
     12.031072860543782},
    // 1 - F(t) = exp(-3t) (1 + 3t + 9t²/2)
    {"erlang(k=3, mean=1s)", 1.0, 1.0 / 3, 0.3673551094164403, 0.8913534379078535, 1.7741067792780698,
     2.801982304961819},
    // weights (1 ± √(3/5)) / 2 = 0.887298 and 0.112702, means 0.5 / weight
    {"hyperexponential(mean=1s, cv=2)", 1.0, 4.0, 0.06618769594415343, 0.4514931237557678, 1.9575166270999842,
     10.745890757663199},
    // mean = 0.4 · 1 + 0.6 · 5; variance = 2 (0.4 · 1 + 0.6 · 25) - 3.4²
    {"hyperexponential(0.4: 1s, 0.6: 5s)", 3.4, 19.24, 0.2089887147796824, 1.7008558258600268, 8.9613634294193,
     20.471723068312073},
    // mean = 2 Γ(5/3), variance = 4 (Γ(7/3) - Γ(5/3)²), quantiles 2 (-ln(1 - p))^(2/3)
    {"weibull(shape=1.5, scale=2s)", 1.8054905859018673, 1.5027611392557279, 0.4461510512738343, 1.5664395375493028,
     3.487443027192823, 5.535970730045045},
    {"weibull(shape=0.7, scale=2s)", 2.5316470121145667, 13.70734221461261, 0.08032589056427213, 1.1847802259042675,
     6.583865944329879, 17.722452885478358},
    // mean = 2.5 / 1.5, variance = 2.5 / (1.5² · 0.5), p99 = 100^0.4
    {"pareto(shape=2.5, minimum=1s)", 2.5 / 1.5, 2.5 / (2.25 * 0.5), 1.0430448815106328, 1.3195079107728944,
     2.51188643150958, 6.3095734448019165},
    // 1 - F(t) = exp(-2t) (1 + 2t)
    {"gamma(shape=2, mean=1s)", 1.0, 0.5, 0.265905804194806, 0.8391734950083303, 1.9448600849337145,
     3.3191760339969028},
    // the square of a standard normal number: F(t) = erf(√(t/2))
    {"gamma(shape=0.5, mean=1s)", 1.0, 2.0, 0.015790774093431225, 0.4549364231195727, 2.705543454095414,
     6.634896601021205},
    // nothing is cut off at 5 standard deviations but 3e-7
    {"normal(mean=1s, sd=200ms)", 1.000000297343988, 0.039999702655923404, 0.7436899808952095, 1.0000000718528936,
     1.25631034577608, 1.4652695963187543},
    // h = φ(1) / Φ(1) = 0.287600, mean = 1 + h, variance = 1 - h (1 + h)
    {"normal(mean=1s, sd=1s)", 1.2875999709391783, 0.6296862857766055, 0.30264308384274247, 1.200173686166891,
     2.3777873615993075, 3.390468447752944},
    // half of a normal law: mean = √(2/π), variance = 1 - 2/π
    {"normal(mean=0s, sd=1s)", 0.7978845608028654, 0.3633802276324186, 0.12566134685507402, 0.6744897501960817,
     1.6448536269514733, 2.575829303548897},
    // mean = (1 + 2 + 5) / 3, variance = (4² - 1 · 3) / 18, p90 = 5 - √(0.1 · 4 · 3)
    {"triangular(1s, 2s, 5s)", 8.0 / 3, 13.0 / 18, 1.632455532033676, 2.550510257216822, 3.904554884989668,
     4.653589838486224},
    // mean = 0.95 · 5 + 0.05 · 50 = 7.25 ms; variance = 0.95 · 100/3 + 0.05 · 10000/3 - 7.25² = 145.7708 ms²
    {"mixture(0.95: uniform(0ms, 10ms), 0.05: uniform(0ms, 100ms))", 0.00725, 145.77083333333333e-6,
     0.0010471204188481676, 0.005235602094240838, 0.009424083769633508, 0.08},
    // mean = 24/3 ms, variance = (9 + 1 + 16) / 3 ms²
    {"empirical(12ms, 5ms, 7ms)", 0.008, 26e-6 / 3, 0.005, 0.007, 0.012, 0.012},
};

constexpr int draws_count = 200'000;

std::vector<Duration> draws(const sim::Distribution& distribution, std::string_view purpose) {
  sim::RandomStream random({.seed = 7, .actor = "moments", .purpose = purpose});
  std::vector<Duration> result;
  for (int i = 0; i < draws_count; ++i) {
    result.push_back(distribution.sample(random));
  }
  return result;
}

double mean_s(const std::vector<Duration>& durations) {
  double sum = 0.0;
  for (const auto duration : durations) {
    sum += sim::to_seconds(duration);
  }
  return sum / static_cast<double>(durations.size());
}

/// How many standard deviations the count of draws up to `t` is from its binomial mean; 0 where the count is certain.
double binomial_z(const std::vector<Duration>& durations, Duration t, double p) {
  double count = 0.0;
  for (const auto duration : durations) {
    count += duration <= t ? 1.0 : 0.0;
  }
  const auto n = static_cast<double>(durations.size());
  const double deviation = count - n * p;
  return deviation == 0.0 ? 0.0 : deviation / std::sqrt(n * p * (1.0 - p));
}

sim::Distribution parsed(std::string_view text) { return sim::parse_distribution(text).value(); }

}  // namespace

TEST_CASE("mean, variance and quantiles of every distribution are those of its formulas", "[distribution]") {
  for (const auto& exact : exact_figures) {
    CAPTURE(exact.text);
    const auto distribution = parsed(exact.text);
    CHECK(distribution.mean_s() == Approx(exact.mean_s).epsilon(1e-12));
    CHECK(distribution.variance_s2() == Approx(exact.variance_s2).epsilon(1e-9));
    CHECK(sim::to_seconds(distribution.quantile(0.10)) == Approx(exact.p10_s).epsilon(1e-6));
    CHECK(sim::to_seconds(distribution.quantile(0.50)) == Approx(exact.p50_s).epsilon(1e-6));
    CHECK(sim::to_seconds(distribution.quantile(0.90)) == Approx(exact.p90_s).epsilon(1e-6));
    CHECK(sim::to_seconds(distribution.quantile(0.99)) == Approx(exact.p99_s).epsilon(1e-6));
  }
}

TEST_CASE("the draws of every distribution have its mean within four standard errors", "[distribution]") {
  for (const auto& exact : exact_figures) {
    CAPTURE(exact.text);
    const double standard_error_s = std::sqrt(exact.variance_s2 / draws_count);
    CHECK(std::abs(mean_s(draws(parsed(exact.text), exact.text)) - exact.mean_s) <= 4.0 * standard_error_s + 1e-12);
  }
}

TEST_CASE("the draws of every distribution are as often below each quantile as they should be", "[distribution]") {
  for (const auto& exact : exact_figures) {
    const auto distribution = parsed(exact.text);
    const auto drawn = draws(distribution, exact.text);
    for (const double seconds : {exact.p10_s, exact.p50_s, exact.p90_s, exact.p99_s}) {
      const auto t = sim::from_seconds(seconds);
      CAPTURE(exact.text, seconds);
      CHECK(std::abs(binomial_z(drawn, t, distribution.cdf(t))) < 4.0);
    }
  }
}

TEST_CASE("the squared coefficient of variation tells regular from bursty", "[distribution]") {
  CHECK(sim::constant(5ms).squared_coefficient_of_variation() == 0.0);
  CHECK(sim::constant(0ms).squared_coefficient_of_variation() == 0.0);
  CHECK(sim::exponential(2s).squared_coefficient_of_variation() == Approx(1.0).epsilon(1e-12));
  CHECK(sim::erlang(4, 1s).squared_coefficient_of_variation() == Approx(0.25).epsilon(1e-12));
  CHECK(sim::gamma(0.5, 1s).squared_coefficient_of_variation() == Approx(2.0).epsilon(1e-12));
  CHECK(sim::lognormal(1s, 0.3).squared_coefficient_of_variation() == Approx(0.09).epsilon(1e-12));
  CHECK(sim::hyperexponential(1s, 3.0).squared_coefficient_of_variation() == Approx(9.0).epsilon(1e-12));
}

TEST_CASE("a pareto law has no mean up to a shape of 1 and no variance up to a shape of 2", "[distribution]") {
  CHECK(std::isinf(sim::pareto(1.0, 1s).mean_s()));
  CHECK(sim::pareto(1.5, 1s).mean_s() == Approx(3.0).epsilon(1e-12));  // 1.5 / 0.5
  CHECK(std::isinf(sim::pareto(2.0, 1s).variance_s2()));
  CHECK(std::isinf(sim::mixture({{0.5, sim::constant(1s)}, {0.5, sim::pareto(1.0, 1s)}}).variance_s2()));
}

TEST_CASE("a draw beyond 292 years is for ever", "[distribution]") {
  // P(draw > 292 years) = (1 / 9.22e9)^0.05 = 0.32: of 100 draws some are beyond and some are not.
  const auto heavy = sim::pareto(0.05, 1s);
  sim::RandomStream random({.actor = "moments", .purpose = "heavy"});
  int for_ever = 0;
  for (int i = 0; i < 100; ++i) {
    const auto drawn = heavy.sample(random);
    REQUIRE(drawn >= 1s);
    for_ever += drawn == sim::forever ? 1 : 0;
  }
  CHECK(for_ever > 10);
  CHECK(for_ever < 60);
}

TEST_CASE("the quantile of probability 0 is 0, that of 1 the longest duration", "[distribution]") {
  CHECK(sim::uniform(2ms, 10ms).quantile(1.0) == 10ms);
  CHECK(sim::empirical({7ms, 5ms}).quantile(1.0) == 7ms);
  CHECK(sim::exponential(1s).quantile(0.0) == 0s);
  CHECK(sim::pareto(2.0, 1s).quantile(0.0) == 0s);
  CHECK_THROWS_AS(sim::exponential(1s).quantile(1.5), sim::AssertionFailure);
  CHECK_THROWS_AS(sim::exponential(1s).quantile(std::nan("")), sim::AssertionFailure);
}

TEST_CASE("no draw of a truncated normal law is negative or piles up at zero", "[distribution]") {
  const auto distribution = sim::normal(1ms, 1ms);
  const auto drawn = draws(distribution, "truncated");
  for (const auto duration : drawn) {
    REQUIRE(duration >= 0ns);
  }
  // The density at 0 is φ(1) / Φ(1) per millisecond: of 200,000 draws 0.2876 · 0.01 · 200,000 = 575 lie below 10 us.
  CHECK(std::abs(binomial_z(drawn, 10us, distribution.cdf(10us))) < 4.0);
}
