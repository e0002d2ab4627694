#include "libsim/harness/study/sweep.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <utility>

#include "libsim/harness/csv_file.hpp"
#include "libsim/harness/number_text.hpp"
#include "libsim/harness/quoting.hpp"
#include "libsim/harness/text_table.hpp"
#include "libsim/random/stream.hpp"
#include "libsim/statistics/interval.hpp"
#include "libsim/statistics/knee.hpp"
#include "libsim/statistics/sample_summary.hpp"
#include "libsim/study/constraint.hpp"
#include "libsim/study/design.hpp"
#include "libsim/study/search.hpp"

namespace sim::harness {

namespace {

using Align = TextTable::Align;

/// More rows than anybody reads on a terminal.
constexpr std::size_t table_rows_max = 200;

Expected<std::size_t> sample_size_of(const std::string& text) {
  const std::string_view prefix = "lhs:";
  const auto points =
      text.starts_with(prefix) ? parse_whole_number<std::size_t>(text.substr(prefix.size())) : std::nullopt;
  if (!points || *points == 0 || *points > study::points_max) {
    return unexpected(fmt::format("--sample {}: expected lhs: and a number of points from 1 to {}, as in lhs:200",
                                  shown(text), study::points_max));
  }
  return *points;
}

Expected<std::vector<study::Point>> combinations(const Study& study, const std::vector<study::AxisSpec>& axes) {
  const std::string& sampling = study.options().study.sample;
  if (sampling.empty()) {
    return study::full_grid(axes).map_error([](const Error& error) { return Error{"--sweep: " + error.message}; });
  }
  const auto points = sample_size_of(sampling);
  if (!points) {
    return tl::unexpected(points.error());
  }
  RandomStream random({.seed = study.options().seed, .replication = 0, .actor = "study", .purpose = "design"});
  return study::latin_hypercube(axes, *points, random).map_error([](const Error& error) {
    return Error{"--sample: " + error.message};
  });
}

Expected<std::vector<study::Constraint>> constraints(const Study& study) {
  std::vector<study::Constraint> constraints;
  for (const auto& text : study.options().study.where) {
    auto constraint = study::Constraint::parse(text, study.base().setup().parameters().names());
    if (!constraint) {
      return unexpected(fmt::format("--where {}", constraint.error().message));
    }
    constraints.push_back(std::move(*constraint));
  }
  return constraints;
}

/// The numbers of all parameters at a point.
std::map<std::string, double> numbers_at(const Study& study, const study::Point& point) {
  auto numbers = study::numbers_of(study.base().setup().parameters().values());
  for (const auto& [parameter, number] : study::numbers_of(point)) {
    numbers[parameter] = number;
  }
  return numbers;
}

Expected<std::vector<study::Point>> without_excluded(const Study& study, std::vector<study::Point> points) {
  const auto conditions = constraints(study);
  if (!conditions) {
    return tl::unexpected(conditions.error());
  }
  std::vector<study::Point> kept;
  for (auto& point : points) {
    bool all_hold = true;
    for (const auto& condition : *conditions) {
      const auto holds = condition.holds(numbers_at(study, point));
      if (!holds) {
        return unexpected(fmt::format("--where {}", holds.error().message));
      }
      all_hold = all_hold && *holds;
    }
    if (all_hold) {
      kept.push_back(std::move(point));
    }
  }
  if (kept.empty()) {
    return unexpected("--where: leaves no point");
  }
  return kept;
}

std::vector<std::string> parameter_names(const StudyPoints& points) {
  std::vector<std::string> names;
  for (const auto& [parameter, value] : points.front()->values()) {
    names.push_back(parameter);
  }
  return names;
}

/// The number of the point, and its values.
std::vector<std::string> point_fields(const StudyPoints& points, std::size_t index) {
  std::vector<std::string> fields{std::to_string(index)};
  for (const auto& [parameter, value] : points[index]->values()) {
    fields.push_back(value);
  }
  return fields;
}

std::vector<std::string> point_header(const StudyPoints& points, const std::vector<std::string>& more) {
  std::vector<std::string> header{"point"};
  const auto names = parameter_names(points);
  header.insert(header.end(), names.begin(), names.end());
  header.insert(header.end(), more.begin(), more.end());
  return header;
}

/// What the points show of one scenario, in the order of the first point that ran.
std::vector<std::string> columns_of(const Study& study, const StudyPoints& points, std::size_t scenario) {
  for (const auto& point : points) {
    const ReplicationSet& set = point->sets()[scenario];
    if (!set.failure() && set.count() > 0) {
      std::vector<std::string> names;
      for (const auto& estimate : study.shown_metrics(study.result(set))) {
        names.push_back(estimate.metric);
      }
      return names;
    }
  }
  return {};
}

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

Page scenario_points_table(const Study& study, const StudyPoints& points, std::size_t scenario) {
  const auto metrics = columns_of(study, points, scenario);
  std::vector<TextTable::Column> columns;
  for (const auto& name : parameter_names(points)) {
    columns.push_back({name, Align::right});
  }
  std::map<std::string, std::string> units;
  for (const auto& metric : metrics) {
    columns.push_back({metric, Align::right});
  }
  TextTable table(columns);
  for (std::size_t index = 0; index < std::min(points.size(), table_rows_max); ++index) {
    const auto& set = points[index]->sets()[scenario];
    const auto result = study.result(set);
    std::vector<TextTable::Cell> cells;
    for (const auto& [parameter, value] : points[index]->values()) {
      cells.emplace_back(value);
    }
    for (const auto& metric : metrics) {
      cells.emplace_back(set.failure() ? "failed" : cell(study, result, metric));
    }
    table.add(std::move(cells));
  }
  Page text("{}\n{}", points.front()->sets()[scenario].scenario(), table.text(2));
  if (points.size() > table_rows_max) {
    text += Page("  … and {} points more in summary.csv\n", points.size() - table_rows_max);
  }
  return text;
}

/// A metric along the only axis: mean and single replications at each of its points.
struct MetricCurve {
  std::vector<double> xs;
  std::vector<double> means;
  std::vector<std::vector<double>> values;

