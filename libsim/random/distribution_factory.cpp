#include "libsim/random/distribution_factory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "libsim/random/portable_math.hpp"

namespace sim {

namespace {

double nanoseconds(Duration duration) { return static_cast<double>(duration.count()); }

/// What is wrong with the parameters, or nothing.
using Problem = std::optional<std::string>;

Problem not_positive(std::string_view name, Duration value) {
  return value > Duration::zero() ? Problem{} : fmt::format("expected {} above 0, found {}", name, to_text(value));
}

Problem not_positive(std::string_view name, double value) {
  return value > 0.0 && std::isfinite(value) ? Problem{}
                                             : fmt::format("expected a finite {} above 0, found {}", name, value);
}

Problem outside(std::string_view name, double value, double lowest, double highest) {
  return value >= lowest && value <= highest
             ? Problem{}
             : fmt::format("expected {} from {} to {}, found {}", name, lowest, highest, value);
}

// Beyond these limits the formulas lose their precision, and no measured system has such parameters.
Problem wrong_shape(double shape) { return outside("shape", shape, 0.05, 1e6); }

constexpr double cv_max = 1000.0;

Problem negative(std::string_view name, Duration value) {
  return value >= Duration::zero() ? Problem{}
                                   : fmt::format("expected {} of 0 or more, found {}", name, to_text(value));
}

Problem wrong_order(std::string_view lower_name, Duration lower, std::string_view upper_name, Duration upper) {
  return lower <= upper ? Problem{}
                        : fmt::format("expected {} not above {}, found {} and {}", lower_name, upper_name,
                                      to_text(lower), to_text(upper));
}

/// `lower` is below `upper`, and not only by so little that it vanishes in their quotient.
Problem not_below(std::string_view lower_name, Duration lower, std::string_view upper_name, Duration upper) {
  return nanoseconds(upper) > nanoseconds(lower) * (1.0 + 1e-12)
             ? Problem{}
             : fmt::format("expected {} below {}, found {} and {}", lower_name, upper_name, to_text(lower),
                           to_text(upper));
}

/// Of parts or branches, anything that has a `weight`.
template <class Weighted>
Problem wrong_weights(const std::vector<Weighted>& parts) {
  constexpr double tolerance = 1e-9;
  double sum = 0.0;
  for (const auto& part : parts) {
    if (auto problem = not_positive("weight", part.weight)) {
      return problem;
    }
    sum += part.weight;
  }
  return std::abs(sum - 1.0) <= tolerance ? Problem{}
                                          : fmt::format("expected weights that add up to 1, found a sum of {}", sum);
}

/// The first problem among some.
template <class... More>
Problem first_of(Problem problem, More... more) {
  if constexpr (sizeof...(more) == 0) {
    return problem;
  } else {
    return problem ? problem : first_of(std::move(more)...);
  }
}

tl::unexpected<Error> refused(const Problem& problem) { return unexpected(*problem); }

/// File and column names are quoted where their end would be in doubt, or where they look like a duration.
std::string quoted_if_needed(std::string_view name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.' ||
           c == '/' || c == '-';
  };
  if (!name.empty() && std::all_of(name.begin(), name.end(), plain) && !parse_duration(name)) {
    return std::string(name);
  }
  std::string quoted = "\"";
  for (const char c : name) {
    quoted += c == '"' ? "\"\"" : std::string(1, c);
  }
  return quoted + '"';
}

laws::Empirical empirical_law(std::vector<Duration> samples) {
  std::sort(samples.begin(), samples.end());
  return {std::move(samples)};
}

Problem wrong_samples(const std::vector<Duration>& samples) {
  if (samples.empty()) {
    return "expected at least one sample, found none";
  }
  return negative("a sample", *std::min_element(samples.begin(), samples.end()));
}

}  // namespace

Expected<Distribution> DistributionFactory::constant(Duration value) {
  if (const auto problem = negative("a value", value)) {
    return refused(problem);
  }
  return Distribution(fmt::format("constant({})", to_text(value)), laws::Constant{value});
}

Expected<Distribution> DistributionFactory::uniform(Duration minimum, Duration maximum) {
  if (const auto problem =
          first_of(negative("a minimum", minimum), wrong_order("the minimum", minimum, "the maximum", maximum))) {
    return refused(problem);
  }
  return Distribution(fmt::format("uniform({}, {})", to_text(minimum), to_text(maximum)),
                      laws::Uniform{minimum, maximum});
}

Expected<Distribution> DistributionFactory::exponential(Duration mean) {
  if (const auto problem = not_positive("a mean", mean)) {
    return refused(problem);
  }
  return Distribution(fmt::format("exponential({})", to_text(mean)), laws::Exponential{nanoseconds(mean)});
}

Expected<Distribution> DistributionFactory::lognormal_p50_p99(Duration p50, Duration p99) {
  constexpr double standard_normal_p99 = 2.3263478740408412;
  if (const auto problem = first_of(not_positive("a p50", p50), not_below("p50", p50, "p99", p99))) {
    return refused(problem);
  }
  const double sigma = portable_log(nanoseconds(p99) / nanoseconds(p50)) / standard_normal_p99;
  return Distribution(fmt::format("lognormal(p50={}, p99={})", to_text(p50), to_text(p99)),
                      laws::Lognormal{nanoseconds(p50), sigma});
}

// The mean of a lognormal law is median · exp(σ²/2), its squared cv exp(σ²) - 1.
Expected<Distribution> DistributionFactory::lognormal(Duration mean, double cv) {
  if (const auto problem =
          first_of(not_positive("a mean", mean), not_positive("cv", cv), outside("cv", cv, 0.0, cv_max))) {
    return refused(problem);
  }
  const double ratio = 1.0 + cv * cv;
  return Distribution(fmt::format("lognormal(mean={}, cv={})", to_text(mean), cv),
                      laws::Lognormal{nanoseconds(mean) / std::sqrt(ratio), std::sqrt(portable_log(ratio))});
}

