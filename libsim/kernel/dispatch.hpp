#pragma once

#include <array>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "libsim/kernel/inbox.hpp"
#include "libsim/kernel/kernel.hpp"
#include "libsim/kernel/payload.hpp"
#include "libsim/kernel/process.hpp"
#include "libsim/kernel/type_name.hpp"

/// The tables through which events find their handlers: one constant per pair of actor type and message type, made at
/// compile time, so that delivering an event is one indirect call.
namespace sim::detail {

/// A message whose answer somebody awaits. The asker is the sender of the event.
template <class M>
struct Asked {
  M message;
  std::uint64_t ask;
};

/// An answer on its way back.
template <class R>
struct Answer {
  R value;
  std::uint64_t ask;
};

/// An ask that came to nothing.
struct AskFailed {
  std::uint64_t ask;
  AskError error;
};

/// A process that goes on.
struct Wake {
  std::coroutine_handle<> process;
};

/// An exit message.
struct Exit {
  ExitReason reason;
};

// --- what every delivery is made of

template <class T>
void drop_payload(Kernel& kernel, Event& event) {
  destroy_payload<T>(kernel.blocks(), event);
}

template <class T>
std::uint64_t hash_payload_of(const Event& event) {
  return hash_value(payload_of<T>(event));
}

template <class Payload>
constexpr Delivery make_delivery(void (*deliver)(Kernel&, void*, Event&), std::string_view name) {
  constexpr bool trivial = lies_inline<Payload> && std::is_trivially_destructible_v<Payload>;
  return {.deliver = deliver,
          .drop = trivial ? nullptr : &drop_payload<Payload>,
          .hash_payload = nullptr,
          .still_due = nullptr,
          .on_dead_letter = nullptr,
          .message = name,
          .message_hash = hash_text(name)};
}

// --- answers

template <class R>
void deliver_answer(Kernel& kernel, void*, Event& event) {
  Answer<R>& answer = payload_of<Answer<R>>(event);
  PendingAsk* const ask = kernel.find_ask(answer.ask);
  if (ask == nullptr) {
    kernel.count_late_reply();
    return;
  }
  static_cast<PendingReply<R>*>(ask)->reply.emplace(std::move(answer.value));
  ask->waiting.resume();
}

template <class R>
std::uint64_t hash_answer(const Event& event) {
  return hash_value(payload_of<Answer<R>>(event).value);
}

template <class R>
constexpr Delivery make_answer_delivery() {
  Delivery delivery = make_delivery<Answer<R>>(&deliver_answer<R>, type_name<R>());
  delivery.hash_payload = &hash_answer<R>;
  return delivery;
}

template <class R>
inline constexpr Delivery answer_delivery = make_answer_delivery<R>();

/// Where CAF actors' requests come from: their answers leave the simulation through the world.
inline constexpr ActorId outside{~std::uint64_t{0}};

/// Hands an answer to a CAF actor; defined in libsim/caf/world.cpp.
void answer_outside(Kernel& kernel, std::uint64_t ask, void* value);

template <class R>
void reply(Kernel& kernel, ReplyTo<R> reply_to, ActorId sender, R value) {
  if (!reply_to) {
    return;
  }
  if (reply_to.asker == outside) {
    answer_outside(kernel, reply_to.ask, &value);
  } else if (kernel.alive(reply_to.asker)) {
    kernel.post(Duration{0}, answer_delivery<R>, reply_to.asker, sender, Answer<R>{std::move(value), reply_to.ask});
  } else {
    kernel.count_late_reply();
  }
}

// --- handlers

/// Calls `on(message)` in whichever of its forms the actor has. `reply_to` is nothing for messages that cannot be
/// asked.
template <class A, class M, class... ReplyToOrNothing>
void call_handler(Kernel& kernel, A& actor, ActorId self, M& message, ReplyToOrNothing... reply_to) {
  if constexpr (TakesByValue<A, M>) {
    kernel.adopt(self, [&]() -> Process {
      if constexpr (HandlesWithReplyTo<A, M>) {
        return actor.on(std::move(message), reply_to...);
      } else {
        return actor.on(std::move(message));
      }
    }());
  } else if constexpr (HandlesWithReplyTo<A, M>) {
    actor.on(std::as_const(message), reply_to...);
  } else if constexpr (HandlesWithReply<A, M>) {
    reply(kernel, reply_to..., self, typename M::Reply(actor.on(std::as_const(message))));
  } else {
    actor.on(std::as_const(message));
  }
}

template <class A, class M>
void deliver_sent(Kernel& kernel, void* actor, Event& event) {
  M& message = payload_of<M>(event);
  if constexpr (Askable<M>) {
    call_handler(kernel, *static_cast<A*>(actor), event.target, message, ReplyTo<typename M::Reply>{});
  } else {
    call_handler(kernel, *static_cast<A*>(actor), event.target, message);
  }
}

template <class A, class M>
void deliver_asked(Kernel& kernel, void* actor, Event& event) {
  Asked<M>& asked = payload_of<Asked<M>>(event);
  call_handler(kernel, *static_cast<A*>(actor), event.target, asked.message,
               ReplyTo<typename M::Reply>{event.sender, asked.ask});
}

template <class M>
std::uint64_t hash_asked(const Event& event) {
  return hash_value(payload_of<Asked<M>>(event).message);
}

template <class M>
void fail_dead_ask(Kernel& kernel, const Event& event) {
  kernel.fail_ask_later(payload_of<Asked<M>>(event).ask, event.sender, AskError::target_down);
}

template <class A, class M>
constexpr Delivery make_sent_delivery() {
  static_assert(HandlesPlain<A, M> || HandlesAskable<A, M>,
                "the actor lists a message in its Inbox that it has no on() for");
  static_assert(!Askable<M> || HandlesAskable<A, M>,
                "on() for an askable message returns its reply or takes a ReplyTo");
  static_assert(!handler_is_process<A, M>() || TakesByValue<A, M>,
                "a handler that is a coroutine takes its message by value, for it outlives the event");
  Delivery delivery = make_delivery<M>(&deliver_sent<A, M>, type_name<M>());
  delivery.hash_payload = &hash_payload_of<M>;
  return delivery;
}

template <class A, class M>
constexpr Delivery make_asked_delivery() {
  if constexpr (Askable<M>) {
    Delivery delivery = make_delivery<Asked<M>>(&deliver_asked<A, M>, type_name<M>());
    delivery.hash_payload = &hash_asked<M>;
    delivery.on_dead_letter = &fail_dead_ask<M>;
    return delivery;
  } else {
    return {};
  }
}

template <class A, class List>
struct DeliveriesOf;

template <class A, class... Messages>
struct DeliveriesOf<A, Inbox<Messages...>> {
  static constexpr auto make() {
    std::array<Delivery, 2 * sizeof...(Messages)> made{};
    std::size_t i = 0;
    ((made[i] = make_sent_delivery<A, Messages>(), made[i + 1] = make_asked_delivery<A, Messages>(), i += 2), ...);
    return made;
  }
  static constexpr auto table = make();
  static constexpr std::array<const MessageTag*, sizeof...(Messages)> tags{&message_tag<Messages>...};
};

/// The delivery of `M`, sent or asked, to actors of type `A`.
template <class A, class M>
constexpr const Delivery& delivery_of(bool asked = false) {
  return DeliveriesOf<A, typename A::Inbox>::table[2 * A::Inbox::template position<M>() + (asked ? 1 : 0)];
}

// --- life and death

template <class A>
concept HasRun = requires(A actor) {
  { actor.run() } -> std::same_as<Process>;
};

template <class A>
void deliver_start(Kernel& kernel, void* object, Event& event) {
  A& actor = *static_cast<A*>(object);
  const ActorId self = event.target;
  if constexpr (A::Inbox::template contains<Start>) {
    Start start;
    call_handler(kernel, actor, self, start);
  }
  if constexpr (HasRun<A>) {
    kernel.adopt(self, actor.run());
  }
}

inline bool target_is_alive(Kernel& kernel, const Event& event) { return kernel.alive(event.target); }

/// Dropped unseen when the actor is gone: stopped at once, or never made because its constructor threw.
template <class A>
constexpr Delivery make_start_delivery() {
  Delivery delivery = make_delivery<Start>(&deliver_start<A>, "Start");
  delivery.still_due = &target_is_alive;
  return delivery;
}

template <class A>
inline constexpr Delivery start_delivery = make_start_delivery<A>();

}  // namespace sim::detail
