#pragma once

#include <boost/circular_buffer.hpp>
#include <cstdint>

#include "libsim/time.hpp"

namespace sim::policies {

/// What the most recent calls came to: the last so many, or those of the last so long.
///
/// A count-based window holds the last `size` results. A time-based one holds `size` buckets of one width and drops
/// them whole, so that it reaches back between (`size` − 1) and `size` widths. Totals are kept, never recounted. Every
/// call takes the time, which must never go back; after the constructor nothing is allocated. Source: resilience4j 2,
/// FixedSizeSlidingWindowMetrics and SlidingTimeWindowMetrics; opossum 8, Status; Polly 8, RollingHealthMetrics.
class OutcomeWindow {
 public:
  enum class Type { count_based, time_based };

  /// Where a bucket begins: at whole multiples of its width since the start (resilience4j, opossum), or at the first
  /// entry that the bucket before it can no longer take (Polly).
  enum class BucketStart { on_grid, at_first_entry };

  struct Config {
    Type type = Type::count_based;
    std::uint32_t size = 100;  ///< results, or buckets
    Duration bucket_width = 1s;
    BucketStart bucket_start = BucketStart::on_grid;

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// How one call ended.
  struct Result {
    bool is_failure = false;
    bool is_timeout = false;
    bool is_slow = false;

    friend bool operator==(const Result&, const Result&) = default;
  };

  /// A timeout is a failure too; a slow call is a success or a failure too; a rejection is an arrival too.
  struct Counts {
    std::uint32_t arrivals = 0;
    std::uint32_t rejected = 0;
    std::uint32_t successes = 0;
    std::uint32_t failures = 0;
    std::uint32_t timeouts = 0;
    std::uint32_t slow = 0;

    [[nodiscard]] std::uint32_t results() const { return successes + failures; }
    Counts& operator+=(const Counts& other);
    Counts& operator-=(const Counts& other);
    friend bool operator==(const Counts&, const Counts&) = default;
  };

  /// `start` is where the grid of a time-based window is anchored.
  explicit OutcomeWindow(Config config, Time start = Time{});

  void record(Result result, Time now);

  /// Counts a call as it comes, in a time-based window only: results alone slide a count-based one.
  void record_arrival(bool is_rejected, Time now);

  /// Drops what has become too old.
  void advance(Time now);

  void clear();

  /// As of the latest time that the window was told.
  [[nodiscard]] const Counts& counts() const { return totals_; }

  [[nodiscard]] static Counts counts_of(Result result);

 private:
  struct Bucket {
    Time starts_at{};
    Counts counts;
  };

  void add_to_bucket(const Counts& counts, Time now);
  [[nodiscard]] Time start_of_bucket_at(Time now) const;

  Config config_;
  Time start_;
  Duration span_;
  Counts totals_;
  boost::circular_buffer<Result> results_;  ///< count-based only, oldest first
  boost::circular_buffer<Bucket> buckets_;  ///< time-based only, oldest first, none without an entry
};

}  // namespace sim::policies
