#pragma once

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/saga/saga_orchestrator.hpp"

namespace sim::testing::saga_bench {

using namespace sim::actors;
using policies::ErrorClass;
using policies::Saga;
using policies::SagaState;
using policies::StepKey;
using Kind = Saga::StepKind;
using Steps = std::vector<std::uint32_t>;

inline Time at(Duration since_start) { return Time{} + since_start; }

/// Keeps one artifact per key, and does what `policies::Saga` expects of participants.
class Participant {
 public:
  struct Config {
    Distribution latency = constant(1s);           ///< one way; messages overtake each other when it varies
    std::optional<ErrorClass> execute_error{};     ///< of every attempt
    std::optional<ErrorClass> compensate_error{};  ///< of every attempt
    double failure_probability = 0;                ///< of an attempt, for sure
    double loss_probability = 0;                   ///< of a message, either way
    std::uint32_t losses_max = 0;
    bool deaf_to_compensations = false;
    bool refuses_overtaken = false;  ///< attempts: expected of the pivot only
  };
  struct ExecuteArrived {
    ExecuteStep request;
    friend bool operator==(const ExecuteArrived&, const ExecuteArrived&) = default;
  };
  struct CompensateArrived {
    CompensateStep request;
    friend bool operator==(const CompensateArrived&, const CompensateArrived&) = default;
  };
  using Inbox = sim::Inbox<ExecuteStep, CompensateStep, ExecuteArrived, CompensateArrived>;

  struct Entry {
    std::uint32_t attempt_latest = 0;
    bool is_refusing = false;
    bool has_artifact = false;
    std::uint32_t executed_count = 0;
    std::uint32_t removed_count = 0;
  };

  Participant(Context& ctx, Config config) : ctx_(ctx), config_(std::move(config)), rng_(ctx.random("all")) {}

  void on(const ExecuteStep& request) {
    travel([&](Duration delay) { ctx_.after(delay, ExecuteArrived{request}); });
  }
  void on(const CompensateStep& request) {
    if (!config_.deaf_to_compensations) {
      travel([&](Duration delay) { ctx_.after(delay, CompensateArrived{request}); });
    }
  }

  void on(const ExecuteArrived& arrived) {
    const ExecuteStep& request = arrived.request;
    Entry& entry = entries[request.key];
    if (config_.refuses_overtaken && request.attempt < entry.attempt_latest) {
      return;
    }
    entry.attempt_latest = request.attempt;
    std::optional<ErrorClass> error;
    if (!entry.has_artifact) {
      error = entry.is_refusing ? ErrorClass::client_error : some_error(config_.execute_error);
      entry.has_artifact = !error;
      entry.executed_count += error ? 0 : 1;
    }
    travel([&](Duration delay) {
      ctx_.send_after(delay, request.reply_to,
                      StepEnded{request.key, request.attempt, !error, error.value_or(ErrorClass::server_error)});
    });
  }

  void on(const CompensateArrived& arrived) {
    const CompensateStep& request = arrived.request;
    Entry& entry = entries[request.key];
    const std::optional<ErrorClass> error = some_error(config_.compensate_error);
    if (!error) {
      entry.removed_count += entry.has_artifact ? 1 : 0;
      entry.has_artifact = false;
      entry.is_refusing = true;
    }
    travel([&](Duration delay) {
      ctx_.send_after(
          delay, request.reply_to,
          CompensationEnded{request.key, request.attempt, !error, error.value_or(ErrorClass::server_error)});
    });
  }

  std::map<StepKey, Entry> entries;

 private:
  template <class Send>
  void travel(const Send& send) {
    if (losses_count_ < config_.losses_max && rng_.chance(config_.loss_probability)) {
      ++losses_count_;
    } else {
      send(config_.latency.sample(rng_));
    }
  }

  std::optional<ErrorClass> some_error(std::optional<ErrorClass> always) {
    return always                                     ? always
           : rng_.chance(config_.failure_probability) ? std::optional{ErrorClass::server_error}
                                                      : std::nullopt;
  }

