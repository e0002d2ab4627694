#pragma once

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/saga/saga.hpp"

namespace sim::testing::saga_script {

using namespace sim::policies;
using Kind = Saga::StepKind;
using State = Saga::StepState;
using Steps = std::vector<std::uint32_t>;

inline Time at(Duration since_start) { return Time{} + since_start; }

inline std::string text(const Saga::Command& command) {
  switch (command.kind) {
    case Saga::Command::Kind::execute:
      return fmt::format("execute {}.{}", command.key.step, command.attempt);
    case Saga::Command::Kind::compensate:
      return fmt::format("compensate {}.{}", command.key.step, command.attempt);
    case Saga::Command::Kind::report_orphan:
      return fmt::format("orphan {}", command.key.step);
    case Saga::Command::Kind::report_stuck:
      return fmt::format("stuck at {}", command.key.step);
    case Saga::Command::Kind::finish:
      return "finish";
  }
  return "?";
}

/// A saga with its log. Each call says which commands came of it: `execute 2.1` is the first attempt at step 2.
struct Bench {
  explicit Bench(const Saga::Config& config) : saga(config, SagaId{7}) {}

  std::string start(Duration now) { return carry_out(saga.start(at(now))); }
  std::string done(Duration now, std::uint32_t step, std::uint32_t attempt = 1) {
    return carry_out(saga.step_succeeded(at(now), step, attempt));
  }
  std::string failed(Duration now, std::uint32_t step, std::uint32_t attempt = 1,
                     ErrorClass error = ErrorClass::client_error) {
    return carry_out(saga.step_failed(at(now), step, attempt, error, 0));
  }
  std::string undone(Duration now, std::uint32_t step, std::uint32_t attempt = 1) {
    return carry_out(saga.compensation_succeeded(at(now), step, attempt));
  }
  std::string not_undone(Duration now, std::uint32_t step, std::uint32_t attempt = 1,
                         ErrorClass error = ErrorClass::client_error) {
    return carry_out(saga.compensation_failed(at(now), step, attempt, error, 0));
  }
  std::string advance(Duration now, double uniform01 = 0) { return carry_out(saga.advance(at(now), uniform01)); }
  std::optional<Duration> next() const {
    const auto change = saga.next_change_at();
    return change ? std::optional{change->time_since_epoch()} : std::nullopt;
  }

  std::string carry_out(const Saga::Actions& actions) {
    for (const SagaRecord& record : actions.records) {
      log.append(record);
    }
    std::string commands;
    for (const Saga::Command& command : actions.commands) {
      REQUIRE(command.key.saga == SagaId{7});
      commands += (commands.empty() ? "" : ", ") + text(command);
    }
    return commands;
  }

  Saga saga;
  SagaLog log;
};

/// Never stuck, one attempt at each compensatable step, so that a failure is for good.
inline Saga::Config one_attempt(std::vector<Saga::Step> steps) {
  Saga::Config config;
  config.steps = std::move(steps);
  config.step_retry.attempts_max = 1;
  config.compensation_retry.attempts_max = 1;
  config.stuck_after = forever;
  return config;
}

inline Saga::Config three_steps() { return one_attempt(std::vector<Saga::Step>(3)); }

/// Attempts at 0, 0.5 and 1.5 s when each fails at once.
inline Saga::Config three_steps_retried() {
  Saga::Config config = three_steps();
  config.step_retry = {};
  config.compensation_retry = {};
  return config;
}

/// Steps 0 and 1 compensatable, 2 the pivot, 3 and 4 retryable.
inline Saga::Config with_pivot() {
  return one_attempt({{}, {}, {.kind = Kind::pivot}, {.kind = Kind::retryable}, {.kind = Kind::retryable}});
}

/// Two steps are done, the third fails: the compensation of step 1 has begun at 3 s.
inline Bench compensating(const Saga::Config& config) {
  Bench bench{config};
  bench.start(0s);
  bench.done(1s, 0);
  bench.done(2s, 1);
  bench.failed(3s, 2);
  return bench;
}

}  // namespace sim::testing::saga_script
