#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

#include "libsim/kernel/context.hpp"
#include "libsim/kernel/kernel.hpp"

namespace sim {

/// One run of one system under virtual time: its actors, its clock, its metrics. Everything in it is destroyed with it.
/// Any number can live side by side; each belongs to one thread at a time.
class Simulation {
 public:
  using Config = detail::Kernel::Config;

  Simulation() : Simulation(Config{}) {}
  explicit Simulation(Config config) : kernel_(config) {}

  /// Makes an actor: its constructor gets `(Context&, args…)`. Two live actors of one name are refused.
  template <class A, class... Args>
  Ref<A> spawn(std::string_view name, Args&&... args) {
    return detail::spawn<A>(kernel_, name, std::forward<Args>(args)...);
  }

  /// Sends a message from outside the actors; it arrives `delay` from now.
  template <class M>
  void send(Port<M> port, std::type_identity_t<M> message, Duration delay = Duration{0}) {
    kernel_.post_message(delay, port.actor(), port.position(), ActorId{}, std::move(message));
  }
  template <class A, class M>
  requires Accepts<A, M>
  void send(Ref<A> ref, M message, Duration delay = Duration{0}) { send(Port<M>(ref), std::move(message), delay); }

  /// Kills an actor: an exit message from outside, in its order among the other events of the present time.
  void kill(ActorId actor) { kernel_.exit(actor, ActorId{}, ExitReason::killed); }
  template <class A>
  void kill(Ref<A> ref) {
    kill(ref.id);
  }

  /// Runs until nothing is left to happen; what lies beyond the end of virtual time never does. Throws `RunFailure` for
  /// a bug in a model.
  RunReport run() { return kernel_.run_until(Time::max()); }
  /// Runs until every event up to and including `horizon` has happened; the clock then shows `horizon`.
  /// A horizon in the past is asserted.
  RunReport run_until(Time horizon) { return kernel_.run_until(horizon); }
  RunReport run_for(Duration duration) { return run_until(now() + duration); }

  [[nodiscard]] Time now() const { return kernel_.now(); }
  [[nodiscard]] std::uint64_t seed() const { return kernel_.config().seed; }
  [[nodiscard]] std::uint32_t replication() const { return kernel_.config().replication; }
  /// Events delivered so far.
  [[nodiscard]] std::uint64_t events() const { return kernel_.events(); }
  /// A 64-bit hash over all events so far; equal for equal runs.
  [[nodiscard]] std::uint64_t fingerprint() const { return kernel_.fingerprint(); }
  /// Messages and replies that nobody received because their receiver was gone.
  [[nodiscard]] std::uint64_t dead_letters() const { return kernel_.dead_letters(); }
  /// Events that still lie ahead, without cancelled timers.
  [[nodiscard]] std::size_t pending_events() const { return kernel_.pending_events(); }
  /// What lies beyond the end of virtual time, once nothing else is left to happen.
  [[nodiscard]] NeverDue never_due() { return kernel_.never_due(); }
  [[nodiscard]] std::size_t actors_alive() const { return kernel_.actors_alive(); }
  [[nodiscard]] bool alive(ActorId actor) const { return kernel_.alive(actor); }
  template <class A>
  [[nodiscard]] bool alive(Ref<A> ref) const {
    return kernel_.alive(ref.id);
  }

  /// Looks into a live actor between runs, as tests and ledgers do.
  template <class A>
  [[nodiscard]] A& get(Ref<A> ref) {
    return *static_cast<A*>(kernel_.actor(ref.id));
  }

  [[nodiscard]] Metrics& metrics() { return kernel_.metrics(); }

  /// Shows every event to `observer` from now on; null ends it.
  void observe(EventObserver* observer) { kernel_.observe(observer); }

  /// For the bridge to CAF and for tests.
  [[nodiscard]] detail::Kernel& kernel() { return kernel_; }

 private:
  detail::Kernel kernel_;
};

}  // namespace sim
