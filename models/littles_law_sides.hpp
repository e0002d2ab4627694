#pragma once

namespace sim::models {

/// Both sides of Little's law for what passes through a system, each from an observer who knows nothing of the other.
struct LittlesLawSides {
  double number_integral = 0;  ///< entities × seconds, by whoever counts those inside
  double sum_of_times_s = 0;   ///< by the clocks of those who were inside, or who waited for them

  LittlesLawSides& operator+=(const LittlesLawSides& other) {
    number_integral += other.number_integral;
    sum_of_times_s += other.sum_of_times_s;
    return *this;
  }
};

}  // namespace sim::models
