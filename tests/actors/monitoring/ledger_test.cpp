#include "actors/monitoring/ledger.hpp"

#include <catch2/catch.hpp>

using namespace sim;
using namespace sim::actors;
using policies::Outcome;

namespace {

struct Bench {
  Bench() { simulation.send(ledger, LedgerSent{MessageId{1}}); }

  void end(Outcome outcome) { simulation.send(ledger, LedgerEnded{MessageId{1}, outcome}); }
  const policies::OutcomeLedger& entries() { return simulation.get(ledger).entries(); }

  Simulation simulation;
  Ref<Ledger> ledger = simulation.spawn<Ledger>("ledger", Ledger::Config{});
};

}  // namespace

TEST_CASE("the ledger writes down when and how a message ended", "[ledger]") {
  Bench bench;
  bench.simulation.run_until(Time{} + 5s);
  bench.end(Outcome::answered);
  bench.simulation.run();
  REQUIRE(bench.entries().outcome(MessageId{1}) == policies::OutcomeLedger::Ended{Outcome::answered, Time{} + 5s});
}

TEST_CASE("a copy that is dead-lettered after the answer is late, the answer stands", "[ledger]") {
  Bench bench;
  bench.end(Outcome::answered);
  bench.end(Outcome::dead_lettered);
  bench.simulation.run();
  REQUIRE(bench.entries().count(Outcome::answered) == 1);
  REQUIRE(bench.entries().count(Outcome::dead_lettered) == 0);
  REQUIRE(bench.simulation.metrics().counter_total("late_outcomes_count") == 1);
}

TEST_CASE("an answer to a message that expired meanwhile is late, the expiry stands", "[ledger]") {
  Bench bench;
  bench.end(Outcome::expired);
  bench.end(Outcome::answered);
  bench.simulation.run();
  REQUIRE(bench.entries().count(Outcome::expired) == 1);
  REQUIRE(bench.simulation.metrics().counter_total("late_outcomes_count") == 1);
}

TEST_CASE("two outcomes from the same side end the run", "[ledger]") {
  Bench bench;
  bench.end(Outcome::answered);
  bench.end(Outcome::interrupted);
  REQUIRE_THROWS_AS(bench.simulation.run(), RunFailure);
}
