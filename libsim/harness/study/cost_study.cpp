#include "libsim/harness/study/cost_study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libsim/harness/judge/requirements.hpp"
#include "libsim/harness/study/point_rows.hpp"
#include "libsim/harness/study/sweep.hpp"
#include "libsim/statistics/paired_comparison.hpp"
#include "libsim/study/pareto.hpp"
#include "libsim/study/search.hpp"
#include "libsim/text/csv_file.hpp"
#include "libsim/text/number_text.hpp"
#include "libsim/text/quoting.hpp"
#include "libsim/text/text_table.hpp"

namespace sim::harness {

namespace {

using Align = TextTable::Align;
using study::Answer;

constexpr std::uint32_t replications_per_point = 30;

/// A point with what counts for its choice.
struct Candidate {
  const StudyPoint* point = nullptr;
  std::optional<Estimate> cost;
  std::optional<Estimate> value;  ///< of `--pareto-against`
  std::vector<double> costs;      ///< one per replication
  Answer passes = Answer::yes;
  std::string reason;
  bool on_front = false;
};

/// One of many points that pass is chosen: together they are wrong no more often than one may be.
double per_point(const Study& study, std::size_t points) {
  return study::confidence_per_decision(study.plan().interval_confidence(), points);
}

/// The metric in the first scenario that reports it.
std::optional<std::pair<std::size_t, Estimate>> find_metric(const Study& study, const StudyPoint& point,
                                                            const std::string& metric) {
  for (std::size_t scenario = 0; scenario < point.sets().size(); ++scenario) {
    const auto result = study.result(point.sets()[scenario]);
    if (const Estimate* estimate = result.find(metric)) {
      return std::pair(scenario, *estimate);
    }
  }
  return std::nullopt;
}

Expected<Candidate> candidate_of(const Study& study, const Requirements* requirements, const StudyPoint& point,
                                 double confidence) {
  Candidate candidate{.point = &point, .cost = {}, .value = {}, .costs = {}, .reason = {}};
  if (point.failure() != nullptr) {
    candidate.passes = Answer::no;
    candidate.reason = "a replication failed";
    return candidate;
  }
  if (const auto cost = find_metric(study, point, study.options().study.minimize)) {
    candidate.cost = cost->second;
    candidate.costs = values_of(point.sets()[cost->first], study.options().study.minimize);
  }
  if (const auto value = find_metric(study, point, study.options().study.pareto_against)) {
    candidate.value = value->second;
  }
  if (requirements != nullptr) {
    auto decided = requirements->judge(point, confidence);
    if (!decided) {
      return tl::unexpected(decided.error());
    }
    candidate.passes = decided->answer;
    candidate.reason = std::move(decided->reason);
  }
  return candidate;
}

double mean_of(const std::optional<Estimate>& estimate) {
  return estimate ? estimate->mean : std::numeric_limits<double>::quiet_NaN();
}

/// More of what has to be above a bound is better, less of everything else. Requirements come before targets.
study::Direction better_of(const Study& study, const std::optional<Requirements>& requirements,
                           const std::string& metric) {
  std::optional<study::Relation> relation = requirements ? requirements->relation_of(metric) : std::nullopt;
  for (const Target& target : study.targets()) {
    if (!relation && target.metric == metric) {
      relation = target.relation;
    }
  }
  const bool more = relation == study::Relation::greater || relation == study::Relation::greater_or_equal;
  return more ? study::Direction::maximize : study::Direction::minimize;
}

void mark_front(study::Direction better, std::vector<Candidate>& candidates) {
  std::vector<study::CostAndValue> points;
  for (const auto& candidate : candidates) {
    const bool counts = candidate.passes == Answer::yes;
    points.push_back(
        {counts ? mean_of(candidate.cost) : std::numeric_limits<double>::quiet_NaN(), mean_of(candidate.value)});
  }
  for (const std::size_t index : study::pareto_front(points, study::Direction::minimize, better)) {
    candidates[index].on_front = true;
  }
}

const Candidate* cheapest(const std::vector<Candidate>& candidates) {
  const Candidate* best = nullptr;
  for (const auto& candidate : candidates) {
    const bool counts = candidate.passes == Answer::yes && candidate.cost && std::isfinite(candidate.cost->mean);
    if (counts && (best == nullptr || candidate.cost->mean < best->cost->mean)) {
      best = &candidate;
    }
  }
  return best;
}

/// Points that pass as well and whose cost the replications do not tell from the least, all of them together.
Page rivals(const Study& study, const std::vector<Candidate>& candidates, const Candidate& best) {
  const double confidence = per_point(study, candidates.size());
  Page text;
  for (const auto& candidate : candidates) {
    if (&candidate == &best || candidate.passes != Answer::yes) {
      continue;
    }
    const std::size_t pairs = std::min(candidate.costs.size(), best.costs.size());
    const auto pair =
        compare_pairs(std::span(candidate.costs).first(pairs), std::span(best.costs).first(pairs), confidence);
    if (pair && !pair->differ()) {
      text += Page("  not told apart from it: {} ({})\n", candidate.point->label(), with_half_width(*candidate.cost));
    }
  }
  return text;
}

std::string cell(const std::optional<Estimate>& estimate) { return estimate ? with_half_width(*estimate) : ""; }

Page cost_table(const Study& study, const std::vector<Candidate>& candidates) {
  const StudyOptions& options = study.options().study;
  const std::string unit = candidates.front().cost ? " " + candidates.front().cost->unit : "";
  TextTable table({{"point"},
                   {options.minimize + unit, Align::right},
                   {options.pareto_against, Align::right},
                   {options.pareto_against.empty() ? "" : "front"},
                   {"passes"},
                   {"because"}});
  for (const auto& candidate : candidates) {
    table.add({candidate.point->label(), cell(candidate.cost), cell(candidate.value), candidate.on_front ? "*" : "",
               std::string(to_text(candidate.passes)), candidate.reason});
  }
  return table.text(2) + Page("\n");
}

std::string cost_csv(const std::vector<Candidate>& candidates) {
  std::string text =
      csv_row({"point", "cost", "cost_half_width", "value", "value_half_width", "on_front", "passes", "reason"});
  const auto number = [](const std::optional<Estimate>& estimate) {
    return estimate ? exact_text(estimate->mean) : "";
  };
  const auto width = [](const std::optional<Estimate>& estimate) {
    return estimate && estimate->half_width ? exact_text(*estimate->half_width) : "";
  };
  for (const auto& candidate : candidates) {
    text += csv_row({candidate.point->label().text(), number(candidate.cost), width(candidate.cost),
                     number(candidate.value), width(candidate.value), candidate.on_front ? "yes" : "no",
                     std::string(to_text(candidate.passes)), candidate.reason});
  }
  return text;
}

/// None where nothing is demanded.
Expected<std::optional<Requirements>> requirements_of(const Study& study) {
  if (study.options().study.subject_to.empty()) {
    return std::optional<Requirements>{};
  }
  return Requirements::read(study).map([](Requirements read) { return std::optional(std::move(read)); });
}

Expected<std::vector<Candidate>> candidates_of(const Study& study, const std::optional<Requirements>& requirements,
                                               const StudyPoints& points) {
  const double confidence = per_point(study, points.size());
  std::vector<Candidate> candidates;
  for (const auto& point : points) {
    auto candidate = candidate_of(study, requirements ? &*requirements : nullptr, *point, confidence);
    if (!candidate) {
      return tl::unexpected(candidate.error());
    }
    candidates.push_back(std::move(*candidate));
  }
  return candidates;
}

/// Each point has to report what is required of it: known from one replication of each, before anything is written.
Expected<void> check_all(const Study& study, const Requirements& requirements, const StudyPoints& points) {
  if (!requirements.name_metrics()) {
    return {};
  }
  study.rehearse(points);
  for (const auto& point : points) {
    if (auto reported = requirements.check_reported(*point); !reported) {
      return reported;
    }
  }
  return {};
}

/// Says which point costs least, or that none does for certain.
void conclude(const Study& study, const std::vector<Candidate>& candidates, StudyReport& report) {
  const Candidate* best = cheapest(candidates);
  if (best == nullptr) {
    const bool open = std::any_of(candidates.begin(), candidates.end(),
                                  [](const Candidate& one) { return one.passes == Answer::undecided; });
    report.text += open ? Page("no point passes for certain\n") : Page("no point passes\n");
    report.status = open ? ExitStatus::inconclusive : ExitStatus::target_missed;
    return;
  }
  report.text += Page("least {}: {} at {}\n{}", study.options().study.minimize, with_half_width(*best->cost),
                      best->point->label(), rivals(study, candidates, *best));
  for (const auto& candidate : candidates) {
    if (candidate.passes == Answer::undecided && mean_of(candidate.cost) < best->cost->mean) {
      report.text +=
          Page("  could not be decided: {} ({})\n", candidate.point->label(), with_half_width(*candidate.cost));
      report.status = ExitStatus::inconclusive;
    }
  }
}

}  // namespace

Expected<StudyReport> run_cost_study(Study& study) {
  auto points =
      design_of(study).and_then([&](const std::vector<study::Point>& design) { return study.points(design); });
  if (!points) {
    return tl::unexpected(points.error());
  }
  study.replicate_at_least(std::max(replications_per_point, alike_replications_min(per_point(study, points->size()))));
  if (study.plan().replications < 2) {
    return unexpected("--minimize: requires --replications of 2 or more");
  }
  const auto requirements = requirements_of(study);
  if (!requirements) {
    return tl::unexpected(requirements.error());
  }
  const auto ran =
      study.check_metrics(*points->front())
          .and_then([&] { return *requirements ? (*requirements)->check(*points->front()) : Expected<void>{}; })
          .and_then([&] { return *requirements ? check_all(study, **requirements, *points) : Expected<void>{}; })
          .and_then([&] { return study.run(*points, fmt::format("{} points", points->size())); });
  if (!ran) {
    return tl::unexpected(ran.error());
  }
  auto candidates = candidates_of(study, *requirements, *points);
  if (!candidates) {
    return tl::unexpected(candidates.error());
  }
  const std::string& against = study.options().study.pareto_against;
  const auto better = better_of(study, *requirements, against);
  if (!against.empty()) {
    mark_front(better, *candidates);
  }
  StudyReport report{.kind = "minimize", .text = cost_table(study, *candidates), .rows = "pareto.csv"};
  if (!against.empty()) {
    report.text += Page("*: by their means no point that passes costs less and has {} {}\n",
                        better == study::Direction::maximize ? "more" : "less", against);
  }
  conclude(study, *candidates, report);
  return with_points(study, std::move(report), cost_csv(*candidates), *points);
}

}  // namespace sim::harness
