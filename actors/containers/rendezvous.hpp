#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>

#include "libsim/sim.hpp"

namespace sim::actors {

/// Where a process of an actor waits for a value that the actor's own handlers bring.
///
/// The process opens a number, asks its own actor a message that carries the number, and the handler of that message
/// calls `await`. Whoever brings the value calls `resolve`; it may come before `await`. Only the first value counts.
template <class Value>
class Rendezvous {
 public:
  explicit Rendezvous(Context& ctx) : ctx_(ctx) {}

  [[nodiscard]] std::uint64_t open() {
    places_.emplace(++last_, Place{});
    return last_;
  }

  void await(std::uint64_t number, ReplyTo<Value> reply_to) {
    const auto place = places_.find(number);
    check(place != places_.end(), "a rendezvous is opened before it is awaited");
    place->second.reply_to = reply_to;
    settle(place);
  }

  void resolve(std::uint64_t number, Value value) {
    const auto place = places_.find(number);
    if (place != places_.end() && !place->second.value) {
      place->second.value = std::move(value);
      settle(place);
    }
  }

  /// Gives up waiting.
  void close(std::uint64_t number) { places_.erase(number); }

 private:
  struct Place {
    ReplyTo<Value> reply_to;
    std::optional<Value> value;
  };

  void settle(typename std::map<std::uint64_t, Place>::iterator place) {
    if (place->second.reply_to && place->second.value) {
      ctx_.reply(place->second.reply_to, std::move(*place->second.value));
      places_.erase(place);
    }
  }

  Context& ctx_;
  std::uint64_t last_ = 0;
  std::map<std::uint64_t, Place> places_;
};

}  // namespace sim::actors
