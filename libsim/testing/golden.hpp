#pragma once

#include <filesystem>
#include <string>

namespace sim::testing {

/// Set to 1, this environment variable makes `compare_with_golden` write the files instead of comparing.
inline constexpr const char* update_golden_variable = "LIBSIM_UPDATE_GOLDEN";

/// Compares a text with a golden file. Empty when both are equal; else what a person needs to see: the number of the
/// first line that differs, that line in both, and how to accept the new text. A file that is missing differs.
///
///     CHECK(sim::testing::compare_with_golden("tests/golden/kill.txt", trace) == "");
[[nodiscard]] std::string compare_with_golden(const std::filesystem::path& file, const std::string& text);

}  // namespace sim::testing
