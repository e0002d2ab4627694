#include <fmt/format.h>

#include <utility>

#include "libsim/caf/world.hpp"
#include "libsim/kernel/dispatch.hpp"
#include "libsim/kernel/kernel.hpp"
#include "libsim/metrics/metrics.hpp"

/// The lives of actors: how they begin, what ties them to each other, how they end.
namespace sim::detail {

namespace {

void deliver_exit(Kernel& kernel, void*, Event& event) { kernel.stop(event.target, payload_of<Exit>(event).reason); }

constexpr Delivery make_exit_delivery() {
  Delivery delivery = make_delivery<Exit>(&deliver_exit, "Exit");
  delivery.still_due = &target_is_alive;
  return delivery;
}

constexpr Delivery exit_delivery = make_exit_delivery();

}  // namespace

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

}  // namespace sim::detail
