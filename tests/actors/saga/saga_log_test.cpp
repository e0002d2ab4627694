#include "actors/saga/saga_log.hpp"

#include <catch2/catch.hpp>

using namespace sim;
using namespace sim::policies;

namespace {

SagaRecord record(std::uint64_t saga, SagaRecord::Kind kind, SagaState state) {
  return {.kind = kind, .key = {SagaId{saga}, 0}, .state = state};
}

}  // namespace

TEST_CASE("a saga log knows what is open, what has ended, and what has left something behind", "[saga][saga_log]") {
  using Kind = SagaRecord::Kind;
  SagaLog log;
  for (const std::uint64_t saga : {1, 2, 3}) {
    log.append(record(saga, Kind::saga_started, SagaState::running));
  }
  log.append(record(2, Kind::step_started, SagaState::running));
  log.append(record(1, Kind::saga_ended, SagaState::completed));
  log.append(record(3, Kind::saga_ended, SagaState::failed));
  CHECK(log.open() == std::set{SagaId{2}});
  CHECK(log.failed() == std::set{SagaId{3}});
  CHECK(log.has_ended(SagaId{1}));
  CHECK(log.has_ended(SagaId{3}));
  CHECK_FALSE(log.has_ended(SagaId{2}));
  CHECK_FALSE(log.has_ended(SagaId{4}));
  CHECK(log.records_count(SagaId{2}) == 2);
  CHECK(log.records_of(SagaId{2}) == std::vector{log.records()[1], log.records()[3]});
  CHECK(log.records_of(SagaId{4}).empty());
}
