#pragma once

#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libsim/kernel/simulation.hpp"

namespace sim::testing {

namespace detail {

/// Keeps what it is sent. Answers what it is asked once an answer was set.
template <class M>
class Probe {
 public:
  using Inbox = sim::Inbox<M>;
  explicit Probe(Context& /*ctx*/) {}
  void on(const M& message) { received.push_back(message); }
  std::vector<M> received;
};

template <Askable M>
class Probe<M> {
 public:
  using Inbox = sim::Inbox<M>;
  explicit Probe(Context& ctx) : ctx_(ctx) {}
  void on(const M& message, ReplyTo<typename M::Reply> reply_to) {
    received.push_back(message);
    if (answer) {
      ctx_.reply(reply_to, *answer);
    }
  }
  std::vector<M> received;
  std::optional<typename M::Reply> answer;

 private:
  Context& ctx_;
};

}  // namespace detail

/// A context for one actor that a unit test makes and calls itself, and ports that keep what the actor sends.
///
///     FakeContext fake;
///     const auto served = fake.port<Served>("served");
///     Desk desk(fake.context<Desk>("desk"), Desk::Config{}, served);
///     desk.on(Customer{7});
///     REQUIRE(fake.received(served) == std::vector{Served{7}});
///
/// After `fake.attach(desk)` the actor also gets its timers, its `Start` and its `run()` as `advance` moves the
/// clock; one that sends to itself must be attached. Do not advance the clock once the actor is gone.
class FakeContext {
 public:
  FakeContext() = default;
  explicit FakeContext(Simulation::Config config) : simulation_(config) {}

  /// The context for an actor of type `A`, with its streams and metrics under `name`.
  template <class A>
  [[nodiscard]] Context& context(std::string_view name) {
    sim::detail::ActorCell& cell = simulation_.kernel().open_actor(name, sim::detail::actor_type<A>);
    contexts_.emplace_back(simulation_.kernel(), cell);
    return contexts_.back();
  }

  /// Lets the kernel deliver to `actor`, whose context came from this fake last.
  template <class A>
  void attach(A& actor) {
    check(!contexts_.empty(), "an actor is attached after its context was made");
    auto& kernel = simulation_.kernel();
    auto& cell = kernel.cell(contexts_.back().id());
    kernel.settle(cell, nullptr, &actor);
    kernel.launch(cell);
  }

  /// A port that keeps what is sent to it.
  template <class M>
  [[nodiscard]] Port<M> port(std::string_view name) {
    return simulation_.spawn<detail::Probe<M>>(name);
  }

  /// From now on what is asked at this port is answered so, at once.
  template <Askable M>
  void answer(Port<M> port, typename M::Reply reply) {
    probe(port).answer = std::move(reply);
  }

  /// What the port got since the last call, in order.
  template <class M>
  [[nodiscard]] std::vector<M> received(Port<M> port) {
    simulation_.run_for(Duration{0});
    return std::exchange(probe(port).received, {});
  }

  /// Lets time pass: timers fire, processes go on.
  void advance(Duration duration) {
    for (Context& context : contexts_) {
      check(
          simulation_.kernel().actor(context.id()) != nullptr || simulation_.kernel().pending_timers(context.id()) == 0,
          "an actor that sets timers is attached before time passes");
    }
    simulation_.run_for(duration);
  }

  [[nodiscard]] Time now() const { return simulation_.now(); }
  [[nodiscard]] Metrics& metrics() { return simulation_.metrics(); }
  [[nodiscard]] Simulation& simulation() { return simulation_; }

 private:
  template <class M>
  detail::Probe<M>& probe(Port<M> port) {
    return simulation_.get(Ref<detail::Probe<M>>{port.actor()});
  }

  Simulation simulation_;
  std::deque<Context> contexts_;
};

}  // namespace sim::testing
