#include "libsim/harness/scenario_result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <map>

#include "libsim/failure.hpp"
#include "libsim/harness/nearest_name.hpp"
#include "libsim/kernel/fingerprint.hpp"
#include "libsim/statistics/interval.hpp"
#include "libsim/statistics/proportion.hpp"
#include "libsim/statistics/quantiles.hpp"

namespace sim::harness {

namespace {

/// The values of one metric, one per replication that has it.
struct Sample {
  std::string metric;
  std::string unit;
  std::vector<double> values;
  std::uint64_t samples = 0;
  std::uint64_t samples_with_property = 0;  ///< of a share
  bool is_share = false;
  double own_standard_error = 0.0;
  std::uint64_t own_independent = 0;

  void add(const Report& report) {
    check(unit == report.unit && is_share == report.is_share,
          fmt::format("metric {} is reported alike in each replication", metric));
    values.push_back(report.value);
    samples += report.samples;
    if (is_share && std::isfinite(report.value)) {
      samples_with_property +=
          static_cast<std::uint64_t>(std::llround(report.value / 100 * static_cast<double>(report.samples)));
    }
    own_standard_error = report.standard_error;
    own_independent = report.independent;
  }

  [[nodiscard]] Estimate estimate(double confidence) const {
    Estimate estimate{
        .metric = metric,
        .unit = unit,
        .mean = std::numeric_limits<double>::quiet_NaN(),
        .half_width = std::nullopt,
        .samples = samples,
        .replications = static_cast<std::uint32_t>(values.size()),
        .is_constant = std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) == values.end(),
        .values = values,
        .is_share = is_share};
    const bool measured = std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
    if (measured && values.size() == 1) {
      estimate.mean = values.front();
      estimate.half_width = own_half_width(confidence);
      estimate.standard_error = own_standard_error;
    } else if (measured) {
      const auto interval = mean_interval(values, confidence);
      check(interval.has_value(), "two or more finite values have an interval");
      estimate.mean = interval->mean;
      estimate.half_width =
          is_share ? std::max(interval->half_width, share_half_width(confidence)) : interval->half_width;
      estimate.standard_error = interval->standard_error;
    }
    return estimate;
  }

 private:
  [[nodiscard]] std::optional<double> own_half_width(double confidence) const {
    return own_independent < 2
               ? std::nullopt
               : std::optional(student_t_quantile(0.5 + confidence / 2, own_independent - 1) * own_standard_error);
  }

  /// Of Wilson's interval, in percent: the wider side.
  [[nodiscard]] double share_half_width(double confidence) const {
    return 100 * proportion_half_width(samples_with_property, samples, confidence).value_or(0.0);
  }
};

/// Collects values under keys in the order in which the keys first come.
class Samples {
 public:
  using Key = std::array<std::string, 3>;  ///< simulation, metric, statistic

  void add(const Key& key, const Report& report) {
    const auto [found, is_new] = index_of_.emplace(key, samples_.size());
    if (is_new) {
      keys_.push_back(key);
      samples_.push_back(Sample{.metric = key[1], .unit = report.unit, .values = {}, .is_share = report.is_share});
    }
    samples_[found->second].add(report);
  }

  [[nodiscard]] std::vector<MeasuredEstimate> estimates(double confidence) const {
    std::vector<MeasuredEstimate> estimates;
    for (std::size_t index = 0; index < keys_.size(); ++index) {
      estimates.push_back({keys_[index][0], keys_[index][2], samples_[index].estimate(confidence)});
    }
    return estimates;
  }

 private:
  std::vector<Key> keys_;
  std::vector<Sample> samples_;
  std::map<Key, std::size_t> index_of_;
};

std::vector<Estimate> combine_reports(const std::vector<Replication>& replications, double confidence) {
  Samples samples;
  for (const auto& replication : replications) {
    for (const auto& report : replication.reports) {
      samples.add({"", report.metric, ""}, report);
    }
  }
  std::vector<Estimate> estimates;
  for (auto& [simulation, statistic, estimate] : samples.estimates(confidence)) {
    estimates.push_back(std::move(estimate));
  }
  return estimates;
}

std::vector<MeasuredEstimate> combine_measurements(const std::vector<Replication>& replications, double confidence) {
  Samples samples;
  for (const auto& replication : replications) {
    for (const auto& [simulation, row] : replication.measurements) {
      samples.add({simulation, row.name, row.statistic}, {row.name, row.unit, row.value, row.samples});
    }
  }
  return samples.estimates(confidence);
}

RunTotals combine_totals(const std::vector<Replication>& replications) {
  RunTotals totals;
  std::vector<std::uint64_t> fingerprints;
  for (const auto& replication : replications) {
    fingerprints.push_back(replication.totals.fingerprint);
    totals.events += replication.totals.events;
    totals.dead_letters += replication.totals.dead_letters;
    totals.virtual_time += replication.totals.virtual_time;
  }
  totals.fingerprint = combined_fingerprint(fingerprints);
  return totals;
}

/// Each text once, in the order in which they first come, with the replications that gave it unless all did.
std::vector<std::string> combine_warnings(const std::vector<Replication>& replications) {
  std::vector<std::string> texts;
  std::map<std::string, std::vector<std::size_t>> given_by;
  for (std::size_t index = 0; index < replications.size(); ++index) {
    for (const auto& warning : replications[index].warnings) {
      auto& indices = given_by[warning];
      if (indices.empty()) {
        texts.push_back(warning);
      }
      if (indices.empty() || indices.back() != index) {
        indices.push_back(index);
      }
    }
  }
  for (auto& text : texts) {
    const auto& indices = given_by[text];
    if (indices.size() < replications.size()) {
      text = indices.size() == 1
                 ? fmt::format("replication {}: {}", indices.front(), text)
                 : fmt::format("replication {} and {} more: {}", indices.front(), indices.size() - 1, text);
    }
  }
  return texts;
}

}  // namespace

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
  ScenarioResult result{.experiment = std::move(experiment),
                        .scenario = std::move(scenario),
                        .seed = seed,
                        .replications = static_cast<std::uint32_t>(replications.size()),
                        .confidence = confidence,
                        .totals = combine_totals(replications),
                        .metrics = combine_reports(replications, confidence),
                        .accounts = {},
                        .measurements = combine_measurements(replications, confidence),
                        .curves = {},
                        .warnings = {}};
  if (!replications.empty()) {
    result.accounts = replications.front().accounts;
    result.curves = replications.front().curves;
    result.attachments = replications.front().attachments;
  }
  result.warnings = combine_warnings(replications);
  return result;
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
