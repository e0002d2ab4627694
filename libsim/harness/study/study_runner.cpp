#include "libsim/harness/study/study_runner.hpp"

#include "libsim/harness/study/comparison_study.hpp"
#include "libsim/harness/study/cost_study.hpp"
#include "libsim/harness/study/search_study.hpp"
#include "libsim/harness/study/sensitivity_study.hpp"
#include "libsim/harness/study/sweep.hpp"

namespace sim::harness {

namespace {

Expected<StudyReport> run_kind(Study& study) {
  const StudyOptions& options = study.options().study;
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

}  // namespace

std::string study_kind(const StudyOptions& options) {
  if (!options.compare.empty()) {
    return "compare";
  }
  if (!options.find_min.empty() || !options.find_max.empty()) {
    return options.find_min.empty() ? "find-max" : "find-min";
  }
  if (!options.minimize.empty()) {
    return "minimize";
  }
  return options.sensitivity == Sensitivity::none ? "sweep" : "sensitivity";
}

Expected<StudyReport> run_study(Study& study) {
  return run_kind(study).map([&](StudyReport report) {
    report.kind = study_kind(study.options().study);
    report.interval_confidence = study.plan().interval_confidence();
    return report;
  });
}

}  // namespace sim::harness
