#pragma once

#include <cstdint>
#include <map>

#include "actors/queues/event_bus.hpp"
#include "libsim/sim.hpp"

namespace sim::models::stress {

/// An event on its way to one listener.
struct EventHappened {
  std::uint32_t number = 0;

  friend bool operator==(const EventHappened&, const EventHappened&) = default;
};

/// Wants to hear of the event. The bus watches the actor `owner` when it has been told to.
struct Subscribe {
  ActorId owner{};
  Port<EventHappened> port;

  friend bool operator==(const Subscribe&, const Subscribe&) = default;
};

struct Unsubscribe {
  ActorId owner{};

  friend bool operator==(const Unsubscribe&, const Unsubscribe&) = default;
};

/// Hands an event to all listeners.
struct EmitEvent {
  std::uint32_t number = 0;

  friend bool operator==(const EmitEvent&, const EmitEvent&) = default;
};

struct ListenersCounted {
  std::uint64_t present = 0;
  std::uint64_t most = 0;  ///< at once, so far
  std::uint64_t warnings = 0;
  std::uint64_t added = 0;
  std::uint64_t cleaned_up = 0;           ///< by the listeners themselves
  std::uint64_t removed_after_crash = 0;  ///< by the bus

  friend bool operator==(const ListenersCounted&, const ListenersCounted&) = default;
};

struct CountListeners {
  using Reply = ListenersCounted;

  friend bool operator==(const CountListeners&, const CountListeners&) = default;
};

/// An event bus for one event. What it removes it counts when it happens, by who brought it about.
class ListenerBus {
 public:
  struct Config {
    std::uint32_t warning_above = 100;
    bool removed_on_crash = true;  ///< drops the listeners of an actor that is gone
  };
  using Inbox = sim::Inbox<Subscribe, Unsubscribe, EmitEvent, CountListeners, Down>;

  ListenerBus(Context& ctx, Config config)
      : ctx_(ctx),
        config_(config),
        bus_({.listeners_max = config.warning_above, .on_limit = Bus::OnLimit::warn}),
        listeners_(ctx.gauge("listeners_count")) {}

  void on(const Subscribe& request) {
    bus_.add(event, listener_of(request.owner), owner_of(request.owner));
    ports_[listener_of(request.owner)] = request.port;
    if (config_.removed_on_crash) {
      ctx_.monitor(request.owner);
    }
    show();
  }
  void on(const Unsubscribe& request) {
    cleaned_up_ += bus_.remove(event, listener_of(request.owner)) ? 1 : 0;
    show();
  }
  void on(const EmitEvent& emit) {
    bus_.emit(event, [&](policies::Listener listener) { ctx_.send(ports_[listener], EventHappened{emit.number}); });
  }
  ListenersCounted on(const CountListeners&) {
    const auto& statistics = bus_.statistics();
    return {bus_.listeners_count(event),
            statistics.listeners_max,
            statistics.warnings_count,
            statistics.added_count,
            cleaned_up_,
            removed_after_crash_};
  }
  void on(const Down& down) {
    removed_after_crash_ += bus_.remove_owner(owner_of(down.actor));
    show();
  }

 private:
  using Bus = policies::EventBus<std::uint32_t>;
  static constexpr std::uint32_t event = 0;

  static policies::Listener listener_of(ActorId actor) { return static_cast<policies::Listener>(actor); }
  static policies::ListenerOwner owner_of(ActorId actor) { return static_cast<policies::ListenerOwner>(actor); }
  void show() { listeners_.set(static_cast<double>(bus_.listeners_count(event))); }

  Context& ctx_;
  Config config_;
  Bus bus_;
  std::map<policies::Listener, Port<EventHappened>> ports_;
  Gauge& listeners_;
  std::uint64_t cleaned_up_ = 0;
  std::uint64_t removed_after_crash_ = 0;
};

/// Listens for a while; then cleans up and goes, or crashes without.
class EventListener {
 public:
  struct Config {
    Distribution lifetime = exponential(500ms);
    double crash_probability = 0;
  };
  using Inbox = sim::Inbox<EventHappened>;

  EventListener(Context& ctx, Config config, Port<Subscribe> subscribe, Port<Unsubscribe> unsubscribe)
      : ctx_(ctx),
        config_(config),
        subscribe_(subscribe),
        unsubscribe_(unsubscribe),
        lifetime_rng_(ctx.random("lifetime")),
        crash_rng_(ctx.random("crash")),
        heard_(ctx.counter("events_heard_count")) {}

  Process run() {
    ctx_.send(subscribe_, Subscribe{ctx_.id(), ctx_.ref(*this)});
    co_await ctx_.sleep(config_.lifetime.sample(lifetime_rng_));
    if (crash_rng_.chance(config_.crash_probability)) {
      ctx_.stop(ExitReason::killed);
      co_return;
    }
    ctx_.send(unsubscribe_, Unsubscribe{ctx_.id()});
    ctx_.stop();
  }
  void on(const EventHappened&) { heard_.add(); }

 private:
  Context& ctx_;
  Config config_;
  Port<Subscribe> subscribe_;
  Port<Unsubscribe> unsubscribe_;
  RandomStream& lifetime_rng_;
  RandomStream& crash_rng_;
  Counter& heard_;
};

/// Emits the event at a steady pace.
class EventSource {
 public:
  struct Config {
    Duration interval = 20ms;
    std::uint32_t emits_count = 50;
  };
  using Inbox = sim::Inbox<>;

  EventSource(Context& ctx, Config config, Port<EmitEvent> bus) : ctx_(ctx), config_(config), bus_(bus) {}

  Process run() {
    for (std::uint32_t number = 0; number < config_.emits_count; ++number) {
      co_await ctx_.sleep(config_.interval);
      ctx_.send(bus_, EmitEvent{number});
    }
  }

 private:
  Context& ctx_;
  Config config_;
  Port<EmitEvent> bus_;
};

}  // namespace sim::models::stress
