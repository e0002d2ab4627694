#pragma once

#include <boost/circular_buffer.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "libsim/time.hpp"

namespace sim::policies {

/// Exact percentiles of the most recent values: the last so many, of the last so long.
///
/// A value recorded at t counts before t + `window`, and not at it. Beyond `samples_max` the oldest value leaves early,
/// which is counted. Percentiles are nearest rank, always one of the values. Recording costs a few nanoseconds and
/// allocates nothing once there have been `samples_max` values; the first query after a change sorts them all.
/// Time never goes back (asserted). For percentiles of a whole run there is `sim::Tally`.
class PercentileTracker {
 public:
  struct Config {
    Duration window = 60s;               ///< `forever`: only the number limits
    std::uint32_t samples_max = 10'000;  ///< the bound of the memory

    friend bool operator==(const Config&, const Config&) = default;
  };

  struct Statistics {
    std::uint64_t recorded_count = 0;
    std::uint64_t expired_count = 0;    ///< left when their time was over
    std::uint64_t displaced_count = 0;  ///< left early: percentiles cover less than `window`

    friend bool operator==(const Statistics&, const Statistics&) = default;
  };

  explicit PercentileTracker(Config config);

  /// A finite number (asserted).
  void record(Time now, double value);

  /// Drops what has become too old.
  void advance(Time now);

  /// Values in the window as of the latest time given.
  [[nodiscard]] std::size_t count() const { return samples_.size(); }

  /// Nearest rank: the ceil(percent / 100 × count)-th smallest, 0 <= percent <= 100 (asserted); nothing without values.
  [[nodiscard]] std::optional<double> percentile(Time now, double percent);
  [[nodiscard]] std::optional<double> mean(Time now);

  [[nodiscard]] const Statistics& statistics() const { return statistics_; }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  struct Sample {
    Time at{};
    double value = 0;
  };

  Config config_;
  Time now_{};
  boost::circular_buffer<Sample> samples_;  ///< oldest first
  std::vector<double> sorted_;              ///< of use while `is_sorted_`
  bool is_sorted_ = false;
  Statistics statistics_;
};

}  // namespace sim::policies
