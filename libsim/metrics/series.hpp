#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "libsim/time.hpp"

namespace sim {

/// Values with the time at which they were sampled, for curves.
///
/// At most `points_max` points are kept. When they are full, every second one is dropped, and from then on only every
/// second, fourth, … added value is kept (`stride`): the curve stays evenly sampled from its beginning, and memory
/// bounded. The clock outlives the series. Not copyable: a copy would be added to apart from the metric that is
/// reported.
class Series {
 public:
  struct Point {
    Time at{};
    double value = 0.0;

    friend bool operator==(const Point&, const Point&) = default;
  };

  static constexpr std::size_t points_max_default = 100'000;

  /// `points_max` is even and at least 2 (asserted).
  explicit Series(const Time* clock, std::size_t points_max = points_max_default);
  Series(const Series&) = delete;
  Series& operator=(const Series&) = delete;

  /// The value is a finite number (asserted).
  void add(double value);

  [[nodiscard]] std::span<const Point> points() const { return points_; }

  /// One of how many added values is kept.
  [[nodiscard]] std::uint64_t stride() const { return stride_; }

  /// How many values were added, kept or not.
  [[nodiscard]] std::uint64_t count() const { return count_; }

 private:
  void drop_every_second_point();

  const Time* clock_;
  std::size_t points_max_;
  std::vector<Point> points_;
  std::uint64_t stride_ = 1;  // a power of two
  std::uint64_t count_ = 0;
};

}  // namespace sim
