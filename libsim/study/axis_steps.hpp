#pragma once

#include <string_view>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/study/axis.hpp"
#include "libsim/study/syntax.hpp"

namespace sim::study {

/// Whether the text can be the first or last value of a range: a number or a duration.
[[nodiscard]] bool is_bound(std::string_view text);

/// The part of `parse_axis` that reads `first:last`, `first:last:log`, `first:last:step` and `first:last:xFACTOR`, cut
/// into `bounds`, which are parts of `text`. There are at least two.
[[nodiscard]] Expected<AxisSpec> read_bounds(std::string_view text, std::string_view parameter,
                                             const std::vector<Piece>& bounds);

}  // namespace sim::study
