#pragma once

#include <compare>
#include <cstdint>

namespace sim {

/// The address of one actor: a slot of the simulation's actor table and the generation of its tenant. A plain number
/// that keeps nothing alive; the number of a stopped actor is never given to another. `ActorId{}` is nobody.
enum class ActorId : std::uint64_t {};

/// The address of an actor of type `A`. Obtained from `spawn`; the default is nobody.
template <class A>
struct Ref {
  ActorId id{};

  friend auto operator<=>(const Ref&, const Ref&) = default;
};

/// A timer that was set with `Context::after`. The default is a timer that is not pending.
enum class TimerId : std::uint64_t {};

/// Where the answer to an asked message of reply type `R` goes: a plain number that may be stored and passed on. The
/// default, and what a handler gets for a message that was sent and not asked, stands for nobody; `Context::reply` to
/// it does nothing.
template <class R>
struct ReplyTo {
  ActorId asker{};
  std::uint64_t ask = 0;

  explicit operator bool() const { return ask != 0; }
  friend bool operator==(const ReplyTo&, const ReplyTo&) = default;
};

namespace detail {

constexpr std::uint32_t index_of(ActorId id) { return static_cast<std::uint32_t>(static_cast<std::uint64_t>(id)); }
constexpr std::uint32_t generation_of(ActorId id) {
  return static_cast<std::uint32_t>(static_cast<std::uint64_t>(id) >> 32);
}
constexpr ActorId make_actor_id(std::uint32_t index, std::uint32_t generation) {
  return ActorId{(std::uint64_t{generation} << 32) | index};
}

}  // namespace detail

}  // namespace sim
