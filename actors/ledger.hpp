#pragma once

#include "actors/messages/ledger_messages.hpp"
#include "actors/policies/outcome_ledger.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// Writes down what becomes of every message, at the moment when it happens.
class Ledger {
 public:
  struct Config {};
  using Inbox = sim::Inbox<LedgerSent, LedgerEnded>;

  Ledger(Context& ctx, Config) : ctx_(ctx) {}

  void on(const LedgerSent& entry) { ledger_.sent(entry.message, ctx_.now()); }
  void on(const LedgerEnded& entry) { ledger_.ended(entry.message, entry.outcome, ctx_.now()); }

  [[nodiscard]] const policies::OutcomeLedger& entries() const { return ledger_; }

 private:
  Context& ctx_;
  policies::OutcomeLedger ledger_;
};

}  // namespace sim::actors
