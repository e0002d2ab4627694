#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/sim.hpp"

/// Simulated stations against closed forms: the cases of tests/data/theory/cases.csv and how they are judged.
namespace theory {

using namespace std::chrono_literals;

/// One row of the table.
struct Case {
  std::string id;
  std::string model;
  std::string parameters;
  std::string metric;
  double expected = 0.0;
  double tolerance = 0.0;  ///< relative

  /// The value in `name=value` among the parameters.
  [[nodiscard]] std::string text(std::string_view name) const;
  [[nodiscard]] double number(std::string_view name) const;
  /// The values in `name=1|0.5|0`.
  [[nodiscard]] std::vector<double> numbers(std::string_view name) const;
};

[[nodiscard]] const Case& find_case(std::string_view id);

[[nodiscard]] inline sim::Distribution exponential_rate(double per_s) {
  return sim::exponential(sim::from_seconds(1.0 / per_s));
}

inline constexpr std::uint32_t replications = 20;

/// One value per replication for each case.
using Samples = std::map<std::string, std::vector<double>>;

/// Compares the mean over the replications with what theory expects: fewer than four standard errors of difference, and
/// a standard error of at most half of the tolerance, so that a wrong station could not pass by its noise.
void judge(const std::string& id, const std::vector<double>& samples);
void judge(const Samples& samples);

/// For one replication of a case; each case has a seed of its own, made from its name.
[[nodiscard]] sim::Simulation::Config config_of(std::string_view id, std::uint32_t replication);

}  // namespace theory
