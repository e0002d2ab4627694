#include "libsim/harness/run/scenario_result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "libsim/failure.hpp"
#include "libsim/harness/run/replications.hpp"
#include "libsim/kernel/fingerprint.hpp"
#include "libsim/text/nearest_name.hpp"

namespace sim::harness {

double Estimate::lower() const {
  const double bound = mean - half_width.value_or(std::numeric_limits<double>::quiet_NaN());
  return is_share && bound < 0.0 ? 0.0 : bound;
}

double Estimate::upper() const {
  const double bound = mean + half_width.value_or(std::numeric_limits<double>::quiet_NaN());
  return is_share && bound > 100.0 ? 100.0 : bound;
}

const Estimate* ScenarioResult::find(std::string_view metric) const {
  const auto found =
      std::find_if(metrics.begin(), metrics.end(), [&](const Estimate& estimate) { return estimate.metric == metric; });
  return found == metrics.end() ? nullptr : &*found;
}

double ScenarioResult::value(std::string_view metric) const {
  const Estimate* estimate = find(metric);
  if (estimate == nullptr) {
    std::vector<std::string> names;
    for (const auto& known : metrics) {
      names.push_back(known.metric);
    }
    throw AssertionFailure(
        fmt::format("scenario {} reports no metric {}{}", scenario, metric, did_you_mean(metric, names)));
  }
  return estimate->mean;
}

ScenarioResult combine(std::string experiment, std::string scenario, std::uint64_t seed,
                       const std::vector<Replication>& replications, double confidence) {
  Replications all;
  for (const auto& replication : replications) {
    all.add(replication);
  }
  return all.result(std::move(experiment), std::move(scenario), seed, confidence);
}

std::uint64_t combined_fingerprint(const std::vector<std::uint64_t>& fingerprints) {
  if (fingerprints.size() == 1) {
    return fingerprints.front();
  }
  std::uint64_t combined = fingerprints.size();
  for (const std::uint64_t fingerprint : fingerprints) {
    combined = sim::detail::mix(combined, fingerprint);
  }
  return combined;
}

}  // namespace sim::harness
