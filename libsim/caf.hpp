#pragma once

/// Ordinary CAF 0.17 actors under virtual time, and the bridge between them and simulated actors. Opt in by including
/// it: a file that includes CAF takes seconds longer to compile.
///
/// CAF actors run unmodified: `delayed_send`, `request(…).then` with timeouts, `after`, `monitor`, `link`, `spawn` all
/// follow the clock of the simulation. CAF shows a scheduler which actor became ready, not each message: an actor takes
/// the next sequence number when it becomes ready, handles one message per turn, and goes to the back of the queue.
/// That is deterministic, and first in, first out per receiver. In logs and fingerprints an actor is its CAF name and
/// its spawn ordinal, as in `worker#3`.
///
/// A handler that throws and a message that nobody handles end the run with a `RunFailure`, where CAF itself would
/// print a line; handlers that an actor installs itself stay in force. Detached and blocking actors, which would run on
/// threads of their own, end it too. Release all handles of CAF actors before the simulation goes.
#include <caf/all.hpp>
#include <caf/default_attachable.hpp>

#include <coroutine>
#include <memory>
#include <optional>
#include <string_view>
#include <tuple>
#include <utility>

#include "libsim/caf/world_impl.hpp"
#include "libsim/kernel/context.hpp"
#include "libsim/kernel/simulation.hpp"

namespace sim {

/// The actor system of a simulation: `caf_system(simulation).spawn(…)`.
[[nodiscard]] inline ::caf::actor_system& caf_system(Simulation& simulation) {
  return simulation.kernel().world().impl().system();
}
[[nodiscard]] inline ::caf::actor_system& caf_system(Context& ctx) { return ctx.kernel().world().impl().system(); }

namespace detail {

/// Sends the answer of a simulated actor to the CAF actor that requested it.
template <class R>
void respond_with(OutsideRequest& request, ::caf::execution_unit& unit, void* value) {
  request.requester->get()->eq_impl(request.response, nullptr, &unit, std::move(*static_cast<R*>(value)));
}

/// Posts `element` as a typed event when its content is an `M`.
template <class A, class M>
bool accept_one(Kernel& kernel, ActorId id, Duration delay, ::caf::mailbox_element& element) {
  auto& content = element.content();
  if (!content.template match_elements<M>()) {
    return false;
  }
  const ActorId sender = element.sender ? kernel.world().impl().simulated(element.sender->address()) : ActorId{};
  if constexpr (Askable<M>) {
    if (element.mid.is_request()) {
      const std::uint64_t number = kernel.world().impl().expect_answer(
          {id, element.sender, element.mid.response_id(), &respond_with<typename M::Reply>});
      kernel.post(delay, delivery_of<A, M>(true), id, outside, Asked<M>{content.template get_as<M>(0), number});
      return true;
    }
  }
  if (element.mid.is_request()) {
    return false;  // it would never be answered
  }
  kernel.post(delay, delivery_of<A, M>(), id, sender, M(content.template get_as<M>(0)));
  return true;
}

template <class A, class... Messages>
Accept accept_for(Inbox<Messages...>) {
  return [](Kernel& kernel, ActorId id, Duration delay, ::caf::mailbox_element& element) {
    return (accept_one<A, Messages>(kernel, id, delay, element) || ...);
  };
}

template <class A>
::caf::actor caf_handle(Kernel& kernel, Ref<A> ref) {
  Host* const host = kernel.world().impl().host(ref.id);
  check(host != nullptr, "only a live actor has a CAF handle");
  host->accept_with(accept_for<A>(typename A::Inbox{}));
  return ::caf::actor_cast<::caf::actor>(host->ctrl());
}

/// Suspends a process until a CAF actor has answered.
template <class R, class... Args>
class CafRequest {
 public:
  CafRequest(Kernel& kernel, ActorId self, ::caf::actor target, Duration timeout, Args... args)
      : kernel_(kernel), self_(self), target_(std::move(target)), timeout_(timeout), args_(std::move(args)...) {}
  CafRequest(const CafRequest&) = delete;
  CafRequest& operator=(const CafRequest&) = delete;
  ~CafRequest() { give_up(); }

