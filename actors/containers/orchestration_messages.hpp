#pragma once

#include <cstdint>

#include "actors/containers/preview_messages.hpp"
#include "actors/queues/ids.hpp"
#include "libsim/kernel/port.hpp"

namespace sim::actors {

/// The memory of a container at this moment.
struct MemoryRead {
  double memory_mb = 0;

  friend bool operator==(const MemoryRead&, const MemoryRead&) = default;
};

/// Asks a container for its memory.
struct ReadMemory {
  using Reply = MemoryRead;

  friend bool operator==(const ReadMemory&, const ReadMemory&) = default;
};

/// Where a session is served.
struct SessionRouted {
  bool is_ready = false;  ///< its container is up, as far as the orchestrator knows
  Port<LoadPage> preview;
  Port<ReadMemory> memory;

  friend bool operator==(const SessionRouted&, const SessionRouted&) = default;
};

/// Looks up the container of a session, and has it started when it is not running.
struct RouteSession {
  using Reply = SessionRouted;
  SessionId session{};

  friend bool operator==(const RouteSession&, const RouteSession&) = default;
};

/// A container has finished its cold start.
struct ContainerReady {
  std::uint32_t container = 0;

  friend bool operator==(const ContainerReady&, const ContainerReady&) = default;
};

}  // namespace sim::actors
