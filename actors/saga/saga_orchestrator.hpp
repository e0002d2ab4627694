#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "actors/saga/saga.hpp"
#include "actors/saga/saga_messages.hpp"
#include "libsim/duration_sum.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// Runs any number of sagas of one kind at once.
///
/// All it knows is in the log, which outlives it: an orchestrator that is spawned with the log of one that was killed
/// goes on with every saga that has not ended.
class SagaOrchestrator {
 public:
  struct Config {
    policies::Saga::Config saga{};

    friend bool operator==(const Config&, const Config&) = default;
  };

  struct Ports {
    std::vector<Port<ExecuteStep>> execute{};        ///< by step
    std::vector<Port<CompensateStep>> compensate{};  ///< by step; nobody for the pivot and retryable steps
    Port<SagaEnded> ended{};
  };

  struct AlarmRang {
    SagaId saga{};
    friend bool operator==(const AlarmRang&, const AlarmRang&) = default;
  };
  using Inbox = sim::Inbox<Start, StartSaga, StepEnded, CompensationEnded, AlarmRang>;

  SagaOrchestrator(Context& ctx, Config config, Ports ports, policies::SagaLog& log);
  /// Recovers from the log.
  void on(const Start&);
  SagaAccepted on(const StartSaga& request);
  void on(const StepEnded& result);
  void on(const CompensationEnded& result);
  void on(const AlarmRang& alarm);

  /// The sagas that have not ended, in the order of their ids.
  [[nodiscard]] std::vector<SagaId> open() const;
  [[nodiscard]] std::optional<SagaEnded> outcome(SagaId saga) const;
  /// For how long the sagas that failed, and those that are still open, have been inconsistent in all.
  [[nodiscard]] DurationSum inconsistent_time() const;
  [[nodiscard]] std::uint32_t stuck_count() const;

 private:
  struct Open {
    policies::Saga saga;
    TimerId alarm{};
    std::optional<Time> alarm_at{};
  };

  using OpenSagas = std::map<SagaId, Open>;

  [[nodiscard]] policies::Saga recovered(SagaId id) const;
  [[nodiscard]] static SagaEnded ended(const policies::Saga& saga);
  template <class Tell>
  void settle(SagaId saga, const Tell& tell);
  void carry_out(OpenSagas::iterator open, const policies::Saga::Actions& actions);
  void carry_out(const policies::Saga& saga, const policies::Saga::Command& command);
  void report(const policies::Saga& saga);
  void put_away(OpenSagas::iterator open);
  void set_alarm(Open& open);

  Context& ctx_;
  Config config_;
  Ports ports_;
  policies::SagaLog& log_;
  OpenSagas open_;
  std::map<SagaId, policies::Saga> failed_;  ///< for they stay inconsistent
  RandomStream& jitter_rng_;
  Counter& started_;
  Counter& recovered_;
  Counter& completed_;
  Counter& compensated_;
  Counter& failed_count_;
  Counter& half_compensated_;
  Counter& orphaned_;
  Counter& stuck_;
  Counter& retries_;
  Counter& late_results_;
  Tally& saga_time_;
  Tally& inconsistent_time_;
  Tally& compensation_time_;
};

}  // namespace sim::actors
