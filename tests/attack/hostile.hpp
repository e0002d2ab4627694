#pragma once

#include <string>
#include <vector>

#include "libsim/random/stream.hpp"

namespace attack {

/// Any of some things with the same probability; there is one.
template <class T>
[[nodiscard]] const T& one_of(const std::vector<T>& things, sim::RandomStream& random) {
  return things.at(random.below(things.size()));
}

/// A text that no setting wants, or that it wants only in disguise: no text, ends of ranges of numbers, control
/// characters, broken UTF-8, marks that turn the direction of writing, formulas for a spreadsheet, folders, devices.
[[nodiscard]] std::string hostile_text(sim::RandomStream& random);

/// A file as a user may have it by mistake: one to three changes of a good one, such as a byte, a line or a cell that
/// is missing, doubled or replaced, other line ends, no rows, thousands of columns, half of it, or something else.
[[nodiscard]] std::string mutated_file(std::string content, sim::RandomStream& random);

/// Cells that begin with this must not come out of a program as they are: a spreadsheet would run them.
inline constexpr std::string_view formula = "=cmd|' /C calc'!A0";

}  // namespace attack
