#pragma once

#include <cstdint>

namespace sim {

/// The value that a standard normal variable stays below with this probability, which lies strictly between 0 and 1
/// (asserted).
[[nodiscard]] double normal_quantile(double probability);

/// The probability that a standard normal variable stays below `value`.
[[nodiscard]] double normal_probability(double value);

/// The value that a Student t variable stays below with this probability, which lies strictly between 0 and 1;
/// `degrees_of_freedom` is at least 1 (both asserted).
[[nodiscard]] double student_t_quantile(double probability, std::uint64_t degrees_of_freedom);

/// The probability of at most `successes` successes in `trials` independent trials.
[[nodiscard]] double binomial_probability_at_most(std::uint64_t successes, std::uint64_t trials, double probability);

}  // namespace sim
