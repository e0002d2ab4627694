#pragma once

#include <cstdint>
#include <vector>

#include "actors/retry/error_class.hpp"
#include "actors/saga/saga_log.hpp"
#include "libsim/kernel/port.hpp"

namespace sim::actors {

/// The result of one attempt at a step.
struct StepEnded {
  policies::StepKey key{};
  std::uint32_t attempt = 0;
  bool is_done = true;
  policies::ErrorClass error = policies::ErrorClass::server_error;  ///< when it is not

  friend bool operator==(const StepEnded&, const StepEnded&) = default;
};

/// Asks a participant to do a step, once per key however often it comes. See `policies::Saga` for what is expected.
struct ExecuteStep {
  policies::StepKey key{};
  std::uint32_t attempt = 0;
  Port<StepEnded> reply_to{};

  friend bool operator==(const ExecuteStep&, const ExecuteStep&) = default;
};

/// The result of one attempt at a compensation.
struct CompensationEnded {
  policies::StepKey key{};
  std::uint32_t attempt = 0;
  bool is_done = true;                                              ///< nothing is left of the step
  policies::ErrorClass error = policies::ErrorClass::server_error;  ///< when it is not

  friend bool operator==(const CompensationEnded&, const CompensationEnded&) = default;
};

/// Asks a participant to remove what the step of this key has left, and to refuse the step from now on.
struct CompensateStep {
  policies::StepKey key{};
  std::uint32_t attempt = 0;
  Port<CompensationEnded> reply_to{};

  friend bool operator==(const CompensateStep&, const CompensateStep&) = default;
};

/// The saga is in the log: it will end, whatever happens to the orchestrator.
struct SagaAccepted {
  bool is_new = true;

  friend bool operator==(const SagaAccepted&, const SagaAccepted&) = default;
};

/// Starts a saga. To be sent again when no answer comes; one that is known already is accepted and not started again.
struct StartSaga {
  using Reply = SagaAccepted;
  SagaId saga{};

  friend bool operator==(const StartSaga&, const StartSaga&) = default;
};

/// How a saga ended. Told once, and again whenever one that has ended is started again.
struct SagaEnded {
  SagaId saga{};
  policies::SagaState state = policies::SagaState::completed;
  std::vector<std::uint32_t> orphaned_steps{};

  friend bool operator==(const SagaEnded&, const SagaEnded&) = default;
};

}  // namespace sim::actors
