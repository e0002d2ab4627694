#pragma once

#include <cstdint>
#include <string_view>

#include "libsim/kernel/actor_id.hpp"

namespace sim {

/// Why an actor is gone. Maps one to one to the exit reasons of the CAF actor that hosts it.
enum class ExitReason : std::uint8_t {
  normal,    ///< it stopped by itself, having done its work
  shutdown,  ///< it was asked to stop in good order
  killed,    ///< it was killed
  failed,    ///< it ended with an error
  unknown,   ///< it was gone before anybody watched it
};

[[nodiscard]] constexpr std::string_view to_text(ExitReason reason) {
  switch (reason) {
    case ExitReason::normal:
      return "normal";
    case ExitReason::shutdown:
      return "shutdown";
    case ExitReason::killed:
      return "killed";
    case ExitReason::failed:
      return "failed";
    case ExitReason::unknown:
      return "unknown";
  }
  return "unknown";
}

/// Arrives once at every actor that lists it in its `Inbox`, before any other message.
struct Start {
  friend bool operator==(const Start&, const Start&) = default;
};

/// Tells a monitor that an actor is gone. Arrives after every message that the actor sent before it stopped.
struct Down {
  ActorId actor{};  ///< nobody when the monitored actor was an ordinary CAF actor
  ExitReason reason = ExitReason::unknown;

  friend bool operator==(const Down&, const Down&) = default;
};

}  // namespace sim
