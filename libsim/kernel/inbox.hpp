#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

#include "libsim/kernel/exit_reason.hpp"

namespace sim {

class Process;

/// The messages that an actor accepts, all of them: `using Inbox = sim::Inbox<Request, ServiceDone>;`.
template <class... Messages>
struct Inbox {
  static constexpr std::size_t size = sizeof...(Messages);

  template <class M>
  static constexpr bool contains = (std::is_same_v<M, Messages> || ...);

  /// The position of `M` in the list.
  template <class M>
  static constexpr std::size_t position() {
    std::size_t position = 0;
    static_cast<void>(((std::is_same_v<M, Messages> ? true : (++position, false)) || ...));
    return position;
  }
};

/// A message that can be asked: it names the type of its reply, as in `using Reply = Executed;`. Every class is also a
/// member of itself by its own name, so that one named `Reply` seems to name itself; it is a message like any other.
template <class M>
concept Askable = requires {
  requires !std::same_as<typename M::Reply, M>;
};

/// An actor type that accepts `M`.
template <class A, class M>
concept Accepts = A::Inbox::template contains<M>;

namespace detail {

template <class A, class M>
concept HandlesPlain = requires(A actor, const M message) {
  actor.on(message);
};

template <class A, class M>
concept HandlesWithReplyTo = Askable<M> && requires(A actor, const M message, ReplyTo<typename M::Reply> reply_to) {
  actor.on(message, reply_to);
};

template <class A, class M>
concept HandlesWithReply = Askable<M> && requires(A actor, const M message) {
  { actor.on(message) } -> std::convertible_to<typename M::Reply>;
};

template <class A, class M>
concept HandlesAskable = HandlesWithReplyTo<A, M> || HandlesWithReply<A, M>;

/// A coroutine outlives the event of its message and must own it: the handler takes the message by value.
template <class A, class M>
concept TakesByValue = requires {
  static_cast<Process (A::*)(M)>(&A::on);
}
|| (Askable<M> && requires { static_cast<Process (A::*)(M, ReplyTo<typename M::Reply>)>(&A::on); });

template <class A, class M>
constexpr bool handler_is_process() {
  if constexpr (HandlesWithReplyTo<A, M>) {
    return std::is_same_v<
        decltype(std::declval<A&>().on(std::declval<const M&>(), std::declval<ReplyTo<typename M::Reply>>())), Process>;
  } else {
    return std::is_same_v<decltype(std::declval<A&>().on(std::declval<const M&>())), Process>;
  }
}

}  // namespace detail

}  // namespace sim
