#pragma once

#include <string_view>

namespace sim::study {

/// What is known about a yes/no question after some random samples.
enum class Answer { yes, no, undecided };

/// `yes`, `no` or `undecided`.
[[nodiscard]] std::string_view to_text(Answer answer);

}  // namespace sim::study
