#include "libsim/harness/study/study_runner.hpp"

#include <fmt/format.h>

#include <string>
#include <vector>

#include "libsim/harness/study/comparison_study.hpp"
#include "libsim/harness/study/cost_study.hpp"
#include "libsim/harness/study/search_study.hpp"
#include "libsim/harness/study/sensitivity_study.hpp"
#include "libsim/harness/study/sweep.hpp"

namespace sim::harness {

namespace {

/// The flags that each ask for a study of their own kind.
std::vector<std::string> kinds_of(const StudyOptions& options) {
  std::vector<std::string> kinds;
  const auto add = [&](bool given, const char* flag) {
    if (given) {
      kinds.emplace_back(flag);
    }
  };
  add(!options.compare.empty(), "--compare");
  add(!options.find_min.empty(), "--find-min");
  add(!options.find_max.empty(), "--find-max");
  add(!options.minimize.empty(), "--minimize");
  add(options.sensitivity != Sensitivity::none, "--sensitivity");
  return kinds;
}

/// Flags that say nothing without another one are mistakes.
Expected<void> check_flags(const Options& options) {
  const auto& study = options.study;
  const auto kinds = kinds_of(study);
  if (kinds.size() > 1) {
    return unexpected(fmt::format("{} and {}: expected one of them", kinds[0], kinds[1]));
  }
  const bool searches = !study.find_min.empty() || !study.find_max.empty();
  if (!study.subject_to.empty() && !searches && study.minimize.empty()) {
    return unexpected("--subject-to: expected --find-min, --find-max or --minimize beside it");
  }
  if (!study.against.empty() && study.minimize.empty()) {
    return unexpected("--against: expected --minimize beside it");
  }
  const bool sweeps = !study.sweep.empty() && (kinds.empty() || !study.minimize.empty());
  if ((!study.sample.empty() || !study.where.empty()) && !sweeps) {
    return unexpected(fmt::format("--{}: expected --sweep beside it", study.sample.empty() ? "where" : "sample"));
  }
  if (study.sweep.empty() && (!study.minimize.empty() || study.sensitivity != Sensitivity::none)) {
    return unexpected(fmt::format("{}: expected --sweep beside it, with the parameters that may vary", kinds.front()));
  }
  if (!study.compare.empty() && !study.sweep.empty()) {
    return unexpected("--compare and --sweep: expected one of them");
  }
  if (!options.log.empty()) {
    return unexpected("--log: expected a single configuration, not a study");
  }
  return {};
}

}  // namespace

Expected<StudyReport> run_study(Study& study) {
  const StudyOptions& options = study.options().study;
  if (auto checked = check_flags(study.options()); !checked) {
    return tl::unexpected(checked.error());
  }
  if (!options.compare.empty()) {
    return run_comparison(study);
  }
  if (!options.find_min.empty() || !options.find_max.empty()) {
    return run_search(study);
  }
  if (!options.minimize.empty()) {
    return run_cost_study(study);
  }
  if (options.sensitivity != Sensitivity::none) {
    return run_sensitivity(study);
  }
  return run_sweep(study);
}

}  // namespace sim::harness
