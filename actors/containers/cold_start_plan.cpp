#include "actors/containers/cold_start_plan.hpp"

#include <algorithm>
#include <array>

#include "libsim/failure.hpp"

namespace sim::policies {

namespace {

constexpr std::array all_parts = {
    ColdStartPart::placement,         ColdStartPart::image_pull,  ColdStartPart::dependency_install,
    ColdStartPart::compile,           ColdStartPart::git,         ColdStartPart::web_server,
    ColdStartPart::queue_connections, ColdStartPart::agent_import};

}  // namespace

std::string_view to_text(ColdStartPart part) {
  switch (part) {
    case ColdStartPart::placement:
      return "placement";
    case ColdStartPart::image_pull:
      return "image_pull";
    case ColdStartPart::dependency_install:
      return "dependency_install";
    case ColdStartPart::compile:
      return "compile";
    case ColdStartPart::git:
      return "git";
    case ColdStartPart::web_server:
      return "web_server";
    case ColdStartPart::queue_connections:
      return "queue_connections";
    case ColdStartPart::agent_import:
      return "agent_import";
  }
  check(false, "a part of a cold start is one of those listed");
  return {};
}

ColdStartPlan::ColdStartPlan(Config config) : config_(config) {
  for (const ColdStartPart part : all_parts) {
    if (has(part)) {
      parts_.push_back(part);
    }
  }
}

bool ColdStartPlan::has(ColdStartPart part) const {
  switch (part) {
    case ColdStartPart::dependency_install:
      return !config_.cached_dependencies;
    case ColdStartPart::compile:
      return !config_.precompiled;
    case ColdStartPart::agent_import:
      return !config_.lazy_loading;
    default:
      return true;
  }
}

double ColdStartPlan::image_mb() const {
  const double base_mb = config_.light_image ? config_.light_base_image_mb : config_.standard_base_image_mb;
  return base_mb + config_.application_mb + (config_.cached_dependencies ? config_.dependencies_mb : 0.0);
}

Duration ColdStartPlan::start_time(const std::vector<Timed>& durations) const {
  check(std::equal(durations.begin(), durations.end(), parts_.begin(), parts_.end(),
                   [](const Timed& timed, ColdStartPart part) { return timed.part == part; }),
        "a cold start is timed part by part");
  Duration before_initialisation{};
  Duration initialisation{};
  for (const auto& [part, duration] : durations) {
    if (!is_initialisation(part)) {
      before_initialisation += duration;
    } else if (config_.parallel_initialisation) {
      initialisation = std::max(initialisation, duration);
    } else {
      initialisation += duration;
    }
  }
  return before_initialisation + initialisation;
}

}  // namespace sim::policies
