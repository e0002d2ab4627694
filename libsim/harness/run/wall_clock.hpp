#pragma once

#include <chrono>
#include <string>

namespace sim::harness {

/// The machine's clock. Nothing that is compared or judged may come from here: only the manifest's `wall` section and
/// the progress line use it.
class WallClock {
 public:
  /// The present as UTC, as in `2024-05-01T12:00:00Z`.
  [[nodiscard]] static std::string utc_text();

  /// Seconds since this object was made.
  [[nodiscard]] double seconds() const;

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

/// Processor time of this process so far, in seconds.
[[nodiscard]] double cpu_seconds();

}  // namespace sim::harness
