#include "libsim/harness/study/requirements.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libsim/harness/nearest_name.hpp"
#include "libsim/harness/number_text.hpp"
#include "libsim/harness/quoting.hpp"
#include "libsim/study/search.hpp"

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

Opinion opinion_of(const Target& target, const Estimate& estimate, const std::string& scenario) {
  return {answer_of(judge(without_critical(target), estimate)),
          fmt::format("{} {} {} {}, required {} {}", scenario, estimate.metric, with_half_width(estimate),
                      estimate.unit, to_text(target.comparison), short_text(target.target))};
}

Expected<Opinion> opinion_of(const study::Requirement& requirement, const Estimate& estimate,
                             const std::string& scenario) {
  const auto bound = study::bound_in(requirement, estimate.unit);
  if (!bound) {
    return unexpected(fmt::format("--subject-to {}: {}", shown(requirement.text), bound.error().message));
  }
  const double half_width = estimate.half_width.value_or(0.0);
  return Opinion{study::answer_of(requirement.relation, estimate.mean - half_width, estimate.mean + half_width, *bound),
                 fmt::format("{} {} {} {}, required {}", scenario, estimate.metric, with_half_width(estimate),
                             estimate.unit, requirement.text)};
}

/// The results of all scenarios at one confidence.
std::vector<ScenarioResult> results_of(const StudyPoint& point, double confidence) {
  std::vector<ScenarioResult> results;
  for (const auto& set : point.sets()) {
    results.push_back(set.result(confidence));
  }
  return results;
}

std::vector<std::string> metric_names(const std::vector<ScenarioResult>& results) {
  std::vector<std::string> names;
  for (const auto& result : results) {
    for (const auto& estimate : result.metrics) {
      names.push_back(estimate.metric);
    }
  }
  return names;
}

/// One opinion for each scenario that the requirement is about.
Expected<void> add_opinions(const study::Requirement& requirement, const std::vector<ScenarioResult>& results,
                            std::vector<Opinion>& opinions) {
  const std::size_t before = opinions.size();
  for (const auto& result : results) {
    const Estimate* estimate = result.find(requirement.metric);
    if (estimate == nullptr || requirement.scenario.value_or(result.scenario) != result.scenario) {
      continue;
    }
    auto opinion = opinion_of(requirement, *estimate, result.scenario);
    if (!opinion) {
      return tl::unexpected(opinion.error());
    }
    opinions.push_back(std::move(*opinion));
  }
  if (opinions.size() == before) {
    return unexpected(fmt::format("--subject-to {}: no scenario of this run reports the metric {}{}",
                                  shown(requirement.text), shown(requirement.metric),
                                  did_you_mean(requirement.metric, metric_names(results))));
  }
  return {};
}

Expected<std::vector<Opinion>> opinions(const std::vector<Target>& targets,
                                        const std::vector<study::Requirement>& requirements,
                                        const std::vector<ScenarioResult>& results) {
  std::vector<Opinion> opinions;
  for (const auto& result : results) {
    const auto judged = judge_targets(result, targets);
    if (!judged) {
      return tl::unexpected(judged.error());
    }
    for (const auto& one : *judged) {
      opinions.push_back(opinion_of(one.target, one.estimate, result.scenario));
    }
  }
  for (const auto& requirement : requirements) {
    if (auto added = add_opinions(requirement, results, opinions); !added) {
      return tl::unexpected(added.error());
    }
  }
  return opinions;
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
  if (requirements.count() == 0) {
    return unexpected("--subject-to targets: the scenarios have none; expected a requirement as in \"METRIC < 15 s\"");
  }
  return requirements;
}

Expected<Requirements::Decision> Requirements::judge(const StudyPoint& point, double confidence) const {
  const auto separate = opinions(targets_, requirements_, results_of(point, confidence));
  if (!separate) {
    return tl::unexpected(separate.error());
  }
  const double joint_confidence = study::confidence_per_decision(confidence, separate->size());
  const auto joint = opinions(targets_, requirements_, results_of(point, joint_confidence));
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

}  // namespace sim::harness
