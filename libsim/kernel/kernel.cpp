#include "libsim/kernel/kernel.hpp"

#include <algorithm>
#include <exception>

#include <fmt/format.h>

#include "libsim/caf/world.hpp"
#include "libsim/kernel/dispatch.hpp"
#include "libsim/metrics/metrics.hpp"

namespace sim::detail {

namespace {

void deliver_exit(Kernel& kernel, void*, Event& event) { kernel.stop(event.target, payload_of<Exit>(event).reason); }

constexpr Delivery make_exit_delivery() {
  Delivery delivery = make_delivery<Exit>(&deliver_exit, "Exit");
  delivery.still_due = &target_is_alive;
  return delivery;
}

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

constexpr Delivery exit_delivery = make_exit_delivery();
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
    while (step(horizon)) {
    }
    current_delivery_ = nullptr;
  } catch (const RunFailure&) {
    throw;
  } catch (const std::exception& error) {
    fail(error.what());
  } catch (...) {
    fail("threw something that is not a std::exception");
  }
  RunReport report{.end = {}, .events = events_, .quiet = set_.empty(), .waiting = {}};
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

void Kernel::fail(const std::string& reason) {
  RunFailure::Place place;
  place.at = now_;
  place.event = events_;
  place.seed = config_.seed;
  place.replication = config_.replication;
  if (current_delivery_ != nullptr) {
    place.actor = name(current_target_);
    place.message = current_delivery_->message;
  }
  throw RunFailure(reason, std::move(place));
}

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

// --- actors

ActorCell& Kernel::open_actor(std::string_view actor_name, const ActorType& type) {
  ActorCell& cell = open_entry(actor_name, type);
  world_->host(cell.id);
  return cell;
}

void Kernel::launch(const ActorCell& cell) {
  if (cell.type->start != nullptr) {
    post(Duration{0}, *cell.type->start, cell.id, ActorId{}, Start{});
  }
}

ActorCell& Kernel::open_entry(std::string_view actor_name, const ActorType& type) {
  check(!actor_name.empty(), "an actor has a name");
  auto found = names_.find(actor_name);
  if (found == names_.end()) {
    found = names_.emplace(std::string(actor_name), NameState{}).first;
  }
  NameState& state = found->second;
  if (alive(state.tenant)) {
    throw AssertionFailure(fmt::format("two live actors would be named {}", actor_name));
  }
  if (free_actors_.empty()) {
    free_actors_.push_back(static_cast<std::uint32_t>(actors_.size()));
    actors_.emplace_back();
    cells_.push_back(std::make_unique<ActorCell>());
  }
  const std::uint32_t index = free_actors_.back();
  free_actors_.pop_back();
  ActorEntry& entry = actors_[index];
  ActorCell& cell = *cells_[index];
  cell.id = make_actor_id(index, entry.generation);
  cell.name = actor_name;
  cell.incarnation = state.incarnations++;
  cell.type = &type;
  entry.deliveries = type.deliveries;
  entry.name_hash = hash_text(cell.name);
  state.tenant = cell.id;
  ++actors_alive_;
  return cell;
}

void Kernel::settle(ActorCell& cell, void* tenant, void* actor) {
  cell.tenant = tenant;
  cell.in_constructor = false;
  actors_[index_of(cell.id)].actor = actor;
}

void Kernel::abandon(ActorCell& cell) { terminate(cell.id, ExitReason::failed); }

ActorId Kernel::open_foreign(std::string foreign_name, void* actor) {
  static constexpr ActorType foreign{};
  const ActorId id = open_entry(foreign_name, foreign).id;
  cells_[index_of(id)]->type = nullptr;
  actors_[index_of(id)].actor = actor;
  return id;
}

void Kernel::close_foreign(ActorId id) {
  ActorEntry& entry = actors_[index_of(id)];
  entry.actor = nullptr;
  dead_events_ += std::exchange(entry.timers_pending, 0);
  ++entry.generation;
  free_actors_.push_back(index_of(id));
  --actors_alive_;
}

void* Kernel::actor(ActorId id) const {
  check(alive(id), "only a live actor can be looked into");
  return actors_[index_of(id)].actor;
}

std::string_view Kernel::name(ActorId id) const {
  const std::uint32_t index = index_of(id);
  if (index >= cells_.size()) {
    return "-";
  }
  // The cell of an actor that stopped keeps its name until the next actor moves in.
  const std::uint32_t generation = actors_[index].generation;
  const bool is_tenant = index == index_of(environment) || generation == generation_of(id);
  const bool was_tenant = generation == generation_of(id) + 1 && actors_[index].actor == nullptr;
  return is_tenant || was_tenant ? std::string_view(cells_[index]->name) : "(stopped)";
}

ActorId Kernel::find(std::string_view actor_name) const {
  const auto found = names_.find(actor_name);
  return found != names_.end() && alive(found->second.tenant) ? found->second.tenant : ActorId{};
}

void Kernel::adopt(ActorId owner, Process process) {
  const auto handle = process.release();
  handle.promise().insert_before(cell(owner).processes);
  handle.resume();
}

void Kernel::exit(ActorId id, ActorId sender, ExitReason reason) {
  if (alive(id)) {
    post(Duration{0}, exit_delivery, id, sender, Exit{reason});
  }
}

void Kernel::monitor(ActorId observer, ActorId target) {
  check(lists_down(observer), "an actor that monitors lists sim::Down in its Inbox");
  if (alive(target)) {
    world_->monitor(observer, target);
  } else {
    post_down(observer, Down{target, ExitReason::unknown});
  }
}

void Kernel::link(ActorId one, ActorId other) {
  if (alive(one) && alive(other)) {
    world_->link(one, other);
  } else {
    exit(alive(one) ? one : other, ActorId{}, ExitReason::failed);
  }
}

void Kernel::post_down(ActorId observer, Down down) {
  if (alive(observer)) {
    post(Duration{0}, *cell(observer).type->down, observer, down.actor, Down{down});
  }
}

void Kernel::destroy_processes(ActorCell& cell) {
  while (cell.processes.next != &cell.processes) {
    auto& promise = static_cast<Process::promise_type&>(*cell.processes.next);
    promise.unlink();
    std::coroutine_handle<Process::promise_type>::from_promise(promise).destroy();
  }
}

void Kernel::terminate(ActorId id, ExitReason reason) {
  const std::uint32_t index = index_of(id);
  ActorCell& cell = *cells_[index];
  destroy_processes(cell);
  actors_[index].actor = nullptr;
  if (void* const tenant = std::exchange(cell.tenant, nullptr); tenant != nullptr) {
    cell.type->destroy(tenant);
  }
  cell.streams.clear();
  cell.type = nullptr;
  cell.in_constructor = false;
  ActorEntry& entry = actors_[index];
  dead_events_ += std::exchange(entry.timers_pending, 0);
  ++entry.generation;
  free_actors_.push_back(index);
  --actors_alive_;
  if (!closing_) {
    asks_.for_each([&](const PendingAsk& ask) {
      if (ask.target == id && !ask.error) {
        fail_ask_later(ask.id, ask.asker, AskError::target_down);
      }
    });
  }
  world_->release(id, reason);
  compact_if_mostly_dead();
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

RandomStream& Kernel::random(ActorCell& cell, std::string_view purpose) {
  auto found = cell.streams.find(purpose);
  if (found == cell.streams.end()) {
    const StreamKey key{.seed = config_.seed,
                        .replication = config_.replication,
                        .actor = cell.name,
                        .incarnation = cell.incarnation,
                        .purpose = purpose};
    found = cell.streams.emplace(std::string(purpose), RandomStream(key)).first;
  }
  return found->second;
}

void answer_outside(Kernel& kernel, std::uint64_t ask, void* value) { kernel.world().answer(ask, value); }

}  // namespace sim::detail
