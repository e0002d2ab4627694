#pragma once

#include <coroutine>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include "libsim/kernel/dispatch.hpp"
#include "libsim/kernel/kernel.hpp"
#include "libsim/kernel/port.hpp"
#include "libsim/kernel/suspension.hpp"
#include "libsim/metrics/metrics.hpp"

namespace sim {

namespace detail {

/// Whether a temporary of this type may stand in a `co_await` expression. g++ 12 keeps such a temporary in the
/// coroutine frame and destroys it twice when it was brace-initialised as an aggregate, which is harmless only when
/// destroying does nothing.
template <class M>
inline constexpr bool safe_in_co_await = std::is_trivially_destructible_v<M> || !std::is_aggregate_v<M>;

/// Asks and suspends a process until the reply, the timeout, or the end of the asked actor.
template <class M>
class Ask {
 public:
  using Reply = typename M::Reply;

  Ask(Kernel& kernel, ActorId self, Port<M> port, M request, Duration timeout)
      : kernel_(kernel), self_(self), port_(port), request_(std::move(request)), timeout_(timeout) {}
  Ask(const Ask&) = delete;
  Ask& operator=(const Ask&) = delete;
  ~Ask() { kernel_.forget_ask(pending_); }

  [[nodiscard]] bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> process) {
    pending_.asker = self_;
    pending_.target = port_.actor();
    pending_.request = type_name<M>();
    pending_.waiting = process;
    kernel_.register_ask(pending_, timeout_);
    if (kernel_.alive(port_.actor())) {
      const Delivery& delivery = kernel_.deliveries(port_.actor())[2 * port_.position() + 1];
      kernel_.post(Duration{0}, delivery, port_.actor(), self_, Asked<M>{std::move(request_), pending_.id});
    } else {
      kernel_.fail_ask_later(pending_.id, self_, AskError::target_down);
    }
  }
  [[nodiscard]] Expected<Reply, AskError> await_resume() {
    kernel_.forget_ask(pending_);
    if (pending_.reply.has_value()) {
      return std::move(*pending_.reply);
    }
    check(pending_.error.has_value(), "an ask is resumed by its reply or by an error");
    return tl::unexpected<AskError>(*pending_.error);
  }

 private:
  Kernel& kernel_;
  ActorId self_;
  Port<M> port_;
  M request_;
  Duration timeout_;
  PendingReply<Reply> pending_;
};

template <class A, class... Args>
Ref<A> spawn(Kernel& kernel, std::string_view name, Args&&... args);

}  // namespace detail

/// All that an actor may do. Each actor has its own, valid as long as the actor lives.
///
/// Delays are not negative. What would happen beyond the end of virtual time, as after `forever`, never does.
///
/// Errors: what a handler throws, and every broken contract named here, ends the run with a `RunFailure`.
class Context {
 public:
  Context(detail::Kernel& kernel, detail::ActorCell& cell) : kernel_(kernel), cell_(cell), id_(cell.id) {}
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  [[nodiscard]] Time now() const { return kernel_.now(); }
  [[nodiscard]] ActorId id() const { return id_; }
  [[nodiscard]] std::string_view name() const { return cell_.name; }
  /// How many actors of this name came before.
  [[nodiscard]] std::uint32_t incarnation() const { return cell_.incarnation; }
  /// The reference of this actor, for ports to itself. `self` is `*this` inside of the actor.
  template <class A>
  [[nodiscard]] Ref<A> ref(const A&) const {
    return Ref<A>{id_};
  }

  /// Sends a message; it arrives at the present time, after everything that is already scheduled for it.
  template <class M>
  void send(Port<M> port, std::type_identity_t<M> message) {
    kernel_.post_message(Duration{0}, port.actor(), port.position(), id_, std::move(message));
  }
  template <class A, class M>
  requires Accepts<A, M>
  void send(Ref<A> ref, M message) { send(Port<M>(ref), std::move(message)); }

  /// Sends a message that arrives after `delay`, as over a network. Cannot be cancelled; see `after` for timers.
  template <class M>
  void send_after(Duration delay, Port<M> port, std::type_identity_t<M> message) {
    kernel_.post_message(delay, port.actor(), port.position(), id_, std::move(message));
  }
  template <class A, class M>
  requires Accepts<A, M>
  void send_after(Duration delay, Ref<A> ref, M message) { send_after(delay, Port<M>(ref), std::move(message)); }

