#include <rapidcheck/catch.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "actors/saga/saga.hpp"

using namespace sim;
using namespace sim::policies;
using Kind = Saga::StepKind;
using State = Saga::StepState;

namespace {

constexpr SagaId saga_id{7};

bool one_in(int n) { return *rc::gen::inRange(0, n) == 0; }

/// What may go wrong between the orchestrator and the participants.
struct Trouble {
  bool network = false;   ///< messages are lost, or late by more than a timeout
  bool unknown = false;   ///< participants answer with failures that do not say whether the work was done
  bool crashes = false;   ///< of the orchestrator, also between two records
  bool failures = false;  ///< participants fail, for sure
};

Saga::Config some_config() {
  Saga::Config config;
  const auto compensatable = *rc::gen::inRange<std::size_t>(0, 5);
  const auto retryable = *rc::gen::inRange<std::size_t>(compensatable == 0 ? 1 : 0, 3);
  config.steps.resize(compensatable);
  if (one_in(2)) {
    config.steps.push_back({.kind = Kind::pivot});
  }
  config.steps.insert(config.steps.end(), retryable, {.kind = Kind::retryable});
  config.step_retry.attempts_max = *rc::gen::inRange<std::uint32_t>(1, 4);
  config.compensation_retry.attempts_max = *rc::gen::inRange<std::uint32_t>(1, 4);
  config.compensation_order = *rc::gen::element(Saga::CompensationOrder::sequential, Saga::CompensationOrder::parallel);
  config.on_failed_compensation =
      *rc::gen::element(Saga::OnFailedCompensation::continue_with_others, Saga::OnFailedCompensation::stop);
  config.stuck_after = *rc::gen::element(Duration{forever}, Duration{20s});
  return config;
}

/// One participant per step, as `Saga` expects them: only that of the pivot refuses attempts that were overtaken.
struct Participant {
  std::uint32_t attempt_latest = 0;
  bool is_refusing = false;  ///< was compensated
  bool has_artifact = false;
  std::uint32_t executed_count = 0;
};

/// One saga, its participants and the network between them, until nothing is left to happen.
class World {
 public:
  World(Saga::Config plan, Trouble what)
      : config(std::move(plan)), trouble(what), participants(config.steps.size()), saga_(config, saga_id) {}

  void run() {
    carry_out(saga_.start(now_));
    for (int events = 0; !saga_.has_ended() || !messages_.empty(); ++events) {
      RC_ASSERT(events < 5000);  // a saga that is forgotten, or never ends
      step();
    }
  }

  [[nodiscard]] const Saga& saga() const { return saga_; }
  [[nodiscard]] bool has_artifact(std::uint32_t step) const { return participants[step].has_artifact; }

  Saga::Config config;
  Trouble trouble;
  std::vector<Participant> participants;
  SagaLog log;
  std::vector<Saga::Command> sent;
  int crashes_count = 0;

 private:
  enum class What { execute, compensate, step_result, compensation_result };
  struct Message {
    What what = What::execute;
    std::uint32_t step = 0;
    std::uint32_t attempt = 0;
    std::optional<ErrorClass> error{};
  };

  /// Whether something goes wrong now. After thirty times nothing does any more, so that every saga ends.
  bool goes_wrong(bool is_possible, int n) {
    const bool does = is_possible && troubles_left_ > 0 && one_in(n);
    troubles_left_ -= does ? 1 : 0;
    return does;
  }

  void step() {
    const std::optional<Time> alarm = saga_.next_change_at();
    const bool is_alarm = alarm && (messages_.empty() || *alarm <= messages_.begin()->first);
    RC_ASSERT((is_alarm || !messages_.empty()));
    now_ = std::max(now_, is_alarm ? *alarm : messages_.begin()->first);
    if (is_alarm) {
      carry_out(saga_.advance(now_, 0.5));
      return;
    }
    const Message message = messages_.begin()->second;
    messages_.erase(messages_.begin());
    receive(message);
  }

  void send(const Message& message) {
    if (goes_wrong(trouble.network, 6)) {
      return;  // lost
    }
    const bool is_late = goes_wrong(trouble.network, 4);
    messages_.emplace(now_ + (is_late ? *rc::gen::inRange(1, 100) : 1) * 1s, message);
  }

  void receive(const Message& message) {
    Participant& participant = participants[message.step];
    switch (message.what) {
      case What::execute:
        execute(participant, message);
        return;
      case What::compensate:
        compensate(participant, message);
        return;
      case What::step_result:
        carry_out(message.error ? saga_.step_failed(now_, message.step, message.attempt, *message.error, 0.5)
                                : saga_.step_succeeded(now_, message.step, message.attempt));
        return;
      case What::compensation_result:
        carry_out(message.error ? saga_.compensation_failed(now_, message.step, message.attempt, *message.error, 0.5)
                                : saga_.compensation_succeeded(now_, message.step, message.attempt));
        return;
    }
  }

