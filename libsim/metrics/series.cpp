#include "libsim/metrics/series.hpp"

#include <cmath>

#include "libsim/failure.hpp"

namespace sim {

Series::Series(const Time* clock, std::size_t points_max) : clock_(clock), points_max_(points_max) {
  check(points_max >= 2 && points_max % 2 == 0, "the most points of a series are an even number, at least 2");
}

void Series::add(double value) {
  check(std::isfinite(value), "a sampled value is a finite number");
  const std::uint64_t number = count_++;
  if ((number & (stride_ - 1)) != 0) {
    return;
  }
  if (points_.size() == points_max_) {
    // The number of points is even, so this value is one of those that the doubled stride keeps.
    drop_every_second_point();
  }
  points_.push_back({*clock_, value});
}

void Series::drop_every_second_point() {
  for (std::size_t i = 0; i < points_.size() / 2; ++i) {
    points_[i] = points_[2 * i];
  }
  points_.resize(points_.size() / 2);
  stride_ *= 2;
}

}  // namespace sim
