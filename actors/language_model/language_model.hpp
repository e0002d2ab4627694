#pragma once

#include <cstdint>
#include <map>

#include "actors/faults/fault.hpp"
#include "actors/faults/fault_messages.hpp"
#include "actors/language_model/language_model_messages.hpp"
#include "actors/load_shedding/concurrency_limit.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// A language model behind an API: slow, external, sometimes failing.
///
/// Token counts, when known, give the time: what every call takes, the context at the prefill rate, and the answer at
/// the decode rate. Otherwise the time is drawn. Beyond `concurrent_requests_max` calls wait in line.
class LanguageModel {
 public:
  struct Config {
    Distribution latency = lognormal_p50_p99(2200ms, 9s);
    Distribution short_latency = lognormal_p50_p99(850ms, 3500ms);
    Distribution overhead = lognormal_p50_p99(200ms, 900ms);  ///< part of a call with known token counts
    double prefill_tokens_per_s = 5000;
    double decode_tokens_per_s = 60;
    double failure_probability = 0.005;
    std::uint32_t concurrent_requests_max = 200;

    friend bool operator==(const Config&, const Config&) = default;
  };

  struct Finished {
    std::uint64_t number = 0;
    friend bool operator==(const Finished&, const Finished&) = default;
  };
  using Inbox = sim::Inbox<Complete, Finished, ApplyFault, EndFault>;

  LanguageModel(Context& ctx, Config config);
  void on(const Complete& request);
  void on(const Finished& finished);
  void on(const ApplyFault& fault) { faults_.apply(fault.number, fault.fault); }
  void on(const EndFault& fault) { faults_.end(fault.number); }

  /// The faults that it takes: calls that begin while it is slow are slow, calls that end under errors fail.
  [[nodiscard]] static constexpr policies::FaultKinds faults() {
    return {policies::FaultKind::slow, policies::FaultKind::errors};
  }

 private:
  void begin(std::uint64_t number);
  [[nodiscard]] Duration time_of(const Complete& request);
  [[nodiscard]] bool fails();

  Context& ctx_;
  Config config_;
  policies::ConcurrencyLimit limit_;
  std::map<std::uint64_t, Complete> requests_;  ///< in progress and waiting
  std::uint64_t last_number_ = 0;
  RandomStream& latency_rng_;
  RandomStream& fault_rng_;
  RandomStream& injected_rng_;  ///< of its own, so that a fault moves no other draw
  policies::ActiveFaults faults_;
  Tally& latency_;
  Gauge& in_progress_;
  Counter& failures_;
};

}  // namespace sim::actors
