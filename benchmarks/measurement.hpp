#pragma once

#include <ctime>

#include <cstdint>

namespace bench {

/// What every workload is made of; all lanes draw from the same laws.
inline constexpr double arrival_interval_s_mean = 1.0 / 0.9;
inline constexpr double service_s_mean = 1.0;
inline constexpr double hop_s_min = 0.1;
inline constexpr double hop_s_mean_extra = 0.9;
inline constexpr std::uint32_t phold_actors = 1'000;

/// One run of one workload in one lane.
struct Measurement {
  double cpu_s = 0.0;
  double count = 0.0;    ///< customers served (M/M/1) or messages received (PHOLD)
  double outcome = 0.0;  ///< mean time in system (M/M/1) or virtual time per message and actor (PHOLD): shows that the
                         ///< lane did the work
  [[nodiscard]] double rate() const { return count / cpu_s; }
};

/// Processor time of this process so far. Unlike wall time it does not count what others do with the machine.
[[nodiscard]] inline double cpu_time_s() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// Processor time that `work()` takes.
template <class Work>
[[nodiscard]] double cpu_time_s_of(Work work) {
  const double begin_s = cpu_time_s();
  work();
  return cpu_time_s() - begin_s;
}

}  // namespace bench
