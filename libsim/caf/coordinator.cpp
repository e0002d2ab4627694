#include "libsim/caf/coordinator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iostream>
#include <utility>

#include "libsim/kernel/dispatch.hpp"
#include "libsim/text/page.hpp"

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

void deliver_job(Kernel&, void*, Event& event) {
  Job& job = payload_of<Job>(event);
  job.coordinator->resume(std::exchange(job.resumable, nullptr));
}

constexpr Delivery job_delivery = make_delivery<Job>(&deliver_job, "caf.resume");

/// What CAF's `aout` writes to. Prints at once: the simulation has one thread.
class Printer final : public ::caf::event_based_actor {
 public:
  explicit Printer(::caf::actor_config& config) : event_based_actor(config) {}
  [[nodiscard]] const char* name() const override { return "printer"; }

 private:
  ::caf::behavior make_behavior() override {
    set_default_handler(::caf::drop);
    return {
        [](::caf::add_atom, ::caf::actor_id, const std::string& text) { std::cout << Page::of_lines(text).text(); }};
  }
};

}  // namespace

void Unit::exec_later(::caf::resumable* job) { coordinator_.enqueue(job); }

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
