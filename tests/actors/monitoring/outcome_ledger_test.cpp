#include "actors/monitoring/outcome_ledger.hpp"

#include <catch2/catch.hpp>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;
using Catch::Matchers::Contains;

namespace {

OutcomeLedger ledger_with(std::uint64_t messages_count) {
  OutcomeLedger ledger;
  for (std::uint64_t id = 1; id <= messages_count; ++id) {
    ledger.sent(MessageId{id}, Time{});
  }
  return ledger;
}

}  // namespace

TEST_CASE("a message is open from its send to its one outcome", "[outcome_ledger]") {
  OutcomeLedger ledger = ledger_with(1);
  REQUIRE(ledger.is_open(MessageId{1}));
  ledger.ended(MessageId{1}, Outcome::answered, Time{} + 3s);
  REQUIRE_FALSE(ledger.is_open(MessageId{1}));
  REQUIRE(ledger.outcome(MessageId{1}) == OutcomeLedger::Ended{Outcome::answered, Time{} + 3s});
}

TEST_CASE("the ledger counts each kind of outcome", "[outcome_ledger]") {
  OutcomeLedger ledger = ledger_with(8);
  for (std::uint64_t id = 1; id <= 7; ++id) {
    ledger.ended(MessageId{id}, all_outcomes[id - 1], Time{});
  }
  for (const Outcome outcome : all_outcomes) {
    REQUIRE(ledger.count(outcome) == 1);
  }
  REQUIRE(ledger.sent_count() == 8);
  REQUIRE(ledger.ended_count() == 7);
  REQUIRE(ledger.open() == std::vector{MessageId{8}});
}

TEST_CASE("the ledger knows how long messages were open, all together", "[outcome_ledger]") {
  OutcomeLedger ledger = ledger_with(2);
  ledger.ended(MessageId{2}, Outcome::expired, Time{} + 3s);
  REQUIRE(ledger.open_integral(Time{} + 10s) == 13.0);  // 3 s, and 10 s so far
}

TEST_CASE("a second outcome is a bug", "[outcome_ledger]") {
  OutcomeLedger ledger = ledger_with(1);
  ledger.ended(MessageId{1}, Outcome::answered, Time{});
  REQUIRE_THROWS_WITH(ledger.ended(MessageId{1}, Outcome::dead_lettered, Time{}),
                      Contains("message 1 ends once: it was answered and is now dead_lettered"));
}

TEST_CASE("an outcome of a message that nobody sent is a bug", "[outcome_ledger]") {
  OutcomeLedger ledger = ledger_with(1);
  REQUIRE_THROWS_WITH(ledger.ended(MessageId{2}, Outcome::expired, Time{}),
                      Contains("message 2 was sent before it was expired"));
}

TEST_CASE("a message id is used once", "[outcome_ledger]") {
  OutcomeLedger ledger = ledger_with(1);
  REQUIRE_THROWS_WITH(ledger.sent(MessageId{1}, Time{}), Contains("message 1 is sent once"));
}

TEST_CASE("the identity holds when every open message is found on a walk", "[outcome_ledger]") {
  OutcomeLedger ledger = ledger_with(3);
  ledger.ended(MessageId{1}, Outcome::answered, Time{});
  REQUIRE(ledger.check_identity({MessageId{2}, MessageId{3}}) == 2);
}

TEST_CASE("a message that ended and still lies in a queue is not in flight", "[outcome_ledger]") {
  OutcomeLedger ledger = ledger_with(2);
  ledger.ended(MessageId{1}, Outcome::answered, Time{});
  REQUIRE(ledger.check_identity({MessageId{1}, MessageId{2}}) == 1);
}

TEST_CASE("a message that neither ended nor is found anywhere breaks the identity", "[outcome_ledger]") {
  const OutcomeLedger ledger = ledger_with(2);
  REQUIRE_THROWS_WITH(ledger.check_identity({MessageId{1}}), Contains("2 sent, 0 ended, 1 found in flight"));
}

TEST_CASE("a message found that was never sent breaks the identity", "[outcome_ledger]") {
  const OutcomeLedger ledger = ledger_with(1);
  REQUIRE_THROWS_WITH(ledger.check_identity({MessageId{1}, MessageId{9}}),
                      Contains("message 9 was found but never sent"));
}
