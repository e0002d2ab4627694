#include "actors/saga/saga_participant.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace sim;
using actors::CompensateStep;
using actors::CompensationEnded;
using actors::ExecuteStep;
using actors::SagaParticipant;
using actors::StepEnded;
using policies::ErrorClass;

namespace {

/// Hears how attempts end.
class Listener {
 public:
  struct Config {};
  using Inbox = sim::Inbox<StepEnded, CompensationEnded>;

  Listener(Context&, Config) {}
  void on(const StepEnded& result) { steps.push_back(result); }
  void on(const CompensationEnded& result) { compensations.push_back(result); }

  std::vector<StepEnded> steps;
  std::vector<CompensationEnded> compensations;
};

struct ParticipantBench {
  explicit ParticipantBench(SagaParticipant::Config config = {}) {
    config.execution_time = constant(2s);
    config.compensation_time = constant(1s);
    participant = simulation.spawn<SagaParticipant>("participant", config);
    listener = simulation.spawn<Listener>("listener", Listener::Config{});
  }

  void execute(std::uint64_t saga, std::uint32_t attempt = 1) {
    simulation.send(participant, ExecuteStep{{SagaId{saga}, 0}, attempt, listener});
    simulation.run();
  }
  void compensate(std::uint64_t saga, std::uint32_t attempt = 1) {
    simulation.send(participant, CompensateStep{{SagaId{saga}, 0}, attempt, listener});
    simulation.run();
  }
  const Listener& heard() { return simulation.get(listener); }
  const SagaParticipant::Entry& entry(std::uint64_t saga) {
    return simulation.get(participant).entries().at({SagaId{saga}, 0});
  }

  Simulation simulation;
  Ref<SagaParticipant> participant;
  Ref<Listener> listener;
};

}  // namespace

TEST_CASE("a participant leaves one artifact per key and removes it, each in its time", "[saga_participant]") {
  ParticipantBench bench;
  bench.execute(1);
  CHECK(bench.simulation.now() == Time{} + 2s);
  CHECK(bench.heard().steps.back().is_done);
  CHECK(bench.entry(1).has_artifact);
  bench.compensate(1);
  CHECK(bench.simulation.now() == Time{} + 3s);
  CHECK(bench.heard().compensations.back().is_done);
  CHECK_FALSE(bench.entry(1).has_artifact);
}

TEST_CASE("a participant does nothing twice", "[saga_participant]") {
  ParticipantBench bench;
  bench.execute(1, 1);
  bench.execute(1, 2);
  CHECK(bench.heard().steps.back().is_done);
  bench.compensate(1, 1);
  bench.compensate(1, 2);
  CHECK(bench.heard().compensations.back().is_done);
  bench.execute(1, 3);  // what was compensated is refused
  CHECK_FALSE(bench.heard().steps.back().is_done);
  CHECK(bench.heard().steps.back().error == ErrorClass::client_error);
  CHECK_FALSE(bench.entry(1).has_artifact);
}

TEST_CASE("a participant compensates what was never executed, and refuses it when it comes later",
          "[saga_participant]") {
  ParticipantBench bench;
  bench.compensate(1);
  CHECK(bench.heard().compensations.back().is_done);
  bench.execute(1);
  CHECK_FALSE(bench.heard().steps.back().is_done);
  CHECK_FALSE(bench.entry(1).is_executed);
}

TEST_CASE("a compensation that overtakes its step wins", "[saga_participant]") {
  ParticipantBench bench;
  bench.simulation.send(bench.participant, ExecuteStep{{SagaId{1}, 0}, 1, bench.listener});
  bench.compensate(1);  // ends a second before the step
  CHECK_FALSE(bench.heard().steps.back().is_done);
  CHECK_FALSE(bench.entry(1).has_artifact);
}

TEST_CASE("what a participant is told to fail at fails for those sagas only, and leaves things as they were",
          "[saga_participant]") {
  SagaParticipant::Config config;
  config.execution_fails = [](SagaId saga) { return saga == SagaId{2}; };
  config.compensation_fails = [](SagaId saga) { return saga == SagaId{3}; };
  ParticipantBench bench(config);
  bench.execute(2);
  CHECK_FALSE(bench.heard().steps.back().is_done);
  CHECK(bench.heard().steps.back().error == ErrorClass::server_error);
  CHECK_FALSE(bench.entry(2).has_artifact);
  bench.execute(3);
  bench.compensate(3, 1);
  bench.compensate(3, 2);
  CHECK_FALSE(bench.heard().compensations.back().is_done);
  CHECK(bench.entry(3).has_artifact);
  CHECK(bench.entry(3).compensations_begun == 2);
  CHECK(bench.entry(3).compensations_failed == 2);
}
