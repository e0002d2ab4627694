#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <set>

#include "tests/actors/load/load_run.hpp"

using namespace sim;
using namespace sim::policies;
using namespace sim::testing;

namespace {

int number(int minimum, int maximum) { return *rc::gen::inRange(minimum, maximum + 1); }

std::uint32_t count(int minimum, int maximum) { return static_cast<std::uint32_t>(number(minimum, maximum)); }

std::vector<LoadStage> any_stages() {
  std::vector<LoadStage> stages;
  for (int left = number(1, 5); left > 0; --left) {
    stages.push_back({number(0, 10) * Duration(500ms), count(0, 8)});
  }
  stages.push_back({1s, count(1, 8)});
  return stages;
}

LoadExecutor::Executor any_executor() {
  const std::uint32_t pre_allocated = count(1, 5);
  const std::uint32_t max = number(0, 1) == 0 ? 0 : pre_allocated + count(0, 5);
  switch (number(0, 5)) {
    case 0:
      return SharedIterations{count(1, 6), count(1, 40), number(1, 20) * Duration(1s)};
    case 1:
      return PerVuIterations{count(1, 6), count(1, 10), number(1, 20) * Duration(1s)};
    case 2:
      return ConstantVus{count(1, 6), number(1, 20) * Duration(1s)};
    case 3:
      return RampingVus{count(0, 6), any_stages(), number(0, 5) * Duration(1s)};
    case 4:
      return ConstantArrivalRate{count(1, 10), number(1, 3) * Duration(1s), number(1, 9'999) * Duration(1ms),
                                 pre_allocated, max};
    default:
      return RampingArrivalRate{count(0, 10), number(1, 3) * Duration(1s), any_stages(), pre_allocated, max};
  }
}

std::uint32_t vus_max(const LoadExecutor::Executor& executor) {
  struct Visitor {
    std::uint32_t operator()(const SharedIterations& settings) const { return settings.vus; }
    std::uint32_t operator()(const PerVuIterations& settings) const { return settings.vus; }
    std::uint32_t operator()(const ConstantVus& settings) const { return settings.vus; }
    std::uint32_t operator()(const RampingVus& settings) const {
      std::uint32_t most = settings.start_vus;
      for (const LoadStage& stage : settings.stages) {
        most = std::max(most, stage.target);
      }
      return most;
    }
    std::uint32_t operator()(const ConstantArrivalRate& settings) const {
      return std::max(settings.pre_allocated_vus, settings.max_vus);
    }
    std::uint32_t operator()(const RampingArrivalRate& settings) const {
      return std::max(settings.pre_allocated_vus, settings.max_vus);
    }
  };
  return std::visit(Visitor{}, executor);
}

/// How many iterations the settings ask for, one by one.
std::optional<std::uint64_t> scheduled(const LoadExecutor::Executor& executor) {
  if (const auto* shared = std::get_if<SharedIterations>(&executor)) {
    return shared->iterations;
  }
  if (const auto* per_vu = std::get_if<PerVuIterations>(&executor)) {
    return per_vu->vus * per_vu->iterations;
  }
  if (const auto* constant = std::get_if<ConstantArrivalRate>(&executor)) {
    std::uint64_t arrivals = 0;
    while (static_cast<std::int64_t>(arrivals) * constant->time_unit < constant->rate * constant->duration) {
      ++arrivals;
    }
    return arrivals;
  }
  if (const auto* ramp = std::get_if<RampingArrivalRate>(&executor)) {
    std::uint64_t halves_ms = 0;
    std::uint64_t rate = ramp->start_rate;
    for (const LoadStage& stage : ramp->stages) {
      halves_ms += (rate + stage.target) * static_cast<std::uint64_t>(stage.duration / 1ms);
      rate = stage.target;
    }
    return halves_ms / (2 * static_cast<std::uint64_t>(ramp->time_unit / 1ms));
  }
  return std::nullopt;
}

/// Where the line of virtual users stands.
double level(const RampingVus& ramp, Duration at) {
  double from = ramp.start_vus;
  Duration begin{};
  for (const LoadStage& stage : ramp.stages) {
    if (at < begin + stage.duration) {
      return from + (stage.target - from) * (to_seconds(at - begin) / to_seconds(stage.duration));
    }
    begin += stage.duration;
    from = stage.target;
  }
  return from;
}

}  // namespace

TEST_CASE("every iteration of a load is accounted for, and no load runs more virtual users than it may",
          "[load_executor][property]") {
  REQUIRE(rc::check("account", [] {
    const LoadExecutor::Config config{any_executor(), number(0, 3) * Duration(1s), number(0, 4) * Duration(1s)};
    const std::vector<int> lengths_ms =
        *rc::gen::nonEmpty(rc::gen::container<std::vector<int>>(rc::gen::inRange(1, 5'000)));
    const auto length = [&lengths_ms](std::uint32_t, std::uint64_t iteration) {
      return lengths_ms[iteration % lengths_ms.size()] * Duration(1ms);
    };
    const LoadExecutor executor(config);
    RC_ASSERT(executor.vus_max() == vus_max(config.executor));
    RC_ASSERT(executor.scheduled_count() == scheduled(config.executor));
    Time last{};
    const LoadRun run = run_load(executor, length, [&](const LoadExecutor& now_executor, Time now) {
      const LoadExecutor::Statistics& statistics = now_executor.statistics();
      RC_ASSERT(statistics.started_count ==
                statistics.completed_count + statistics.interrupted_count + now_executor.running());
      RC_ASSERT(now_executor.running() <= vus_max(config.executor));
      RC_ASSERT(now_executor.allocated_vus() <= vus_max(config.executor));
      RC_ASSERT(now >= last);
      last = now;
    });
    RC_ASSERT(last <= executor.ends_at());
    if (const auto expected = scheduled(config.executor)) {
      RC_ASSERT(run.statistics.started_count + run.statistics.dropped_count == *expected);
    } else {
      RC_ASSERT(run.statistics.dropped_count == 0u);
    }
    std::map<std::uint32_t, Duration> busy_until;
    for (const LoadRun::Started& iteration : run.iterations) {
      RC_ASSERT(iteration.at >= config.start_time);
      RC_ASSERT(iteration.vu < vus_max(config.executor));
      RC_ASSERT(busy_until[iteration.vu] <= iteration.at);  // one at a time
      busy_until[iteration.vu] = iteration.ended_at;
    }
  }));
}

TEST_CASE("without a graceful ramp-down there are never more virtual users than the line says, nor fewer",
          "[load_executor][property]") {
  REQUIRE(rc::check("line", [] {
    const RampingVus ramp{count(0, 6), any_stages(), 0s};
    const Duration length = number(1, 5'000) * Duration(1ms) + Duration(1ns);  // ends at no step of the line
    Time last{};
    std::uint32_t running = 0;  // after all that happened at that time
    run_load(
        LoadExecutor{{ramp, 0s, 0s}}, [length](std::uint32_t, std::uint64_t) { return length; },
        [&](const LoadExecutor& executor, Time now) {
          if (now > last) {
            const double line = level(ramp, last - Time{});
            RC_ASSERT(running <= std::ceil(line + 1e-6));
            RC_ASSERT(running >= std::floor(line - 1e-6));
          }
          last = now;
          running = executor.running();
        });
  }));
}
