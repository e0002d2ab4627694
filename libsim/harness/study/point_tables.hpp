#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libsim/harness/study/study.hpp"
#include "libsim/text/page.hpp"

namespace sim::harness {

/// A metric along the only axis of a sweep: mean and single replications at each of its points.
struct MetricCurve {
  std::vector<double> xs;
  std::vector<double> means;
  std::vector<double> values;  ///< as many at each point, one point after the other

  [[nodiscard]] std::span<const double> values_at(std::size_t point) const {
    const std::size_t count = values.size() / xs.size();
    return std::span(values).subspan(point * count, count);
  }
};

/// What a sweep shows of its points: a table per scenario, with one row for each point and a column for each metric
/// that the user wants to see, and the knee of a curve. Keeps of the points only what is shown.
class PointTables {
 public:
  /// The study outlives the tables.
  explicit PointTables(const Study& study) : study_(study) {}

  /// The next points, which have run.
  void add(const StudyPoints& points);

  [[nodiscard]] Page text() const;

 private:
  /// A metric that is shown, and its curve; none where the axis is not numeric or does not ascend, a point failed, or
  /// some ran more often than others.
  struct Column {
    std::string metric;
    std::optional<MetricCurve> curve;
  };

  struct Row {
    study::Point values;
    std::optional<ScenarioResult> result;  // none: failed
  };

  struct ScenarioPoints {
    std::string scenario;
    std::vector<Column> columns = {};  // from the first point that ran
    std::vector<Row> rows = {};        // of as many points as are shown
  };

  void add(const StudyPoint& point);
  void add(const StudyPoint& point, const ReplicationSet& set, ScenarioPoints& shown);
  void extend(Column& column, const StudyPoint& point, const ReplicationSet& set, const ScenarioResult& result) const;
  [[nodiscard]] Page table(const ScenarioPoints& points) const;
  [[nodiscard]] Page knees(const ScenarioPoints& points) const;

  const Study& study_;
  std::vector<Printable> labels_;  // of all points
  std::vector<ScenarioPoints> scenarios_;
};

/// One table for one point: the metrics that the user wants to see with their intervals and targets.
[[nodiscard]] Page point_result(const Study& study, const StudyPoint& point);

}  // namespace sim::harness
