#include "libsim/harness/study/study_point.hpp"

#include <fmt/format.h>

#include <utility>

#include "libsim/harness/run/sampler.hpp"
#include "libsim/harness/study/study.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::harness {

namespace {

Printable label_of(const study::Point& values, const std::string& config) {
  std::string label = config.empty() ? "" : shown_path(config);
  for (const auto& [parameter, value] : values) {
    label += fmt::format("{}{}={}", label.empty() ? "" : " ", parameter, value);
  }
  return label.empty() ? "as given" : label;
}

}  // namespace

Expected<std::unique_ptr<StudyPoint>> StudyPoint::make(const Study& study, study::Point values,
                                                       const std::string& config) {
  const auto arguments = study.base().arguments_with(values, config);
  if (!arguments) {
    return tl::unexpected(arguments.error());
  }
  auto invocation = Invocation::read(study.experiment(), *arguments, study.base().files());
  if (!invocation) {
    return tl::unexpected(wrong_point(invocation.error(), values, config));
  }
  std::unique_ptr<StudyPoint> point(new StudyPoint);
  point->label_ = label_of(values, config);
  point->values_ = std::move(values);
  point->invocation_ = std::move(*invocation);
  // The flag is of the study, not of its points.
  const std::string program = study.options().no_cache ? std::string{} : study.program();
  for (const std::size_t scenario : point->invocation_->scenarios()) {
    point->sets_.push_back(
        replication_set(study.experiment(), *point->invocation_, scenario, program, Detail::reports));
  }
  return point;
}

/// Which of several values is wrong, or whether they only do not fit together, is for the user to see.
Error wrong_point(const Error& error, const study::Point& values, const std::string& config) {
  return values.size() < 2 ? error
                           : Error{fmt::format("{} (at {}; --where leaves points out)", error.message,
                                               one_line(label_of(values, config).text()))};
}

std::optional<std::vector<std::vector<Report>>> StudyPoint::first_reports() {
  std::vector<std::vector<Report>> all;
  for (auto& set : sets_) {
    auto reports = set.first_reports();
    if (!reports) {
      return std::nullopt;
    }
    all.push_back(std::move(*reports));
  }
  return all;
}

const ScenarioFailure* StudyPoint::failure() const {
  for (const auto& set : sets_) {
    if (set.failure()) {
      return &*set.failure();
    }
  }
  return nullptr;
}

}  // namespace sim::harness
