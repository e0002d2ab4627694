#include "libsim/harness/study/study_point.hpp"

#include <fmt/format.h>

#include <utility>

#include "libsim/harness/quoting.hpp"

namespace sim::harness {

namespace {

std::string label_of(const study::Point& values, const std::string& config) {
  std::string label = shown_path(config);
  for (const auto& [parameter, value] : values) {
    label += fmt::format("{}{}={}", label.empty() ? "" : " ", parameter, value);
  }
  return label.empty() ? "as given" : label;
}

}  // namespace

Expected<std::unique_ptr<StudyPoint>> StudyPoint::make(const Experiment& experiment, const Invocation& base,
                                                       study::Point values, const std::string& config) {
  const auto arguments = base.arguments_with(values, config);
  if (!arguments) {
    return tl::unexpected(arguments.error());
  }
  auto invocation = Invocation::read(experiment, *arguments);
  if (!invocation) {
    return tl::unexpected(invocation.error());
  }
  std::unique_ptr<StudyPoint> point(new StudyPoint);
  point->label_ = label_of(values, config);
  point->values_ = std::move(values);
  point->invocation_ = std::move(*invocation);
  const Options& options = point->invocation_->options();
  const RunSettings settings{
      .seed = options.seed, .replication = 0, .fingerprint = options.fingerprint, .events = nullptr};
  for (const std::size_t scenario : point->invocation_->scenarios()) {
    point->sets_.emplace_back(experiment, point->invocation_->setup(), scenario, settings);
  }
  return point;
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
