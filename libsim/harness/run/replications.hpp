#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/harness/run/scenario_result.hpp"
#include "libsim/statistics/moments.hpp"

namespace sim::harness {

/// A reported metric over the replications that have it: one number for each of them.
class ReportColumn {
 public:
  explicit ReportColumn(const Report& first);

  /// Asserts that unit and kind are those of the first.
  void add(const Report& report);

  [[nodiscard]] const std::string& metric() const { return last_.metric; }
  [[nodiscard]] const std::vector<double>& values() const { return values_; }

  /// What the `index`-th replication that has the metric reported of it; the interval of its own is not kept.
  [[nodiscard]] Report at(std::size_t index) const;

  [[nodiscard]] Estimate estimate(double confidence) const;

 private:
  [[nodiscard]] std::optional<double> own_half_width(double confidence) const;
  [[nodiscard]] double share_half_width(double confidence) const;

  Report last_;
  std::vector<double> values_;
  std::vector<std::uint64_t> samples_;  // of each; empty as long as all are those of the last
  std::uint64_t samples_of_all_ = 0;
  std::uint64_t samples_with_property_ = 0;  // of a share
  bool is_constant_ = true;
  bool is_measured_ = true;
};

/// What actors measured over the replications: of one statistic its mean and spread only.
class MeasurementColumn {
 public:
  explicit MeasurementColumn(const Measurement& first);
  void add(const Measurement& measurement);

  [[nodiscard]] bool is_of(const Measurement& measurement) const;
  [[nodiscard]] MeasuredEstimate estimate(double confidence) const;

 private:
  Measurement last_;
  Moments moments_;
  std::uint64_t samples_ = 0;
  std::uint32_t replications_ = 0;
  bool is_constant_ = true;
  bool is_measured_ = true;
};

/// Warnings of replications, each text once in the order in which they first come.
class Warnings {
 public:
  void add(std::size_t replication, const std::vector<std::string>& texts);

  /// With the replications that gave a text, unless all did.
  [[nodiscard]] std::vector<std::string> texts(std::size_t replications) const;

 private:
  /// Texts that differ from replication to replication are not all kept.
  static constexpr std::size_t texts_max = 1'000;

  struct Givers {
    std::size_t first = 0;
    std::size_t last = 0;
    std::size_t count = 0;
  };

  std::vector<std::string> texts_;
  std::map<std::string, Givers, std::less<>> given_by_;
  std::size_t left_out_ = 0;
};

/// The replications 0, 1, 2, … of a scenario, of which no more is kept than their results need: of the first one all,
/// of each a fingerprint and one number for each metric that it reports, and of what actors measured the moments.
class Replications {
 public:
  void add(Replication replication);

  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(fingerprints_.size()); }

  /// The first one without its measurements; there must be one (asserted).
  [[nodiscard]] const Replication& first() const;

  /// Nothing that was reported depended on chance: each was as the first.
  [[nodiscard]] bool are_alike() const { return are_alike_; }

  /// A metric, one value for each replication that reports it.
  [[nodiscard]] std::vector<double> values_of(std::string_view metric) const;

  /// Calls `read` for what each replication reported, in their order.
  void each_report(const std::function<void(std::size_t replication, const Report& report)>& read) const;

  /// All of them put together.
  [[nodiscard]] ScenarioResult result(std::string experiment, std::string scenario, std::uint64_t seed,
                                      double confidence) const;

 private:
  /// The columns of the metrics that a replication reported, in its order.
  using Shape = std::vector<std::uint32_t>;

  [[nodiscard]] std::uint32_t column_of(const Report& report, std::size_t position);
  void add_reports(const std::vector<Report>& reports);
  void add_measurements(const std::vector<Measurement>& measurements);
  [[nodiscard]] MeasurementColumn& column_of(const Measurement& measurement, std::size_t position);

  Replication first_;
  RunTotals totals_;
  std::vector<std::uint64_t> fingerprints_;
  bool are_alike_ = true;
  std::vector<ReportColumn> reports_;
  std::vector<Shape> shapes_;            // each once
  std::vector<std::uint32_t> shape_of_;  // of each replication
  std::vector<MeasurementColumn> measurements_;
  std::map<std::array<std::string, 3>, std::size_t> measurement_at_;
  Warnings warnings_;
};

}  // namespace sim::harness
