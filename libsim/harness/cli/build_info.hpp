#pragma once

#include <string>
#include <string_view>

namespace sim::harness {

/// The version of this library, as in `0.1.0`.
[[nodiscard]] std::string_view version();

/// The compiler that built this library, as in `g++ 12.2.0`.
[[nodiscard]] std::string compiler();

/// The project's own table of targets (`experiments/targets.csv`) as it was when the library was built, so that an
/// installed program needs no source tree.
[[nodiscard]] std::string_view built_in_targets_csv();

}  // namespace sim::harness
