#pragma once

#include <cstdint>

namespace sim {

/// Counts what happened. Not copyable: a copy would count apart from the metric that is reported.
class Counter {
 public:
  Counter() = default;
  Counter(const Counter&) = delete;
  Counter& operator=(const Counter&) = delete;

  void add(std::uint64_t n = 1) { value_ += n; }

  [[nodiscard]] std::uint64_t value() const { return value_; }

  /// Back to 0, as at the end of a warm-up.
  void reset_statistics() { value_ = 0; }

 private:
  std::uint64_t value_ = 0;
};

}  // namespace sim
