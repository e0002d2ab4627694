#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libsim/failure.hpp"
#include "libsim/kernel/actor_id.hpp"
#include "libsim/kernel/ask.hpp"
#include "libsim/kernel/event.hpp"
#include "libsim/kernel/event_pool.hpp"
#include "libsim/kernel/event_set.hpp"
#include "libsim/kernel/exit_reason.hpp"
#include "libsim/kernel/fingerprint.hpp"
#include "libsim/kernel/observer.hpp"
#include "libsim/kernel/payload.hpp"
#include "libsim/kernel/process.hpp"
#include "libsim/random/stream.hpp"
#include "libsim/time.hpp"

namespace sim {

class Metrics;

/// An ask that a run left unanswered: who waits for whom.
struct Waiting {
  std::string asker;
  std::string target;
  std::string request;
  Time since{};

  friend bool operator==(const Waiting&, const Waiting&) = default;
};

/// Messages and timers that lie beyond the end of virtual time: they never happen.
struct NeverDue {
  std::uint64_t count = 0;
  std::string first;  ///< message and actor of the one that was scheduled first: `Timeout of caller`

  friend bool operator==(const NeverDue&, const NeverDue&) = default;
};

/// Such as `Timeout of caller and 3 more`; empty for none.
[[nodiscard]] std::string to_text(const NeverDue& never);

/// How a run ended.
struct RunReport {
  Time end{};                    ///< the horizon; without one, virtual time of the last event
  std::uint64_t events = 0;      ///< events delivered since the simulation began
  bool quiet = false;            ///< nothing is left to happen
  std::vector<Waiting> waiting;  ///< when quiet: asks that can never be answered any more, oldest first
  NeverDue never_due;            ///< when quiet: what lies beyond the end of virtual time
};

namespace detail {

class World;

/// The address of what is scheduled outside of any actor.
inline constexpr ActorId environment = make_actor_id(0, 1);

/// Tells message types apart at run time: each has one tag, and its address is the type.
struct MessageTag {};
template <class M>
inline constexpr MessageTag message_tag{};

/// What the kernel knows of an actor type. One constant per type.
struct ActorType {
  void (*destroy)(void* tenant);
  const MessageTag* const* messages;  ///< the messages of the inbox, in order
  std::size_t message_count;
  const Delivery* deliveries;  ///< for the n-th message of the inbox: [2n] sent, [2n+1] asked
  const Delivery* start;       ///< null when the type has neither `on(Start)` nor `run()`
  const Delivery* down;        ///< null when the type cannot monitor
};

/// The part of an actor that events seldom touch.
struct ActorCell {
  ActorId id{};
  std::string name;
  std::uint32_t incarnation = 0;
  const ActorType* type = nullptr;
  ProcessLink processes;
  std::map<std::string, RandomStream, std::less<>> streams;
  void* tenant = nullptr;  ///< the actor and its context, as made by `spawn`
  bool in_constructor = false;
};

/// The part of an actor that every event touches: half a cache line.
struct ActorEntry {
  void* actor = nullptr;
  const Delivery* deliveries = nullptr;
  std::uint64_t name_hash = 0;
  std::uint32_t generation = 1;
  std::uint32_t timers_pending = 0;
};

/// The heart of a simulation: the clock, the future event set, the table of actors, and the step from one event to the
/// next. `Simulation` is its face for those who set up and run, `Context` for actors.
class Kernel {
 public:
  struct Config {
    std::uint64_t seed = 1;
    std::uint32_t replication = 0;
    FingerprintOf fingerprint = FingerprintOf::names;
    std::uint64_t events_per_instant_max = 10'000'000;
    std::uint64_t events_max = std::numeric_limits<std::uint64_t>::max();  ///< one more is a `RunTooLong`
    std::size_t pending_events_max = std::size_t{1} << 30;                 ///< likewise, at one time
    /// Whether a run without horizon throws `EndOfTime` rather than ends with something that is never due. For runs
    /// that are of no use without what they wait for.
    bool never_due_is_refused = false;
  };

  explicit Kernel(Config config);
  Kernel(const Kernel&) = delete;
  Kernel& operator=(const Kernel&) = delete;
  ~Kernel();

