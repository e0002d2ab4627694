#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/study/relation.hpp"

namespace sim::study {

/// What a metric has to reach, as in `load.message_time_p99 < 15 s`.
struct Requirement {
  std::optional<std::string> scenario;  ///< none: every scenario that has the metric
  std::string metric;
  Relation relation = Relation::less;
  double bound = 0.0;
  std::optional<std::string> unit;  ///< of the bound as written; none: the metric's
  std::string text;                 ///< as written, without spaces around it

  friend bool operator==(const Requirement&, const Requirement&) = default;
};

/// Reads `[scenario.]metric relation number [unit]`. Names of metrics may have dots, so only what is listed in
/// `scenarios` is taken for one. The error shows the text, the column from 1, and what was expected there.
[[nodiscard]] Expected<Requirement> parse_requirement(std::string_view text, const std::vector<std::string>& scenarios);

/// The bound in the metric's unit: 15 s are 15,000 of a metric in ms. Units of time, of bytes (kB is 1,000 B) and of
/// shares (`%` or `percent`, `ratio`) are converted, all others must be the same. The error names both units.
[[nodiscard]] Expected<double> bound_in(const Requirement& requirement, std::string_view metric_unit);

}  // namespace sim::study
