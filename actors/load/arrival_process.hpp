#pragma once

#include <cstdint>
#include <optional>
#include <variant>
#include <vector>

#include "libsim/random/distribution.hpp"
#include "libsim/random/stream.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// Independent arrivals at a constant mean rate.
struct PoissonArrivals {
  double rate_per_s = 1.0;

  friend bool operator==(const PoissonArrivals&, const PoissonArrivals&) = default;
};

/// Equal gaps; the first arrival at the start. Arrival `i` is at `i / rate`, rounded by itself: no drift.
struct ConstantRateArrivals {
  double rate_per_s = 1.0;

  friend bool operator==(const ConstantRateArrivals&, const ConstantRateArrivals&) = default;
};

struct RatePoint {
  Duration at{};  ///< since the start
  double rate_per_s = 0.0;

  friend bool operator==(const RatePoint&, const RatePoint&) = default;
};

/// Poisson arrivals whose rate goes in straight lines from point to point and stays at the last one. The first point is
/// at 0, times never go back; two points of one time are a jump. A last rate of 0 ends the arrivals.
struct PiecewiseLinearPoissonArrivals {
  std::vector<RatePoint> points = {RatePoint{Duration{0}, 1.0}};

  friend bool operator==(const PiecewiseLinearPoissonArrivals&, const PiecewiseLinearPoissonArrivals&) = default;
};

/// Poisson arrivals of the rate mean + amplitude × sin(2π t / period), `t` since the start.
struct SinusoidalPoissonArrivals {
  double mean_rate_per_s = 1.0;
  double amplitude_per_s = 0.0;  ///< 0 to the mean
  Duration period = 24h;

  friend bool operator==(const SinusoidalPoissonArrivals&, const SinusoidalPoissonArrivals&) = default;
};

/// Bursts: Poisson arrivals while on, none while off. With exponential periods the interrupted Poisson process, whose
/// gaps are hyperexponential. Source: Kuczura, "The interrupted Poisson process as an overflow process", BSTJ 52
/// (1973).
struct OnOffArrivals {
  double on_rate_per_s = 1.0;
  Distribution on_period = exponential(1s);
  Distribution off_period = exponential(1s);
  bool starts_on = true;

  friend bool operator==(const OnOffArrivals&, const OnOffArrivals&) = default;
};

/// Independent gaps of one law; the first arrival comes after the first gap.
struct RenewalArrivals {
  Distribution interarrival_time = exponential(1s);

  friend bool operator==(const RenewalArrivals&, const RenewalArrivals&) = default;
};

/// Arrivals that were recorded, as `harness::read_arrivals` reads them.
struct RecordedArrivals {
  std::vector<Duration> at = {};  ///< since the start, never decreasing
  double time_factor = 1.0;       ///< 2: twice as slow, half the rate
  std::uint32_t repetitions = 1;  ///< 0: for ever
  Duration repetition_length =
      0s;  ///< before scaling; at least the last time, and given unless there is one repetition

  friend bool operator==(const RecordedArrivals&, const RecordedArrivals&) = default;
};

/// When load arrives: an iterator over the times of a point process.
///
/// Time-varying rates are thinned candidates: Lewis and Shedler, "Simulation of nonhomogeneous Poisson processes by
/// thinning", Naval Research Logistics 26 (1979). The candidates' rate is the largest of the present line, or of the
/// sine. How many numbers an arrival draws depends on the law and on chance, so a process has a stream of its own.
class ArrivalProcess {
 public:
  using Law = std::variant<PoissonArrivals, ConstantRateArrivals, PiecewiseLinearPoissonArrivals,
                           SinusoidalPoissonArrivals, OnOffArrivals, RenewalArrivals, RecordedArrivals>;

  struct Config {
    Law law = {};
    std::uint32_t batch_size = 1;  ///< arrivals at each time of the law

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// A wrong setting is asserted.
  explicit ArrivalProcess(Config config, Time start = Time{});

  /// The next arrival, never before the one returned last; nothing when there is none within the virtual clock's range,
  /// and from then on.
  std::optional<Time> next(RandomStream& random);

  [[nodiscard]] const Config& config() const { return config_; }

 private:
  // Each moves `elapsed_` to the next time of its law; false when there is none.
  bool move(const PoissonArrivals& law, RandomStream& random);
  bool move(const ConstantRateArrivals& law, RandomStream& random);
  bool move(const PiecewiseLinearPoissonArrivals& law, RandomStream& random);
  bool move(const SinusoidalPoissonArrivals& law, RandomStream& random);
  bool move(const OnOffArrivals& law, RandomStream& random);
  bool move(const RenewalArrivals& law, RandomStream& random);
  bool move(const RecordedArrivals& law, RandomStream& random);
  bool move_by(Duration gap);

  Config config_;
  Time start_;
  Duration elapsed_{};       ///< from the start to the present time of the law
  std::uint64_t index_ = 0;  ///< of the next time, where a law counts them
  std::uint32_t left_in_batch_ = 0;
  std::size_t line_ = 0;  ///< the point where the present line of the rate begins
  bool is_on_ = false;
  std::optional<Duration> phase_end_;  ///< of the present on or off period; nothing before the first
};

/// The rate at a time since the start.
[[nodiscard]] double rate_per_s_at(const PiecewiseLinearPoissonArrivals& law, Duration since_start);
[[nodiscard]] double rate_per_s_at(const SinusoidalPoissonArrivals& law, Duration since_start);

}  // namespace sim::policies