  [[nodiscard]] bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> process) {
    pending_.asker = self_;
    pending_.request = "caf request";
    pending_.waiting = process;
    kernel_.register_ask(pending_, timeout_);
    World::Impl& world = kernel_.world().impl();
    request_ = world.expect_response([this](::caf::mailbox_element& element) { receive(element); });
    Host* const host = world.host(self_);
    std::apply(
        [&](auto&... args) {
          target_->eq_impl(*request_, host->ctrl(), &world.coordinator().unit(), std::move(args)...);
        },
        args_);
  }
  [[nodiscard]] Expected<R, AskError> await_resume() {
    give_up();
    if (pending_.reply) {
      return std::move(*pending_.reply);
    }
    return tl::unexpected<AskError>(pending_.error.value_or(AskError::target_down));
  }

 private:
  void receive(::caf::mailbox_element& element) {
    request_.reset();
    auto& content = element.content();
    if (content.template match_elements<R>()) {
      kernel_.post(Duration{0}, answer_delivery<R>, self_, ActorId{},
                   Answer<R>{content.template get_as<R>(0), pending_.id});
    } else {
      kernel_.fail_ask_later(pending_.id, self_, AskError::target_down);
    }
  }
  void give_up() {
    kernel_.forget_ask(pending_);
    if (request_) {
      kernel_.world().impl().forget_response(request_->response_id());
      request_.reset();
    }
  }

  Kernel& kernel_;
  ActorId self_;
  ::caf::actor target_;
  Duration timeout_;
  std::tuple<Args...> args_;
  std::optional<::caf::message_id> request_;
  PendingReply<R> pending_;
};

}  // namespace detail

/// The CAF handle of a simulated actor: CAF actors `send`, `request`, `monitor` and `link` it as any other. A CAF
/// message whose only element is a message of the actor's inbox reaches its `on()`; a request needs an askable message
/// and gets its reply. Anything else ends the run.
template <class A>
[[nodiscard]] ::caf::actor caf_handle(Simulation& simulation, Ref<A> ref) {
  return detail::caf_handle(simulation.kernel(), ref);
}
template <class A>
[[nodiscard]] ::caf::actor caf_handle(Context& ctx, Ref<A> ref) {
  return detail::caf_handle(ctx.kernel(), ref);
}

/// Sends a message from a simulated actor to a CAF actor.
template <class... Args>
void caf_send(Context& ctx, const ::caf::actor& target, Args&&... args) {
  detail::World::Impl& world = ctx.kernel().world().impl();
  target->eq_impl(::caf::make_message_id(), world.host(ctx.id())->ctrl(), &world.coordinator().unit(),
                  std::forward<Args>(args)...);
}

/// Requests something of a CAF actor and suspends the process: `co_await caf_request<int>(ctx, worker, 5s,
/// add_atom::value, 1, 2)` is an `Expected<int, AskError>`; an error response reads as `target_down`.
template <class R, class... Args>
[[nodiscard]] detail::CafRequest<R, std::decay_t<Args>...> caf_request(Context& ctx, ::caf::actor target,
                                                                       Duration timeout, Args&&... args) {
  static_assert(((std::is_lvalue_reference_v<Args> || detail::safe_in_co_await<std::decay_t<Args>>)&&...),
                "g++ 12 destroys a braced temporary in a co_await expression twice: name the argument, then request");
  return {ctx.kernel(), ctx.id(), std::move(target), timeout, std::forward<Args>(args)...};
}

/// Lets a simulated actor monitor a CAF actor; its `Down` names nobody and the reason.
inline void caf_monitor(Context& ctx, const ::caf::actor& target) {
  check(ctx.kernel().lists_down(ctx.id()), "an actor that monitors lists sim::Down in its Inbox");
  auto* const host = ctx.kernel().world().impl().host(ctx.id());
  ::caf::actor_cast<::caf::abstract_actor*>(target)->attach(
      ::caf::default_attachable::make_monitor(target.address(), host->address()));
}

/// A simulated actor that passes every `M` on to a CAF actor: what gives a CAF actor a `Port<M>`.
template <class M>
class CafGate {
 public:
  using Inbox = sim::Inbox<M>;
  CafGate(Context& ctx, ::caf::actor target) : ctx_(ctx), target_(std::move(target)) {}
  void on(const M& message) { caf_send(ctx_, target_, message); }

 private:
  Context& ctx_;
  ::caf::actor target_;
};

}  // namespace sim
