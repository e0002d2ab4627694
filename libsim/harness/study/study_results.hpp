#pragma once

#include <filesystem>

#include "libsim/expected.hpp"
#include "libsim/harness/cli/terminal.hpp"
#include "libsim/harness/report/report_json.hpp"
#include "libsim/harness/study/study.hpp"

namespace sim::harness {

/// Adds the manifest to the folder of a study and puts it in its place, `OUT/EXPERIMENT/KIND-seedN-HASH`, which it
/// returns. Another study has another; a study that is only made more precise keeps its own.
[[nodiscard]] Expected<std::filesystem::path> finish_study(const RunDescription& run, const StudyReport& report,
                                                           const Invocation& invocation, double wall_s,
                                                           StudyFolder& folder);

/// Prints a study whose folder is finished, in the format that was asked for. The error names a file that cannot be
/// read.
[[nodiscard]] Expected<void> print_study(const RunDescription& run, const StudyReport& report,
                                         const Invocation& invocation, const std::filesystem::path& folder,
                                         Terminal& out);

}  // namespace sim::harness
