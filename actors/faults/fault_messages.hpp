#pragma once

#include <cstdint>

#include "actors/faults/fault.hpp"

namespace sim::actors {

/// A fault begins to act on the receiver, or on one of its parts.
struct ApplyFault {
  policies::ActiveFaults::Number number{};  ///< unique in the run; returned by `EndFault`
  policies::Fault fault;
  std::uint32_t part = 0;  ///< for a receiver that has parts, such as the nodes of a database

  friend bool operator==(const ApplyFault&, const ApplyFault&) = default;
};

/// The fault of this number no longer acts.
struct EndFault {
  policies::ActiveFaults::Number number{};
  std::uint32_t part = 0;

  friend bool operator==(const EndFault&, const EndFault&) = default;
};

}  // namespace sim::actors