Expected<Distribution> DistributionFactory::erlang(std::uint32_t k, Duration mean) {
  if (const auto problem = first_of(outside("k", k, 1.0, 1e6), not_positive("a mean", mean))) {
    return refused(problem);
  }
  return Distribution(fmt::format("erlang(k={}, mean={})", k, to_text(mean)),
                      laws::Gamma{static_cast<double>(k), nanoseconds(mean) / k});
}

Expected<Distribution> DistributionFactory::hyperexponential(Duration mean, double cv) {
  if (const auto problem = first_of(not_positive("a mean", mean), outside("cv", cv, 1.0, cv_max))) {
    return refused(problem);
  }
  const double imbalance = std::sqrt((cv * cv - 1.0) / (cv * cv + 1.0));
  const double often = 0.5 * (1.0 + imbalance);
  const double half = 0.5 * nanoseconds(mean);
  return Distribution(fmt::format("hyperexponential(mean={}, cv={})", to_text(mean), cv),
                      laws::Mixture{{{often, laws::Exponential{half / often}},
                                     {1.0 - often, laws::Exponential{half / (1.0 - often)}}}});
}

Expected<Distribution> DistributionFactory::hyperexponential(const std::vector<HyperexponentialBranch>& branches) {
  if (const auto problem = wrong_weights(branches)) {
    return refused(problem);
  }
  std::vector<std::string> texts;
  laws::Mixture mixture;
  for (const auto& branch : branches) {
    if (const auto problem = not_positive("a mean", branch.mean)) {
      return refused(problem);
    }
    texts.push_back(fmt::format("{}: {}", branch.weight, to_text(branch.mean)));
    mixture.parts.push_back({branch.weight, laws::Exponential{nanoseconds(branch.mean)}});
  }
  return Distribution(fmt::format("hyperexponential({})", fmt::join(texts, ", ")), std::move(mixture));
}

Expected<Distribution> DistributionFactory::weibull(double shape, Duration scale) {
  if (const auto problem = first_of(wrong_shape(shape), not_positive("a scale", scale))) {
    return refused(problem);
  }
  return Distribution(fmt::format("weibull(shape={}, scale={})", shape, to_text(scale)),
                      laws::Weibull{shape, nanoseconds(scale)});
}

Expected<Distribution> DistributionFactory::pareto(double shape, Duration minimum) {
  if (const auto problem = first_of(wrong_shape(shape), not_positive("a minimum", minimum))) {
    return refused(problem);
  }
  return Distribution(fmt::format("pareto(shape={}, minimum={})", shape, to_text(minimum)),
                      laws::Pareto{shape, nanoseconds(minimum)});
}

Expected<Distribution> DistributionFactory::gamma(double shape, Duration mean) {
  if (const auto problem = first_of(wrong_shape(shape), not_positive("a mean", mean))) {
    return refused(problem);
  }
  return Distribution(fmt::format("gamma(shape={}, mean={})", shape, to_text(mean)),
                      laws::Gamma{shape, nanoseconds(mean) / shape});
}

Expected<Distribution> DistributionFactory::normal(Duration mean, Duration sd) {
  if (const auto problem = first_of(negative("a mean", mean), not_positive("an sd", sd))) {
    return refused(problem);
  }
  return Distribution(fmt::format("normal(mean={}, sd={})", to_text(mean), to_text(sd)),
                      laws::TruncatedNormal{nanoseconds(mean), nanoseconds(sd)});
}

Expected<Distribution> DistributionFactory::triangular(Duration minimum, Duration mode, Duration maximum) {
  if (const auto problem =
          first_of(negative("a minimum", minimum), wrong_order("the minimum", minimum, "the mode", mode),
                   wrong_order("the mode", mode, "the maximum", maximum),
                   not_below("the minimum", minimum, "the maximum", maximum))) {
    return refused(problem);
  }
  return Distribution(fmt::format("triangular({}, {}, {})", to_text(minimum), to_text(mode), to_text(maximum)),
                      laws::Triangular{nanoseconds(minimum), nanoseconds(mode), nanoseconds(maximum)});
}

Expected<Distribution> DistributionFactory::mixture(const std::vector<MixturePart>& parts) {
  if (const auto problem = wrong_weights(parts)) {
    return refused(problem);
  }
  std::vector<std::string> texts;
  laws::Mixture mixture;
  for (const auto& part : parts) {
    texts.push_back(fmt::format("{}: {}", part.weight, part.distribution.text_));
    mixture.parts.push_back({part.weight, part.distribution.law_});
  }
  return Distribution(fmt::format("mixture({})", fmt::join(texts, ", ")), std::move(mixture));
}

Expected<Distribution> DistributionFactory::empirical(std::vector<Duration> samples) {
  if (const auto problem = wrong_samples(samples)) {
    return refused(problem);
  }
  auto law = empirical_law(std::move(samples));
  std::vector<std::string> texts;
  for (const auto sample : law.samples) {
    texts.push_back(to_text(sample));
  }
  return Distribution(fmt::format("empirical({})", fmt::join(texts, ", ")), std::move(law));
}

Expected<Distribution> DistributionFactory::empirical(std::vector<Duration> samples, std::string_view file,
                                                      std::string_view column) {
  if (const auto problem = wrong_samples(samples)) {
    return refused(problem);
  }
  return Distribution(fmt::format("empirical({}, {})", quoted_if_needed(file), quoted_if_needed(column)),
                      empirical_law(std::move(samples)));
}

}  // namespace sim
