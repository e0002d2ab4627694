#include "libsim/caf/host.hpp"

#include <fmt/format.h>

#include "libsim/caf/world_impl.hpp"

namespace sim::detail {

::caf::exit_reason to_caf(ExitReason reason) {
  switch (reason) {
    case ExitReason::normal:
      return ::caf::exit_reason::normal;
    case ExitReason::shutdown:
      return ::caf::exit_reason::user_shutdown;
    case ExitReason::killed:
      return ::caf::exit_reason::kill;
    case ExitReason::failed:
      return ::caf::exit_reason::unhandled_exception;
    case ExitReason::unknown:
      return ::caf::exit_reason::unknown;
  }
  return ::caf::exit_reason::unknown;
}

ExitReason from_caf(const ::caf::error& reason) {
  if (!reason) {
    return ExitReason::normal;
  }
  if (reason == ::caf::exit_reason::user_shutdown) {
    return ExitReason::shutdown;
  }
  if (reason == ::caf::exit_reason::kill) {
    return ExitReason::killed;
  }
  return reason == ::caf::exit_reason::unknown ? ExitReason::unknown : ExitReason::failed;
}

Host::Host(::caf::actor_config& config, Kernel& kernel, ActorId id)
    : ::caf::monitorable_actor(config), kernel_(kernel), id_(id) {}

void Host::enqueue(::caf::mailbox_element_ptr element, ::caf::execution_unit*) {
  if (getf(is_terminated_flag)) {
    kernel_.count_dead_letter();
    bounce(element);
    return;
  }
  auto& content = element->content();
  if (content.match_elements<::caf::exit_msg>()) {
    const auto& exit = content.get_as<::caf::exit_msg>(0);
    if (exit.reason) {  // the normal end of a linked actor is no reason to follow it
      kernel_.exit(id_, ActorId{}, from_caf(exit.reason));
    }
  } else if (content.match_elements<::caf::down_msg>()) {
    const auto& down = content.get_as<::caf::down_msg>(0);
    if (kernel_.lists_down(id_)) {
      kernel_.post_down(id_, Down{kernel_.world().impl().simulated(down.source), from_caf(down.reason)});
    } else {
      refuse(*element);
    }
  } else if (element->mid.is_response()) {
    kernel_.world().impl().deliver_response(element);
  } else if (!accept(Duration{0}, *element)) {
    refuse(*element);
  }
}

void Host::refuse(const ::caf::mailbox_element& element) {
  kernel_.fail_after_event(fmt::format("the actor {} has no handler for the CAF message {}", kernel_.name(id_),
                                       element.content().stringify()));
}

}  // namespace sim::detail
