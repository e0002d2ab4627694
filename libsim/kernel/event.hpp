#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "libsim/kernel/actor_id.hpp"

namespace sim::detail {

class Kernel;
struct Event;

/// How one kind of event is delivered, named and dropped. There is one constant for each pair of actor type and message
/// type.
struct Delivery {
  void (*deliver)(Kernel&, void* actor, Event&);
  void (*drop)(Kernel&, Event&);                  ///< destroys the payload; null when there is nothing to destroy
  std::uint64_t (*hash_payload)(const Event&);    ///< for fingerprints over contents; null when there is no payload
  bool (*still_due)(Kernel&, const Event&);       ///< null: always. False: dropped unseen, and the clock does not move
  void (*on_dead_letter)(Kernel&, const Event&);  ///< null: nothing but counting. An ask tells its asker
  std::string_view message;
  std::uint64_t message_hash;
};

enum class EventState : std::uint8_t {
  message,    ///< waits for its time; becomes a dead letter when its target is gone
  timer,      ///< waits for its time; vanishes with its target
  cancelled,  ///< takes up its place until its time or the next compaction
};

/// One pooled event: a cache line with the payload in it, or the address of a pooled block for larger payloads.
struct alignas(64) Event {
  static constexpr std::size_t payload_size_max = 32;

  const Delivery* delivery = nullptr;
  ActorId target{};
  ActorId sender{};
  std::uint32_t generation =
      1;  ///< grows whenever this event leaves the set, so that a stale `TimerId` cancels nothing
  std::uint32_t number : 30 = 0;  ///< its place in the pool
  EventState state : 2 = EventState::message;
  union {
    alignas(16) std::byte payload[payload_size_max];
    Event* next_free;
  };

  Event() : next_free(nullptr) {}
};
static_assert(sizeof(Event) == 64);

}  // namespace sim::detail
