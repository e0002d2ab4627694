#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/study/answer.hpp"

namespace sim::study {

/// How a metric has to stand to its bound.
enum class Relation { less, less_or_equal, greater, greater_or_equal, equal };

/// `<`, `<=`, `>`, `>=` or `==`.
[[nodiscard]] std::string_view to_text(Relation relation);

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

/// Whether `value` stands to `bound` as the relation says. Exact; a number that is not finite fulfils nothing.
[[nodiscard]] bool holds(Relation relation, double value, double bound);

/// `yes` if every value of the interval from `lower` to `upper` fulfils the relation, `no` if none does, else
/// `undecided`. Of an interval or a bound that is not finite nothing is known. `lower` is at most `upper` (asserted).
[[nodiscard]] Answer answer_of(Relation relation, double lower, double upper, double bound);

}  // namespace sim::study
