#include "libsim/harness/study/search_study.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <optional>

#include "libsim/harness/judge/requirements.hpp"
#include "libsim/harness/study/point_rows.hpp"
#include "libsim/harness/study/point_tables.hpp"
#include "libsim/study/search.hpp"
#include "libsim/text/csv_file.hpp"
#include "libsim/text/nearest_name.hpp"
#include "libsim/text/number_text.hpp"
#include "libsim/text/quoting.hpp"
#include "libsim/text/text_table.hpp"

namespace sim::harness {

namespace {

using study::Answer;
using Alike = Requirements::Alike;

constexpr std::uint32_t replications_first = 10;

/// What is searched, and for whom more is better.
struct Goal {
  std::string parameter;
  bool least = true;

  [[nodiscard]] std::string word() const { return least ? "least" : "greatest"; }
  [[nodiscard]] std::string flag() const { return least ? "find-min" : "find-max"; }
};

Goal goal_of(const StudyOptions& options) {
  return options.find_min.empty() ? Goal{options.find_max, false} : Goal{options.find_min, true};
}

/// Whole numbers of the parameter's range, up to ten times what it is now: whoever needs more says so.
Expected<std::vector<std::string>> candidates_of_range(const Goal& goal, const Parameter& parameter) {
  constexpr std::int64_t beyond = 10;
  const auto range = parameter.whole_range();
  if (!range) {
    return unexpected(fmt::format("--{0} {1}: is no whole number: requires --sweep {1}=FIRST:LAST:STEP", goal.flag(),
                                  goal.parameter));
  }
  const auto now = parse_whole_number<std::int64_t>(parameter.text()).value_or(1);
  const std::int64_t last = std::min(range->second, std::max<std::int64_t>(now, 1) * beyond);
  std::vector<std::string> candidates;
  for (std::int64_t value = std::max<std::int64_t>(range->first, 1); value <= last; ++value) {
    candidates.push_back(std::to_string(value));
  }
  return candidates;
}

/// In the order that a search supposes, whatever the order in which they were given.
Expected<std::vector<std::string>> ascending(const Goal& goal, std::vector<std::string> values) {
  std::map<double, std::string> in_order;
  for (auto& value : values) {
    const auto number = study::numbers_of({{goal.parameter, value}});
    if (number.empty()) {
      return unexpected(fmt::format("--sweep {}={}: expected numbers or durations beside --{}", goal.parameter,
                                    shown(value), goal.flag()));
    }
    const auto [same, is_new] = in_order.emplace(number.begin()->second, value);
    if (!is_new) {
      return unexpected(fmt::format("--sweep {}: {} and {} are the same value, expected each once", goal.parameter,
                                    same->second, value));
    }
  }
  std::transform(in_order.begin(), in_order.end(), values.begin(), [](const auto& entry) { return entry.second; });
  return values;
}

/// The values of `--sweep` for this parameter, or whole numbers of its range.
Expected<std::vector<std::string>> candidates(const Study& study, const Goal& goal) {
  const auto& parameters = study.base().setup().parameters();
  const Parameter* parameter = parameters.find(goal.parameter);
  if (parameter == nullptr) {
    return unexpected(fmt::format("--{} {}: unknown parameter{}", goal.flag(), shown(goal.parameter),
                                  did_you_mean(goal.parameter, parameters.names())));
  }
  const auto axes = study.axes();
  if (!axes) {
    return tl::unexpected(axes.error());
  }
  if (axes->empty()) {
    return candidates_of_range(goal, *parameter);
  }
  const auto* axis = std::get_if<study::Axis>(&axes->front());
  if (axes->size() > 1 || study::parameter_of(axes->front()) != goal.parameter || axis == nullptr) {
    return unexpected(
        fmt::format("--sweep: with --{0}, expected one axis with steps, of the parameter that is searched: {1}=1:100:1",
                    goal.flag(), goal.parameter));
  }
  return ascending(goal, axis->values);
}

/// What was decided about one candidate.
struct Decided {
  std::string value;
  Answer answer = Answer::undecided;
  std::uint32_t replications = 0;
  std::string reason;
};

std::uint32_t most_replications(const StudyPoint& point) {
  std::uint32_t most = 0;
  for (const auto& set : point.sets()) {
    most = std::max(most, set.count());
  }
  return most;
}

/// Asks about candidates and remembers the answers.
class Interrogation {
 public:
  Interrogation(Study& study, const Goal& goal, const Requirements& requirements, std::vector<study::Look> looks)
      : study_(study), goal_(goal), requirements_(requirements), looks_(std::move(looks)) {}

  /// After an error all further answers are no, and the error is kept.
  Answer ask(std::size_t candidate, const std::string& value) {
    if (error_) {
      return Answer::no;
    }
    if (const auto known = decided_.find(candidate); known != decided_.end()) {
      return known->second.answer;
    }
    auto point = study_.point({{goal_.parameter, value}});
    if (!point) {
      error_ = point.error();
      return Answer::no;
    }
    Decided decided = decide(**point, value, Alike::believed);
    const Answer answer = decided.answer;
    decided_[candidate] = std::move(decided);
    points_[candidate] = std::move(*point);
    return answer;
  }

