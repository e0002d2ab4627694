#include "libsim/caf/world.hpp"

#include <chrono>
#include <thread>

#include <caf/default_attachable.hpp>

#include "libsim/caf/world_impl.hpp"
#include "libsim/kernel/kernel.hpp"

namespace sim::detail {

namespace {

/// Stops every thread that CAF starts before it runs an actor: the run is about to be refused, and nothing may happen
/// beside the virtual time until then.
class ParkThreads final : public ::caf::thread_hook {
 public:
  void init(::caf::actor_system&) override {}
  void thread_started() override {
    for (;;) {
      std::this_thread::sleep_for(std::chrono::hours(24));
    }
  }
  void thread_terminates() override {}
};

}  // namespace

struct World::Impl::Config : ::caf::actor_system_config {
  Config(Kernel& kernel, Coordinator*& coordinator) {
    module_factories.emplace_back([&](::caf::actor_system& system) -> ::caf::actor_system::module* {
      coordinator = new Coordinator(system, kernel);  // the actor system owns its modules
      return coordinator;
    });
    add_thread_hook<ParkThreads>();
  }
};

World::Impl::Impl(Kernel& kernel) : kernel_(kernel), config_(std::make_unique<Config>(kernel, coordinator_)) {
  system_ = std::make_unique<::caf::actor_system>(*config_);
  system_->await_actors_before_shutdown(false);
  coordinator_->open();
}

World::Impl::~Impl() {
  coordinator_->close();
  requests_.clear();
  responses_.clear();
  hosts_.clear();
  coordinator_->end_guests();
  if (system_->detached_actors() != 0) {
    // Its threads are parked for good and CAF would wait for them for ever: leave the system to them.
    static_cast<void>(system_.release());
    static_cast<void>(config_.release());
  }
}

Host* World::Impl::host(ActorId actor) {
  const std::uint32_t index = index_of(actor);
  if (index >= hosts_.size() || !hosts_[index]) {
    return nullptr;
  }
  auto* const host = static_cast<Host*>(::caf::actor_cast<::caf::abstract_actor*>(hosts_[index]));
  return host->simulated() == actor ? host : nullptr;
}

ActorId World::Impl::simulated(const ::caf::actor_addr& address) const {
  const auto found = simulated_by_caf_id_.find(address.id());
  return found == simulated_by_caf_id_.end() ? ActorId{} : found->second;
}

void World::Impl::host_actor(ActorId actor) {
  const std::uint32_t index = index_of(actor);
  if (index >= hosts_.size()) {
    hosts_.resize(index + 1);
  }
  ::caf::actor_config config{&coordinator_->unit()};
  const ::caf::actor_id caf_id = system_->next_actor_id();
  hosts_[index] =
      ::caf::make_actor<Host, ::caf::strong_actor_ptr>(caf_id, system_->node(), system_.get(), config, kernel_, actor);
  simulated_by_caf_id_.emplace(caf_id, actor);
}

void World::Impl::release_actor(ActorId actor, ExitReason reason) {
  Host* const host = this->host(actor);
  if (host == nullptr) {
    return;  // its constructor threw before it had a host
  }
  bounce_requests_to(actor);
  const ::caf::strong_actor_ptr last = std::move(hosts_[index_of(actor)]);
  host->cleanup(::caf::make_error(to_caf(reason)), &coordinator_->unit());
  simulated_by_caf_id_.erase(last->id());
}

// --- requests of CAF actors to simulated ones

std::uint64_t World::Impl::expect_answer(OutsideRequest request) {
  requests_.emplace(next_request_, std::move(request));
  return next_request_++;
}

void World::Impl::answer(std::uint64_t request, void* value) {
  const auto found = requests_.find(request);
  if (found == requests_.end()) {
    kernel_.count_dead_letter();  // answered before, or bounced when the requested actor stopped
    return;
  }
  OutsideRequest pending = std::move(found->second);
  requests_.erase(found);
  pending.respond(pending, coordinator_->unit(), value);
}

void World::Impl::bounce_requests_to(ActorId target) {
  for (auto request = requests_.begin(); request != requests_.end();) {
    if (request->second.target != target) {
      ++request;
      continue;
    }
    const OutsideRequest bounced = std::move(request->second);
    request = requests_.erase(request);
    bounced.requester->get()->eq_impl(bounced.response, nullptr, &coordinator_->unit(),
                                      ::caf::make_error(::caf::sec::request_receiver_down));
  }
}

// --- requests of simulated actors to CAF actors

::caf::message_id World::Impl::expect_response(ResponseHandler handler) {
  const ::caf::message_id request = ::caf::make_message_id(next_response_++);
  responses_.emplace(request.response_id().integer_value(), std::move(handler));
  return request;
}

void World::Impl::deliver_response(::caf::mailbox_element_ptr& element) {
  const auto found = responses_.find(element->mid.integer_value());
  if (found == responses_.end()) {
    kernel_.count_dead_letter();
    return;
  }
  const ResponseHandler handler = std::move(found->second);
  responses_.erase(found);
  handler(*element);
}

// --- the face

World::World(Kernel& kernel) : impl_(std::make_unique<Impl>(kernel)) {}
World::~World() = default;

void World::host(ActorId actor) { impl_->host_actor(actor); }

void World::release(ActorId actor, ExitReason reason) { impl_->release_actor(actor, reason); }

void World::refuse_threads() { impl_->coordinator().refuse_threads(); }

void World::begin_shutdown() { impl_->coordinator().close(); }

void World::monitor(ActorId observer, ActorId target) {
  Host* const watching = impl_->host(observer);
  Host* const watched = impl_->host(target);
  check(watching != nullptr && watched != nullptr, "simulated actors monitor simulated actors");
  watched->attach(::caf::default_attachable::make_monitor(watched->address(), watching->address()));
}

void World::link(ActorId one, ActorId other) {
  Host* const first = impl_->host(one);
  Host* const second = impl_->host(other);
  check(first != nullptr && second != nullptr, "simulated actors link to simulated actors");
  first->link_to(second->address());
}

void World::answer(std::uint64_t request, void* value) { impl_->answer(request, value); }

}  // namespace sim::detail
