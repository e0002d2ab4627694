#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include <caf/all.hpp>
#include <caf/scheduler/abstract_coordinator.hpp>

#include "libsim/caf/virtual_clock.hpp"
#include "libsim/kernel/kernel.hpp"

namespace sim::detail {

class Coordinator;

/// The execution unit of every CAF actor of a simulation: whoever becomes ready goes to the kernel's queue.
class Unit final : public ::caf::execution_unit {
 public:
  Unit(::caf::actor_system& system, Coordinator& coordinator) : execution_unit(&system), coordinator_(coordinator) {}
  void exec_later(::caf::resumable* job) override;

 private:
  Coordinator& coordinator_;
};

/// What is known of an ordinary CAF actor of the simulation.
struct Guest {
  ::caf::scheduled_actor* actor = nullptr;  // null when it has ended
  ActorId id{};
  std::uint32_t pending = 0;           // delayed messages and timeouts on their way to it
  ::caf::strong_actor_ptr keep_alive;  // held while something is pending, as CAF's own clock does
  std::vector<std::pair<::caf::atom_value, TimerId>> receive_timeouts;
  std::vector<std::pair<::caf::message_id, TimerId>> request_timeouts;
};

/// CAF's scheduler on the kernel: an actor that becomes ready takes the next sequence number, handles one message, and
/// goes to the back of the queue. Runs on the thread of the simulation only.
class Coordinator final : public ::caf::scheduler::abstract_coordinator {
 public:
  Coordinator(::caf::actor_system& system, Kernel& kernel);

  [[nodiscard]] bool detaches_utility_actors() const override { return false; }
  [[nodiscard]] ::caf::actor_clock& clock() noexcept override { return clock_; }
  void enqueue(::caf::resumable* job) override;
  void start() override;
  void stop() override;

  /// From now on actors become guests of the simulation; what the actor system started for itself stays invisible.
  void open() { open_ = true; }
  /// From now on jobs are kept apart from the kernel's events, whose set is being torn down.
  void close() { closing_ = true; }
  /// Ends every guest and runs what that leads to.
  void end_guests();

  void resume(::caf::resumable* job);
  [[nodiscard]] Unit& unit() { return unit_; }
  [[nodiscard]] Guest* guest_of(::caf::abstract_actor* actor);
  /// Null when it has ended.
  [[nodiscard]] Guest* guest(ActorId id) {
    const std::uint32_t place = index_of(id);
    Guest* const found = place < guests_.size() ? guests_[place].get() : nullptr;
    return found != nullptr && found->id == id ? found : nullptr;
  }
  void hold(Guest& guest);
  void unhold(ActorId id);

  /// Blocking and detached actors would run on threads of their own, outside of virtual time: ends the run.
  void refuse_threads();

 private:
  Guest& admit(::caf::scheduled_actor& actor);
  void leave(ActorId id);
  void end_guest(ActorId id);
  void drop_answered_requests(Guest& guest);
  void install_handlers(::caf::scheduled_actor& actor);
  void run_jobs();

  Kernel& kernel_;
  Unit unit_;
  VirtualClock clock_;
  bool open_ = false;
  bool closing_ = false;
  std::deque<::caf::resumable*> jobs_;          // of the actor system itself, and while closing
  std::vector<std::unique_ptr<Guest>> guests_;  // by index of the actor table
  std::vector<std::uint32_t> guest_places_;     // by CAF's number of the actor; 0 when it is no guest
  std::uint64_t ordinal_ = 0;
};

}  // namespace sim::detail