  /// Asks again and believes alike values only when they are many; whether the answer stays.
  bool confirm(std::size_t candidate) {
    Decided& decided = decided_.at(candidate);
    const Answer before = decided.answer;
    decided = decide(*points_.at(candidate), decided.value, Alike::doubted);
    return error_ || decided.answer == before;
  }

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] const Decided& decided(std::size_t candidate) const { return decided_.at(candidate); }
  /// The points in the order of the candidates.
  [[nodiscard]] StudyPoints take_points() {
    StudyPoints points;
    for (auto& [candidate, point] : points_) {
      points.push_back(std::move(point));
    }
    return points;
  }
  [[nodiscard]] const StudyPoint& point(std::size_t candidate) const { return *points_.at(candidate); }

 private:
  /// What is known of a point, scenario by scenario: only those that are open get more replications.
  Decided decide(StudyPoint& point, const std::string& value, Alike alike) {
    std::vector<Requirements::Decision> decisions(point.sets().size(), {Answer::undecided, {}});
    Decided decided{.value = value, .answer = Answer::undecided, .replications = 0, .reason = {}};
    if (auto known = check(point); !known) {
      decided.answer = Answer::no;
      decided.reason = known.error().message;
      return decided;
    }
    for (const study::Look& look : looks_) {
      const auto looked = look_at(point, look, alike, decisions);
      decided.replications = most_replications(point);
      if (!looked) {
        error_ = looked.error();
        return decided;
      }
      if (point.failure() != nullptr) {
        decided.reason = "a replication failed";
        return decided;
      }
      Requirements::Decision joint = joint_decision(decisions);
      decided.answer = joint.answer;
      decided.reason = std::move(joint.reason);
      if (decided.answer != Answer::undecided) {
        break;
      }
    }
    return decided;
  }

  /// A metric that the first candidate does not report is an error, as nothing is written yet; one that only others
  /// lack speaks against those.
  Expected<void> check(StudyPoint& point) {
    auto known = requirements_.check(point).and_then([&] { return study_.check_metrics(point); });
    if (!known && !is_checked_) {
      error_ = known.error();
    }
    is_checked_ = true;
    return known;
  }

  Expected<void> look_at(StudyPoint& point, const study::Look& look, Alike alike,
                         std::vector<Requirements::Decision>& decisions) {
    std::vector<ReplicationSet*> open;
    for (std::size_t scenario = 0; scenario < decisions.size(); ++scenario) {
      if (decisions[scenario].answer == Answer::undecided) {
        open.push_back(&point.sets()[scenario]);
      }
    }
    if (auto ran = study_.run(open, static_cast<std::uint32_t>(look.samples), point.label()); !ran) {
      return ran;
    }
    if (point.failure() != nullptr) {
      return {};
    }
    for (std::size_t scenario = 0; scenario < decisions.size(); ++scenario) {
      if (decisions[scenario].answer == Answer::undecided) {
        auto decision = requirements_.judge(point.sets()[scenario], look.confidence, alike);
        if (!decision) {
          return tl::unexpected(decision.error());
        }
        decisions[scenario] = std::move(*decision);
      }
    }
    return {};
  }

