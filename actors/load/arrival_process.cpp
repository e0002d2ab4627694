#include "actors/load/arrival_process.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "libsim/failure.hpp"
#include "libsim/random/laws.hpp"

namespace sim::policies {

namespace {

constexpr double nanoseconds_per_second = 1e9;

bool is_rate(double rate_per_s) { return std::isfinite(rate_per_s) && rate_per_s >= 0.0; }

Duration exponential_gap(double rate_per_s, RandomStream& random) {
  return laws::rounded(nanoseconds_per_second / rate_per_s * random.standard_exponential());
}

/// The Taylor series of the sine from its term of degree 21 to that of degree 1, odd degrees only.
constexpr std::array<double, 11> sine_coefficients = [] {
  std::array<double, 11> coefficients{};
  double coefficient = 1.0;
  for (std::size_t term = 0; term < coefficients.size(); ++term) {
    coefficients[coefficients.size() - 1 - term] = coefficient;
    coefficient /= -static_cast<double>((2 * term + 2) * (2 * term + 3));
  }
  return coefficients;
}();

/// sin(2π × turns) for turns in [0, 1), within 3e-16, from IEEE additions and multiplications only: the C library's
/// sine differs in its last bit between processors, which may turn an accepted candidate into a rejected one.
double sine_of_turns(double turns) {
  double folded = turns;  // into the quarter turn on either side of 0
  if (turns > 0.75) {
    folded = turns - 1.0;
  } else if (turns > 0.25) {
    folded = 0.5 - turns;
  }
  constexpr double two_pi = 6.283185307179586476925;
  const double angle = two_pi * folded;
  const double square = angle * angle;
  double sum = 0.0;
  for (const double coefficient : sine_coefficients) {
    sum = sum * square + coefficient;
  }
  return angle * sum;
}

double rate_on_line(const RatePoint& from, const RatePoint& to, Duration since_start) {
  const double share =
      static_cast<double>((since_start - from.at).count()) / static_cast<double>((to.at - from.at).count());
  return from.rate_per_s + (to.rate_per_s - from.rate_per_s) * share;
}

void check_law(const PoissonArrivals& law) {
  check(is_rate(law.rate_per_s) && law.rate_per_s > 0.0, "an arrival rate is a positive number");
}

void check_law(const ConstantRateArrivals& law) {
  check(is_rate(law.rate_per_s) && law.rate_per_s > 0.0, "an arrival rate is a positive number");
}

void check_law(const PiecewiseLinearPoissonArrivals& law) {
  check(!law.points.empty() && law.points.front().at == 0s, "a rate profile begins with a point at 0");
  for (std::size_t index = 0; index < law.points.size(); ++index) {
    check(is_rate(law.points[index].rate_per_s), "a point of a rate profile has a rate of 0 or more");
    check(index == 0 || law.points[index].at >= law.points[index - 1].at, "the points of a rate profile are in order");
  }
}

void check_law(const SinusoidalPoissonArrivals& law) {
  check(is_rate(law.mean_rate_per_s) && law.mean_rate_per_s > 0.0, "a mean arrival rate is a positive number");
  check(law.amplitude_per_s >= 0.0 && law.amplitude_per_s <= law.mean_rate_per_s,
        "the amplitude of a rate is between 0 and its mean");
  check(law.period > 0s, "a rate that repeats has a period");
}

void check_law(const OnOffArrivals& law) {
  check(is_rate(law.on_rate_per_s) && law.on_rate_per_s > 0.0, "the arrival rate of a burst is a positive number");
  check(law.on_period.mean_s() > 0.0, "a burst takes time");
}

void check_law(const RenewalArrivals& law) {
  check(law.interarrival_time.mean_s() > 0.0, "time passes between arrivals");
}

void check_law(const RecordedArrivals& law) {
  check(std::is_sorted(law.at.begin(), law.at.end()), "recorded arrivals are in order");
  check(law.at.empty() || law.at.front() >= 0s, "recorded arrivals are not before the start");
  check(std::isfinite(law.time_factor) && law.time_factor > 0.0, "a time factor is a positive number");
  check(
      law.repetitions == 1 || law.at.empty() || (law.repetition_length > 0s && law.repetition_length >= law.at.back()),
      "a recording that is repeated has a length, at least its last time");
}

}  // namespace

ArrivalProcess::ArrivalProcess(Config config, Time start) : config_(std::move(config)), start_(start) {
  check(config_.batch_size > 0, "a batch has at least one arrival");
  check(start >= Time{}, "arrivals start when the clock does, or later");
  std::visit([](const auto& law) { check_law(law); }, config_.law);
}

std::optional<Time> ArrivalProcess::next(RandomStream& random) {
  if (left_in_batch_ == 0) {
    const bool has_moved = std::visit([&](const auto& law) { return move(law, random); }, config_.law);
    if (!has_moved || elapsed_ > Time::max() - start_) {
      return std::nullopt;
    }
    left_in_batch_ = config_.batch_size;
  }
  --left_in_batch_;
  return start_ + elapsed_;
}

bool ArrivalProcess::move_by(Duration gap) {
  elapsed_ += gap;
  return elapsed_ < forever;
}

bool ArrivalProcess::move(const PoissonArrivals& law, RandomStream& random) {
  return move_by(exponential_gap(law.rate_per_s, random));
}

bool ArrivalProcess::move(const ConstantRateArrivals& law, RandomStream&) {
  elapsed_ = laws::rounded(static_cast<double>(index_++) * nanoseconds_per_second / law.rate_per_s);
  return elapsed_ < forever;
}

bool ArrivalProcess::move(const PiecewiseLinearPoissonArrivals& law, RandomStream& random) {
  for (;;) {
    while (line_ + 1 < law.points.size() && law.points[line_ + 1].at <= elapsed_) {
      ++line_;
    }
    const bool is_last = line_ + 1 == law.points.size();
    const RatePoint& from = law.points[line_];
    const RatePoint& to = is_last ? from : law.points[line_ + 1];
    const double rate_max_per_s = std::max(from.rate_per_s, to.rate_per_s);
    if (is_last && rate_max_per_s == 0.0) {
      return false;
    }
    const Duration gap = rate_max_per_s == 0.0 ? forever : exponential_gap(rate_max_per_s, random);
    if (!is_last && gap >= to.at - elapsed_) {
      elapsed_ = to.at;  // gaps have no memory: the next line begins with a new one
      continue;
    }
    if (!move_by(gap)) {
      return false;
    }
    if (is_last || random.uniform01() * rate_max_per_s < rate_on_line(from, to, elapsed_)) {
      return true;
    }
  }
}

bool ArrivalProcess::move(const SinusoidalPoissonArrivals& law, RandomStream& random) {
  const double rate_max_per_s = law.mean_rate_per_s + law.amplitude_per_s;
  while (move_by(exponential_gap(rate_max_per_s, random))) {
    if (random.uniform01() * rate_max_per_s < rate_per_s_at(law, elapsed_)) {
      return true;
    }
  }
  return false;
}

bool ArrivalProcess::move(const OnOffArrivals& law, RandomStream& random) {
  if (!phase_end_) {
    is_on_ = law.starts_on;
    phase_end_ = (is_on_ ? law.on_period : law.off_period).sample(random);
  }
  while (elapsed_ < forever) {
    if (is_on_) {
      const Duration gap = exponential_gap(law.on_rate_per_s, random);
      if (gap < *phase_end_ - elapsed_) {
        return move_by(gap);
      }
    }
    elapsed_ = *phase_end_;  // gaps have no memory: the next burst begins with a new one
    is_on_ = !is_on_;
    phase_end_ = elapsed_ + (is_on_ ? law.on_period : law.off_period).sample(random);
  }
  return false;
}

bool ArrivalProcess::move(const RenewalArrivals& law, RandomStream& random) {
  return move_by(law.interarrival_time.sample(random));
}

bool ArrivalProcess::move(const RecordedArrivals& law, RandomStream&) {
  const std::uint64_t repetition = law.at.empty() ? 0 : index_ / law.at.size();
  if (law.at.empty() || (law.repetitions > 0 && repetition >= law.repetitions)) {
    return false;
  }
  const Duration at = law.at[index_ % law.at.size()];
  ++index_;
  const std::int64_t repetition_max = repetition == 0 ? Ticks(0) : (forever - at) / law.repetition_length;
  if (static_cast<std::int64_t>(repetition) > repetition_max) {
    return false;
  }
  const Duration recorded = at + static_cast<std::int64_t>(repetition) * law.repetition_length;
  elapsed_ = law.time_factor == 1.0 ? recorded : laws::rounded(static_cast<double>(recorded.count()) * law.time_factor);
  return elapsed_ < forever;
}

double rate_per_s_at(const PiecewiseLinearPoissonArrivals& law, Duration since_start) {
  const auto after = std::upper_bound(law.points.begin() + 1, law.points.end(), since_start,
                                      [](Duration time, const RatePoint& point) { return time < point.at; });
  const RatePoint& from = *std::prev(after);
  return after == law.points.end() ? from.rate_per_s : rate_on_line(from, *after, since_start);
}

double rate_per_s_at(const SinusoidalPoissonArrivals& law, Duration since_start) {
  const double turns =
      static_cast<double>((since_start % law.period).count()) / static_cast<double>(law.period.count());
  return law.mean_rate_per_s + law.amplitude_per_s * sine_of_turns(turns);
}

}  // namespace sim::policies
