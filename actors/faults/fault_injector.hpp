#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "actors/faults/fault_messages.hpp"
#include "actors/faults/fault_schedule.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// How the faults of a schedule reach one target. No port: no other faults than kills.
struct FaultTarget {
  ActorId actor{};  ///< to be killed; nobody: who has the target's name at that time, as an actor that is restarted
  Port<ApplyFault> apply = {};
  Port<EndFault> end = {};
  policies::FaultKinds takes = {};
  std::uint32_t part = 0;

  friend bool operator==(const FaultTarget&, const FaultTarget&) = default;
};

/// The target of an actor that takes faults, and may be killed.
template <class A>
[[nodiscard]] FaultTarget fault_target(Ref<A> actor, policies::FaultKinds takes, std::uint32_t part = 0) {
  return {actor.id, actor, actor, takes, part};
}

/// Executes a fault schedule: kills actors, and tells others which faults begin and end. It lives as long as changes
/// lie ahead.
class FaultInjector {
 public:
  using Targets = std::map<std::string, FaultTarget, std::less<>>;

  struct Config {
    policies::FaultSchedule schedule;
    Targets targets;

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// To be asked before the run: the first row whose target is unknown or does not take its fault.
  [[nodiscard]] static Expected<void> validate(const Config& config);

  struct ChangeDue {
    static constexpr std::string_view message_name = "FaultInjector::ChangeDue";
    friend bool operator==(const ChangeDue&, const ChangeDue&) = default;
  };
  using Inbox = sim::Inbox<Start, ChangeDue>;

  /// A schedule that `validate` refuses is a bug (asserted).
  FaultInjector(Context& ctx, Config config);
  void on(const Start& start);
  void on(const ChangeDue& due);

 private:
  void execute(const policies::FaultSchedule::Change& change);
  void begin(const policies::FaultSchedule::Row& row, policies::ActiveFaults::Number number);
  void wait_for_next();

  Context& ctx_;
  Config config_;
  std::size_t next_change_ = 0;
  Counter& begun_;
  Counter& ended_;
  Counter& without_target_;
  Gauge& active_;
};

}  // namespace sim::actors
