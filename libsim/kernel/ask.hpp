#pragma once

#include <coroutine>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/kernel/actor_id.hpp"
#include "libsim/time.hpp"

namespace sim {

/// Why an ask got no reply.
enum class AskError : std::uint8_t {
  timed_out,    ///< no reply came within the timeout; a later one is counted as a dead letter
  target_down,  ///< the asked actor was gone, or stopped before it replied
};

[[nodiscard]] constexpr std::string_view to_text(AskError error) {
  return error == AskError::timed_out ? "timed out" : "target down";
}

namespace detail {

/// An ask that waits for its reply. Lives in the frame of the asking coroutine and goes with it.
struct PendingAsk {
  PendingAsk() = default;
  PendingAsk(const PendingAsk&) = delete;
  PendingAsk& operator=(const PendingAsk&) = delete;

  std::uint64_t id = 0;  // 0 while it is not registered
  ActorId asker{};
  ActorId target{};
  std::string_view request;
  Time since{};
  TimerId timeout{};
  std::coroutine_handle<> waiting;
  std::optional<AskError> error;
};

/// A pending ask with room for its reply. When neither reply nor error is there, it has not been resolved yet.
template <class R>
struct PendingReply : PendingAsk {
  std::optional<R> reply;
};

/// All asks of a simulation that wait for a reply, by number. A number is never given twice.
class AskRegistry {
 public:
  void add(PendingAsk& ask) {
    if (free_.empty()) {
      free_.push_back(static_cast<std::uint32_t>(slots_.size()));
      slots_.push_back({});
    }
    const std::uint32_t index = free_.back();
    free_.pop_back();
    slots_[index].ask = &ask;
    ask.id = (std::uint64_t{slots_[index].generation} << 32) | index;
    ++size_;
  }

  void remove(PendingAsk& ask) {
    Slot& slot = slots_[static_cast<std::uint32_t>(ask.id)];
    slot.ask = nullptr;
    slot.generation += slot.generation == 0xffffffff ? 2 : 1;  // never 0: the number 0 is none
    free_.push_back(static_cast<std::uint32_t>(ask.id));
    ask.id = 0;
    --size_;
  }

  /// The ask of this number, or null when it was resolved or given up.
  [[nodiscard]] PendingAsk* find(std::uint64_t id) const {
    const auto index = static_cast<std::uint32_t>(id);
    if (index >= slots_.size() || slots_[index].generation != id >> 32) {
      return nullptr;
    }
    return slots_[index].ask;
  }

  [[nodiscard]] std::size_t size() const { return size_; }

  template <class Visitor>
  void for_each(Visitor visit) const {
    for (const Slot& slot : slots_) {
      if (slot.ask != nullptr) {
        visit(*slot.ask);
      }
    }
  }

 private:
  struct Slot {
    PendingAsk* ask = nullptr;
    std::uint32_t generation = 1;
  };

  std::vector<Slot> slots_;
  std::vector<std::uint32_t> free_;
  std::size_t size_ = 0;
};

}  // namespace detail

}  // namespace sim