  void execute(Participant& participant, const Message& message) {
    const bool is_pivot = config.steps[message.step].kind == Kind::pivot;
    if (is_pivot && message.attempt < participant.attempt_latest) {
      return;
    }
    participant.attempt_latest = message.attempt;
    std::optional<ErrorClass> error;
    if (participant.is_refusing) {
      error = ErrorClass::client_error;
    } else if (!participant.has_artifact) {
      error = some_error();
      const bool is_done = !error || (*error == ErrorClass::connection_failed && one_in(2));
      participant.has_artifact = is_done;
      participant.executed_count += is_done ? 1 : 0;
    }
    send({What::step_result, message.step, message.attempt, error});
  }

  void compensate(Participant& participant, const Message& message) {
    const std::optional<ErrorClass> error = some_error();
    if (!error || (*error == ErrorClass::connection_failed && one_in(2))) {
      participant.has_artifact = false;
      participant.is_refusing = true;
    }
    send({What::compensation_result, message.step, message.attempt, error});
  }

  std::optional<ErrorClass> some_error() {
    if (goes_wrong(trouble.unknown, 4)) {
      return ErrorClass::connection_failed;
    }
    if (goes_wrong(trouble.failures, 3)) {
      return *rc::gen::element(ErrorClass::client_error, ErrorClass::server_error);
    }
    return std::nullopt;
  }

  void carry_out(const Saga::Actions& actions) {
    if (goes_wrong(trouble.crashes, 5)) {
      write(actions, *rc::gen::inRange<std::size_t>(0, actions.records.size() + 1));
      recover();
      return;
    }
    write(actions, actions.records.size());
    const bool crashes = goes_wrong(trouble.crashes, 8);
    const std::size_t sent_count =
        crashes ? *rc::gen::inRange<std::size_t>(0, actions.commands.size() + 1) : actions.commands.size();
    for (const Saga::Command& command : actions.commands.first(sent_count)) {
      sent.push_back(command);
      if (command.kind == Saga::Command::Kind::execute) {
        send({What::execute, command.key.step, command.attempt});
      } else if (command.kind == Saga::Command::Kind::compensate) {
        send({What::compensate, command.key.step, command.attempt});
      }
    }
    if (crashes) {
      recover();
    }
  }

  void write(const Saga::Actions& actions, std::size_t count) {
    // A start that is not in the log has not happened: whoever wanted the saga would ask again.
    const std::size_t least = log.records().empty() ? 1 : 0;
    for (const SagaRecord& record : actions.records.first(std::max(count, least))) {
      log.append(record);
    }
  }

  /// The orchestrator is gone with all that it had in memory; another one begins with the log, a while later.
  void recover() {
    ++crashes_count;
    now_ += *rc::gen::inRange(0, 50) * 1s;
    if (one_in(2)) {  // nobody is there for the results that come meanwhile, or for those sent to the old address
      std::erase_if(messages_, [](const auto& entry) {
        return entry.second.what == What::step_result || entry.second.what == What::compensation_result;
      });
    }
    saga_ = Saga{config, saga_id};
    for (const SagaRecord& record : log.records()) {
      saga_.replay(record);
    }
    carry_out(saga_.resume(now_));
  }

  Saga saga_;
  Time now_{};
  int troubles_left_ = 30;
  std::multimap<Time, Message> messages_;
};

std::vector<std::uint32_t> steps_of(const SagaLog& log, SagaRecord::Kind kind, std::optional<StepResult> result = {}) {
  std::vector<std::uint32_t> steps;
  for (const SagaRecord& record : log.records()) {
    if (record.kind == kind && (!result || record.result == *result)) {
      steps.push_back(record.key.step);
    }
  }
  return steps;
}

std::set<std::uint32_t> as_set(const std::vector<std::uint32_t>& steps) { return {steps.begin(), steps.end()}; }

Trouble some_trouble() { return {one_in(2), one_in(2), one_in(2), one_in(2)}; }

/// Ten of them, for one saga takes microseconds.
std::vector<World> some_worlds(bool failures_only = false) {
  std::vector<World> worlds;
  for (int i = 0; i < 10; ++i) {
    worlds.emplace_back(some_config(), failures_only ? Trouble{.failures = true} : some_trouble());
    worlds.back().run();
  }
  return worlds;
}

}  // namespace

TEST_CASE("whatever is lost, late, failing or crashing, in the end all is done or all undone but what is reported",
          "[saga][property]") {
  rc::prop("no saga is forgotten and no artifact orphaned in silence", [] {
    for (const World& world : some_worlds()) {
      const auto orphaned = as_set(world.saga().orphaned_steps());
      RC_ASSERT(orphaned.empty() == (world.saga().state() != SagaState::failed));
      for (std::uint32_t step = 0; step < world.config.steps.size(); ++step) {
        if (world.saga().state() == SagaState::completed) {
          RC_ASSERT(world.has_artifact(step));
        } else {
          RC_ASSERT((!world.has_artifact(step) || orphaned.contains(step)));
        }
        RC_ASSERT(world.participants[step].executed_count <= 1u);
      }
    }
  });
}

