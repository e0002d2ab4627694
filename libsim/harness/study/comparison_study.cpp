#include "libsim/harness/study/comparison_study.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libsim/harness/study/point_rows.hpp"
#include "libsim/statistics/multiple_comparisons.hpp"
#include "libsim/statistics/paired_comparison.hpp"
#include "libsim/statistics/quantiles.hpp"
#include "libsim/statistics/sample_size.hpp"
#include "libsim/study/axis.hpp"
#include "libsim/study/search.hpp"
#include "libsim/text/csv_file.hpp"
#include "libsim/text/number_text.hpp"
#include "libsim/text/quoting.hpp"
#include "libsim/text/text_table.hpp"

namespace sim::harness {

namespace {

using Align = TextTable::Align;

constexpr std::uint32_t replications_to_compare = 30;

/// One metric of one scenario in both configurations.
struct Row {
  std::string scenario;
  std::string metric;
  std::string unit;
  PairedComparison pair;
  double adjusted_p_value = 1.0;
  std::optional<std::uint64_t> more_replications = 0;  ///< until it is told apart among all rows
};

/// `--compare A.ini B.ini` or `--compare containers=8,12`.
Expected<StudyPoints> two_points(const Study& study) {
  const auto& given = study.options().study.compare;
  const auto wrong = [&] {
    return unexpected(
        fmt::format("--compare {}: expected two INI files, or one parameter with two values as in containers=8,12",
                    shown(fmt::format("{}", fmt::join(given, " ")))));
  };
  StudyPoints points;
  if (given.size() == 2) {
    for (const auto& file : given) {
      auto point = StudyPoint::make(study, {}, file);
      if (!point) {
        return tl::unexpected(point.error());
      }
      points.push_back(std::move(*point));
    }
    return points;
  }
  if (given.size() != 1 || given.front().find('=') == std::string::npos) {
    return wrong();
  }
  const auto axis = study.axis("compare", given.front());
  if (!axis) {
    return tl::unexpected(axis.error());
  }
  const auto* values = std::get_if<study::Axis>(&*axis);
  if (values == nullptr || values->values.size() != 2) {
    return wrong();
  }
  const std::vector<study::Point> sides{{{values->parameter, values->values[0]}},
                                        {{values->parameter, values->values[1]}}};
  return study.points(sides);
}

/// Over the replications that both ran; nothing where one of them has no number.
std::optional<PairedComparison> pair_of(const std::vector<double>& first, const std::vector<double>& second,
                                        double confidence) {
  const std::size_t pairs = std::min(first.size(), second.size());
  const auto compared = compare_pairs(std::span(first).first(pairs), std::span(second).first(pairs), confidence);
  return compared ? std::optional(*compared) : std::nullopt;
}

struct Comparisons {
  std::vector<Row> rows;
  std::vector<std::string> left_out;  ///< metrics that one of both lacks or could not measure
};

Comparisons comparisons_of(const Study& study, const StudyPoints& points, double confidence) {
  Comparisons compared;
  for (std::size_t scenario = 0; scenario < points[0]->sets().size(); ++scenario) {
    const auto& first = points[0]->sets()[scenario];
    const auto& second = points[1]->sets()[scenario];
    for (const auto& estimate : study.shown_metrics(study.result(first))) {
      const auto pair = pair_of(values_of(second, estimate.metric), values_of(first, estimate.metric), confidence);
      if (pair) {
        compared.rows.push_back({first.scenario(), estimate.metric, estimate.unit, *pair});
      } else {
        compared.left_out.push_back(fmt::format("{} {}", first.scenario(), estimate.metric));
      }
    }
  }
  return compared;
}

/// The next of the rows that are not told apart yet has to be as sure as Holm asks.
void foretell(std::vector<Row>& rows, double confidence) {
  const auto is_open = [&](const Row& row) { return row.adjusted_p_value > 1.0 - confidence; };
  const auto open = std::count_if(rows.begin(), rows.end(), is_open);
  for (auto& row : rows) {
    if (is_open(row)) {
      Interval difference = row.pair.difference;
      difference.confidence = study::confidence_per_decision(confidence, static_cast<std::size_t>(open));
      difference.half_width =
          student_t_quantile(0.5 + difference.confidence / 2, difference.samples - 1) * difference.standard_error;
      row.more_replications = more_samples_to_tell_apart(difference);
    }
  }
}

void adjust(std::vector<Row>& rows) {
  std::vector<double> p_values;
  for (const auto& row : rows) {
    p_values.push_back(row.pair.p_value);
  }
  if (const auto adjusted = holm_adjusted(p_values)) {
    for (std::size_t index = 0; index < rows.size(); ++index) {
      rows[index].adjusted_p_value = (*adjusted)[index];
    }
  }
}

bool differs(const Study& study, const Row& row) {
  return row.adjusted_p_value <= 1 - study.plan().interval_confidence();
}

/// As in `30`, or `20 to 40` where a precision needed more of some than of others.
std::string replications_of(const StudyPoints& points) {
  std::uint32_t least = points.front()->sets().front().count();
  std::uint32_t most = least;
  for (const auto& point : points) {
    for (const auto& set : point->sets()) {
      least = std::min(least, set.count());
      most = std::max(most, set.count());
    }
  }
  return least == most ? std::to_string(least) : fmt::format("{} to {}", least, most);
}

std::string verdict_of(const Study& study, const Row& row) {
  if (differs(study, row)) {
    return row.pair.difference.mean > 0 ? "B higher" : "B lower";
  }
  if (row.pair.difference.mean == 0 && row.pair.difference.half_width == 0) {
    return "equal";
  }
  return row.more_replications && *row.more_replications > 0
             ? fmt::format("not told apart; about {} more replications", with_thousands(*row.more_replications))
             : "not told apart";
}

Page comparison_table(const Study& study, const std::vector<Row>& rows) {
  TextTable table({{"scenario"},
                   {"metric"},
                   {"A", Align::right},
                   {"B", Align::right},
                   {"unit"},
                   {"B - A", Align::right},
                   {""},
                   {"variance removed", Align::right},
                   {"verdict"}});
  std::string last_scenario;
  for (const auto& row : rows) {
    table.add({row.scenario == last_scenario ? "" : row.scenario, row.metric, short_text(row.pair.second.mean),
               short_text(row.pair.first.mean), row.unit, short_text(row.pair.difference.mean),
               fmt::format("± {}", short_text(row.pair.difference.half_width)),
               fmt::format("{:.0f} %", 100 * row.pair.variance_removed), verdict_of(study, row)});
    last_scenario = row.scenario;
  }
  return table.text(2);
}

std::string comparison_csv(const Study& study, const std::vector<Row>& rows) {
  std::string text =
      csv_row({"scenario", "metric", "unit", "a", "b", "difference", "half_width", "replications", "correlation",
               "variance_removed", "p_value", "adjusted_p_value", "differs", "more_replications"});
  for (const auto& row : rows) {
    const auto& pair = row.pair;
    text += csv_row({row.scenario, row.metric, row.unit, exact_text(pair.second.mean), exact_text(pair.first.mean),
                     exact_text(pair.difference.mean), exact_text(pair.difference.half_width),
                     std::to_string(pair.difference.samples), exact_text(pair.correlation),
                     exact_text(pair.variance_removed), exact_text(pair.p_value), exact_text(row.adjusted_p_value),
                     differs(study, row) ? "yes" : "no",
                     row.more_replications ? std::to_string(*row.more_replications) : ""});
  }
  return text;
}

}  // namespace

Expected<StudyReport> run_comparison(Study& study) {
  study.replicate_at_least(replications_to_compare);
  if (study.plan().replications < 2) {
    return unexpected("--compare: requires --replications of 2 or more");
  }
  auto points = two_points(study);
  if (!points) {
    return tl::unexpected(points.error());
  }
  if (auto known = study.check_metrics(*points->front()); !known) {
    return tl::unexpected(known.error());
  }
  if (auto ran = study.run(*points, "two configurations"); !ran) {
    return tl::unexpected(ran.error());
  }
  const double confidence = study.plan().interval_confidence();
  auto [rows, left_out] = comparisons_of(study, *points, confidence);
  adjust(rows);
  foretell(rows, confidence);
  StudyReport report{.kind = "compare", .text = {}, .rows = "compare.csv"};
  report.text = Page("A: {}\nB: {}\n{} replications of each over the same random numbers; intervals {} %\n\n{}",
                     (*points)[0]->label(), (*points)[1]->label(), replications_of(*points),
                     short_text(100 * confidence), comparison_table(study, rows));
  if (!left_out.empty()) {
    report.text += Page("  not compared, as not measured in both: {}\n", joined(left_out, ", "));
  }
  return with_points(study, std::move(report), comparison_csv(study, rows), *points);
}

}  // namespace sim::harness
