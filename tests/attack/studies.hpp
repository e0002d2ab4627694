#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "libsim/random/stream.hpp"
#include "tests/attack/program.hpp"

namespace attack {

/// A study of some tens of replications that takes less than a second, of any kind, with a seed of its own. Its results
/// go to `out` in its folder.
[[nodiscard]] Program some_study(const std::filesystem::path& binaries, sim::RandomStream& random);

/// A study that reads one file.
struct StudyOfFile {
  Program program;
  std::string file;                   ///< within its folder
  std::vector<std::string> contents;  ///< that give different results
};

[[nodiscard]] StudyOfFile some_study_of_a_file(const std::filesystem::path& binaries, sim::RandomStream& random);

}  // namespace attack
