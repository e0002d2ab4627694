#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "actors/retry/error_class.hpp"
#include "actors/retry/retry_schedule.hpp"
#include "actors/saga/saga_log.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// One saga: steps in a row, and compensations in reverse when one of them fails.
///
/// Each call returns records to append to the log first, and commands to carry out then. All that matters after a crash
/// is in the records: the live saga and the recovered one are the same function of them. The log may end after any
/// record, also between the records of one call.
///
/// Participants are idempotent by `StepKey`: what was done is answered again and not done again; a compensation of what
/// was never executed succeeds, and the step is refused when it comes later; an attempt with a lower number than the
/// latest seen is refused. A failure whose class is not in `unknown_results` has left nothing behind.
///
/// Source: Garcia-Molina and Salem, "Sagas" (1987); Richardson, "Microservices Patterns" (2018), chapter 4, for
/// orchestration and the three kinds of steps.
class Saga {
 public:
  enum class StepKind : std::uint8_t {
    compensatable,
    pivot,      ///< the last step that may fail; never compensated
    retryable,  ///< tried until it succeeds; never compensated
  };
  enum class StepState : std::uint8_t {
    pending,
    running,
    completed,
    failed,   ///< has left nothing behind
    unknown,  ///< given up, may have left its artifact: to be compensated
    compensating,
    compensated,
    orphaned,  ///< has, or may have, left an artifact that nobody will remove
  };
  enum class CompensationOrder : std::uint8_t { sequential, parallel };
  enum class OnFailedCompensation : std::uint8_t { continue_with_others, stop };

  struct Step {
    StepKind kind = StepKind::compensatable;
    Duration timeout = 30s;               ///< of one attempt; `forever`: none
    Duration compensation_timeout = 30s;  ///< of one attempt; `forever`: none

    friend bool operator==(const Step&, const Step&) = default;
  };

  struct Config {
    std::vector<Step> steps{};           ///< compensatable ones, then at most one pivot, then retryable ones
    RetrySchedule::Config step_retry{};  ///< of compensatable steps and the pivot
    RetrySchedule::Config forward_retry = {.attempts_max = 0, .retryable = ErrorClasses::all()};  ///< of retryable ones
    RetrySchedule::Config compensation_retry{};
    /// Failures after which the step may have been executed nevertheless.
    ErrorClasses unknown_results = {ErrorClass::timed_out, ErrorClass::connection_failed};
    CompensationOrder compensation_order = CompensationOrder::sequential;  ///< in reverse, or all at once
    /// `stop` begins no further compensation after one failed for good; of parallel ones all have begun by then.
    OnFailedCompensation on_failed_compensation = OnFailedCompensation::continue_with_others;
    Duration stuck_after = 10min;  ///< without the end of a step or a compensation (inclusive); `forever`: never

    friend bool operator==(const Config&, const Config&) = default;
  };

  struct Command {
    enum class Kind : std::uint8_t {
      execute,        ///< send the attempt to the participant of the step
      compensate,     ///< the same for its compensation
      report_orphan,  ///< the artifact of the step stays
      report_stuck,   ///< once until something ends again
      finish,         ///< `state()` is the outcome
    };
    Kind kind = Kind::execute;
    StepKey key{};
    std::uint32_t attempt = 0;  ///< of execute and compensate, from 1

    friend bool operator==(const Command&, const Command&) = default;
  };

  /// Valid until the next call that is not const.
  struct Actions {
    std::span<const SagaRecord> records;
    std::span<const Command> commands;
  };

  Saga(Config config, SagaId id);

  /// Starts a pending saga.
  Actions start(Time now);

  /// The step is done, whichever attempt did it, also one that had timed out before. Late when the step has ended.
  Actions step_succeeded(Time now, std::uint32_t step, std::uint32_t attempt);
  /// An attempt has failed; late unless it is the one that is awaited. `uniform01` is a draw from [0, 1) for jitter.
  Actions step_failed(Time now, std::uint32_t step, std::uint32_t attempt, ErrorClass error, double uniform01);
  Actions compensation_succeeded(Time now, std::uint32_t step, std::uint32_t attempt);
  Actions compensation_failed(Time now, std::uint32_t step, std::uint32_t attempt, ErrorClass error, double uniform01);