  /// Sets a timer: `message` comes back to this actor after `delay`, unless it is cancelled or the actor stops first.
  /// `A` must list `M` in its inbox; asserted when the timer is set.
  template <class M>
  TimerId after(Duration delay, M message) {
    return kernel_.post_timer(delay, sent_to_self(detail::message_tag<M>), id_, std::move(message));
  }

  /// Cancels a timer; true when it was still pending.
  bool cancel(TimerId timer) { return kernel_.cancel(timer); }

  /// Suspends the calling process: `co_await ctx.sleep(2s)`.
  [[nodiscard]] detail::Sleep sleep(Duration duration) { return {kernel_, id_, duration}; }

  /// Suspends the calling process until a step of it has ended, for at most `limit`: `co_await ctx.within(2s, step())`
  /// is a `std::optional` of what the step returns (a `bool` for a `Task<>`), empty when the time was up. The step is
  /// then destroyed where it stood, with its own timers and asks; what it had begun elsewhere goes on. A step that
  /// ends exactly at the limit is late, unless it began and ended in this instant.
  template <class T>
  [[nodiscard]] detail::Within<T> within(Duration limit, Task<T> step) {
    return {kernel_, id_, limit, std::move(step)};
  }

  /// Sends a request and suspends the calling process until it is answered: `co_await ctx.ask(port, Execute{step},
  /// 30s)` is an `Expected<Execute::Reply, AskError>`. An ask without timeout that is never answered is reported when
  /// the run goes quiet.
  ///
  /// A request that owns memory is named first, and copied: `const Execute request{…}; co_await ctx.ask(port,
  /// request);`. As a braced temporary it does not compile, because g++ 12 would destroy it twice (see
  /// `detail::safe_in_co_await`).
  template <class M>
  requires Askable<M>
  [[nodiscard]] detail::Ask<M> ask(Port<M> port, const std::type_identity_t<M>& request, Duration timeout = forever) {
    return {kernel_, id_, port, request, timeout};
  }
  template <class M>
  requires Askable<M>
  [[nodiscard]] detail::Ask<M> ask(Port<M> port, std::type_identity_t<M>&& request, Duration timeout = forever) {
    static_assert(detail::safe_in_co_await<M>,
                  "g++ 12 destroys a braced temporary in a co_await expression twice: name the request, then ask");
    return {kernel_, id_, port, std::move(request), timeout};
  }
  template <class A, class M>
  requires Askable<std::remove_cvref_t<M>> && Accepts<A, std::remove_cvref_t<M>>
  [[nodiscard]] auto ask(Ref<A> ref, M&& request, Duration timeout = forever) {
    return ask(Port<std::remove_cvref_t<M>>(ref), std::forward<M>(request), timeout);
  }

  /// Answers an asked message. Does nothing when the message was not asked; counted as a dead letter when the asker has
  /// given up.
  template <class R>
  void reply(ReplyTo<R> reply_to, std::type_identity_t<R> value) {
    detail::reply(kernel_, reply_to, id_, std::move(value));
  }

  /// Starts a further process of this actor; it runs at once until it first suspends. Not from the constructor, which
  /// may still throw under its feet: an actor begins in `run()` or `on(Start)`.
  void start(Process process) {
    check(!cell_.in_constructor, "a process starts from run() or a handler, not from a constructor");
    kernel_.adopt(id_, std::move(process));
  }

  /// The random stream of this actor for one purpose, as in `"service"`; the same at every call.
  [[nodiscard]] RandomStream& random(std::string_view purpose) { return kernel_.random(cell_, purpose); }

  /// Metrics of this actor. Names end in their unit, as in `wait_s`; see libsim/metrics/metrics.hpp.
  [[nodiscard]] Tally& tally(std::string_view metric) { return kernel_.metrics().tally(metric, cell_.name); }
  [[nodiscard]] Counter& counter(std::string_view metric) { return kernel_.metrics().counter(metric, cell_.name); }
  [[nodiscard]] Gauge& gauge(std::string_view metric) { return kernel_.metrics().gauge(metric, cell_.name); }
  [[nodiscard]] Series& series(std::string_view metric) { return kernel_.metrics().series(metric, cell_.name); }

