#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "actors/load/load_executor.hpp"

namespace sim::testing {

/// What a load executor made of iterations whose lengths are known.
struct LoadRun {
  struct Started {
    Duration at{};
    std::uint32_t vu = 0;
    Duration ended_at{};
  };

  std::vector<Started> iterations;  ///< by number
  policies::LoadExecutor::Statistics statistics;
  std::uint32_t running_max = 0;
  std::uint32_t allocated_vus = 0;
  Duration over_at{};

  [[nodiscard]] std::vector<Duration> starts() const {
    std::vector<Duration> times;
    for (const Started& iteration : iterations) {
      times.push_back(iteration.at);
    }
    return times;
  }
  [[nodiscard]] std::vector<Duration> starts_of(std::uint32_t vu) const {
    std::vector<Duration> times;
    for (const Started& iteration : iterations) {
      if (iteration.vu == vu) {
        times.push_back(iteration.at);
      }
    }
    return times;
  }
};

/// Runs a load to its end. `length(vu, number)` is how long an iteration takes unless it is interrupted; what ends at
/// some moment ends before anything starts then. `watch(executor, now)` is called after each step.
template <class Length, class Watch>
LoadRun run_load(policies::LoadExecutor executor, Length length, Watch watch) {
  using policies::LoadExecutor;
  LoadRun run;
  std::multimap<Time, std::pair<LoadExecutor::VuId, std::uint64_t>> ends;
  const auto begin = [&](const LoadExecutor::Iteration& iteration, Time now) {
    const Duration full = length(static_cast<std::uint32_t>(iteration.vu), iteration.number);
    const Time end = full < iteration.interrupt_at - now ? now + full : iteration.interrupt_at;
    ends.emplace(end, std::pair(iteration.vu, iteration.number));
    run.iterations.push_back({now - Time{}, static_cast<std::uint32_t>(iteration.vu), end - Time{}});
    run.running_max = std::max(run.running_max, executor.running());
  };
  while (!executor.is_over()) {
    const auto change_at = executor.next_change_at();
    Time now{};
    if (!ends.empty() && (!change_at || ends.begin()->first <= *change_at)) {
      now = ends.begin()->first;
      const LoadExecutor::VuId vu = ends.begin()->second.first;
      ends.erase(ends.begin());
      if (const auto next = executor.ended(now, vu)) {
        begin(*next, now);
      }
    } else {
      now = *change_at;
      while (const auto next = executor.start_next(now)) {
        begin(*next, now);
      }
    }
    run.over_at = now - Time{};
    watch(executor, now);
  }
  run.statistics = executor.statistics();
  run.allocated_vus = executor.allocated_vus();
  return run;
}

template <std::invocable<std::uint32_t, std::uint64_t> Length>
LoadRun run_load(policies::LoadExecutor executor, Length length) {
  return run_load(std::move(executor), length, [](const policies::LoadExecutor&, Time) {});
}

inline LoadRun run_load(policies::LoadExecutor executor, Duration length) {
  return run_load(std::move(executor), [length](std::uint32_t, std::uint64_t) { return length; });
}

}  // namespace sim::testing
