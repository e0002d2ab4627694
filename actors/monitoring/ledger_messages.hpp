#pragma once

#include "actors/monitoring/outcome_ledger.hpp"
#include "actors/queues/ids.hpp"

namespace sim::actors {

/// Entered in the ledger when a client sends a message.
struct LedgerSent {
  MessageId message{};

  friend bool operator==(const LedgerSent&, const LedgerSent&) = default;
};

/// Entered in the ledger when the life of a message ends.
struct LedgerEnded {
  MessageId message{};
  policies::Outcome outcome = policies::Outcome::answered;

  friend bool operator==(const LedgerEnded&, const LedgerEnded&) = default;
};

}  // namespace sim::actors
