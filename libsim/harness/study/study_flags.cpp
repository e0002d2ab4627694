#include "libsim/harness/study/study_flags.hpp"

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

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

}  // namespace

Expected<void> check_study_flags(const Options& options, const Parameters& flags) {
  const auto& study = options.study;
  const auto kinds = kinds_of(study);
  if (kinds.size() > 1) {
    return unexpected(fmt::format("{} and {}: expected one of them", kinds[0], kinds[1]));
  }
  const bool searches = !study.find_min.empty() || !study.find_max.empty();
  if (!study.subject_to.empty() && !searches && study.minimize.empty()) {
    return unexpected("--subject-to: requires --find-min, --find-max or --minimize");
  }
  if (!study.pareto_against.empty() && study.minimize.empty()) {
    return unexpected("--pareto-against: requires --minimize");
  }
  const bool sweeps = !study.sweep.empty() && (kinds.empty() || !study.minimize.empty());
  if ((!study.sample.empty() || !study.where.empty()) && !sweeps) {
    const char* flag = study.sample.empty() ? "--where" : "--sample";
    return kinds.empty() ? unexpected(fmt::format("{}: requires --sweep", flag))
                         : unexpected(fmt::format("{} and {}: expected one of them", flag, kinds.front()));
  }
  if (study.sweep.empty() && (!study.minimize.empty() || study.sensitivity != Sensitivity::none)) {
    return unexpected(fmt::format("{}: requires --sweep with the parameters that may vary", kinds.front()));
  }
  if (!study.compare.empty() && !study.sweep.empty()) {
    return unexpected("--compare and --sweep: expected one of them");
  }
  if (!options.metrics.empty() && options.precision == 0 && !study.is_study()) {
    return unexpected("--metric: requires --precision or a study");
  }
  if (flags.find("replications-max")->is_given() && options.replications_max < options.replications) {
    return unexpected(fmt::format("--replications-max {}: expected at least the {} of --replications",
                                  options.replications_max, options.replications));
  }
  for (const auto& [given, flag] :
       {std::pair(!options.log.empty(), "log"), std::pair(options.check_determinism, "check-determinism"),
        std::pair(!options.baseline.empty(), "baseline")}) {
    if (given && study.is_study()) {
      return unexpected(fmt::format("--{}: expected a single configuration, not a study", flag));
    }
  }
  return {};
}

}  // namespace sim::harness