  Study& study_;
  const Goal& goal_;
  const Requirements& requirements_;
  std::vector<study::Look> looks_;
  std::map<std::size_t, Decided> decided_;
  std::map<std::size_t, std::unique_ptr<StudyPoint>> points_;
  std::optional<Error> error_;
  bool is_checked_ = false;
};

/// How much more the system bears than it has to.
Page headroom(const Study& study, const Goal& goal, const std::string& found) {
  const std::string configured = study.base().setup().parameters().find(goal.parameter)->text();
  const auto now = parse_number(configured);
  const auto limit = parse_number(found);
  if (!now || !limit || *now <= 0) {
    return Page("  configured: {}\n", configured);
  }
  const double change = 100 * (*limit - *now) / *now;
  return goal.least ? Page("  configured: {} ({:+.0f} %)\n", configured, change)
                    : Page("  configured: {}, headroom {:.0f} %\n", configured, change);
}

/// Nobody knows whether the candidate passes.
bool is_open(const study::SearchResult& found, std::size_t candidate) {
  return found.answer_to(candidate) == Answer::undecided;
}

Page conclusion(const Study& study, const Goal& goal, const study::SearchResult& found,
                const std::vector<std::string>& values, const Interrogation& asked) {
  using Outcome = study::SearchResult::Outcome;
  if (found.outcome == Outcome::none_passes) {
    const std::size_t easiest = goal.least ? values.size() - 1 : 0;
    return Page("no {} from {} to {} passes{}: {} {}, and a search supposes that {} is never worse\n", goal.parameter,
                values.front(), values.back(), is_open(found, easiest) ? " for certain" : "", values[easiest],
                is_open(found, easiest) ? "could not be decided" : "does not", goal.least ? "more" : "less");
  }
  const std::string& value = values[*found.candidate];
  Page text("{} {} that passes: {}  (confidence {} %)\n", goal.word(), goal.parameter, value,
            short_text(100 * study.options().confidence));
  if (found.outcome == Outcome::even_best) {
    text += Page("  it is the {} candidate: widen the search with --sweep {}=FIRST:LAST:STEP\n",
                 goal.least ? "first" : "last", goal.parameter);
  } else {
    const Decided& next = asked.decided(*found.neighbour);
    text += Page("  {} {}: {}\n", next.value, next.answer == Answer::no ? "does not pass" : "could not be decided",
                 next.reason);
  }
  return text + headroom(study, goal, value);
}

std::string steps_csv(const Goal& goal, const study::SearchResult& found, const Interrogation& asked) {
  std::string text = csv_row({goal.parameter, "answer", "replications", "reason"});
  for (const auto& step : found.steps) {
    const Decided& decided = asked.decided(step.candidate);
    text += csv_row(
        {decided.value, std::string(to_text(decided.answer)), std::to_string(decided.replications), decided.reason});
  }
  return text;
}

Page steps_table(const Goal& goal, const study::SearchResult& found, const Interrogation& asked) {
  TextTable table(
      {{goal.parameter, TextTable::Align::right}, {"passes"}, {"replications", TextTable::Align::right}, {"because"}});
  for (const auto& step : found.steps) {
    const Decided& decided = asked.decided(step.candidate);
    table.add(
        {decided.value, std::string(to_text(decided.answer)), std::to_string(decided.replications), decided.reason});
  }
  return table.text(2) + Page("\n");
}

/// The candidates on which the conclusion rests. The others only led there: were one of them wrong, these would not.
std::vector<std::size_t> decisive(const study::SearchResult& found, std::size_t easiest) {
  std::vector<std::size_t> candidates{found.candidate.value_or(easiest)};
  if (found.neighbour) {
    candidates.push_back(*found.neighbour);
  }
  return candidates;
}

ExitStatus status_of(const study::SearchResult& found, std::size_t easiest) {
  if (found.outcome == study::SearchResult::Outcome::none_passes) {
    return is_open(found, easiest) ? ExitStatus::inconclusive : ExitStatus::target_missed;
  }
  return found.neighbour && is_open(found, *found.neighbour) ? ExitStatus::inconclusive : ExitStatus::targets_met;
}

}  // namespace

Expected<StudyReport> run_search(Study& study) {
  const Goal goal = goal_of(study.options().study);
  const auto values = candidates(study, goal);
  if (!values) {
    return tl::unexpected(values.error());
  }
  if (auto valid = study.check_values(goal.parameter, *values); !valid) {
    return tl::unexpected(valid.error());
  }
  const auto requirements = Requirements::read(study);
  if (!requirements) {
    return tl::unexpected(requirements.error());
  }
  study.replicate_at_least(replications_first);
  const double confidence =
      study::confidence_per_decision(study.plan().confidence, study::decisions_max(values->size()));
  auto looks = study::looks(study.plan().replications, study.plan().replications_max, confidence);
  if (!looks) {
    return unexpected(fmt::format("--replications: {}", looks.error().message));
  }
  study.show_at(looks->front().confidence);
  Interrogation asked(study, goal, *requirements, std::move(*looks));
  const auto ask = [&](std::size_t candidate) { return asked.ask(candidate, (*values)[candidate]); };
  const auto search = [&] {
    return goal.least ? study::search_least(values->size(), ask) : study::search_greatest(values->size(), ask);
  };
  const std::size_t easiest = goal.least ? values->size() - 1 : 0;
  auto found = search();
  const auto is_confirmed = [&] {
    const auto candidates = decisive(found, easiest);
    return std::all_of(candidates.begin(), candidates.end(), [&](std::size_t one) { return asked.confirm(one); });
  };
  while (!asked.error() && !is_confirmed()) {
    found = search();
  }
  if (asked.error()) {
    return tl::unexpected(*asked.error());
  }
  StudyReport report{.kind = goal.flag(), .text = steps_table(goal, found, asked), .rows = "search.csv"};
  std::string rows = steps_csv(goal, found, asked);
  report.text += conclusion(study, goal, found, *values, asked);
  report.status = status_of(found, easiest);
  const StudyPoints points = asked.take_points();
  if (found.candidate) {
    // The table of the point that was found comes last, for the eye.
    for (const auto& point : points) {
      if (point->values().front().second == (*values)[*found.candidate]) {
        report.text += Page("\n") + point_result(study, *point);
      }
    }
  }
  return with_points(study, std::move(report), std::move(rows), points);
}

}  // namespace sim::harness
