#pragma once

#include <compare>
#include <cstdint>

#include "libsim/kernel/actor_id.hpp"
#include "libsim/kernel/inbox.hpp"

namespace sim {

/// Where messages of type `M` can be sent: the number of an actor that accepts them. Made from a `Ref<A>` whose inbox
/// lists `M`; any other does not compile. The default is nobody: what is sent there becomes a dead letter.
template <class M>
class Port {
 public:
  Port() = default;

  /// A reference is a port for each message of its inbox: implicit on purpose.
  // NOLINTBEGIN(google-explicit-constructor)
  template <class A>
  requires Accepts<A, M> Port(Ref<A> ref)
      : actor_(ref.id), position_(static_cast<std::uint32_t>(A::Inbox::template position<M>())) {}
  // NOLINTEND(google-explicit-constructor)

  [[nodiscard]] ActorId actor() const { return actor_; }
  /// The position of `M` in the inbox of the actor.
  [[nodiscard]] std::uint32_t position() const { return position_; }

  friend auto operator<=>(const Port&, const Port&) = default;

 private:
  ActorId actor_{};
  std::uint32_t position_ = 0;
};

}  // namespace sim
