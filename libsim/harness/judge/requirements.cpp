#include "libsim/harness/judge/requirements.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "libsim/study/search.hpp"
#include "libsim/text/nearest_name.hpp"
#include "libsim/text/number_text.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::harness {

namespace {

using study::Answer;

/// What one interval says of one bound. `text` shows both.
struct Opinion {
  Answer answer = Answer::undecided;
  std::string text;
};

Answer answer_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::met:
      return Answer::yes;
    case Verdict::inconclusive:
      return Answer::undecided;
    case Verdict::degraded:
    case Verdict::missed:
      break;
  }
  return Answer::no;
}

/// A target as a hard bound: degraded is not met.
Target without_critical(Target target) {
  target.critical.reset();
  return target;
}

/// An interval beside its bound, both in the unit of the metric.
std::string text_of(const std::string& scenario, const Estimate& estimate, std::string_view relation, double bound) {
  return fmt::format("{} {} {} {}, required {} {}", scenario, estimate.metric, with_half_width(estimate), estimate.unit,
                     relation, short_text(bound));
}

Opinion opinion_of(const Target& target, const Estimate& estimate, const std::string& scenario) {
  return {answer_of(judge(without_critical(target), estimate)),
          text_of(scenario, estimate, to_text(target.relation), target.target)};
}

Expected<Opinion> opinion_of(const study::Requirement& requirement, const Estimate& estimate,
                             const std::string& scenario) {
  const auto bound = study::bound_in(requirement, estimate.unit);
  if (!bound) {
    return unexpected(fmt::format("--subject-to {}", bound.error().message));
  }
  const std::string text = text_of(scenario, estimate, to_text(requirement.relation), *bound);
  if (estimate.is_none()) {
    return Opinion{Answer::no, text};
  }
  const double lower = estimate.half_width ? estimate.lower() : estimate.mean;
  const double upper = estimate.half_width ? estimate.upper() : estimate.mean;
  return Opinion{study::answer_of(requirement.relation, lower, upper, *bound), text};
}

bool is_about(const study::Requirement& requirement, const std::string& scenario) {
  return requirement.scenario.value_or(scenario) == scenario;
}

/// Equal values have no spread, but that says little of the values that have not been seen.
Opinion with_doubt(Opinion opinion, const Estimate& estimate, double confidence) {
  const std::uint32_t enough = alike_replications_min(confidence);
  if (!estimate.is_none() && estimate.is_constant && estimate.replications > 1 && estimate.replications < enough) {
    opinion.answer = Answer::undecided;
    opinion.text += fmt::format(" (alike in {} replications; {} would tell)", estimate.replications, enough);
  }
  return opinion;
}

Expected<std::vector<Opinion>> opinions(const std::vector<Target>& targets,
                                        const std::vector<study::Requirement>& requirements, const ReplicationSet& set,
                                        double confidence, Requirements::Alike alike) {
  const ScenarioResult result = set.result(confidence);
  const bool believed = alike == Requirements::Alike::believed || set.replications().are_alike();
  const auto doubted = [&](Opinion opinion, const Estimate& estimate) {
    return believed ? opinion : with_doubt(std::move(opinion), estimate, confidence);
  };
  std::vector<Opinion> opinions;
  const auto judged = judge_targets(result, targets);
  if (!judged) {
    return tl::unexpected(judged.error());
  }
  for (const auto& one : *judged) {
    opinions.push_back(doubted(opinion_of(one.target, one.estimate, result.scenario), one.estimate));
  }
  for (const auto& requirement : requirements) {
    const Estimate* estimate = is_about(requirement, result.scenario) ? result.find(requirement.metric) : nullptr;
    if (estimate == nullptr) {
      continue;
    }
    auto opinion = opinion_of(requirement, *estimate, result.scenario);
    if (!opinion) {
      return tl::unexpected(opinion.error());
    }
    opinions.push_back(doubted(std::move(*opinion), *estimate));
  }
  return opinions;
}

/// One of the scenarios has to report the metric, and those that do in a unit that the bound can be converted to.
Expected<void> check_one(const study::Requirement& requirement, const StudyPoint& point,
                         const std::vector<std::vector<Report>>& reports) {
  std::vector<std::string> known;
  for (std::size_t scenario = 0; scenario < reports.size(); ++scenario) {
    if (!is_about(requirement, point.sets()[scenario].scenario())) {
      continue;
    }
    for (const auto& report : reports[scenario]) {
      known.push_back(report.metric);
      const auto bound =
          report.metric == requirement.metric ? study::bound_in(requirement, report.unit) : Expected<double>{};
      if (!bound) {
        return unexpected(fmt::format("--subject-to {}", bound.error().message));
      }
    }
  }
  if (std::find(known.begin(), known.end(), requirement.metric) == known.end()) {
    return unexpected(fmt::format("--subject-to {}: no scenario of this run reports the metric {}{}",
                                  shown(requirement.text), shown(requirement.metric),
                                  did_you_mean(requirement.metric, known)));
  }
  return {};
}

