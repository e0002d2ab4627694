#pragma once

#include <cstdint>

#include "actors/queues/ids.hpp"

namespace sim::actors {

struct RegistryItem {
  bool found = false;
  std::uint32_t container = 0;

  friend bool operator==(const RegistryItem&, const RegistryItem&) = default;
};

/// Reads which container serves a session.
struct GetItem {
  using Reply = RegistryItem;
  SessionId session{};

  friend bool operator==(const GetItem&, const GetItem&) = default;
};

/// Writes which container serves a session.
struct PutItem {
  SessionId session{};
  std::uint32_t container = 0;

  friend bool operator==(const PutItem&, const PutItem&) = default;
};

}  // namespace sim::actors
