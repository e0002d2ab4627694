#pragma once

#include <optional>
#include <string>
#include <vector>

#include "libsim/expected.hpp"

namespace sim::harness {

/// A flag that the command line may hold, without its dashes.
struct FlagSpec {
  std::string name;
  std::string placeholder = "VALUE";  ///< stands for the value in messages
  bool takes_value = true;
  bool repeats = false;  ///< may come several times, and with several values at once
};

/// A flag that a command line gave.
struct GivenFlag {
  std::string name;
  std::string value;  ///< empty for a flag without value

  friend bool operator==(const GivenFlag&, const GivenFlag&) = default;
};

/// Splits a command line (without the program) into flags: `--name value`, `--name=value` or, for a switch, `--name`.
/// Names are never completed. A flag that repeats gives one entry for each value. Refused: an unknown flag, with
/// the nearest known one; a flag that comes twice; a missing value, and a value for a switch; anything else that stands
/// by itself; a value above `value_bytes_max`.
[[nodiscard]] Expected<std::vector<GivenFlag>> parse_command_line(const std::vector<std::string>& arguments,
                                                                  const std::vector<FlagSpec>& known);

}  // namespace sim::harness
