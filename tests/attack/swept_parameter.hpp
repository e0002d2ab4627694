#pragma once

#include <string>
#include <vector>

#include "libsim/random/stream.hpp"

namespace attack {

/// A parameter as a program lists it.
struct SweptParameter {
  std::string name;
  std::string kind;   ///< as in `--list-parameters`: integer, number, duration, distribution, switch, choice or text
  std::string range;  ///< as it is listed: `1 … 100`, `0s …`, `on, off`, `a, b or c`; empty: any
};

/// The ends of the range: for a choice or a switch all names, for a distribution the constants 0 and the longest.
[[nodiscard]] std::vector<std::string> bounds_of(const SweptParameter& parameter);

/// Other values that programs often handle by rules of their own: zero, the smallest step, heavy tails, no text.
[[nodiscard]] std::vector<std::string> special_values_of(const SweptParameter& parameter);

/// Any value of the range; large and small ones are as likely.
[[nodiscard]] std::string random_value_of(const SweptParameter& parameter, sim::RandomStream& random);

/// Reads what an experiment prints for `--list-parameters --format json`. Throws where that is no such list.
[[nodiscard]] std::vector<SweptParameter> parameters_in_json(const std::string& listing);

/// Reads the parameters of one component from what `replay --component NAME --help` prints, which has no kinds: they
/// follow from ranges.
[[nodiscard]] std::vector<SweptParameter> parameters_in_help(const std::string& help);

}  // namespace attack
