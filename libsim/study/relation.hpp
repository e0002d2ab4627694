#pragma once

#include <array>
#include <optional>
#include <string_view>

#include "libsim/study/answer.hpp"

namespace sim::study {

/// How a metric has to stand to its bound.
enum class Relation { less, less_or_equal, greater, greater_or_equal, equal };

inline constexpr std::array<Relation, 5> all_relations{Relation::less, Relation::less_or_equal, Relation::greater,
                                                       Relation::greater_or_equal, Relation::equal};

/// `<`, `<=`, `>`, `>=` or `==`.
[[nodiscard]] std::string_view to_text(Relation relation);

/// The relation whose sign is the whole text, or none.
[[nodiscard]] std::optional<Relation> parse_relation(std::string_view text);

/// Whether `value` stands to `bound` as the relation says. Exact; a number that is not finite fulfils nothing.
[[nodiscard]] bool holds(Relation relation, double value, double bound);

/// `yes` if every value of the interval from `lower` to `upper` fulfils the relation, `no` if none does, else
/// `undecided`. Of an interval or a bound that is not finite nothing is known. `lower` is at most `upper` (asserted).
[[nodiscard]] Answer answer_of(Relation relation, double lower, double upper, double bound);

}  // namespace sim::study