bool is_reported(const study::Requirement& requirement, const StudyPoint& point) {
  return std::any_of(point.sets().begin(), point.sets().end(), [&](const ReplicationSet& set) {
    return is_about(requirement, set.scenario()) && !values_of(set, requirement.metric).empty();
  });
}

const Opinion* first_with(const std::vector<Opinion>& opinions, Answer answer) {
  const auto found =
      std::find_if(opinions.begin(), opinions.end(), [&](const Opinion& opinion) { return opinion.answer == answer; });
  return found == opinions.end() ? nullptr : &*found;
}

}  // namespace

Expected<Requirements> Requirements::read(const Study& study) {
  Requirements requirements;
  auto texts = study.options().study.subject_to;
  if (texts.empty()) {
    texts.emplace_back("targets");
  }
  for (const auto& text : texts) {
    if (text == "targets") {
      for (const std::size_t scenario : study.base().scenarios()) {
        const std::string& name = study.experiment().scenarios()[scenario].name;
        std::copy_if(study.targets().begin(), study.targets().end(), std::back_inserter(requirements.targets_),
                     [&](const Target& target) { return target.scenario == name; });
      }
      continue;
    }
    auto requirement = study::parse_requirement(text, study.experiment().scenario_names());
    if (!requirement) {
      return unexpected(fmt::format("--subject-to {}", requirement.error().message));
    }
    requirements.requirements_.push_back(std::move(*requirement));
  }
  requirements.intervals_max_ =
      requirements.targets_.size() + requirements.requirements_.size() * study.base().scenarios().size();
  if (requirements.intervals_max_ == 0) {
    return unexpected("--subject-to targets: the scenarios have none; expected a requirement as in \"METRIC < 15 s\"");
  }
  return requirements;
}

std::optional<study::Relation> Requirements::relation_of(const std::string& metric) const {
  const auto found = std::find_if(requirements_.begin(), requirements_.end(),
                                  [&](const study::Requirement& one) { return one.metric == metric; });
  return found == requirements_.end() ? std::nullopt : std::optional(found->relation);
}

Expected<Requirements::Decision> Requirements::judge(const ReplicationSet& set, double confidence, Alike alike) const {
  const auto separate = opinions(targets_, requirements_, set, confidence, alike);
  if (!separate) {
    return tl::unexpected(separate.error());
  }
  const double joint_confidence = study::confidence_per_decision(confidence, intervals_max_);
  const auto joint = opinions(targets_, requirements_, set, joint_confidence, alike);
  if (!joint) {
    return tl::unexpected(joint.error());
  }
  if (const Opinion* failed = first_with(*joint, Answer::no)) {
    return Decision{Answer::no, failed->text};
  }
  for (const Opinion& opinion : *separate) {
    // A plain no that the joint intervals do not confirm is open, too.
    if (opinion.answer != Answer::yes) {
      return Decision{Answer::undecided, opinion.text};
    }
  }
  return Decision{Answer::yes, ""};
}

Expected<Requirements::Decision> Requirements::judge(const StudyPoint& point, double confidence) const {
  std::vector<Decision> decisions;
  for (const auto& requirement : requirements_) {
    if (!is_reported(requirement, point)) {
      return Decision{Answer::no, fmt::format("no scenario reports {}", shown(requirement.metric))};
    }
  }
  for (const auto& set : point.sets()) {
    auto decision = judge(set, confidence, Alike::doubted);
    if (!decision) {
      return decision;
    }
    decisions.push_back(std::move(*decision));
  }
  return joint_decision(decisions);
}

Expected<void> Requirements::check(StudyPoint& point) const {
  if (requirements_.empty()) {
    return {};
  }
  const auto reports = point.first_reports();
  for (const auto& requirement : requirements_) {
    if (auto checked = reports ? check_one(requirement, point, *reports) : Expected<void>{}; !checked) {
      return checked;
    }
  }
  return {};
}

Expected<void> Requirements::check_reported(StudyPoint& point) const {
  const auto reports = point.first_reports();
  for (const auto& requirement : requirements_) {
    bool is_reported = !reports;
    for (std::size_t scenario = 0; reports && scenario < reports->size(); ++scenario) {
      const auto& of_scenario = (*reports)[scenario];
      is_reported = is_reported || (is_about(requirement, point.sets()[scenario].scenario()) &&
                                    std::any_of(of_scenario.begin(), of_scenario.end(), [&](const Report& report) {
                                      return report.metric == requirement.metric;
                                    }));
    }
    if (!is_reported) {
      return unexpected(fmt::format("--subject-to {}: at {} no scenario reports the metric {}", shown(requirement.text),
                                    point.label(), shown(requirement.metric)));
    }
  }
  return {};
}

std::uint32_t alike_replications_min(double confidence) {
  constexpr double unseen_max = 0.1;
  return static_cast<std::uint32_t>(std::ceil(std::log(1.0 - confidence) / std::log(1.0 - unseen_max)));
}

Requirements::Decision joint_decision(const std::vector<Requirements::Decision>& decisions) {
  for (const Answer answer : {Answer::no, Answer::undecided}) {
    for (const auto& decision : decisions) {
      if (decision.answer == answer) {
        return decision;
      }
    }
  }
  return {};
}

}  // namespace sim::harness
