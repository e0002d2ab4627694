#include "libsim/harness/study/point_tables.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "libsim/statistics/interval.hpp"
#include "libsim/statistics/knee.hpp"
#include "libsim/statistics/sample_summary.hpp"
#include "libsim/study/constraint.hpp"
#include "libsim/study/search.hpp"
#include "libsim/text/number_text.hpp"
#include "libsim/text/text_table.hpp"

namespace sim::harness {

namespace {

using Align = TextTable::Align;

/// More rows than anybody reads on a terminal.
constexpr std::size_t rows_max = 200;

/// Fewer points have no bend that could be told from chance.
constexpr std::size_t points_with_knee_min = 5;

std::string cell(const Study& study, const ScenarioResult& result, const std::string& metric) {
  const Estimate* estimate = result.find(metric);
  if (estimate == nullptr) {
    return "";
  }
  std::string text = with_half_width(*estimate);
  for (const Target& target : study.targets()) {
    if (target.scenario == result.scenario && target.metric == metric) {
      const Verdict verdict = judge(target, *estimate);
      text += verdict == Verdict::met ? "" : fmt::format(" {}", to_text(verdict));
    }
  }
  return text;
}

/// How far a metric is above the straight line between the ends of its curve, one value per replication.
std::vector<double> above_chord(const MetricCurve& curve, std::size_t index) {
  const double share = (curve.xs[index] - curve.xs.front()) / (curve.xs.back() - curve.xs.front());
  std::vector<double> distances;
  const auto values = curve.values_at(index);
  for (std::size_t replication = 0; replication < values.size(); ++replication) {
    const double first = curve.values_at(0)[replication];
    const double last = curve.values_at(curve.xs.size() - 1)[replication];
    distances.push_back(values[replication] - (first + share * (last - first)));
  }
  return distances;
}

/// Which of the four shapes a curve has that bends one way: from its ends and from its middle.
KneeConfig shape_of(const MetricCurve& curve) {
  double above = 0.0;
  for (std::size_t index = 0; index < curve.xs.size(); ++index) {
    above += sim::mean_of(above_chord(curve, index));
  }
  return {.bend = above >= 0 ? Bend::concave : Bend::convex,
          .direction = curve.means.back() >= curve.means.front() ? Direction::increasing : Direction::decreasing};
}

/// The knee of the means, if the curve really bends there: the replications, which share their random numbers along the
/// axis, leave the straight line to the side of the knee. As any inner point of any metric might have been it, the
/// confidence is that for all of them.
std::optional<std::size_t> certain_knee(const MetricCurve& curve, double confidence) {
  const KneeConfig shape = shape_of(curve);
  const auto knee = find_knee(curve.xs, curve.means, shape);
  if (!knee || !*knee) {
    return std::nullopt;
  }
  const auto distance = mean_interval(above_chord(curve, **knee), confidence);
  const bool bends = distance && (shape.bend == Bend::concave ? distance->lower() > 0.0 : distance->upper() < 0.0);
  return bends ? *knee : std::nullopt;
}

}  // namespace

void PointTables::add(const StudyPoints& points) {
  for (const auto& point : points) {
    add(*point);
    labels_.push_back(point->label());
  }
}

void PointTables::add(const StudyPoint& point) {
  if (scenarios_.empty()) {
    for (const auto& set : point.sets()) {
      scenarios_.push_back({set.scenario()});
    }
  }
  for (std::size_t scenario = 0; scenario < scenarios_.size(); ++scenario) {
    add(point, point.sets()[scenario], scenarios_[scenario]);
  }
}

void PointTables::add(const StudyPoint& point, const ReplicationSet& set, ScenarioPoints& shown) {
  auto result = study_.result(set);
  if (shown.columns.empty() && !set.failure() && set.count() > 0) {
    const bool is_first = labels_.empty();
    for (const auto& estimate : study_.shown_metrics(result)) {
      shown.columns.push_back({estimate.metric, is_first ? std::optional(MetricCurve{}) : std::nullopt});
    }
  }
  for (Column& column : shown.columns) {
    extend(column, point, set, result);
  }
  if (shown.rows.size() < rows_max) {
    shown.rows.push_back({point.values(), set.failure() ? std::nullopt : std::optional(std::move(result))});
  }
}

void PointTables::extend(Column& column, const StudyPoint& point, const ReplicationSet& set,
                         const ScenarioResult& result) const {
  if (!column.curve) {
    return;
  }
  MetricCurve& curve = *column.curve;
  const auto numbers = study::numbers_of(point.values());
  const Estimate* estimate = result.find(column.metric);
  const auto values = values_of(set, column.metric);
  const bool continues =
      point.values().size() == 1 && numbers.size() == 1 && estimate != nullptr && std::isfinite(estimate->mean) &&
      (curve.xs.empty() || (values.size() == curve.values_at(0).size() && numbers.begin()->second >= curve.xs.back()));
  if (!continues) {
    column.curve.reset();
    return;
  }
  curve.xs.push_back(numbers.begin()->second);
  curve.means.push_back(estimate->mean);
  curve.values.insert(curve.values.end(), values.begin(), values.end());
}

Page PointTables::text() const {
  Page text;
  for (const auto& points : scenarios_) {
    text += table(points) + knees(points) + Page("\n");
  }
  return text + Page("intervals {} %\n", short_text(100 * study_.plan().interval_confidence()));
}

Page PointTables::table(const ScenarioPoints& points) const {
  std::vector<TextTable::Column> columns;
  for (const auto& [parameter, value] : points.rows.front().values) {
    columns.push_back({parameter, Align::right});
  }
  for (const Column& column : points.columns) {
    columns.push_back({column.metric, Align::right});
  }
  TextTable table(columns);
  for (const Row& row : points.rows) {
    std::vector<TextTable::Cell> cells;
    for (const auto& [parameter, value] : row.values) {
      cells.emplace_back(value);
    }
    for (const Column& column : points.columns) {
      cells.emplace_back(row.result ? cell(study_, *row.result, column.metric) : "failed");
    }
    table.add(std::move(cells));
  }
  Page text("{}\n{}", points.scenario, table.text(2));
  if (labels_.size() > points.rows.size()) {
    text += Page("  … and {} points more in summary.csv\n", labels_.size() - points.rows.size());
  }
  return text;
}

/// Where more of the only parameter begins to do less, or to hurt.
Page PointTables::knees(const ScenarioPoints& points) const {
  Page text;
  if (labels_.size() < points_with_knee_min) {
    return text;
  }
  const double confidence = study::confidence_per_decision(
      study_.plan().interval_confidence(), std::max<std::size_t>(1, points.columns.size() * (labels_.size() - 2)));
  for (const Column& column : points.columns) {
    if (const auto knee = column.curve ? certain_knee(*column.curve, confidence) : std::nullopt) {
      text += Page("  knee of {}: {}\n", column.metric, labels_[*knee]);
    }
  }
  return text;
}

Page point_result(const Study& study, const StudyPoint& point) {
  const std::string mean = fmt::format("mean ± {} %", short_text(100 * study.plan().interval_confidence()));
  TextTable table({{"at " + point.label()}, {"metric"}, {mean, Align::right}, {"unit"}, {"target"}});
  for (const auto& set : point.sets()) {
    const auto result = study.result(set);
    std::string scenario = result.scenario;
    for (const auto& estimate : study.shown_metrics(result)) {
      std::string bounds;
      for (const auto& target : study.targets()) {
        if (target.scenario == result.scenario && target.metric == estimate.metric) {
          bounds +=
              fmt::format("{}{} {}", bounds.empty() ? "" : ", ", to_text(target.relation), short_text(target.target));
        }
      }
      table.add({std::exchange(scenario, ""), estimate.metric, with_half_width(estimate), estimate.unit, bounds});
    }
  }
  return table.text(2);
}

}  // namespace sim::harness
