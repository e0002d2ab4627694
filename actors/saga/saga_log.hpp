#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string_view>
#include <vector>

#include "libsim/time.hpp"

namespace sim {

/// One saga, unique among all that share a log.
enum class SagaId : std::uint64_t {};

}  // namespace sim

namespace sim::policies {

/// The idempotency key of a step: the same for every attempt to execute it and every attempt to compensate it, before
/// and after a crash.
struct StepKey {
  SagaId saga{};
  std::uint32_t step = 0;  ///< counted from 0

  // clang-tidy 14 takes the comparison of its result with 0 for a null pointer.
  friend auto operator<=>(const StepKey&, const StepKey&) = default;  // NOLINT(modernize-use-nullptr)
};

enum class SagaState : std::uint8_t {
  pending,       ///< not started
  running,       ///< forward
  compensating,  ///< backward
  completed,     ///< every step is done
  compensated,   ///< nothing is left of any step
  failed,        ///< not everything could be compensated: the rest is orphaned
};

[[nodiscard]] std::string_view to_text(SagaState state);

/// What is known of a step or a compensation that is not attempted any more.
enum class StepResult : std::uint8_t {
  succeeded,
  failed,   ///< a step: has left nothing behind. A compensation: has failed for good
  unknown,  ///< a step only: may have left its artifact
};

/// One line of a saga log.
struct SagaRecord {
  enum class Kind : std::uint8_t {
    saga_started,
    step_started,          ///< one for each attempt
    step_ended,            ///< after its last attempt
    compensation_started,  ///< one for each attempt
    compensation_ended,    ///< after its last attempt
    saga_ended,
  };

  Kind kind = Kind::saga_started;
  StepKey key{};
  std::uint32_t attempt = 0;                  ///< of a start: which one, from 1, crashes included
  StepResult result = StepResult::succeeded;  ///< of an end of a step or a compensation
  SagaState state = SagaState::pending;       ///< that the record leads to
  Time at{};

  friend bool operator==(const SagaRecord&, const SagaRecord&) = default;
};

/// What an orchestrator has written down of its sagas. Its owner is whoever survives the orchestrator, which reads of
/// it what is still open: it need not read again all that has ever been.
class SagaLog {
 public:
  /// Time never goes back (asserted).
  void append(const SagaRecord& record);

  [[nodiscard]] const std::vector<SagaRecord>& records() const { return records_; }

  /// Those of one saga, in their order.
  [[nodiscard]] std::vector<SagaRecord> records_of(SagaId saga) const;
  [[nodiscard]] std::size_t records_count(SagaId saga) const;

  /// The sagas that have a record and have not ended.
  [[nodiscard]] const std::set<SagaId>& open() const { return open_; }
  /// Those that ended and have left something behind.
  [[nodiscard]] const std::set<SagaId>& failed() const { return failed_; }
  [[nodiscard]] bool has_ended(SagaId saga) const { return records_count(saga) > 0 && !open_.contains(saga); }

  friend bool operator==(const SagaLog& one, const SagaLog& other) { return one.records_ == other.records_; }

 private:
  std::vector<SagaRecord> records_;
  std::map<SagaId, std::vector<std::size_t>> places_;  // in `records_`
  std::set<SagaId> open_;
  std::set<SagaId> failed_;
};

}  // namespace sim::policies
