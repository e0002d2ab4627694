#include "libsim/caf/virtual_clock.hpp"

#include <algorithm>
#include <typeinfo>
#include <utility>

#include "libsim/caf/coordinator.hpp"
#include "libsim/caf/host.hpp"
#include "libsim/kernel/dispatch.hpp"

namespace sim::detail {

namespace {

/// Counts one thing on its way to a guest. While something is, the guest lives.
struct Hold {
  Hold(Coordinator& owner, ActorId held) : coordinator(&owner), guest(held) {}
  Hold(Hold&& other) noexcept : coordinator(std::exchange(other.coordinator, nullptr)), guest(other.guest) {}
  Hold& operator=(Hold&&) = delete;
  ~Hold() {
    if (coordinator != nullptr) {
      coordinator->unhold(guest);
    }
  }
  Coordinator* coordinator;
  ActorId guest;
};

struct DelayedToGuest {
  Hold hold;
  ::caf::mailbox_element_ptr element;
};

struct DelayedToOther {
  Coordinator* coordinator;
  ::caf::strong_actor_ptr receiver;
  ::caf::mailbox_element_ptr element;
};

struct DelayedToGroup {
  Coordinator* coordinator;
  ::caf::group target;
  ::caf::strong_actor_ptr sender;
  ::caf::message content;
};

struct ReceiveTimeout {
  Hold hold;
  ::caf::atom_value type;
  std::uint64_t id;
};

struct RequestTimeout {
  Hold hold;
  ::caf::message_id id;
};

void deliver_to_guest(Kernel&, void* actor, Event& event) {
  auto& delayed = payload_of<DelayedToGuest>(event);
  Unit& unit = delayed.hold.coordinator->unit();
  static_cast<::caf::scheduled_actor*>(actor)->enqueue(std::move(delayed.element), &unit);
}

void deliver_to_other(Kernel&, void*, Event& event) {
  auto& delayed = payload_of<DelayedToOther>(event);
  delayed.receiver->enqueue(std::move(delayed.element), &delayed.coordinator->unit());
}

void deliver_to_group(Kernel&, void*, Event& event) {
  auto& delayed = payload_of<DelayedToGroup>(event);
  delayed.target.get()->enqueue(std::move(delayed.sender), ::caf::make_message_id(), std::move(delayed.content),
                                &delayed.coordinator->unit());
}

void deliver_receive_timeout(Kernel&, void* actor, Event& event) {
  auto& timeout = payload_of<ReceiveTimeout>(event);
  auto* const self = static_cast<::caf::scheduled_actor*>(actor);
  self->eq_impl(::caf::make_message_id(), self->ctrl(), &timeout.hold.coordinator->unit(),
                ::caf::timeout_msg{timeout.type, timeout.id});
}

void deliver_request_timeout(Kernel&, void* actor, Event& event) {
  auto& timeout = payload_of<RequestTimeout>(event);
  auto* const self = static_cast<::caf::scheduled_actor*>(actor);
  self->eq_impl(timeout.id, self->ctrl(), &timeout.hold.coordinator->unit(), ::caf::sec::request_timeout);
}

constexpr Delivery guest_delivery = make_delivery<DelayedToGuest>(&deliver_to_guest, "caf.delayed");
constexpr Delivery other_delivery = make_delivery<DelayedToOther>(&deliver_to_other, "caf.delayed");
constexpr Delivery group_delivery = make_delivery<DelayedToGroup>(&deliver_to_group, "caf.delayed");
constexpr Delivery receive_timeout_delivery = make_delivery<ReceiveTimeout>(&deliver_receive_timeout, "caf.timeout");
constexpr Delivery request_timeout_delivery =
    make_delivery<RequestTimeout>(&deliver_request_timeout, "caf.request_timeout");

}  // namespace

::caf::actor_clock::time_point VirtualClock::now() const noexcept {
  return time_point{std::chrono::duration_cast<duration_type>(kernel_.now().time_since_epoch())};
}

Duration VirtualClock::delay_until(time_point at) const {
  return std::max(Duration{0}, std::chrono::duration_cast<Duration>(at - now()));
}

void VirtualClock::set_ordinary_timeout(time_point at, ::caf::abstract_actor* self, ::caf::atom_value type,
                                        std::uint64_t id) {
  cancel_ordinary_timeout(self, type);
  Guest* const guest = coordinator_.guest_of(self);
  if (guest == nullptr) {
    return;
  }
  coordinator_.hold(*guest);
  guest->receive_timeouts.emplace_back(type,
                                       kernel_.post_timer(delay_until(at), receive_timeout_delivery, guest->id,
                                                          ReceiveTimeout{Hold{coordinator_, guest->id}, type, id}));
}

void VirtualClock::set_multi_timeout(time_point at, ::caf::abstract_actor* self, ::caf::atom_value type,
                                     std::uint64_t id) {
  if (Guest* const guest = coordinator_.guest_of(self); guest != nullptr) {
    coordinator_.hold(*guest);
    static_cast<void>(kernel_.post_timer(delay_until(at), receive_timeout_delivery, guest->id,
                                         ReceiveTimeout{Hold{coordinator_, guest->id}, type, id}));
  }
}

void VirtualClock::set_request_timeout(time_point at, ::caf::abstract_actor* self, ::caf::message_id id) {
  if (Guest* const guest = coordinator_.guest_of(self); guest != nullptr) {
    coordinator_.hold(*guest);
    guest->request_timeouts.emplace_back(id, kernel_.post_timer(delay_until(at), request_timeout_delivery, guest->id,
                                                                RequestTimeout{Hold{coordinator_, guest->id}, id}));
  }
}

void VirtualClock::cancel_ordinary_timeout(::caf::abstract_actor* self, ::caf::atom_value type) {
  Guest* const guest = coordinator_.guest_of(self);
  if (guest == nullptr) {
    return;
  }
  std::erase_if(guest->receive_timeouts, [&](const auto& timeout) {
    if (timeout.first != type) {
      return false;
    }
    kernel_.cancel(timeout.second);
    return true;
  });
}

void VirtualClock::cancel_request_timeout(::caf::abstract_actor*, ::caf::message_id) {
  // CAF never calls this; see Coordinator::drop_answered_requests.
}

void VirtualClock::cancel_timeouts(::caf::abstract_actor*) {
  // CAF calls this when the actor ends; the kernel's timers vanish with their owner.
}

void VirtualClock::schedule_message(time_point at, ::caf::strong_actor_ptr receiver,
                                    ::caf::mailbox_element_ptr content) {
  if (!receiver) {
    return;
  }
  const Duration delay = delay_until(at);
  ::caf::abstract_actor& actor = *receiver->get();
  // Not dynamic_cast, whose walk through CAF's hierarchy costs more than all the rest: Host is final.
  if (typeid(actor) == typeid(Host) && static_cast<Host&>(actor).accept(delay, *content)) {
    return;
  }
  if (Guest* const guest = coordinator_.guest_of(&actor); guest != nullptr) {
    coordinator_.hold(*guest);
    kernel_.post(delay, guest_delivery, guest->id, ActorId{},
                 DelayedToGuest{Hold{coordinator_, guest->id}, std::move(content)});
  } else {
    kernel_.post(delay, other_delivery, environment, ActorId{},
                 DelayedToOther{&coordinator_, std::move(receiver), std::move(content)});
  }
}

void VirtualClock::schedule_message(time_point at, ::caf::group target, ::caf::strong_actor_ptr sender,
                                    ::caf::message content) {
  kernel_.post(delay_until(at), group_delivery, environment, ActorId{},
               DelayedToGroup{&coordinator_, std::move(target), std::move(sender), std::move(content)});
}

}  // namespace sim::detail
