#pragma once

#include <filesystem>
#include <string>

#include "tests/attack/program.hpp"
#include "tests/attack/scratch.hpp"

namespace attack {

/// What a run leaves for its user: what it printed, and its files without those that only the program reads (the store)
/// and without what differs each time (the command line and the wall clock of a manifest).
struct Results {
  int status = -1;
  std::string out;
  Snapshot files;
};

/// Those of a program that ended, from its folder `out`.
[[nodiscard]] Results results_of(const Ended& ended, const std::filesystem::path& folder);

/// In what two results differ, on one line; empty: in nothing.
[[nodiscard]] std::string difference(const Results& one, const Results& other);

/// The first file or folder that belongs to nobody: what a program makes on its way begins with a dot. Empty: none.
[[nodiscard]] std::string leftover_in(const std::filesystem::path& folder);

}  // namespace attack
