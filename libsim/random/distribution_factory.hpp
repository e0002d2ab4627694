#pragma once

#include <string_view>
#include <vector>

#include "libsim/random/distribution.hpp"

namespace sim {

/// Makes distributions and says what is wrong with their parameters. The functions of `distribution.hpp` assert the
/// result, the parser reports it with a position. The parameters are those of the functions of the same name.
class DistributionFactory {
 public:
  static Expected<Distribution> constant(Duration value);
  static Expected<Distribution> uniform(Duration minimum, Duration maximum);
  static Expected<Distribution> exponential(Duration mean);
  static Expected<Distribution> lognormal_p50_p99(Duration p50, Duration p99);
  static Expected<Distribution> lognormal(Duration mean, double cv);
  static Expected<Distribution> erlang(std::uint32_t k, Duration mean);
  static Expected<Distribution> hyperexponential(Duration mean, double cv);
  static Expected<Distribution> hyperexponential(const std::vector<HyperexponentialBranch>& branches);
  static Expected<Distribution> weibull(double shape, Duration scale);
  static Expected<Distribution> pareto(double shape, Duration minimum);
  static Expected<Distribution> gamma(double shape, Duration mean);
  static Expected<Distribution> normal(Duration mean, Duration sd);
  static Expected<Distribution> triangular(Duration minimum, Duration mode, Duration maximum);
  static Expected<Distribution> mixture(const std::vector<MixturePart>& parts);
  static Expected<Distribution> empirical(std::vector<Duration> samples);
  static Expected<Distribution> empirical(std::vector<Duration> samples, std::string_view file,
                                          std::string_view column);
};

}  // namespace sim
