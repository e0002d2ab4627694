#include "models/workflow/actors/fleet.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace sim::models::workflow {

Fleet::Fleet(Context& ctx, Config config, SpawnContainer spawn_container)
    : ctx_(ctx),
      spawn_container_(std::move(spawn_container)),
      pool_(config.pool),
      container_start_(ctx.tally("container_start_s")),
      wait_(ctx.tally("container_wait_s")),
      running_(ctx.gauge("running_containers")) {}

void Fleet::on(const RunSession& run, ReplyTo<SessionEnded> reply_to) {
  const Pool::RequestId request{++last_request_};
  requests_.emplace(request, Request{run.request, reply_to});
  apply(pool_.submit(ctx_.now(), request));
}

void Fleet::on(const ContainerStarted& started) {
  const Pool::ContainerId number{started.container};
  Container& container = containers_.at(number);
  container.state = State::running;
  container_start_.add(to_seconds(ctx_.now() - container.started_at));
  running_.add(1);
  apply(pool_.ready(ctx_.now(), number));
}

RunningTasks Fleet::on(const DescribeTasks&) {
  RunningTasks running;
  for (const auto& [number, container] : containers_) {
    if (container.state == State::running) {
      running.tasks.push_back({static_cast<std::uint64_t>(number), container.spawned.usage});
    }
  }
  return running;
}

void Fleet::on(const Due&) {
  timer_at_.reset();
  apply(pool_.advance(ctx_.now()));
}

void Fleet::on(const Down& down) {
  const auto place = numbers_.find(down.actor);
  const Pool::ContainerId number = place->second;
  numbers_.erase(place);
  const State state = containers_.extract(number).mapped().state;
  running_.add(state == State::running ? -1 : 0);
  switch (state) {
    case State::starting:
      return apply(pool_.start_failed(ctx_.now(), number));
    case State::running:
      return apply(pool_.crashed(ctx_.now(), number));
    case State::stopping:
      return apply(pool_.stopped(ctx_.now(), number));
  }
}

void Fleet::apply(Pool::Actions actions) {
  const std::vector<Pool::Action> now_due(actions.begin(), actions.end());  // execution calls the pool again
  for (const Pool::Action& action : now_due) {
    execute(action);
  }
  set_timer();
}

void Fleet::execute(const Pool::Action& action) {
  switch (action.kind) {
    case Pool::Action::Kind::start:
      start_container(action.container);
      break;
    case Pool::Action::Kind::assign:
      wait_.add(to_seconds(action.waited));
      ctx_.start(serve(action.container, action.request));
      break;
    case Pool::Action::Kind::stop: {
      Container& container = containers_.at(action.container);
      container.state = State::stopping;
      running_.add(-1);
      ctx_.send(container.spawned.stop, StopContainer{});
      break;
    }
    case Pool::Action::Kind::time_out:
    case Pool::Action::Kind::reject:
      answer(action.request, false);
      break;
  }
}

void Fleet::start_container(Pool::ContainerId number) {
  const Spawned spawned = spawn_container_(ctx_, static_cast<std::uint64_t>(number));
  containers_.emplace(number, Container{spawned, State::starting, ctx_.now()});
  numbers_.emplace(spawned.actor, number);
  ctx_.monitor(spawned.actor);
}

Process Fleet::serve(Pool::ContainerId number, Pool::RequestId request) {
  const RunSession run_session{requests_.at(request).session};
  const auto ended = co_await ctx_.ask(containers_.at(number).spawned.sessions, run_session);
  answer(request, ended && ended->succeeded);
  if (ended) {
    apply(pool_.finished(ctx_.now(), number));
  }
}

void Fleet::answer(Pool::RequestId request, bool succeeded) {
  ctx_.reply(requests_.extract(request).mapped().reply_to, SessionEnded{succeeded});
}

void Fleet::set_timer() {
  const std::optional<Time> next = pool_.next_change_at();
  if (next == timer_at_) {
    return;
  }
  if (timer_at_) {
    ctx_.cancel(timer_);
  }
  timer_at_ = next;
  if (next) {
    timer_ = ctx_.after(std::max(*next - ctx_.now(), Duration{0}), Due{});
  }
}

}  // namespace sim::models::workflow
