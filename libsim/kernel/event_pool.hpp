#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

#include "libsim/failure.hpp"
#include "libsim/kernel/event.hpp"

namespace sim::detail {

/// The events of one simulation, in chunks that never move: a handler may schedule while its own event is being
/// delivered.
class EventPool {
 public:
  [[nodiscard]] bool is_used_up() const { return free_ == nullptr; }
  /// All events, free ones too.
  [[nodiscard]] std::size_t size() const { return chunks_.size() * chunk_size; }

  /// A free event, of which there is one; it keeps only its number and its generation.
  [[nodiscard]] Event& acquire() {
    Event& event = *free_;  // the one used last: it is still in the cache
    free_ = event.next_free;
    return event;
  }

  void release(Event& event) {
    event.next_free = free_;
    free_ = &event;
  }

  /// The event of this number, or null when there is none.
  [[nodiscard]] Event* find(std::uint32_t number) {
    return number < size() ? &chunks_[number / chunk_size][number % chunk_size] : nullptr;
  }

  void grow() {
    const auto first = static_cast<std::uint32_t>(size());
    check(first < (std::uint32_t{1} << 30), "fewer than 2^30 events are pending at a time");
    chunks_.push_back(std::make_unique<Event[]>(chunk_size));
    for (std::uint32_t i = chunk_size; i-- > 0;) {
      Event& event = chunks_.back()[i];
      event.number = (first + i) & 0x3fffffffu;
      event.next_free = free_;
      free_ = &event;
    }
  }

 private:
  static constexpr std::uint32_t chunk_size = 512;

  std::vector<std::unique_ptr<Event[]>> chunks_;
  Event* free_ = nullptr;
};

/// Memory for payloads that do not fit into an event, recycled by size so that the steady state allocates nothing.
class BlockPool {
 public:
  BlockPool() = default;
  BlockPool(const BlockPool&) = delete;
  BlockPool& operator=(const BlockPool&) = delete;
  ~BlockPool() {
    for (auto& blocks : free_) {
      for (void* block : blocks) {
        ::operator delete(block);
      }
    }
  }

  [[nodiscard]] void* acquire(std::size_t size) {
    const std::size_t size_class = class_of(size);
    if (size_class >= free_.size()) {
      return ::operator new(size);
    }
    auto& blocks = free_[size_class];
    if (blocks.empty()) {
      return ::operator new((size_class + 1) * granularity);
    }
    void* const block = blocks.back();
    blocks.pop_back();
    return block;
  }

  void release(void* block, std::size_t size) {
    const std::size_t size_class = class_of(size);
    if (size_class >= free_.size()) {
      ::operator delete(block);
    } else {
      free_[size_class].push_back(block);
    }
  }

 private:
  static constexpr std::size_t granularity = 64;
  static constexpr std::size_t class_of(std::size_t size) { return (size - 1) / granularity; }

  std::array<std::vector<void*>, 16> free_;
};

}  // namespace sim::detail
