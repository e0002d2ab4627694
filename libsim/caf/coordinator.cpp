#include "libsim/caf/coordinator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <typeinfo>

#include "libsim/caf/host.hpp"
#include "libsim/kernel/dispatch.hpp"

namespace sim::detail {

namespace {

/// Opens the protected parts of CAF's scheduled actor that a scheduler must see; never instantiated.
struct Open : ::caf::scheduled_actor {
  static bool awaits(::caf::scheduled_actor& actor, ::caf::message_id id) {
    const auto& awaited = actor.*(&Open::awaited_responses_);
    for (const auto& response : awaited) {
      if (response.first == id) {
        return true;
      }
    }
    const auto& multiplexed = actor.*(&Open::multiplexed_responses_);
    return multiplexed.find(id) != multiplexed.end();
  }
  static default_handler& default_handler_of(::caf::scheduled_actor& actor) { return actor.*(&Open::default_handler_); }
  static down_handler& down_handler_of(::caf::scheduled_actor& actor) { return actor.*(&Open::down_handler_); }
  static exception_handler& exception_handler_of(::caf::scheduled_actor& actor) {
    return actor.*(&Open::exception_handler_);
  }
};

template <class Signature>
bool is_function(const std::function<Signature>& function, Signature* expected) {
  auto* const target = function.template target<Signature*>();
  return target != nullptr && *target == expected;
}

// --- events

/// A ready actor. Owns the reference that CAF hands over with it.
struct Job {
  Job(Coordinator& runs_on, ::caf::resumable* ready) : coordinator(&runs_on), resumable(ready) {}
  Job(Job&& other) noexcept : coordinator(other.coordinator), resumable(std::exchange(other.resumable, nullptr)) {}
  Job& operator=(Job&&) = delete;
  ~Job() {
    if (resumable != nullptr) {
      ::caf::intrusive_ptr_release(resumable);
    }
  }
  Coordinator* coordinator;
  ::caf::resumable* resumable;
};

/// Counts one thing on its way to a guest. While something is, the guest lives.
struct Hold {
  Hold(Coordinator& owner, ActorId held) : coordinator(&owner), guest(held) {}
  Hold(Hold&& other) noexcept : coordinator(std::exchange(other.coordinator, nullptr)), guest(other.guest) {}
  Hold& operator=(Hold&&) = delete;
  ~Hold() {
    if (coordinator != nullptr) {
      coordinator->unhold(guest);
    }
  }
  Coordinator* coordinator;
  ActorId guest;
};

struct DelayedToGuest {
  Hold hold;
  ::caf::mailbox_element_ptr element;
};

struct DelayedToOther {
  Coordinator* coordinator;
  ::caf::strong_actor_ptr receiver;
  ::caf::mailbox_element_ptr element;
};

struct DelayedToGroup {
  Coordinator* coordinator;
  ::caf::group target;
  ::caf::strong_actor_ptr sender;
  ::caf::message content;
};

struct ReceiveTimeout {
  Hold hold;
  ::caf::atom_value type;
  std::uint64_t id;
};

struct RequestTimeout {
  Hold hold;
  ::caf::message_id id;
};

void deliver_job(Kernel&, void*, Event& event) {
  Job& job = payload_of<Job>(event);
  job.coordinator->resume(std::exchange(job.resumable, nullptr));
}

void deliver_to_guest(Kernel&, void* actor, Event& event) {
  auto& delayed = payload_of<DelayedToGuest>(event);
  Unit& unit = delayed.hold.coordinator->unit();
  static_cast<::caf::scheduled_actor*>(actor)->enqueue(std::move(delayed.element), &unit);
}

void deliver_to_other(Kernel&, void*, Event& event) {
  auto& delayed = payload_of<DelayedToOther>(event);
  delayed.receiver->enqueue(std::move(delayed.element), &delayed.coordinator->unit());
}

void deliver_to_group(Kernel&, void*, Event& event) {
  auto& delayed = payload_of<DelayedToGroup>(event);
  delayed.target.get()->enqueue(std::move(delayed.sender), ::caf::make_message_id(), std::move(delayed.content),
                                &delayed.coordinator->unit());
}

void deliver_receive_timeout(Kernel&, void* actor, Event& event) {
  auto& timeout = payload_of<ReceiveTimeout>(event);
  auto* const self = static_cast<::caf::scheduled_actor*>(actor);
  self->eq_impl(::caf::make_message_id(), self->ctrl(), &timeout.hold.coordinator->unit(),
                ::caf::timeout_msg{timeout.type, timeout.id});
}

void deliver_request_timeout(Kernel&, void* actor, Event& event) {
  auto& timeout = payload_of<RequestTimeout>(event);
  auto* const self = static_cast<::caf::scheduled_actor*>(actor);
  self->eq_impl(timeout.id, self->ctrl(), &timeout.hold.coordinator->unit(), ::caf::sec::request_timeout);
}

constexpr Delivery job_delivery = make_delivery<Job>(&deliver_job, "caf.resume");
constexpr Delivery guest_delivery = make_delivery<DelayedToGuest>(&deliver_to_guest, "caf.delayed");
constexpr Delivery other_delivery = make_delivery<DelayedToOther>(&deliver_to_other, "caf.delayed");
constexpr Delivery group_delivery = make_delivery<DelayedToGroup>(&deliver_to_group, "caf.delayed");
constexpr Delivery receive_timeout_delivery = make_delivery<ReceiveTimeout>(&deliver_receive_timeout, "caf.timeout");
constexpr Delivery request_timeout_delivery =
    make_delivery<RequestTimeout>(&deliver_request_timeout, "caf.request_timeout");

/// What CAF's `aout` writes to. Prints at once: the simulation has one thread.
class Printer final : public ::caf::event_based_actor {
 public:
  explicit Printer(::caf::actor_config& config) : event_based_actor(config) {}
  [[nodiscard]] const char* name() const override { return "printer"; }