  /// Makes an actor. Its constructor gets `(Context&, args…)`; its life begins with `Start` and `run()` at the present
  /// time. Two live actors of one name are refused.
  template <class A, class... Args>
  Ref<A> spawn(std::string_view name, Args&&... args) {
    return detail::spawn<A>(kernel_, name, std::forward<Args>(args)...);
  }

  /// Asks for a `Down` when `target` stops; it comes at once when the target is gone already. This actor must list
  /// `Down`.
  void monitor(ActorId target) { kernel_.monitor(id_, target); }
  template <class A>
  void monitor(Ref<A> target) {
    monitor(target.id);
  }

  /// Ties two lives: when one of the two ends other than normally, so does the other. An actor that is gone already,
  /// for whatever reason, takes this one with it.
  void link(ActorId other) { kernel_.link(id_, other); }
  template <class A>
  void link(Ref<A> other) {
    link(other.id);
  }

  /// Stops this actor at the end of the present event; its timers, processes and asks go with it.
  void stop(ExitReason reason = ExitReason::normal) { kernel_.stop(id_, reason); }

  /// Kills an actor: an exit message that arrives at the present time, after everything already scheduled for it.
  void kill(ActorId target) { kernel_.exit(target, id_, ExitReason::killed); }
  template <class A>
  void kill(Ref<A> target) {
    kill(target.id);
  }

  /// The live actor of this name, or nobody. For what works on models from outside, as faults do; actors know each
  /// other by their ports.
  [[nodiscard]] ActorId find(std::string_view name) const { return kernel_.find(name); }

  /// Whether the actor lives at this moment. For models; a real peer would have to ask.
  [[nodiscard]] bool alive(ActorId actor) const { return kernel_.alive(actor); }

  /// For the bridge to CAF and for tests.
  [[nodiscard]] detail::Kernel& kernel() { return kernel_; }

 private:
  [[nodiscard]] const detail::Delivery& sent_to_self(const detail::MessageTag& message) {
    if (timer_set_last_ != &message) [[unlikely]] {
      timer_delivery_ = &delivery_to_self(message);
      timer_set_last_ = &message;
    }
    return *timer_delivery_;
  }
  [[nodiscard]] const detail::Delivery& delivery_to_self(const detail::MessageTag& message) const {
    const detail::ActorType& type = *cell_.type;
    for (std::size_t i = 0; i < type.message_count; ++i) {
      if (type.messages[i] == &message) {
        return type.deliveries[2 * i];
      }
    }
    fail_check("an actor sets timers only for messages of its own Inbox", SourceLine::current());
  }

  detail::Kernel& kernel_;
  detail::ActorCell& cell_;
  ActorId id_;
  // Most actors set one kind of timer over and over.
  const detail::MessageTag* timer_set_last_ = nullptr;
  const detail::Delivery* timer_delivery_ = nullptr;
};

namespace detail {

/// An actor and its context, side by side: an event that touches one touches the other.
template <class A>
struct Tenant {
  template <class... Args>
  Tenant(Kernel& kernel, ActorCell& cell, Args&&... args)
      : context(kernel, cell), actor(context, std::forward<Args>(args)...) {}

  Context context;
  A actor;
};

template <class A>
constexpr ActorType make_actor_type() {
  ActorType type{};
  type.destroy = [](void* tenant) { delete static_cast<Tenant<A>*>(tenant); };
  using Deliveries = DeliveriesOf<A, typename A::Inbox>;
  type.messages = Deliveries::tags.data();
  type.message_count = Deliveries::tags.size();
  type.deliveries = Deliveries::table.data();
  if constexpr (A::Inbox::template contains<Start> || HasRun<A>) {
    type.start = &start_delivery<A>;
  }
  if constexpr (A::Inbox::template contains<Down>) {
    type.down = &delivery_of<A, Down>();
  }
  return type;
}

template <class A>
inline constexpr ActorType actor_type = make_actor_type<A>();

template <class A, class... Args>
Ref<A> spawn(Kernel& kernel, std::string_view name, Args&&... args) {
  ActorCell& cell = kernel.open_actor(name, actor_type<A>);
  const Ref<A> ref{cell.id};
  kernel.launch(cell);
  cell.in_constructor = true;
  try {
    auto* const tenant = new Tenant<A>(kernel, cell, std::forward<Args>(args)...);
    kernel.settle(cell, tenant, &tenant->actor);
  } catch (...) {
    kernel.abandon(cell);
    throw;
  }
  return ref;
}

}  // namespace detail

}  // namespace sim