  /// When `advance` will next do something, after a crash possibly in the past; nothing while it waits for results
  /// only.
  [[nodiscard]] std::optional<Time> next_change_at() const;
  /// Does at most one thing that is due: a timeout (inclusive: a result that is told before it counts), the next
  /// attempt, or the report that the saga is stuck. To be called until `next_change_at` lies ahead.
  Actions advance(Time now, double uniform01);

  /// Takes over one record of this saga from the log of an orchestrator that is gone. In their order, then `resume`.
  void replay(const SagaRecord& record);
  /// Goes on after a crash: what was in flight, or waited for its next attempt, is attempted again at once with its key
  /// and a retry schedule that begins anew; a step then counts as unknown until it succeeds. Nothing for a saga that
  /// ended.
  Actions resume(Time now);

  [[nodiscard]] SagaId id() const { return id_; }
  [[nodiscard]] SagaState state() const { return state_; }
  [[nodiscard]] bool has_ended() const { return state_ > SagaState::compensating; }
  [[nodiscard]] StepState step_state(std::uint32_t step) const { return steps_.at(step).state; }
  /// The steps whose artifact stays although it should not, in their order.
  [[nodiscard]] std::vector<std::uint32_t> orphaned_steps() const;
  /// Failed, and something was compensated nevertheless.
  [[nodiscard]] bool is_half_compensated() const;
  [[nodiscard]] bool is_stuck(Time now) const;
  /// From the start to the end; until `now` while the saga has not ended. 0 for a pending one.
  [[nodiscard]] Duration elapsed_time(Time now) const;
  /// From the first completed step until the saga was completed or compensated; until `now` while it is not, which for
  /// a failed one is for ever. 0 when no step was completed.
  [[nodiscard]] Duration inconsistent_time(Time now) const;
  /// From the failure until the saga was compensated or failed; until `now` while it is neither. 0 without a failure.
  [[nodiscard]] Duration compensation_time(Time now) const;
  /// Results that came when nobody waited for them.
  [[nodiscard]] std::uint64_t late_results_count() const { return late_results_count_; }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  struct Progress {
    StepState state = StepState::pending;
    std::uint32_t attempt = 0;  ///< of the step, then of its compensation
    // The rest does not survive a crash.
    bool may_have_executed = false;
    bool is_waiting = false;    ///< between two attempts
    bool is_resolving = false;  ///< a pivot whose attempts are used up and whose result is unknown
    std::optional<Time> due{};  ///< the timeout, or the next attempt
    std::optional<RetrySchedule> schedule{};
  };

  void begin_call(Time now);
  [[nodiscard]] Actions end_call() const { return {records_, commands_}; }
  void write(SagaRecord::Kind kind, std::uint32_t step, std::uint32_t attempt, StepResult result, SagaState state);
  void apply(const SagaRecord& record);
  void apply_step_end(const SagaRecord& record);
  void apply_saga_end(const SagaRecord& record);
  void go_on();
  void compensate_others();
  void finish(SagaState state);
  void begin(std::uint32_t step, StepState phase);
  void attempt(std::uint32_t step, StepState phase);
  [[nodiscard]] const RetrySchedule::Config& retry_of(std::uint32_t step, StepState phase) const;
  bool accepts(std::uint32_t step, std::uint32_t attempt, StepState phase);
  bool awaits(std::uint32_t step, std::uint32_t attempt, StepState phase);
  void end_step(std::uint32_t step, StepResult result);
  void end_compensation(std::uint32_t step, StepResult result);
  void fail_step(std::uint32_t step, ErrorClass error, double uniform01);
  void fail_compensation(std::uint32_t step, ErrorClass error, double uniform01);
  bool retry_later(Progress& progress, ErrorClass error, double uniform01);
  [[nodiscard]] Progress* most_due();
  [[nodiscard]] std::optional<Time> stuck_at() const;
  [[nodiscard]] bool has(StepState state) const;

  Config config_;
  SagaId id_;
  SagaState state_ = SagaState::pending;
  std::vector<Progress> steps_;
  std::uint32_t completed_count_ = 0;  ///< forward
  Time now_{};
  Time progress_at_{};  ///< when something ended last
  std::optional<Time> started_at_;
  std::optional<Time> inconsistent_since_;
  std::optional<Time> compensating_since_;
  std::optional<Time> ended_at_;
  bool is_reported_stuck_ = false;
  std::uint64_t late_results_count_ = 0;
  std::vector<SagaRecord> records_;
  std::vector<Command> commands_;
};

}  // namespace sim::policies
