#pragma once

#include "actors/monitoring/ledger_messages.hpp"
#include "actors/monitoring/outcome_ledger.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// Writes down what becomes of every message, at the moment when it happens.
///
/// Queues deliver at least once: a copy of a message that was answered may still expire or be dead-lettered, and a
/// consumer may answer a message that left its queue meanwhile. The first outcome stands, the other is counted as late.
/// Any other second outcome is a failed check of the ledger.
class Ledger {
 public:
  struct Config {};
  using Inbox = sim::Inbox<LedgerSent, LedgerEnded>;

  Ledger(Context& ctx, Config) : ctx_(ctx), late_outcomes_(ctx.counter("late_outcomes_count")) {}

  void on(const LedgerSent& entry) { ledger_.sent(entry.message, ctx_.now()); }
  void on(const LedgerEnded& entry) {
    const auto first = ledger_.outcome(entry.message);
    if (first && came_from_client(first->outcome) != came_from_client(entry.outcome)) {
      late_outcomes_.add();
    } else {
      ledger_.ended(entry.message, entry.outcome, ctx_.now());
    }
  }

  [[nodiscard]] const policies::OutcomeLedger& entries() const { return ledger_; }

 private:
  static bool came_from_client(policies::Outcome outcome) {
    return outcome == policies::Outcome::answered || outcome == policies::Outcome::interrupted;
  }

  Context& ctx_;
  policies::OutcomeLedger ledger_;
  Counter& late_outcomes_;
};

}  // namespace sim::actors
