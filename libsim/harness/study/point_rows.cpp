#include "libsim/harness/study/point_rows.hpp"

#include <limits>
#include <utility>
#include <vector>

#include "libsim/text/csv_file.hpp"
#include "libsim/text/number_text.hpp"

namespace sim::harness {

namespace {

std::string header(const StudyPoints& points, const std::vector<std::string>& more) {
  std::vector<std::string> names{"point"};
  for (const auto& [parameter, value] : points.front()->values()) {
    names.push_back(parameter);
  }
  names.insert(names.end(), more.begin(), more.end());
  return csv_row(names);
}

/// The number of the point, and its values.
std::vector<std::string> fields_of(const StudyPoint& point, std::size_t number) {
  std::vector<std::string> fields{std::to_string(number)};
  for (const auto& [parameter, value] : point.values()) {
    fields.push_back(value);
  }
  return fields;
}

std::string replication_rows(const StudyPoint& point, std::size_t number) {
  const auto common = fields_of(point, number);
  std::string text;
  for (const auto& set : point.sets()) {
    set.replications().each_report([&](std::size_t replication, const Report& report) {
      auto fields = common;
      fields.insert(fields.end(), {set.scenario(), std::to_string(replication), report.metric, report.unit,
                                   exact_text(report.value), std::to_string(report.samples)});
      text += csv_row(fields);
    });
  }
  return text;
}

std::string summary_rows(const Study& study, const StudyPoint& point, std::size_t number) {
  const auto common = fields_of(point, number);
  std::string text;
  for (const auto& set : point.sets()) {
    for (const auto& estimate : study.result(set).metrics) {
      auto fields = common;
      const double half_width = estimate.half_width.value_or(std::numeric_limits<double>::quiet_NaN());
      fields.insert(fields.end(), {set.scenario(), estimate.metric, estimate.unit, exact_text(estimate.mean),
                                   exact_text(half_width), exact_text(estimate.lower()), exact_text(estimate.upper()),
                                   std::to_string(estimate.samples), std::to_string(estimate.replications)});
      text += csv_row(fields);
    }
  }
  return text;
}

}  // namespace

Expected<void> write_points(Study& study, const StudyPoints& points, std::size_t first) {
  std::string replications;
  std::string summary;
  if (first == 0) {
    replications = header(points, {"scenario", "replication", "metric", "unit", "value", "samples"});
    summary = header(points,
                     {"scenario", "metric", "unit", "mean", "half_width", "lower", "upper", "samples", "replications"});
  }
  for (std::size_t index = 0; index < points.size(); ++index) {
    replications += replication_rows(*points[index], first + index);
    summary += summary_rows(study, *points[index], first + index);
  }
  return study.write({"sweep.csv", std::move(replications)}).and_then([&] {
    return study.write({"summary.csv", std::move(summary)});
  });
}

Expected<StudyReport> with_points(Study& study, StudyReport report, std::string rows, const StudyPoints& points) {
  add_notes(points, report);
  return study.write({report.rows, std::move(rows)}).and_then([&] { return write_points(study, points); }).map([&] {
    return std::move(report);
  });
}

}  // namespace sim::harness