  // --- time and events
  [[nodiscard]] Time now() const { return now_; }
  [[nodiscard]] const Time& clock() const { return now_; }
  [[nodiscard]] std::uint64_t events() const { return events_; }
  [[nodiscard]] std::uint64_t dead_letters() const { return dead_letters_; }
  [[nodiscard]] std::uint64_t fingerprint() const { return fingerprint_.value(); }
  [[nodiscard]] std::size_t pending_events() const { return set_.size() - dead_events_; }
  /// Nothing as long as anything else is left to happen.
  [[nodiscard]] NeverDue never_due();

  /// Schedules a message to `target` at its position in the target's inbox. A dead letter when the target is gone
  /// already.
  template <class M>
  void post_message(Duration delay, ActorId target, std::uint32_t position, ActorId sender, M&& message) {
    const ActorEntry& entry = actors_[index_of(target)];
    if (entry.generation != generation_of(target)) {
      ++dead_letters_;
      return;
    }
    post(delay, entry.deliveries[2 * position], target, sender, std::forward<M>(message));
  }

  /// Schedules any payload under the given delivery.
  template <class T>
  void post(Duration delay, const Delivery& delivery, ActorId target, ActorId sender, T&& payload) {
    check(delay.count() >= 0, "a delay is not negative");
    schedule(delay, make_event(delivery, target, sender, EventState::message, std::forward<T>(payload)));
  }

  /// Schedules a timer of `owner`: it vanishes when its owner stops, and can be cancelled.
  template <class T>
  [[nodiscard]] TimerId post_timer(Duration delay, const Delivery& delivery, ActorId owner, T&& payload) {
    check(delay.count() >= 0, "a delay is not negative");
    Event& event = make_event(delivery, owner, owner, EventState::timer, std::forward<T>(payload));
    ++actors_[index_of(owner)].timers_pending;
    schedule(delay, event);
    return TimerId{(std::uint64_t{event.generation} << 32) | event.number};
  }

  /// True when the timer was still pending.
  bool cancel(TimerId timer);

  /// Runs until nothing is left that is ever due, or the next event lies after `horizon`. Throws `RunFailure`, and
  /// `EndOfTime` where the configuration says so.
  RunReport run_until(Time horizon);

  /// Ends the run after the present event, with a reason for the user. For errors inside of callbacks that must not
  /// throw.
  void fail_after_event(std::string reason);

  void observe(EventObserver* observer) {
    observer_ = observer;
    watched_ = observer != nullptr || config_.fingerprint == FingerprintOf::payload;
  }

  // --- actors
  /// Takes a name, an entry and a host for a new actor. The caller then posts its `Start`, makes the actor itself,
  /// whose constructor may do all that an actor does, and settles it.
  ActorCell& open_actor(std::string_view name, const ActorType& type);
  void launch(const ActorCell& cell);
  void settle(ActorCell& cell, void* tenant, void* actor);
  /// Undoes `open_actor` when the constructor of the actor threw.
  void abandon(ActorCell& cell);
  /// An entry for an actor that lives outside, as ordinary CAF actors do: for its name and its generation only.
  ActorId open_foreign(std::string name, void* actor);
  void close_foreign(ActorId id);

  [[nodiscard]] bool alive(ActorId id) const {
    const std::uint32_t index = index_of(id);
    return index < actors_.size() && actors_[index].generation == generation_of(id);
  }
  [[nodiscard]] void* actor(ActorId id) const;
  [[nodiscard]] ActorCell& cell(ActorId id) { return *cells_[index_of(id)]; }
  [[nodiscard]] std::string_view name(ActorId id) const;
  [[nodiscard]] std::uint32_t pending_timers(ActorId id) const { return actors_[index_of(id)].timers_pending; }
  [[nodiscard]] ActorId find(std::string_view name) const;
  [[nodiscard]] const Delivery* deliveries(ActorId id) const { return actors_[index_of(id)].deliveries; }
  [[nodiscard]] std::size_t actors_alive() const { return actors_alive_; }

  /// Starts a process of an actor.
  void adopt(ActorId owner, Process process);
  /// Stops the actor at the end of the present event.
  void stop(ActorId id, ExitReason reason) {
    stops_.push_back({id, reason});
    turn_has_work_ = true;
  }
  /// Sends an exit message: the actor stops when it is delivered.
  void exit(ActorId id, ActorId sender, ExitReason reason);
  void monitor(ActorId observer, ActorId target);
  [[nodiscard]] bool lists_down(ActorId observer) {
    return cell(observer).type != nullptr && cell(observer).type->down != nullptr;
  }
  void link(ActorId one, ActorId other);
  void post_down(ActorId observer, Down down);

