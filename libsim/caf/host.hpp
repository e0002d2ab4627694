#pragma once

#include <functional>

#include <caf/all.hpp>

#include "libsim/kernel/actor_id.hpp"
#include "libsim/kernel/exit_reason.hpp"
#include "libsim/kernel/kernel.hpp"

namespace sim::detail {

/// Turns a CAF message into a typed event of the actor, `delay` from now; false when the actor's inbox has no such
/// message.
using Accept = bool (*)(Kernel&, ActorId, Duration delay, ::caf::mailbox_element&);

[[nodiscard]] ::caf::exit_reason to_caf(ExitReason reason);
[[nodiscard]] ExitReason from_caf(const ::caf::error& reason);

/// The CAF actor behind a simulated actor. It has no mailbox and no behaviour of its own: system messages (exit, down)
/// and messages of CAF actors become events of the kernel at once.
class Host final : public ::caf::monitorable_actor {
 public:
  Host(::caf::actor_config& config, Kernel& kernel, ActorId id);

  using ::caf::abstract_actor::enqueue;
  void enqueue(::caf::mailbox_element_ptr element, ::caf::execution_unit* unit) override;
  [[nodiscard]] const char* name() const override { return "sim.host"; }

  [[nodiscard]] ActorId simulated() const { return id_; }
  void accept_with(Accept function) { accept_ = function; }
  /// Schedules the typed event for a CAF message; false when this actor takes no such message.
  bool accept(Duration delay, ::caf::mailbox_element& element) {
    return accept_ != nullptr && !getf(is_terminated_flag) && accept_(kernel_, id_, delay, element);
  }

 private:
  void refuse(const ::caf::mailbox_element& element);

  Kernel& kernel_;
  ActorId id_;
  Accept accept_ = nullptr;  // set when the actor is shown to CAF actors
};

}  // namespace sim::detail