  Context& ctx_;
  Config config_;
  RandomStream& rng_;
  std::uint32_t losses_count_ = 0;
};

/// Has its sagas started, asking until they are accepted, and remembers how they ended.
class Client {
 public:
  struct Config {};
  struct StartNow {
    SagaId saga{};
    friend bool operator==(const StartNow&, const StartNow&) = default;
  };
  using Inbox = sim::Inbox<SagaEnded, StartNow>;

  struct End {
    Time at{};
    SagaEnded ended;

    friend bool operator==(const End&, const End&) = default;
  };

  Client(Context& ctx, Config) : ctx_(ctx) {}
  void on(const SagaEnded& ended) { ends.push_back({ctx_.now(), ended}); }
  Process on(StartNow request) {
    while (!accepted.contains(request.saga)) {
      const auto answer = co_await ctx_.ask(orchestrator, StartSaga{request.saga}, 5s);
      if (answer) {
        accepted.emplace(request.saga, ctx_.now());
      } else {
        co_await ctx_.sleep(1s);
      }
    }
  }

  Port<StartSaga> orchestrator;  ///< where the orchestrator is reached; a name service would know
  std::vector<End> ends;
  std::map<SagaId, Time> accepted;

 private:
  Context& ctx_;
};

/// Three compensatable steps, one attempt each.
inline Saga::Config three_steps() {
  Saga::Config config;
  config.steps.resize(3);
  config.step_retry.attempts_max = 1;
  config.compensation_retry.attempts_max = 1;
  return config;
}

/// By default an execution or a compensation takes two seconds there and back.
struct Bench {
  explicit Bench(Saga::Config plan, std::vector<Participant::Config> participant_configs, std::uint64_t seed = 1)
      : simulation(Simulation::Config{.seed = seed}), config{std::move(plan)} {
    client = simulation.spawn<Client>("client", Client::Config{});
    for (std::size_t step = 0; step < config.saga.steps.size(); ++step) {
      Participant::Config& participant_config = participant_configs.at(step);
      participant_config.refuses_overtaken = config.saga.steps[step].kind == Kind::pivot;
      participants.push_back(simulation.spawn<Participant>(fmt::format("participant-{}", step), participant_config));
    }
    spawn_orchestrator();
  }
  explicit Bench(const Saga::Config& plan) : Bench(plan, std::vector<Participant::Config>(plan.steps.size())) {}

  void spawn_orchestrator() {
    SagaOrchestrator::Ports ports;
    for (const auto participant : participants) {
      ports.execute.emplace_back(participant);
      ports.compensate.emplace_back(participant);
    }
    ports.ended = client;
    orchestrator = simulation.spawn<SagaOrchestrator>("orchestrator", config, ports, log);
    simulation.get(client).orchestrator = orchestrator;
  }
  void kill() {
    simulation.kill(orchestrator);
    simulation.run_for(0s);
    REQUIRE_FALSE(simulation.alive(orchestrator));
  }

  void start(std::uint64_t saga) { simulation.send(client, Client::StartNow{SagaId{saga}}); }
  const std::vector<Client::End>& ends() { return simulation.get(client).ends; }
  Participant::Entry& entry(std::uint64_t saga, std::uint32_t step) {
    return simulation.get(participants[step]).entries[{SagaId{saga}, step}];
  }
  std::uint64_t count(const std::string& counter) { return simulation.metrics().counter_total(counter); }
  double mean(const std::string& tally) { return simulation.metrics().merged_tally(tally)->mean(); }

  policies::SagaLog log;  // survives every orchestrator
  Simulation simulation;
  SagaOrchestrator::Config config;
  std::vector<Ref<Participant>> participants;
  Ref<Client> client;
  Ref<SagaOrchestrator> orchestrator;
};

inline Client::End end_of(Duration since_start, std::uint64_t saga, SagaState state, Steps orphaned = {}) {
  return {at(since_start), {SagaId{saga}, state, std::move(orphaned)}};
}

}  // namespace sim::testing::saga_bench
