#include "libsim/harness/study/sensitivity_study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "libsim/harness/study/point_rows.hpp"
#include "libsim/random/stream.hpp"
#include "libsim/statistics/interval.hpp"
#include "libsim/statistics/paired_comparison.hpp"
#include "libsim/statistics/sample_summary.hpp"
#include "libsim/study/morris.hpp"
#include "libsim/study/search.hpp"
#include "libsim/study/tornado.hpp"
#include "libsim/text/csv_file.hpp"
#include "libsim/text/number_text.hpp"
#include "libsim/text/text_table.hpp"

namespace sim::harness {

namespace {

using Align = TextTable::Align;

constexpr std::uint32_t replications_per_effect = 10;
constexpr std::size_t trajectories_default = 10;
constexpr std::size_t levels_default = 4;

/// A metric of a scenario that the user wants to see.
struct Response {
  std::size_t scenario = 0;
  std::string scenario_name;
  std::string metric;
  std::string unit;
};

std::vector<Response> responses_of(const Study& study, const StudyPoints& points) {
  std::vector<Response> responses;
  for (const auto& point : points) {
    if (point->failure() != nullptr) {
      continue;
    }
    for (std::size_t scenario = 0; scenario < point->sets().size(); ++scenario) {
      const auto result = study.result(point->sets()[scenario]);
      for (const auto& estimate : study.shown_metrics(result)) {
        responses.push_back({scenario, result.scenario, estimate.metric, estimate.unit});
      }
    }
    break;
  }
  return responses;
}

/// Not a number where the point failed.
double mean_at(const Study& study, const StudyPoint& point, const Response& response) {
  if (point.failure() != nullptr) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  const auto result = study.result(point.sets()[response.scenario]);
  const Estimate* estimate = result.find(response.metric);
  return estimate == nullptr ? std::numeric_limits<double>::quiet_NaN() : estimate->mean;
}

std::vector<double> means_of(const Study& study, const StudyPoints& points, const Response& response) {
  std::vector<double> means;
  for (const auto& point : points) {
    means.push_back(mean_at(study, *point, response));
  }
  return means;
}

Expected<void> run_points(Study& study, const StudyPoints& points) {
  return study.check_metrics(*points.front()).and_then([&] {
    return study.run(points, fmt::format("{} points", points.size()));
  });
}

Page title_of(const Response& response) {
  return Page("{} {} ({})\n", response.scenario_name, response.metric, response.unit);
}

/// As many marks as the swing is of the largest one.
std::string bar(double size, double largest) {
  constexpr double width = 20;
  std::string text;
  if (largest > 0 && std::isfinite(size)) {
    for (int mark = 0; mark < static_cast<int>(std::lround(width * size / largest)); ++mark) {
      text += "█";
    }
  }
  return text;
}

/// A response at each point, one value per replication; none where the point failed.
std::vector<std::vector<double>> values_at(const StudyPoints& points, const Response& response) {
  std::vector<std::vector<double>> values;
  for (const auto& point : points) {
    values.push_back(point->failure() == nullptr ? values_of(point->sets()[response.scenario], response.metric)
                                                 : std::vector<double>{});
  }
  return values;
}

/// What a swing owes to the parameter, and what may be noise: the low, the given and the high value are compared in
/// pairs over the replications, which share their random numbers.
struct SwingEvidence {
  std::optional<double> half_width;  ///< of the difference between the greatest and the least of the three
  bool is_certain = false;           ///< two of the three differ
};

SwingEvidence evidence_of(const std::vector<double>& low, const std::vector<double>& base,
                          const std::vector<double>& high, double confidence) {
  SwingEvidence evidence;
  double largest = -1.0;
  for (const auto& [first, second] : {std::pair(&low, &base), std::pair(&high, &base), std::pair(&high, &low)}) {
    const std::size_t pairs = std::min(first->size(), second->size());
    const auto pair = compare_pairs(std::span(*first).first(pairs), std::span(*second).first(pairs), confidence);
    if (!pair) {
      return {};
    }
    evidence.is_certain = evidence.is_certain || pair->differ();
    if (std::abs(pair->difference.mean) > largest) {
      largest = std::abs(pair->difference.mean);
      evidence.half_width = pair->difference.half_width;
    }
  }
  return evidence;
}

std::vector<study::TornadoFactor> tornado_factors(const Study& study, const std::vector<study::AxisSpec>& axes) {
  std::vector<study::TornadoFactor> factors;
  for (const auto& axis : axes) {
    const std::string& name = study::parameter_of(axis);
    factors.push_back({.parameter = name,
                       .low = study::value_at(axis, 0),
                       .base = study.base().setup().parameters().find(name)->text(),
                       .high = study::value_at(axis, 1)});
  }
  return factors;
}

std::size_t factor_of(const std::vector<study::TornadoFactor>& factors, const std::string& parameter) {
  const auto found = std::find_if(factors.begin(), factors.end(),
                                  [&](const study::TornadoFactor& factor) { return factor.parameter == parameter; });
  return static_cast<std::size_t>(found - factors.begin());
}

Expected<StudyReport> run_one_at_a_time(Study& study, const std::vector<study::AxisSpec>& axes) {
  const auto factors = tornado_factors(study, axes);
  auto points = study::tornado_points(factors)
                    .map_error([](const Error& error) { return Error{"--sweep: " + error.message}; })
                    .and_then([&](const std::vector<study::Point>& values) { return study.points(values); });
  if (!points) {
    return tl::unexpected(points.error());
  }
  if (auto ran = run_points(study, *points); !ran) {
    return tl::unexpected(ran.error());
  }
  StudyReport report{.kind = "sensitivity", .text = {}, .rows = "sensitivity.csv"};
  std::string rows = csv_row(
      {"scenario", "metric", "unit", "parameter", "at_low", "at_base", "at_high", "swing", "half_width", "certain"});
  // Three comparisons of each parameter.
  const double confidence =
      study::confidence_per_decision(study.plan().interval_confidence(), 3 * std::max<std::size_t>(1, factors.size()));
  for (const auto& response : responses_of(study, *points)) {
    const auto swings = study::tornado_swings(factors, means_of(study, *points, response));
    const auto values = values_at(*points, response);
    TextTable table({{"parameter"},
                     {"low", Align::right},
                     {"as given", Align::right},
                     {"high", Align::right},
                     {"swing", Align::right},
                     {""}});
    for (const auto& swing : swings) {
      const std::size_t factor = factor_of(factors, swing.parameter);
      const auto evidence = evidence_of(values[1 + 2 * factor], values[0], values[2 + 2 * factor], confidence);
      const std::string marks = bar(swing.size(), swings.front().size());
      table.add({swing.parameter, short_text(swing.at_low), short_text(swing.at_base), short_text(swing.at_high),
                 with_half_width(swing.size(), evidence.half_width),
                 evidence.is_certain ? marks : "not told from none"});
      rows +=
          csv_row({response.scenario_name, response.metric, response.unit, swing.parameter, exact_text(swing.at_low),
                   exact_text(swing.at_base), exact_text(swing.at_high), exact_text(swing.size()),
                   exact_text(evidence.half_width.value_or(nothing_measured)), evidence.is_certain ? "yes" : "no"});
    }
    report.text += title_of(response) + table.text(2) + Page("\n");
  }
  report.text += Page("intervals {} %, which is {} % for all of a table together\n", short_text(100 * confidence),
                      short_text(100 * study.plan().interval_confidence()));
  return with_points(study, std::move(report), std::move(rows), *points);
}

std::vector<study::Point> values_of_trajectories(const std::vector<study::AxisSpec>& axes,
                                                 const std::vector<study::Trajectory>& trajectories) {
  std::vector<study::Point> values;
  for (const auto& trajectory : trajectories) {
    for (const auto& coordinates : trajectory.points) {
      study::Point point;
      for (std::size_t factor = 0; factor < axes.size(); ++factor) {
        point.emplace_back(study::parameter_of(axes[factor]), study::value_at(axes[factor], coordinates[factor]));
      }
      values.push_back(std::move(point));
    }
  }
  return values;
}

/// The means of all points, trajectory by trajectory.
std::vector<std::vector<double>> by_trajectory(const std::vector<double>& means,
                                               const std::vector<study::Trajectory>& trajectories) {
  std::vector<std::vector<double>> results;
  auto next = means.begin();
  for (const auto& trajectory : trajectories) {
    const auto end = next + static_cast<std::ptrdiff_t>(trajectory.points.size());
    results.emplace_back(next, end);
    next = end;
  }
  return results;
}

/// How well the mean effect of a factor is known: over the replications, each of which walked all trajectories.
std::optional<double> half_width_of_mean(const std::vector<study::Trajectory>& trajectories,
                                         const std::vector<std::vector<double>>& values, std::size_t factor,
                                         double confidence) {
  const auto fewest = std::min_element(values.begin(), values.end(),
                                       [](const auto& left, const auto& right) { return left.size() < right.size(); });
  std::vector<double> means;
  for (std::size_t replication = 0; replication < fewest->size(); ++replication) {
    std::vector<double> results;
    for (const auto& at_point : values) {
      results.push_back(at_point[replication]);
    }
    means.push_back(study::factor_effects(trajectories, by_trajectory(results, trajectories))[factor].mean);
  }
  const auto interval = mean_interval(means, confidence);
  return interval ? std::optional(interval->half_width) : std::nullopt;
}

/// The same walks with the places at which the values really stand: a range of few whole numbers has no others.
std::vector<study::Trajectory> as_run(const std::vector<study::AxisSpec>& axes,
                                      std::vector<study::Trajectory> trajectories) {
  for (auto& trajectory : trajectories) {
    for (auto& coordinates : trajectory.points) {
      for (std::size_t factor = 0; factor < axes.size(); ++factor) {
        coordinates[factor] = study::place_of_value_at(axes[factor], coordinates[factor]);
      }
    }
  }
  return trajectories;
}

Expected<StudyReport> run_morris(Study& study, const std::vector<study::AxisSpec>& axes) {
  RandomStream random({.seed = study.options().seed, .replication = 0, .actor = "study", .purpose = "morris"});
  const auto trajectories = study::morris_trajectories(axes.size(), trajectories_default, levels_default, random);
  if (!trajectories) {
    return unexpected("--sensitivity morris: " + trajectories.error().message);
  }
  auto points = study.points(values_of_trajectories(axes, *trajectories));
  if (!points) {
    return tl::unexpected(points.error());
  }
  if (auto ran = run_points(study, *points); !ran) {
    return tl::unexpected(ran.error());
  }
  const auto walked = as_run(axes, *trajectories);
  StudyReport report{.kind = "sensitivity", .text = {}, .rows = "sensitivity.csv"};
  std::string rows = csv_row(
      {"scenario", "metric", "unit", "parameter", "mean_absolute", "mean", "half_width", "deviation", "effects"});
  const double confidence = study::confidence_per_decision(study.plan().interval_confidence(), axes.size());
  for (const auto& response : responses_of(study, *points)) {
    const auto effects =
        study::ranked(study::factor_effects(walked, by_trajectory(means_of(study, *points, response), walked)));
    const auto values = values_at(*points, response);
    TextTable table({{"parameter"}, {"μ*", Align::right}, {"μ", Align::right}, {"σ", Align::right}, {""}});
    for (const auto& effect : effects) {
      const std::string& name = study::parameter_of(axes[effect.factor]);
      const auto half_width = half_width_of_mean(walked, values, effect.factor, confidence);
      table.add({name, short_text(effect.mean_absolute), with_half_width(effect.mean, half_width),
                 short_text(effect.deviation), bar(effect.mean_absolute, effects.front().mean_absolute)});
      rows += csv_row({response.scenario_name, response.metric, response.unit, name, exact_text(effect.mean_absolute),
                       exact_text(effect.mean), exact_text(half_width.value_or(nothing_measured)),
                       exact_text(effect.deviation), std::to_string(effect.effects)});
    }
    report.text += title_of(response) + table.text(2) + Page("\n");
  }
  report.text += Page(
      "μ*: mean size of the effect of going through the whole range; μ: its mean with sign, ± at {} %;\n"
      "σ: how much it depends on where the other parameters stand, and on chance\n",
      short_text(100 * confidence));
  return with_points(study, std::move(report), std::move(rows), *points);
}

}  // namespace

Expected<StudyReport> run_sensitivity(Study& study) {
  study.replicate_at_least(replications_per_effect);
  if (study.plan().replications < 2) {
    return unexpected("--sensitivity: requires --replications of 2 or more");
  }
  const auto axes = study.axes();
  if (!axes) {
    return tl::unexpected(axes.error());
  }
  return study.options().study.sensitivity == Sensitivity::morris ? run_morris(study, *axes)
                                                                  : run_one_at_a_time(study, *axes);
}

}  // namespace sim::harness
