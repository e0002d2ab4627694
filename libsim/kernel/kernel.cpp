#include "libsim/kernel/kernel.hpp"

#include <algorithm>
#include <exception>

#include <fmt/format.h>

#include "libsim/caf/world.hpp"
#include "libsim/kernel/dispatch.hpp"
#include "libsim/metrics/metrics.hpp"

namespace sim {

std::string to_text(const NeverDue& never) {
  return never.count > 1 ? fmt::format("{} and {} more", never.first, never.count - 1) : never.first;
}

namespace detail {

namespace {

void deliver_ask_failure(Kernel& kernel, void*, Event& event) {
  const AskFailed failed = payload_of<AskFailed>(event);
  kernel.resolve_ask(failed.ask, failed.error);
}

bool ask_is_pending(Kernel& kernel, const Event& event) {
  return kernel.find_ask(payload_of<AskFailed>(event).ask) != nullptr;
}

constexpr Delivery make_ask_failure_delivery() {
  Delivery delivery = make_delivery<AskFailed>(&deliver_ask_failure, "AskFailed");
  delivery.still_due = &ask_is_pending;
  return delivery;
}

constexpr Delivery ask_failure_delivery = make_ask_failure_delivery();

}  // namespace

Kernel::Kernel(Config config) : config_(config), actors_(1), metrics_(std::make_unique<Metrics>(now_)) {
  cells_.push_back(std::make_unique<ActorCell>());
  cells_[index_of(environment)]->name = "-";
  observe(nullptr);
  world_ = std::make_unique<World>(*this);
}

Kernel::~Kernel() {
  closing_ = true;
  // Frames and actors first, for they cancel timers; then the events, for they may hold references into CAF; CAF last.
  for (std::uint32_t index = 1; index < actors_.size(); ++index) {
    if (cells_[index]->type != nullptr) {
      terminate(cells_[index]->id, ExitReason::shutdown);
    }
  }
  world_->begin_shutdown();
  set_.for_each([this](Event& event) { discard(event); });
  world_.reset();
}

// --- the step

[[gnu::always_inline]] inline bool Kernel::step(Time horizon) {
  const EventSet::Entry next = set_.peek(now_);
  if (next.event == nullptr) {
    return false;
  }
  Event& event = *next.event;
  ActorEntry& target = actors_[index_of(event.target)];
  const bool lives = target.generation == generation_of(event.target);
  if (!is_awaited(event, lives)) [[unlikely]] {
    set_.pop(next);
    discard_unseen(event);
    return true;
  }
  if (next.at > horizon) [[unlikely]] {
    return false;
  }
  advance_clock_to(next.at);
  take(next, target);
  record(event, target, lives);
  deliver(event, target, lives);
  discard(event);
  if (turn_has_work_) {
    finish_turn();
  }
  return true;
}

/// A cancelled timer, or one whose owner has stopped.
inline bool Kernel::is_dead(const Event& event, bool lives) {
  return lives ? event.state == EventState::cancelled : event.state != EventState::message;
}

/// False for what nobody waits for any more: it is dropped unseen, and the clock does not move.
inline bool Kernel::is_awaited(const Event& event, bool lives) {
  return !is_dead(event, lives) && (event.delivery->still_due == nullptr || event.delivery->still_due(*this, event));
}

inline void Kernel::advance_clock_to(Time at) {
  if (at != now_) {
    now_ = at;
    events_before_instant_ = events_;
  } else if (events_ - events_before_instant_ >= config_.events_per_instant_max) [[unlikely]] {
    fail(fmt::format("virtual time stands still: more than {} events at one instant", config_.events_per_instant_max));
  }
}

/// Takes the next event out of the set. From now on it is the one that a failure names, and no timer to be cancelled.
inline void Kernel::take(const EventSet::Entry& next, ActorEntry& target) {
  if (events_ >= config_.events_max) [[unlikely]] {
    fail_too_long(fmt::format("more than {} events", config_.events_max));
  }
  set_.pop(next);
  ++events_;
  Event& event = *next.event;
  current_delivery_ = event.delivery;
  current_target_ = event.target;
  ++event.generation;
  if (event.state == EventState::timer) {
    --target.timers_pending;
  }
}

inline void Kernel::record(const Event& event, const ActorEntry& target, bool lives) {
  fingerprint_.add(now_, lives ? target.name_hash : 0, event.delivery->message_hash);
  if (watched_) [[unlikely]] {
    watch(event, !lives);
  }
}

inline void Kernel::deliver(Event& event, const ActorEntry& target, bool lives) try {
  if (lives) [[likely]] {
    event.delivery->deliver(*this, target.actor, event);
    return;
  }
  ++dead_letters_;
  if (event.delivery->on_dead_letter != nullptr) {
    event.delivery->on_dead_letter(*this, event);
  }
} catch (...) {
  discard(event);
  throw;
}

inline void Kernel::discard(Event& event) {
  if (event.delivery->drop != nullptr && event.state != EventState::cancelled) {
    event.delivery->drop(*this, event);
  }
  pool_.release(event);
}

void Kernel::discard_unseen(Event& event) {
  if (is_dead(event, alive(event.target))) {
    --dead_events_;
  } else if (event.state == EventState::timer) {
    --actors_[index_of(event.target)].timers_pending;
  }
  ++event.generation;
  discard(event);
}

void Kernel::watch(const Event& event, bool dead_letter) {
  if (config_.fingerprint == FingerprintOf::payload && event.delivery->hash_payload != nullptr) {
    fingerprint_.add(event.delivery->hash_payload(event));
  }
  if (observer_ != nullptr) {
    observer_->on_event({.number = events_,
                         .at = now_,
                         .actor = name(event.target),
                         .message = event.delivery->message,
                         .sender = name(event.sender),
                         .dead_letter = dead_letter});
  }
}

void Kernel::finish_turn() {
  turn_has_work_ = false;
  // Stopping an actor may stop others (its destructor may, links do so by messages): index, for the vector may grow.
  for (std::size_t i = 0; i < stops_.size(); ++i) {
    const Stop stop = stops_[i];
    if (alive(stop.id)) {
      terminate(stop.id, stop.reason);
    }
  }
  stops_.clear();
  if (!failure_.empty()) {
    fail(failure_);
  }
}

RunReport Kernel::run_until(Time horizon) {
  check(horizon >= now_, "a run does not end before the present time");
  try {
    world_->refuse_threads();
    if (turn_has_work_) {
      finish_turn();
    }
    const Time last = std::min(horizon, Time::max() - Duration{1});
    while (step(last)) {
    }
    current_delivery_ = nullptr;
  } catch (const RunFailure&) {
    throw;
  } catch (const std::exception& error) {
    fail(error.what());
  } catch (...) {
    fail("threw something that is not a std::exception");
  }
  RunReport report;
  report.events = events_;
  report.never_due = never_due();
  if (config_.never_due_is_refused && horizon == Time::max() && report.never_due.count > 0) {
    throw EndOfTime(
        fmt::format("after {} s only what lies beyond it is left: {}", to_text(now_), to_text(report.never_due)));
  }
  report.quiet = set_.empty() || report.never_due.count > 0;
  if (report.quiet) {
    report.waiting = waiting();
  }
  if (horizon != Time::max() && horizon != now_) {
    now_ = horizon;
    events_before_instant_ = events_;
  }
  report.end = now_;
  return report;
}

void Kernel::grow_pool() {
  if (pool_.size() >= config_.pending_events_max) {
    fail_too_long(fmt::format("more than {} pending events", config_.pending_events_max));
  }
  pool_.grow();
}

RunFailure::Place Kernel::place() const {
  RunFailure::Place place;
  place.at = now_;
  place.event = events_;
  place.seed = config_.seed;
  place.replication = config_.replication;
  if (current_delivery_ != nullptr) {
    place.actor = name(current_target_);
    place.message = current_delivery_->message;
  }
  return place;
}

void Kernel::fail(const std::string& reason) const { throw RunFailure(reason, place()); }

void Kernel::fail_too_long(const std::string& reason) const { throw RunTooLong(reason, place()); }

void Kernel::fail_after_event(std::string reason) {
  if (failure_.empty()) {
    failure_ = std::move(reason);
    turn_has_work_ = true;
  }
}

bool Kernel::cancel(TimerId timer) {
  if (timer == TimerId{}) {
    return false;
  }
  const auto id = static_cast<std::uint64_t>(timer);
  Event* const found = pool_.find(static_cast<std::uint32_t>(id));
  if (found == nullptr || found->state != EventState::timer || found->generation != id >> 32) {
    return false;
  }
  Event& event = *found;
  ActorEntry& owner = actors_[index_of(event.target)];
  if (owner.generation != generation_of(event.target)) {
    return false;  // it vanished with its owner and is counted as dead already
  }
  --owner.timers_pending;
  if (event.delivery->drop != nullptr) {
    event.delivery->drop(*this, event);
  }
  event.state = EventState::cancelled;
  ++dead_events_;
  compact_if_mostly_dead();
  return true;
}

void Kernel::compact_if_mostly_dead() {
  constexpr std::size_t worth_it = 256;
  if (dead_events_ < worth_it || dead_events_ < set_.size() / 2) {
    return;
  }
  set_.remove_later_if([this](Event& event) {
    const bool dead = is_dead(event, alive(event.target));
    if (dead) {
      discard_unseen(event);
    }
    return dead;
  });
}

// --- asks

void Kernel::register_ask(PendingAsk& ask, Duration timeout) {
  ask.since = now_;
  asks_.add(ask);
  if (timeout != forever) {
    ask.timeout = post_timer(timeout, ask_failure_delivery, ask.asker, AskFailed{ask.id, AskError::timed_out});
  }
}

void Kernel::forget_ask(PendingAsk& ask) {
  if (ask.id != 0) {
    asks_.remove(ask);
    cancel(ask.timeout);
  }
}

void Kernel::resolve_ask(std::uint64_t id, AskError error) {
  PendingAsk* const ask = asks_.find(id);
  ask->error = error;
  ask->waiting.resume();
}

void Kernel::fail_ask_later(std::uint64_t id, ActorId asker, AskError error) {
  if (alive(asker)) {
    post(Duration{0}, ask_failure_delivery, asker, ActorId{}, AskFailed{id, error});
  }
}

std::vector<Waiting> Kernel::waiting() const {
  std::vector<Waiting> result;
  asks_.for_each([&](const PendingAsk& ask) {
    result.push_back(
        {std::string(name(ask.asker)), std::string(name(ask.target)), std::string(ask.request), ask.since});
  });
  std::stable_sort(result.begin(), result.end(), [](const Waiting& a, const Waiting& b) { return a.since < b.since; });
  return result;
}

NeverDue Kernel::never_due() {
  const EventSet::Entry first = set_.peek(now_);
  NeverDue result;
  if (first.event != nullptr && first.at == Time::max()) {
    set_.for_each([&](const Event& event) { result.count += is_awaited(event, alive(event.target)) ? 1 : 0; });
    result.first = fmt::format("{} of {}", first.event->delivery->message, name(first.event->target));
  }
  return result;
}

void answer_outside(Kernel& kernel, std::uint64_t ask, void* value) { kernel.world().answer(ask, value); }

}  // namespace detail

}  // namespace sim
