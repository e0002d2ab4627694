#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/random/laws.hpp"
#include "libsim/random/stream.hpp"
#include "libsim/time.hpp"

namespace sim {

/// A probability distribution of durations: a value that is made by the functions below or read from text, and
/// compared, copied and printed like a number. Two are equal when they are written the same.
///
/// A draw is never negative and rounded to the nearest nanosecond; one beyond 292 years is `forever`, and what is to
/// happen after it never does. The same stream gives the same draws with every compiler and on every processor.
class Distribution {
 public:
  /// Always 0.
  Distribution();

  /// The next draw. Not all laws take the same number of random numbers per draw, so each purpose has its own stream.
  Duration sample(RandomStream& random) const;

  /// The exact mean in seconds; infinite where the law has none.
  [[nodiscard]] double mean_s() const;
  /// The exact variance in square seconds; infinite where the law has none.
  [[nodiscard]] double variance_s2() const;
  /// Variance over squared mean: 0 for a constant, 1 for an exponential law. 0 for the constant 0.
  [[nodiscard]] double squared_coefficient_of_variation() const;

  /// The probability that a draw is at most `t`.
  [[nodiscard]] double cdf(Duration t) const;
  /// The shortest duration `t` with `cdf(t) >= p`, both as doubles: for `p = 1` that is where nothing more than 1e-16
  /// is left. `p` is in [0, 1] or asserted.
  [[nodiscard]] Duration quantile(double p) const;

  friend std::string to_text(const Distribution& distribution);
  friend bool operator==(const Distribution&, const Distribution&) = default;

 private:
  friend class DistributionFactory;
  Distribution(std::string text, laws::Law law);

  Duration sample_other(RandomStream& random) const;

  std::string text_;
  laws::Law law_;
};

/// One of the branches of a hyperexponential distribution, an exponential one.
struct HyperexponentialBranch {
  double weight = 0.0;
  Duration mean{};

  friend bool operator==(const HyperexponentialBranch&, const HyperexponentialBranch&) = default;
};

/// One of the parts of a mixture.
struct MixturePart {
  double weight = 0.0;
  Distribution distribution;

  friend bool operator==(const MixturePart&, const MixturePart&) = default;
};

// Each function asserts that its parameters are finite, positive unless said otherwise, and in the stated range: to
// read what a user wrote, use parse_distribution. "cv" is the coefficient of variation, standard deviation over mean.

/// Always `value`, which may be 0.
[[nodiscard]] Distribution constant(Duration value);

/// Every nanosecond from `minimum` (which may be 0) to `maximum`, both included.
[[nodiscard]] Distribution uniform(Duration minimum, Duration maximum);

[[nodiscard]] Distribution exponential(Duration mean);

/// The lognormal distribution with this median and this 99th percentile; `p50 < p99`.
[[nodiscard]] Distribution lognormal_p50_p99(Duration p50, Duration p99);

[[nodiscard]] Distribution lognormal(Duration mean, double cv);

/// The sum of `k` (1 to 1e6) exponential phases that have the given mean together; cv = 1/√k.
[[nodiscard]] Distribution erlang(std::uint32_t k, Duration mean);

/// Two branches with balanced means (each contributes half of the mean), the usual choice for given mean and `cv >= 1`:
/// Tijms, "Stochastic Models" (1994), appendix B.
[[nodiscard]] Distribution hyperexponential(Duration mean, double cv);

/// Branches with weights that add up to 1 within 1e-9.
[[nodiscard]] Distribution hyperexponential(const std::vector<HyperexponentialBranch>& branches);

/// P(draw > t) = exp(-(t/scale)^shape).
[[nodiscard]] Distribution weibull(double shape, Duration scale);

/// P(draw > t) = (minimum/t)^shape from `minimum` on. The mean is infinite up to a shape of 1, the variance up to 2.
[[nodiscard]] Distribution pareto(double shape, Duration minimum);

/// cv = 1/√shape.
[[nodiscard]] Distribution gamma(double shape, Duration mean);

/// The normal distribution with this mean (which may be 0) and standard deviation, given that the draw is not negative:
/// negative draws are drawn again. `mean_s()` and all others are those of the truncated law, so `mean_s()` is above
/// `mean`.
[[nodiscard]] Distribution normal(Duration mean, Duration sd);

/// The density rises in a straight line from `minimum` (which may be 0) to `mode` and falls to `maximum`.
[[nodiscard]] Distribution triangular(Duration minimum, Duration mode, Duration maximum);

/// One of the parts at random, anew for each draw. The weights add up to 1 within 1e-9.
[[nodiscard]] Distribution mixture(const std::vector<MixturePart>& parts);

/// One of the samples with equal probability. They are not empty and may be 0.
[[nodiscard]] Distribution empirical(std::vector<Duration> samples);

/// The same with samples that come from a column of a file, which is how it prints.
[[nodiscard]] Distribution empirical(std::vector<Duration> samples, std::string_view file, std::string_view column);

/// Reads the samples of `empirical(file, column)`. Its error is one line without the position in the distribution's
/// text.
using SampleLoader = std::function<Expected<std::vector<Duration>>(std::string_view file, std::string_view column)>;

/// Reads a distribution as text: a duration, which stands for a constant, or one of
///
///     constant(5ms)                          uniform(0ms, 10ms)                     exponential(2s)
///     lognormal(p50=2.5s, p99=14s)           lognormal(mean=3s, cv=0.8)             erlang(k=3, mean=1s)
///     hyperexponential(mean=1s, cv=2)        hyperexponential(0.4: 1s, 0.6: 5s)     weibull(shape=1.5, scale=2s)
///     pareto(shape=2.5, minimum=1s)          gamma(shape=2, mean=1s)                normal(mean=1s, sd=200ms)
///     triangular(1s, 2s, 5s)                 mixture(0.95: uniform(0ms, 10ms), 0.05: exponential(2s))
///     empirical(5ms, 7ms, 12ms)              empirical(file.csv, column)
///
/// Named parameters may come in any order. File and column may stand in double quotes. Only `loader` reads files;
/// without one `empirical(file, column)` is refused. The error has the position, what was expected and what was found:
/// `column 13: expected a duration such as 250ms, found "abc"`. Columns are counted from 1.
[[nodiscard]] Expected<Distribution> parse_distribution(std::string_view text, const SampleLoader& loader = {});

/// The text that `parse_distribution` reads back as an equal value.
[[nodiscard]] std::string to_text(const Distribution& distribution);

// The two laws that cost less than a call are worth their place in the caller's code.
inline Duration Distribution::sample(RandomStream& random) const {
  if (const auto* exponential_law = std::get_if<laws::Exponential>(&law_)) [[likely]] {
    return exponential_law->sample(random);
  }
  if (const auto* constant_law = std::get_if<laws::Constant>(&law_)) {
    return constant_law->sample(random);
  }
  return sample_other(random);
}

}  // namespace sim