TEST_CASE("the orphans reported are the compensations that failed for good, and with stop those that were not tried",
          "[saga][property]") {
  rc::prop("and nothing else", [] {
    for (const World& world : some_worlds()) {
      using enum SagaRecord::Kind;
      std::set<std::uint32_t> expected = as_set(steps_of(world.log, compensation_ended, StepResult::failed));
      const bool stops = world.config.on_failed_compensation == Saga::OnFailedCompensation::stop && !expected.empty();
      if (stops) {
        const auto undone = as_set(steps_of(world.log, compensation_ended, StepResult::succeeded));
        for (const auto result : {StepResult::succeeded, StepResult::unknown}) {
          for (const std::uint32_t step : steps_of(world.log, step_ended, result)) {
            if (!undone.contains(step)) {
              expected.insert(step);
            }
          }
        }
      }
      RC_ASSERT(as_set(world.saga().orphaned_steps()) == expected);
    }
  });
}

TEST_CASE("when every failure is sure and nothing is lost, the orphans reported are exactly the artifacts left",
          "[saga][property]") {
  rc::prop("no more and no fewer", [] {
    for (const World& world : some_worlds(true)) {
      if (world.saga().state() == SagaState::completed) {
        continue;
      }
      std::vector<std::uint32_t> left;
      for (std::uint32_t step = 0; step < world.config.steps.size(); ++step) {
        if (world.has_artifact(step)) {
          left.push_back(step);
        }
      }
      RC_ASSERT(world.saga().orphaned_steps() == left);
    }
  });
}

TEST_CASE("only steps that were started are compensated, the last one first, one at a time unless in parallel",
          "[saga][property]") {
  rc::prop("and never the pivot or what comes after it", [] {
    for (const World& world : some_worlds()) {
      std::set<std::uint32_t> started;
      std::set<std::uint32_t> being_undone;
      std::optional<std::uint32_t> begun_last;
      const bool is_sequential = world.config.compensation_order == Saga::CompensationOrder::sequential;
      for (const SagaRecord& record : world.log.records()) {
        const std::uint32_t step = record.key.step;
        if (record.kind == SagaRecord::Kind::step_started) {
          started.insert(step);
          RC_ASSERT(!begun_last);
        } else if (record.kind == SagaRecord::Kind::compensation_started) {
          RC_ASSERT(started.contains(step));
          RC_ASSERT(world.config.steps[step].kind == Kind::compensatable);
          if (record.attempt == 1) {
            RC_ASSERT((!begun_last || step < *begun_last));
            begun_last = step;
          }
          being_undone.insert(step);
          RC_ASSERT((!is_sequential || being_undone.size() == 1));
        } else if (record.kind == SagaRecord::Kind::compensation_ended) {
          being_undone.erase(step);
        }
      }
      for (const Saga::Command& command : world.sent) {
        RC_ASSERT((command.kind != Saga::Command::Kind::compensate || started.contains(command.key.step)));
      }
    }
  });
}

TEST_CASE("an orchestrator that never crashed and one that has only the log know the same", "[saga][property]") {
  rc::prop("at every record", [] {
    Saga live{some_config(), saga_id};
    Saga copy = live;
    Time now{};
    const auto follow = [&](const Saga::Actions& actions) {
      for (const SagaRecord& record : actions.records) {
        copy.replay(record);
      }
      RC_ASSERT(copy.state() == live.state());
      RC_ASSERT(copy.orphaned_steps() == live.orphaned_steps());
      RC_ASSERT(copy.inconsistent_time(now) == live.inconsistent_time(now));
      RC_ASSERT(copy.compensation_time(now) == live.compensation_time(now));
      for (std::uint32_t step = 0; step < live.config().steps.size(); ++step) {
        RC_ASSERT(copy.step_state(step) == live.step_state(step));
      }
    };
    follow(live.start(now));
    for (int event = 0; event < 60 && !live.has_ended(); ++event) {
      const auto step = *rc::gen::inRange<std::uint32_t>(0, static_cast<std::uint32_t>(live.config().steps.size()));
      now += *rc::gen::inRange(0, 10) * 1s;
      const auto error = *rc::gen::element(ErrorClass::timed_out, ErrorClass::server_error, ErrorClass::client_error);
      const bool is_done = one_in(3);
      if (live.step_state(step) == State::running) {
        follow(is_done ? live.step_succeeded(now, step, 1) : live.step_failed(now, step, 1, error, 0));
      } else if (live.step_state(step) == State::compensating) {
        follow(is_done ? live.compensation_succeeded(now, step, 1) : live.compensation_failed(now, step, 1, error, 0));
      }
      if (const auto next = live.next_change_at()) {
        now = std::max(now, *next);
        follow(live.advance(now, 0));
      }
    }
  });
}
