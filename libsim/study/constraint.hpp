#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/expected.hpp"

namespace sim::study {

/// A condition on the parameters of a point, as in `containers <= sessions and think < 5 s`.
///
/// Numbers may carry a unit of time (`ns us ms s min h d`), and durations count in seconds. In the order in which they
/// bind: `( )` and the functions `abs ceil floor max min round sqrt`; `^`; `* / %`; `+ -`; one of `< <= > >= == !=`;
/// `not` or `!`; `and` or `&&`; `or` or `||`. A chain such as `1 < x < 5` is refused: it does not mean what it seems
/// to.
class Constraint {
 public:
  /// The error shows the text, the column from 1, what was expected there, and for an unknown name the nearest one of
  /// `parameters`.
  [[nodiscard]] static Expected<Constraint> parse(std::string_view text, const std::vector<std::string>& parameters);

  Constraint(Constraint&&) noexcept;
  Constraint& operator=(Constraint&&) noexcept;
  ~Constraint();

  /// Whether the condition holds. `values` has the number of each parameter, durations in seconds. The error names the
  /// parameter that has none, or the text when its value is not a number (as in 0/0). One thread at a time.
  [[nodiscard]] Expected<bool> holds(const std::map<std::string, double>& values) const;

  [[nodiscard]] const std::string& text() const;
  /// The parameters that occur in it, in the order of their first occurrence.
  [[nodiscard]] const std::vector<std::string>& parameters() const;

 private:
  struct Expression;
  explicit Constraint(std::unique_ptr<Expression> expression);

  std::unique_ptr<Expression> expression_;
};

}  // namespace sim::study
