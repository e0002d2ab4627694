#pragma once

#include <fmt/format.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "actors/calls/guarded_port.hpp"
#include "libsim/sim.hpp"

/// A service that does what it is told, and a caller that writes down what it gets.
namespace calls_test {

using namespace std::chrono_literals;
using Lines = std::vector<std::string>;

struct Charged {
  int receipt = 0;
  std::optional<sim::calls::CallError> error = std::nullopt;
  friend bool operator==(const Charged&, const Charged&) = default;
};

inline std::optional<sim::calls::CallError> call_error(const Charged& charged) { return charged.error; }

struct Charge {
  using Reply = Charged;
  int call = 0;
  sim::policies::Deadline deadline = {};
  friend bool operator==(const Charge&, const Charge&) = default;
};

/// What the service does with one request: it takes so long and then gives a receipt, or fails.
struct Step {
  Step(sim::Duration after, int receipt) : duration(after), result{receipt, std::nullopt} {}
  Step(sim::Duration after, sim::policies::ErrorClass error, sim::Duration retry_after = {})
      : duration(after), result{0, sim::calls::CallError{error, retry_after}} {}
  sim::Duration duration;
  Charged result;
};

/// Takes one step per request, in the order of their arrival.
class ScriptedService {
 public:
  using Inbox = sim::Inbox<Charge>;
  ScriptedService(sim::Context& ctx, std::vector<Step> steps) : ctx_(ctx), steps_(std::move(steps)) {}
  sim::Process on(Charge charge, sim::ReplyTo<Charged> reply_to) {
    deadlines.push_back(charge.deadline.at().time_since_epoch());
    const Step step = steps_.at(asked++);
    co_await ctx_.sleep(step.duration);
    ctx_.reply(reply_to, step.result);
  }

  std::size_t asked = 0;
  std::vector<sim::Duration> deadlines;

 private:
  sim::Context& ctx_;
  std::vector<Step> steps_;
};

struct MakeCall {
  int call = 0;
  friend bool operator==(const MakeCall&, const MakeCall&) = default;
};

inline std::string_view to_text(sim::policies::ErrorClass error) {
  constexpr std::string_view texts[] = {"connection failed", "timed out", "throttled",
                                        "server error",      "rejected",  "client error"};
  return texts[static_cast<std::size_t>(error)];
}

template <class... Layers>
class Caller {
 public:
  using Inbox = sim::Inbox<MakeCall>;
  Caller(sim::Context& ctx, sim::Port<Charge> service, const typename Layers::Config&... configs)
      : port(ctx, "pay", service, configs...), ctx_(ctx) {}

  sim::Process on(MakeCall make) {
    const auto outcome = co_await port.call(Charge{make.call});
    lines.push_back(
        fmt::format("call {}: {} at {}", make.call,
                    outcome ? fmt::to_string(outcome->receipt) : std::string(to_text(outcome.error().error)),
                    sim::to_text(ctx_.now().time_since_epoch())));
  }

  sim::calls::GuardedPort<Charge, Layers...> port;
  Lines lines;

 private:
  sim::Context& ctx_;
};

/// One caller with these layers, one service with these steps.
template <class... Layers>
class Trial {
 public:
  explicit Trial(std::vector<Step> steps, const typename Layers::Config&... configs)
      : service(simulation.spawn<ScriptedService>("service", std::move(steps))),
        client(simulation.spawn<Caller<Layers...>>("client", service, configs...)) {}

  void call_at(sim::Duration at, int call) { simulation.send(client, MakeCall{call}, at); }
  void run() { simulation.run(); }

  [[nodiscard]] Caller<Layers...>& caller() { return simulation.get(client); }
  [[nodiscard]] Lines lines() { return caller().lines; }
  [[nodiscard]] std::size_t asked() { return simulation.get(service).asked; }
  [[nodiscard]] std::vector<sim::Duration> deadlines() { return simulation.get(service).deadlines; }
  [[nodiscard]] std::uint64_t counter(std::string_view name) {
    return simulation.metrics().counter(name, "client").value();
  }

  sim::Simulation simulation;
  sim::Ref<ScriptedService> service;
  sim::Ref<Caller<Layers...>> client;
};

}  // namespace calls_test
