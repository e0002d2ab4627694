#pragma once

#include <filesystem>
#include <string>

#include "libsim/expected.hpp"
#include "libsim/harness/report_json.hpp"
#include "libsim/harness/study/study.hpp"

namespace sim::harness {

/// Writes the files of a study and its manifest to `OUT/EXPERIMENT/KIND-seedN-HASH`, in place of an older one, and
/// returns the folder. Another study has another; a study that is only made more precise keeps its own.
[[nodiscard]] Expected<std::filesystem::path> write_study(const Experiment& experiment, const RunDescription& run,
                                                          const StudyReport& report, const Invocation& invocation,
                                                          double wall_s);

/// What is printed, in the format that was asked for.
[[nodiscard]] Page study_output(const RunDescription& run, const StudyReport& report, const Invocation& invocation,
                                const std::filesystem::path& folder);

}  // namespace sim::harness
