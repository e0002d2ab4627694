#pragma once

#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/duration_sum.hpp"
#include "libsim/metrics/metric_row.hpp"
#include "libsim/metrics/series.hpp"
#include "libsim/statistics/interval.hpp"
#include "libsim/time.hpp"

namespace sim::harness {

/// A metric that a scenario reported in one replication.
struct Report {
  std::string metric;
  std::string unit;
  double value = 0.0;         ///< not finite: there was nothing to measure
  std::uint64_t samples = 0;  ///< observations behind the value
  bool is_share = false;      ///< the value says how many percent of the samples had some property
  /// What one replication gives for an interval by itself: the standard error, and how many independent observations
  /// stand behind it; 0 where there is none.
  double standard_error = 0.0;
  std::uint64_t independent = 0;

  friend bool operator==(const Report&, const Report&) = default;
};

/// A metric that is the sum of others, as all messages that were sent are the sum of all ways in which they ended.
struct Account {
  std::string whole;
  std::vector<std::string> parts;

  friend bool operator==(const Account&, const Account&) = default;
};

/// What the actors of one simulation measured.
struct Measurement {
  std::string simulation;  ///< label of the simulation within the scenario
  MetricRow row;

  friend bool operator==(const Measurement&, const Measurement&) = default;
};

/// A sampled curve of one actor.
struct Curve {
  std::string simulation;
  std::string metric;
  std::string actor;
  std::vector<Series::Point> points;

  friend bool operator==(const Curve&, const Curve&) = default;
};

/// A text that a scenario leaves in its results folder besides the files that all have.
struct Attachment {
  std::string file_name;
  std::string text;

  friend bool operator==(const Attachment&, const Attachment&) = default;
};

/// Totals over all simulations of a scenario, and over all replications where there are several.
struct RunTotals {
  std::uint64_t fingerprint = 0;  ///< over the fingerprints of the simulations in their order
  std::uint64_t events = 0;
  std::uint64_t dead_letters = 0;  ///< messages to actors that had stopped
  DurationSum virtual_time;

  friend bool operator==(const RunTotals&, const RunTotals&) = default;
};

/// One replication of a scenario.
struct Replication {
  RunTotals totals;
  std::vector<Report> reports;            ///< in the order of the scenario
  std::vector<Account> accounts;          ///< over reports
  std::vector<Measurement> measurements;  ///< in the order of the simulations, then of the names
  std::vector<Curve> curves;
  std::vector<std::string> warnings;  ///< such as asks that the scenario leaves unanswered
  std::vector<Attachment> attachments = {};

  friend bool operator==(const Replication&, const Replication&) = default;
};

/// A metric over all replications of a scenario.
struct Estimate {
  std::string metric;
  std::string unit;
  double mean = 0.0;  ///< the value itself when there is one replication
  /// Of the confidence interval of the mean; symmetric. Needs two replications, or one that gave an interval itself.
  std::optional<double> half_width;
  std::uint64_t samples = 0;        ///< observations behind the value, over all replications
  std::uint32_t replications = 0;   ///< how many replications gave the metric
  bool is_constant = true;          ///< each of them gave the same value
  std::vector<double> values = {};  ///< of each of them, where the scenario reported it
  double standard_error =
      0.0;                ///< of the mean: from the spread between replications, or of a single one's own interval
  bool is_share = false;  ///< of something, in percent

  /// Nothing was measured: no target holds for it.
  [[nodiscard]] bool is_none() const { return samples == 0 || !std::isfinite(mean); }

  /// The bounds of the interval; not numbers without a half-width. No share is below 0 or above 100 %.
  [[nodiscard]] double lower() const;
  [[nodiscard]] double upper() const;

  /// Needs a half-width.
  [[nodiscard]] Interval interval(double confidence) const {
    return {.mean = mean,
            .half_width = half_width.value(),
            .standard_error = standard_error,
            .samples = replications,
            .confidence = confidence};
  }

  friend bool operator==(const Estimate&, const Estimate&) = default;
};

/// A statistic of the actors of one simulation, over all replications.
struct MeasuredEstimate {
  std::string simulation;
  std::string statistic;
  Estimate estimate;

  friend bool operator==(const MeasuredEstimate&, const MeasuredEstimate&) = default;
};

/// What a scenario gave, over all its replications.
struct ScenarioResult {
  std::string experiment;
  std::string scenario;
  std::uint64_t seed = 0;
  std::uint32_t replications = 0;
  double confidence = confidence_default;  ///< of all intervals
  RunTotals totals;
  std::vector<Estimate> metrics;               ///< what the scenario reported, in its order; targets refer to these
  std::vector<Account> accounts;               ///< over these metrics
  std::vector<MeasuredEstimate> measurements;  ///< what the actors measured
  std::vector<Curve> curves;                   ///< of the first replication
  std::vector<std::string> warnings;
  std::vector<Attachment> attachments = {};  ///< of the first replication

  /// A reported metric, or none.
  [[nodiscard]] const Estimate* find(std::string_view metric) const;

  /// The value of a reported metric; throws an `AssertionFailure` that names the nearest one when there is none.
  [[nodiscard]] double value(std::string_view metric) const;

  friend bool operator==(const ScenarioResult&, const ScenarioResult&) = default;
};

/// Puts the replications of one scenario together. The means are those over replications, which count the same each;
/// intervals are Student's t. That of a share is at least as wide as Wilson's interval of all samples together, so that
/// it has a width even where every sample, or none, had the property.
[[nodiscard]] ScenarioResult combine(std::string experiment, std::string scenario, std::uint64_t seed,
                                     const std::vector<Replication>& replications,
                                     double confidence = confidence_default);

/// One fingerprint for several in their order; that of a single one is itself.
[[nodiscard]] std::uint64_t combined_fingerprint(const std::vector<std::uint64_t>& fingerprints);

}  // namespace sim::harness
