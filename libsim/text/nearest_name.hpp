#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sim {

/// The known name that a mistyped one most likely meant, or an empty text when none is near. Near is at most one edit
/// (insert, delete, replace, swap of neighbours) per three letters and at least two; or a name that begins with
/// `typed`, or of which `typed` is the part after a dot, as `concurrency` is of `container.concurrency`. Ties go to the
/// name that comes first.
[[nodiscard]] std::string nearest_name(std::string_view typed, const std::vector<std::string>& known);

/// `"; did you mean NAME?"` for the nearest name, or an empty text. `prefix` stands before the name, as in `--`.
[[nodiscard]] std::string did_you_mean(std::string_view typed, const std::vector<std::string>& known,
                                       std::string_view prefix = "");

}  // namespace sim
