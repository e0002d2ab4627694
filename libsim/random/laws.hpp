#pragma once

#include <cstdint>
#include <limits>
#include <variant>
#include <vector>

#include "libsim/random/stream.hpp"
#include "libsim/time.hpp"

/// The mathematics behind `Distribution`: one struct per law, its parameters in nanoseconds. They hold what the
/// factories of `distribution.hpp` have validated and are not meant to be made elsewhere.
///
/// Each law knows how to draw (`sample`), its first two moments, and the probability that a draw is at most `t_ns`
/// (`cdf`). Moments and `cdf` are those before rounding to whole nanoseconds.
namespace sim::laws {

inline constexpr double infinite = std::numeric_limits<double>::infinity();

/// The nearest whole nanosecond, halves upwards (from 52 days on, when a double no longer has half nanoseconds, it may
/// be the next one). `nanoseconds` is not negative; `forever` from 292 years on.
inline Duration rounded(double nanoseconds) {
  constexpr double forever_ns = 0x1p63;
  if (nanoseconds >= forever_ns) [[unlikely]] {
    return forever;
  }
  // Not lround, which is a call: the one double below 0.5 that this rounds up does not matter.
  // NOLINTNEXTLINE(bugprone-incorrect-roundings)
  return Duration{static_cast<std::int64_t>(nanoseconds + 0.5)};
}

struct Constant {
  Duration value{};

  Duration sample(RandomStream&) const { return value; }
  [[nodiscard]] double mean_ns() const;
  [[nodiscard]] double variance_ns2() const;
  [[nodiscard]] double cdf(double t_ns) const;
  friend bool operator==(const Constant&, const Constant&) = default;
};

/// Every whole nanosecond from `minimum` to `maximum`, both included, with equal probability.
struct Uniform {
  Duration minimum{};
  Duration maximum{};

  Duration sample(RandomStream& random) const {
    const auto width = static_cast<std::uint64_t>((maximum - minimum).count()) + 1;
    return minimum + Duration{static_cast<std::int64_t>(random.below(width))};
  }
  [[nodiscard]] double mean_ns() const;
  [[nodiscard]] double variance_ns2() const;
  [[nodiscard]] double cdf(double t_ns) const;
  friend bool operator==(const Uniform&, const Uniform&) = default;
};

struct Exponential {
  double mean = 0.0;

  Duration sample(RandomStream& random) const { return rounded(mean * random.standard_exponential()); }
  [[nodiscard]] double mean_ns() const { return mean; }
  [[nodiscard]] double variance_ns2() const { return mean * mean; }
  [[nodiscard]] double cdf(double t_ns) const;
  friend bool operator==(const Exponential&, const Exponential&) = default;
};

/// The logarithm is normal with standard deviation `sigma`.
struct Lognormal {
  double median = 0.0;
  double sigma = 0.0;

  Duration sample(RandomStream& random) const;
  [[nodiscard]] double mean_ns() const;
  [[nodiscard]] double variance_ns2() const;
  [[nodiscard]] double cdf(double t_ns) const;
  friend bool operator==(const Lognormal&, const Lognormal&) = default;
};

/// Also the Erlang law, whose `shape` is a whole number.
struct Gamma {
  double shape = 0.0;
  double scale = 0.0;

  Duration sample(RandomStream& random) const;
  [[nodiscard]] double mean_ns() const { return shape * scale; }
  [[nodiscard]] double variance_ns2() const { return shape * scale * scale; }
  [[nodiscard]] double cdf(double t_ns) const;
  friend bool operator==(const Gamma&, const Gamma&) = default;
};

struct Weibull {
  double shape = 0.0;
  double scale = 0.0;

  Duration sample(RandomStream& random) const;
  [[nodiscard]] double mean_ns() const;
  [[nodiscard]] double variance_ns2() const;
  [[nodiscard]] double cdf(double t_ns) const;
  friend bool operator==(const Weibull&, const Weibull&) = default;
};

/// The mean is infinite up to a shape of 1, the variance up to a shape of 2.
struct Pareto {
  double shape = 0.0;
  double minimum = 0.0;

  Duration sample(RandomStream& random) const;
  [[nodiscard]] double mean_ns() const;
  [[nodiscard]] double variance_ns2() const;
  [[nodiscard]] double cdf(double t_ns) const;
  friend bool operator==(const Pareto&, const Pareto&) = default;
};

/// A normal law given that it is not negative: negative draws are drawn again, never turned into 0.
/// `location` and `spread` are mean and standard deviation before the truncation.
struct TruncatedNormal {
  double location = 0.0;
  double spread = 0.0;

  Duration sample(RandomStream& random) const;
  [[nodiscard]] double mean_ns() const;
  [[nodiscard]] double variance_ns2() const;
  [[nodiscard]] double cdf(double t_ns) const;
  friend bool operator==(const TruncatedNormal&, const TruncatedNormal&) = default;
};

struct Triangular {
  double minimum = 0.0;
  double mode = 0.0;
  double maximum = 0.0;

  Duration sample(RandomStream& random) const;
  [[nodiscard]] double mean_ns() const;
  [[nodiscard]] double variance_ns2() const;
  [[nodiscard]] double cdf(double t_ns) const;
  friend bool operator==(const Triangular&, const Triangular&) = default;
};

/// Measured values, each with equal probability; sorted.
struct Empirical {
  std::vector<Duration> samples;

  Duration sample(RandomStream& random) const;
  [[nodiscard]] double mean_ns() const;
  [[nodiscard]] double variance_ns2() const;
  [[nodiscard]] double cdf(double t_ns) const;
  friend bool operator==(const Empirical&, const Empirical&) = default;
};

struct Part;

/// One of its parts, chosen anew for each draw. The hyperexponential law is a mixture of exponential ones.
struct Mixture {
  std::vector<Part> parts;

  Duration sample(RandomStream& random) const;
  [[nodiscard]] double mean_ns() const;
  [[nodiscard]] double variance_ns2() const;
  [[nodiscard]] double cdf(double t_ns) const;
  friend bool operator==(const Mixture& left, const Mixture& right);
};

using Law = std::variant<Constant, Uniform, Exponential, Lognormal, Gamma, Weibull, Pareto, TruncatedNormal, Triangular,
                         Empirical, Mixture>;

/// The weights of all parts of a mixture add up to 1.
struct Part {
  double weight = 0.0;
  Law law;

  friend bool operator==(const Part&, const Part&) = default;
};

inline bool operator==(const Mixture& left, const Mixture& right) { return left.parts == right.parts; }

}  // namespace sim::laws
