#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "libsim/random/stream.hpp"
#include "tests/attack/range_run.hpp"

namespace attack {

/// A flag of the harness as `--help` shows it.
struct HelpFlag {
  std::string name;         ///< without dashes
  std::string placeholder;  ///< empty: a switch
};

/// A scenario or component with all the flags that it takes.
struct AttackedProgram {
  SweptThing thing;
  std::vector<HelpFlag> flags;
};

/// Everything below a folder of programs, and `all_experiments`.
[[nodiscard]] std::vector<AttackedProgram> attacked_programs(const std::filesystem::path& binaries,
                                                             const std::filesystem::path& traces,
                                                             const std::string& only);

/// A command line that is right in most places: parameters with values of their ranges or hostile ones, flags with
/// files below `in/` or texts, and now and then an argument that is missing, doubled or damaged. Output goes to `out`
/// unless a flag says otherwise.
[[nodiscard]] std::vector<std::string> made_command_line(const AttackedProgram& program, sim::RandomStream& random);

}  // namespace attack
