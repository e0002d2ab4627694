#pragma once

#include <cstring>
#include <memory>
#include <new>
#include <utility>

#include "libsim/kernel/event.hpp"
#include "libsim/kernel/event_pool.hpp"

namespace sim::detail {

/// Whether a payload lies in the event itself; larger ones lie in a pooled block whose address the event holds.
template <class T>
// NOLINTNEXTLINE(misc-redundant-expression): it depends on T
constexpr bool lies_inline = sizeof(T) <= Event::payload_size_max && alignof(T) <= 16;

template <class T>
[[nodiscard]] T& payload_of(Event& event) {
  if constexpr (lies_inline<T>) {
    return *std::launder(reinterpret_cast<T*>(event.payload));
  } else {
    void* block = nullptr;
    std::memcpy(&block, event.payload, sizeof block);
    return *std::launder(static_cast<T*>(block));
  }
}

template <class T>
[[nodiscard]] const T& payload_of(const Event& event) {
  return payload_of<T>(const_cast<Event&>(event));
}

template <class T, class... Args>
void construct_payload(BlockPool& blocks, Event& event, Args&&... args) {
  static_assert(alignof(T) <= __STDCPP_DEFAULT_NEW_ALIGNMENT__, "over-aligned messages are not supported");
  if constexpr (lies_inline<T>) {
    ::new (static_cast<void*>(event.payload)) T{std::forward<Args>(args)...};
  } else {
    void* const block = blocks.acquire(sizeof(T));
    std::memcpy(event.payload, &block, sizeof block);
    ::new (block) T{std::forward<Args>(args)...};
  }
}

template <class T>
void destroy_payload(BlockPool& blocks, Event& event) {
  T& value = payload_of<T>(event);
  std::destroy_at(&value);
  if constexpr (!lies_inline<T>) {
    blocks.release(&value, sizeof(T));
  }
}

}  // namespace sim::detail
