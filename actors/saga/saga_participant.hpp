#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "actors/saga/saga_messages.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// Does one step of sagas: leaves one artifact per key, and removes it again. It behaves as `policies::Saga` expects of
/// participants: idempotent by key, and a step that was compensated is refused. Requests of one key are worked on at
/// the same time when they come so; the first that finishes decides.
class SagaParticipant {
 public:
  /// Which steps and compensations fail in every attempt, for sure, leaving everything as it was.
  using FailsAlways = std::function<bool(SagaId saga)>;

  struct Config {
    Distribution execution_time = lognormal_p50_p99(400ms, 2s);
    Distribution compensation_time = lognormal_p50_p99(250ms, 1500ms);
    double execution_error_probability = 0;
    double compensation_error_probability = 0;
    FailsAlways execution_fails = {};     ///< nothing: none does
    FailsAlways compensation_fails = {};  ///< nothing: none does
  };

  struct Entry {
    bool is_executed = false;
    bool has_artifact = false;
    bool is_refusing = false;
    std::uint32_t compensations_begun = 0;   ///< attempts
    std::uint32_t compensations_failed = 0;  ///< attempts

    friend bool operator==(const Entry&, const Entry&) = default;
  };

  using Inbox = sim::Inbox<ExecuteStep, CompensateStep>;

  SagaParticipant(Context& ctx, Config config);
  Process on(ExecuteStep request);
  Process on(CompensateStep request);

  [[nodiscard]] const std::map<policies::StepKey, Entry>& entries() const { return entries_; }

 private:
  [[nodiscard]] static bool fails(const FailsAlways& always, SagaId saga) { return always && always(saga); }

  Context& ctx_;
  Config config_;
  std::map<policies::StepKey, Entry> entries_;
  RandomStream& execution_rng_;
  RandomStream& compensation_rng_;
  RandomStream& error_rng_;
  Tally& execution_time_;
  Tally& compensation_time_;
};

}  // namespace sim::actors
