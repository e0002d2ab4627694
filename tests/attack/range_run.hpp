#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "tests/attack/program.hpp"
#include "tests/attack/swept_parameter.hpp"

namespace attack {

/// Something that has parameters: a scenario of an experiment, or a component of `replay`.
struct SweptThing {
  std::filesystem::path program;
  std::vector<std::string> choice;  ///< the flags that choose it
  std::string name;
  std::vector<SweptParameter> parameters;
  bool is_component = false;
};

/// One run with a few parameters set.
struct RangeRun {
  const SweptThing* thing = nullptr;
  std::vector<std::pair<std::string, std::string>> values;  ///< parameters with their values

  /// The program for it; what it writes goes below `scratch`.
  [[nodiscard]] Program program(const std::filesystem::path& scratch) const;
  /// The command for people.
  [[nodiscard]] std::string command_line() const;
};

/// Everything below a folder of programs that has parameters, `only` of one name where that is not empty. Traces for
/// `replay` are taken from `traces`.
[[nodiscard]] std::vector<SweptThing> swept_things(const std::filesystem::path& binaries,
                                                   const std::filesystem::path& traces, const std::string& only);

/// What a run broke of what is promised for every value of every range, in one line each: it ends with 0, 1, 2 or 4,
/// a refusal is one line that names a parameter of the run, nothing without a value meets a target, shares lie between
/// 0 and 100 %, no time is negative, the accounts and Little's law hold, and all within the limits.
[[nodiscard]] std::vector<std::string> broken_promises(const RangeRun& run, const Ended& ended);

}  // namespace attack
