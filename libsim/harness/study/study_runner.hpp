#pragma once

#include "libsim/expected.hpp"
#include "libsim/harness/study/study.hpp"

namespace sim::harness {

/// Runs the kind of study that the flags ask for. The error is one line for the user: flags that contradict each other,
/// or whatever that kind refuses.
[[nodiscard]] Expected<StudyReport> run_study(Study& study);

/// The kind of study that the flags ask for, as its folder is named.
[[nodiscard]] std::string study_kind(const StudyOptions& options);

}  // namespace sim::harness