  // --- asks
  void register_ask(PendingAsk& ask, Duration timeout);
  void forget_ask(PendingAsk& ask);
  [[nodiscard]] PendingAsk* find_ask(std::uint64_t id) const { return asks_.find(id); }
  void resolve_ask(std::uint64_t id, AskError error);
  void count_late_reply() { ++dead_letters_; }
  void count_dead_letter() { ++dead_letters_; }
  void fail_ask_later(std::uint64_t id, ActorId asker, AskError error);

  // --- the rest
  [[nodiscard]] RandomStream& random(ActorCell& cell, std::string_view purpose);
  [[nodiscard]] Metrics& metrics() { return *metrics_; }
  [[nodiscard]] World& world() { return *world_; }
  [[nodiscard]] BlockPool& blocks() { return blocks_; }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  struct NameState {
    std::uint32_t incarnations = 0;
    ActorId tenant{};
  };
  struct Stop {
    ActorId id;
    ExitReason reason;
  };

  template <class T>
  Event& make_event(const Delivery& delivery, ActorId target, ActorId sender, EventState state, T&& payload) {
    if (pool_.is_used_up()) [[unlikely]] {
      grow_pool();
    }
    Event& event = pool_.acquire();
    construct_payload<std::decay_t<T>>(blocks_, event, std::forward<T>(payload));
    event.delivery = &delivery;
    event.target = target;
    event.sender = sender;
    event.state = state;
    return event;
  }

  /// Beyond the end of time the sum is `Time::max()`, when nothing is ever due.
  void schedule(Duration delay, Event& event) {
    if (delay.count() == 0) {
      set_.push_now(next_sequence_++, &event);
    } else {
      set_.push_later(now_ + delay, next_sequence_++, &event);
    }
  }

  ActorCell& open_entry(std::string_view name, const ActorType& type);
  bool step(Time horizon);
  void take(const EventSet::Entry& next, ActorEntry& target);
  void advance_clock_to(Time at);
  void record(const Event& event, const ActorEntry& target, bool lives);
  void deliver(Event& event, const ActorEntry& target, bool lives);
  [[nodiscard]] static bool is_dead(const Event& event, bool lives);
  [[nodiscard]] bool is_awaited(const Event& event, bool lives);
  void watch(const Event& event, bool dead_letter);
  void discard(Event& event);
  void discard_unseen(Event& event);
  void finish_turn();
  void terminate(ActorId id, ExitReason reason);
  void destroy_processes(ActorCell& cell);
  void compact_if_mostly_dead();
  void grow_pool();
  [[nodiscard]] RunFailure::Place place() const;
  [[noreturn]] void fail(const std::string& reason) const;
  [[noreturn]] void fail_too_long(const std::string& reason) const;
  [[nodiscard]] std::vector<Waiting> waiting() const;

  Config config_;
  Time now_{};
  std::uint64_t next_sequence_ = 0;
  std::uint64_t events_ = 0;
  std::uint64_t events_before_instant_ = 0;
  std::uint64_t dead_letters_ = 0;
  std::size_t dead_events_ = 0;  // cancelled or orphaned timers that still lie in the set
  Fingerprint fingerprint_;
  bool turn_has_work_ = false;
  bool closing_ = false;  // nothing will be delivered any more
  bool watched_ = false;  // somebody looks into each event: an observer, or a fingerprint over contents
  const Delivery* current_delivery_ = nullptr;  // of the event in hand; null between runs
  ActorId current_target_{};
  EventObserver* observer_ = nullptr;

  EventPool pool_;
  BlockPool blocks_;
  EventSet set_;
  std::vector<ActorEntry> actors_;
  std::vector<std::unique_ptr<ActorCell>> cells_;
  std::vector<std::uint32_t> free_actors_;
  std::size_t actors_alive_ = 0;
  std::map<std::string, NameState, std::less<>> names_;
  std::vector<Stop> stops_;
  std::string failure_;
  AskRegistry asks_;
  std::unique_ptr<Metrics> metrics_;
  std::unique_ptr<World> world_;
};

}  // namespace detail

}  // namespace sim
