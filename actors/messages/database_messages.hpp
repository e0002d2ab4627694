#pragma once

#include <cstdint>

#include "actors/policies/error_class.hpp"

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

struct DatabaseWrite {
  using Reply = DatabaseAnswer;

  friend bool operator==(const DatabaseWrite&, const DatabaseWrite&) = default;
};

}  // namespace sim::actors