  /// How far the metric is above the straight line between the ends of the curve, one value per replication.
  [[nodiscard]] std::vector<double> above_chord(std::size_t index) const {
    const double share = (xs[index] - xs.front()) / (xs.back() - xs.front());
    std::vector<double> distances;
    for (std::size_t replication = 0; replication < values[index].size(); ++replication) {
      const double first = values.front()[replication];
      const double last = values.back()[replication];
      distances.push_back(values[index][replication] - (first + share * (last - first)));
    }
    return distances;
  }
};

/// Nothing when the axis is not numeric or does not ascend, a point failed, or some ran more often than others.
std::optional<MetricCurve> curve_of(const Study& study, const StudyPoints& points, std::size_t scenario,
                                    const std::string& metric) {
  MetricCurve curve;
  for (const auto& point : points) {
    const auto numbers = study::numbers_of(point->values());
    const auto result = study.result(point->sets()[scenario]);
    const Estimate* estimate = result.find(metric);
    if (numbers.size() != 1 || estimate == nullptr || !std::isfinite(estimate->mean)) {
      return std::nullopt;
    }
    curve.xs.push_back(numbers.begin()->second);
    curve.means.push_back(estimate->mean);
    curve.values.push_back(values_of(point->sets()[scenario], metric));
    if (curve.values.back().size() != curve.values.front().size()) {
      return std::nullopt;
    }
  }
  return std::is_sorted(curve.xs.begin(), curve.xs.end()) ? std::optional(std::move(curve)) : std::nullopt;
}

/// Which of the four shapes a curve has that bends one way: from its ends and from its middle.
KneeConfig shape_of(const MetricCurve& curve) {
  double above = 0.0;
  for (std::size_t index = 0; index < curve.xs.size(); ++index) {
    above += mean_of(curve.above_chord(index));
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
  const auto distance = mean_interval(curve.above_chord(**knee), confidence);
  const bool bends = distance && (shape.bend == Bend::concave ? distance->lower() > 0.0 : distance->upper() < 0.0);
  return bends ? *knee : std::nullopt;
}

/// Where more of the only parameter begins to do less, or to hurt.
Page knees(const Study& study, const StudyPoints& points, std::size_t scenario) {
  Page text;
  if (points.front()->values().size() != 1 || points.size() < 5) {
    return text;
  }
  const auto metrics = columns_of(study, points, scenario);
  const double confidence = study::confidence_per_decision(
      study.plan().interval_confidence(), std::max<std::size_t>(1, metrics.size() * (points.size() - 2)));
  for (const auto& metric : metrics) {
    const auto curve = curve_of(study, points, scenario, metric);
    if (const auto knee = curve ? certain_knee(*curve, confidence) : std::nullopt) {
      text += Page("  knee of {}: {}\n", metric, points[*knee]->label());
    }
  }
  return text;
}

}  // namespace

Expected<StudyPoints> design_points(const Study& study) {
  const auto axes = study.axes();
  if (!axes) {
    return tl::unexpected(axes.error());
  }
  return combinations(study, *axes)
      .and_then([&](std::vector<study::Point> points) { return without_excluded(study, std::move(points)); })
      .and_then([&](const std::vector<study::Point>& points) { return study.points(points); });
}

Expected<StudyReport> run_sweep(Study& study) {
  study.replicate_at_least(10);
  auto points = design_points(study);
  if (!points) {
    return tl::unexpected(points.error());
  }
  if (auto known = study.check_metrics(*points->front()); !known) {
    return tl::unexpected(known.error());
  }
  if (auto ran = study.run(*points, fmt::format("{} points", points->size())); !ran) {
    return tl::unexpected(ran.error());
  }
  StudyReport report{.kind = "sweep", .text = point_tables(study, *points), .csv = summary_csv(study, *points)};
  report.files = {{"sweep.csv", long_csv(*points)}, {"summary.csv", report.csv}};
  add_notes(*points, report);
  return report;
}

std::string long_csv(const StudyPoints& points) {
  std::string text = csv_row(point_header(points, {"scenario", "replication", "metric", "unit", "value", "samples"}));
  for (std::size_t index = 0; index < points.size(); ++index) {
    const auto point = point_fields(points, index);
    for (const auto& set : points[index]->sets()) {
      set.replications().each_report([&](std::size_t replication, const Report& report) {
        auto fields = point;
        fields.insert(fields.end(), {set.scenario(), std::to_string(replication), report.metric, report.unit,
                                     exact_text(report.value), std::to_string(report.samples)});
        text += csv_row(fields);
      });
    }
  }
  return text;
}

std::string summary_csv(const Study& study, const StudyPoints& points) {
  std::string text = csv_row(point_header(
      points, {"scenario", "metric", "unit", "mean", "half_width", "lower", "upper", "samples", "replications"}));
  for (std::size_t index = 0; index < points.size(); ++index) {
    const auto point = point_fields(points, index);
    for (const auto& set : points[index]->sets()) {
      for (const auto& estimate : study.result(set).metrics) {
        auto fields = point;
        const double half_width = estimate.half_width.value_or(std::numeric_limits<double>::quiet_NaN());
        fields.insert(fields.end(), {set.scenario(), estimate.metric, estimate.unit, exact_text(estimate.mean),
                                     exact_text(half_width), exact_text(estimate.lower()), exact_text(estimate.upper()),
                                     std::to_string(estimate.samples), std::to_string(estimate.replications)});
        text += csv_row(fields);
      }
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

Page point_tables(const Study& study, const StudyPoints& points) {
  Page text;
  for (std::size_t scenario = 0; scenario < points.front()->sets().size(); ++scenario) {
    text += scenario_points_table(study, points, scenario) + knees(study, points, scenario) + Page("\n");
  }
  return text + Page("intervals {} %\n", short_text(100 * study.plan().interval_confidence()));
}

}  // namespace sim::harness
