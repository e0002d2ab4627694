#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include <caf/all.hpp>

#include "libsim/caf/coordinator.hpp"
#include "libsim/caf/host.hpp"
#include "libsim/caf/world.hpp"

namespace sim::detail {

/// A request of a CAF actor that a simulated actor has to answer.
struct OutsideRequest {
  ActorId target{};
  ::caf::strong_actor_ptr requester;
  ::caf::message_id response;
  void (*respond)(OutsideRequest&, ::caf::execution_unit&, void* value) = nullptr;
};

/// A request of a simulated actor that a CAF actor has to answer.
using ResponseHandler = std::function<void(::caf::mailbox_element&)>;

struct World::Impl {
  explicit Impl(Kernel& kernel);
  ~Impl();

  [[nodiscard]] Coordinator& coordinator() { return *coordinator_; }
  [[nodiscard]] ::caf::actor_system& system() { return *system_; }
  [[nodiscard]] Host* host(ActorId actor);
  /// The simulated actor behind a CAF address, or nobody.
  [[nodiscard]] ActorId simulated(const ::caf::actor_addr& address) const;

  [[nodiscard]] std::uint64_t expect_answer(OutsideRequest request);
  void answer(std::uint64_t request, void* value);
  void bounce_requests_to(ActorId target);

  [[nodiscard]] ::caf::message_id expect_response(ResponseHandler handler);
  void forget_response(::caf::message_id id) { responses_.erase(id.integer_value()); }
  void deliver_response(::caf::mailbox_element_ptr& element);

  void host_actor(ActorId actor);
  void release_actor(ActorId actor, ExitReason reason);

 private:
  struct Config;

  Kernel& kernel_;
  std::unique_ptr<Config> config_;
  std::unique_ptr<::caf::actor_system> system_;
  Coordinator* coordinator_ = nullptr;
  std::vector<::caf::strong_actor_ptr> hosts_;  // by index of the actor table
  std::map<::caf::actor_id, ActorId> simulated_by_caf_id_;
  std::map<std::uint64_t, OutsideRequest> requests_;
  std::uint64_t next_request_ = 1;
  std::map<std::uint64_t, ResponseHandler> responses_;
  std::uint64_t next_response_ = 1;
};

}  // namespace sim::detail