 private:
  ::caf::behavior make_behavior() override {
    set_default_handler(::caf::drop);
    return {[](::caf::add_atom, ::caf::actor_id, const std::string& text) { std::cout << text; }};
  }
};

}  // namespace

void Unit::exec_later(::caf::resumable* job) { coordinator_.enqueue(job); }

// --- clock

::caf::actor_clock::time_point VirtualClock::now() const noexcept {
  return time_point{std::chrono::duration_cast<duration_type>(kernel_.now().time_since_epoch())};
}

Duration VirtualClock::delay_until(time_point at) const {
  return std::max(Duration{0}, std::chrono::duration_cast<Duration>(at - now()));
}

void VirtualClock::set_ordinary_timeout(time_point at, ::caf::abstract_actor* self, ::caf::atom_value type,
                                        std::uint64_t id) {
  cancel_ordinary_timeout(self, type);
  Guest* const guest = coordinator_.guest_of(self);
  if (guest == nullptr) {
    return;
  }
  coordinator_.hold(*guest);
  guest->receive_timeouts.emplace_back(type,
                                       kernel_.post_timer(delay_until(at), receive_timeout_delivery, guest->id,
                                                          ReceiveTimeout{Hold{coordinator_, guest->id}, type, id}));
}

void VirtualClock::set_multi_timeout(time_point at, ::caf::abstract_actor* self, ::caf::atom_value type,
                                     std::uint64_t id) {
  if (Guest* const guest = coordinator_.guest_of(self); guest != nullptr) {
    coordinator_.hold(*guest);
    static_cast<void>(kernel_.post_timer(delay_until(at), receive_timeout_delivery, guest->id,
                                         ReceiveTimeout{Hold{coordinator_, guest->id}, type, id}));
  }
}

void VirtualClock::set_request_timeout(time_point at, ::caf::abstract_actor* self, ::caf::message_id id) {
  if (Guest* const guest = coordinator_.guest_of(self); guest != nullptr) {
    coordinator_.hold(*guest);
    guest->request_timeouts.emplace_back(id, kernel_.post_timer(delay_until(at), request_timeout_delivery, guest->id,
                                                                RequestTimeout{Hold{coordinator_, guest->id}, id}));
  }
}

void VirtualClock::cancel_ordinary_timeout(::caf::abstract_actor* self, ::caf::atom_value type) {
  Guest* const guest = coordinator_.guest_of(self);
  if (guest == nullptr) {
    return;
  }
  std::erase_if(guest->receive_timeouts, [&](const auto& timeout) {
    if (timeout.first != type) {
      return false;
    }
    kernel_.cancel(timeout.second);
    return true;
  });
}

void VirtualClock::cancel_request_timeout(::caf::abstract_actor*, ::caf::message_id) {
  // CAF never calls this; see Coordinator::drop_answered_requests.
}

void VirtualClock::cancel_timeouts(::caf::abstract_actor*) {
  // CAF calls this when the actor ends; the kernel's timers vanish with their owner.
}

void VirtualClock::schedule_message(time_point at, ::caf::strong_actor_ptr receiver,
                                    ::caf::mailbox_element_ptr content) {
  if (!receiver) {
    return;
  }
  const Duration delay = delay_until(at);
  ::caf::abstract_actor& actor = *receiver->get();
  // Not dynamic_cast, whose walk through CAF's hierarchy costs more than all the rest: Host is final.
  if (typeid(actor) == typeid(Host) && static_cast<Host&>(actor).accept(delay, *content)) {
    return;
  }
  if (Guest* const guest = coordinator_.guest_of(&actor); guest != nullptr) {
    coordinator_.hold(*guest);
    kernel_.post(delay, guest_delivery, guest->id, ActorId{},
                 DelayedToGuest{Hold{coordinator_, guest->id}, std::move(content)});
  } else {
    kernel_.post(delay, other_delivery, environment, ActorId{},
                 DelayedToOther{&coordinator_, std::move(receiver), std::move(content)});
  }
}

void VirtualClock::schedule_message(time_point at, ::caf::group target, ::caf::strong_actor_ptr sender,
                                    ::caf::message content) {
  kernel_.post(delay_until(at), group_delivery, environment, ActorId{},
               DelayedToGroup{&coordinator_, std::move(target), std::move(sender), std::move(content)});
}

// --- coordinator

Coordinator::Coordinator(::caf::actor_system& system, Kernel& kernel)
    : abstract_coordinator(system), kernel_(kernel), unit_(system, *this), clock_(kernel, *this) {}

void Coordinator::start() { utility_actors_[printer_id] = system().spawn<Printer, ::caf::hidden + ::caf::lazy_init>(); }

void Coordinator::stop() {
  // Not `stop_actors()`: it blocks until the printer has ended, on the very thread that would have to run it.
  ::caf::anon_send_exit(utility_actors_[printer_id], ::caf::exit_reason::kill);
  run_jobs();
  utility_actors_[printer_id] = nullptr;
}

void Coordinator::enqueue(::caf::resumable* job) {
  if (closing_ || !open_) {
    jobs_.push_back(job);
    return;
  }
  const bool is_actor = job->subtype() == ::caf::resumable::scheduled_actor;
  const Guest* const guest = is_actor ? guest_of(static_cast<::caf::scheduled_actor*>(job)) : nullptr;
  kernel_.post(Duration{0}, job_delivery, guest == nullptr ? environment : guest->id, ActorId{}, Job(*this, job));
}

void Coordinator::drop_answered_requests(Guest& guest) {
  std::erase_if(guest.request_timeouts, [&](const auto& timeout) {
    if (Open::awaits(*guest.actor, timeout.first)) {
      return false;
    }
    kernel_.cancel(timeout.second);
    return true;
  });
}

void Coordinator::resume(::caf::resumable* job) {
  const bool is_actor = job->subtype() == ::caf::resumable::scheduled_actor;
  const Guest* const resumed = is_actor ? guest_of(static_cast<::caf::scheduled_actor*>(job)) : nullptr;
  const ActorId id = resumed == nullptr ? ActorId{} : resumed->id;
  const auto result = job->resume(&unit_, 1);
  if (Guest* const lives = guest(id); lives != nullptr && !lives->request_timeouts.empty()) {
    drop_answered_requests(*lives);
  }
  switch (result) {
    case ::caf::resumable::resume_later:
      enqueue(job);
      break;
    case ::caf::resumable::done:
    case ::caf::resumable::awaiting_message:
      ::caf::intrusive_ptr_release(job);
      break;
    case ::caf::resumable::shutdown_execution_unit:
      break;
  }
  refuse_threads();
}

void Coordinator::run_jobs() {
  while (!jobs_.empty()) {
    ::caf::resumable* const job = jobs_.front();
    jobs_.pop_front();
    resume(job);
  }
}

void Coordinator::refuse_threads() {
  if (open_ && !closing_ && system().detached_actors() != 0) {
    kernel_.fail_after_event(
        "a detached or blocking CAF actor was spawned: it would run on a thread of its own, outside of virtual time");
  }
}

// --- guests

Guest* Coordinator::guest_of(::caf::abstract_actor* actor) {
  const ::caf::actor_id number = actor->id();
  if (number < guest_places_.size() && guest_places_[number] != 0) [[likely]] {
    return guests_[guest_places_[number]].get();
  }
  auto* const scheduled = dynamic_cast<::caf::scheduled_actor*>(actor);
  if (scheduled == nullptr || !open_ || closing_ || scheduled->getf(::caf::abstract_actor::is_terminated_flag)) {
    return nullptr;
  }
  return &admit(*scheduled);
}

Guest& Coordinator::admit(::caf::scheduled_actor& actor) {
  install_handlers(actor);
  const ActorId id = kernel_.open_foreign(fmt::format("{}#{}", actor.name(), ++ordinal_), &actor);
  guests_.resize(std::max<std::size_t>(guests_.size(), index_of(id) + 1));
  guests_[index_of(id)] = std::make_unique<Guest>();
  Guest& guest = *guests_[index_of(id)];
  guest.actor = &actor;
  guest.id = id;
  guest_places_.resize(std::max<std::size_t>(guest_places_.size(), actor.id() + 1));
  guest_places_[actor.id()] = index_of(id);
  actor.attach_functor([this, id] { leave(id); });
  return guest;
}

void Coordinator::leave(ActorId id) {
  const std::unique_ptr<Guest> left = std::move(guests_[index_of(id)]);
  // Whoever ends it holds a reference of its own: dropping ours does not destroy the actor under its feet.
  guest_places_[left->actor->id()] = 0;
  kernel_.close_foreign(id);
}

void Coordinator::hold(Guest& guest) {
  if (guest.pending++ == 0) {
    guest.keep_alive = guest.actor->ctrl();
  }
}

void Coordinator::unhold(ActorId id) {
  Guest* const held = guest(id);
  if (held != nullptr && --held->pending == 0) {
    const ::caf::strong_actor_ptr last = std::move(held->keep_alive);
  }
}

void Coordinator::install_handlers(::caf::scheduled_actor& actor) {
  using ::caf::scheduled_actor;
  using DefaultHandler = ::caf::result<::caf::message>(scheduled_actor*, ::caf::message_view&);
  using DownHandler = void(scheduled_actor*, ::caf::down_msg&);
  using ExceptionHandler = ::caf::error(scheduled_actor*, std::exception_ptr&);
  // CAF's own defaults print a line and let the run end as if all were well. What the actor installed itself stays.
  if (is_function<DefaultHandler>(Open::default_handler_of(actor), &::caf::print_and_drop)) {
    actor.set_default_handler([this](scheduled_actor* self, ::caf::message_view& message) {
      kernel_.fail_after_event(
          fmt::format("the CAF actor {} has no handler for {}", self->name(), message.content().stringify()));
      return ::caf::result<::caf::message>(::caf::sec::unexpected_message);
    });
  }
  if (is_function<DownHandler>(Open::down_handler_of(actor), &scheduled_actor::default_down_handler)) {
    actor.set_down_handler([this](scheduled_actor* self, ::caf::down_msg&) {
      kernel_.fail_after_event(fmt::format("the CAF actor {} has no handler for down messages", self->name()));
    });
  }
  if (is_function<ExceptionHandler>(Open::exception_handler_of(actor), &scheduled_actor::default_exception_handler)) {
    actor.set_exception_handler([this](scheduled_actor* self, std::exception_ptr& error) {
      try {
        std::rethrow_exception(error);
      } catch (const std::exception& what) {
        kernel_.fail_after_event(fmt::format("the CAF actor {} threw: {}", self->name(), what.what()));
      } catch (...) {
        kernel_.fail_after_event(fmt::format("the CAF actor {} threw something else", self->name()));
      }
      return ::caf::make_error(::caf::exit_reason::unhandled_exception);
    });
  }
}

void Coordinator::end_guests() {
  run_jobs();
  // A guest may spawn others while it ends: look again until there are none.
  const auto lives = [](const std::unique_ptr<Guest>& place) { return place != nullptr; };
  while (std::any_of(guests_.begin(), guests_.end(), lives)) {
    for (std::size_t place = 0; place < guests_.size(); ++place) {
      if (guests_[place] != nullptr) {
        end_guest(guests_[place]->id);
      }
    }
  }
}

void Coordinator::end_guest(ActorId id) {
  ::caf::scheduled_actor& actor = *guest(id)->actor;
  const ::caf::strong_actor_ptr last = actor.ctrl();
  actor.eq_impl(::caf::make_message_id(), nullptr, &unit_, ::caf::exit_msg{last->address(), ::caf::exit_reason::kill});
  run_jobs();
  if (guest(id) != nullptr) {
    actor.cleanup(::caf::exit_reason::kill, &unit_);
  }
  run_jobs();
}

}  // namespace sim::detail
