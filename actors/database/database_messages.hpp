#pragma once

#include <cstdint>

#include "actors/retry/error_class.hpp"

namespace sim::actors {

/// How a query ended.
struct DatabaseAnswer {
  bool succeeded = true;
  policies::ErrorClass error = policies::ErrorClass::server_error;  ///< when it did not
  std::uint32_t node = 0;                                           ///< that answered
  std::uint64_t version = 0;    ///< read: up to which write; write: its own position in the log
  std::uint64_t staleness = 0;  ///< read: how many writes were missing

  friend bool operator==(const DatabaseAnswer&, const DatabaseAnswer&) = default;
};

struct DatabaseRead {
  using Reply = DatabaseAnswer;

  friend bool operator==(const DatabaseRead&, const DatabaseRead&) = default;
};

/// One statement. With several rows all of them are written or none, and the version is that of the last one.
struct DatabaseWrite {
  using Reply = DatabaseAnswer;

  std::uint32_t rows = 1;

  friend bool operator==(const DatabaseWrite&, const DatabaseWrite&) = default;
};

/// Opens a connection: refused (`connection_failed`) while no node is up that takes such queries. Answered at once; how
/// long a handshake takes is up to whoever opens it.
struct DatabaseConnect {
  using Reply = DatabaseAnswer;

  bool for_writes = true;

  friend bool operator==(const DatabaseConnect&, const DatabaseConnect&) = default;
};

}  // namespace sim::actors
