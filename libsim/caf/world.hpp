#pragma once

#include <memory>

#include "libsim/kernel/actor_id.hpp"
#include "libsim/kernel/exit_reason.hpp"

namespace sim::detail {

class Kernel;

/// The CAF side of one simulation: its `caf::actor_system` under virtual time and the CAF actor that hosts each
/// simulated one. CAF itself stays behind this header, for a file that includes it takes seconds longer to compile.
class World {
 public:
  struct Impl;

  explicit World(Kernel& kernel);
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  /// Ends every CAF actor that still lives. No event of the kernel may be left.
  ~World();

  /// Gives a simulated actor its host.
  void host(ActorId actor);
  /// Ends the host: its monitors are told, its links follow.
  void release(ActorId actor, ExitReason reason);
  void monitor(ActorId observer, ActorId target);
  void link(ActorId one, ActorId other);
  /// Ends the run when a CAF actor was spawned that would run outside of virtual time.
  void refuse_threads();
  /// From now on what CAF does is kept apart from the kernel, whose events are about to go.
  void begin_shutdown();
  /// Hands the answer to the CAF actor whose request has this number. `value` is of the request's reply type.
  void answer(std::uint64_t request, void* value);

  [[nodiscard]] Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

}  // namespace sim::detail
