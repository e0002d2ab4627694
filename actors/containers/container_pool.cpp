#include "actors/containers/container_pool.hpp"

#include <algorithm>

#include "libsim/containers/due_times.hpp"
#include "libsim/failure.hpp"

namespace sim::policies {

namespace {

template <class Map, class Key>
void erase_if_present(Map& map, Key key) {
  const auto place = map.find(key);
  if (place != Map::nowhere) {
    map.erase(place);
  }
}

/// A pool goes on trying.
RestartPolicy::Config without_limits(RestartPolicy::Config back_off) {
  back_off.restart_on_failure = true;
  back_off.restarts_max = 0;
  return back_off;
}

}  // namespace

ContainerPool::Config ContainerPool::aws_lambda() { return {.containers_max = 1000, .waiting_max = 0}; }

ContainerPool::ContainerPool(Config config) : config_(config), back_off_(without_limits(config.start_back_off)) {
  check(config_.containers_max > 0, "a pool has room for at least one container");
  check(config_.containers_min <= config_.containers_max, "a pool keeps at most as many containers as it may have");
  check(config_.concurrency > 0, "a container takes at least one request at once");
  check(config_.keep_alive >= 0s, "a container is not kept for less than no time");
  check(config_.max_wait_duration > 0s, "who waits has some time to wait");
}

ContainerPool::Actions ContainerPool::advance(Time now) {
  begin_call(now);
  return end_call();
}

std::optional<Time> ContainerPool::next_change_at() const {
  std::optional<Time> next = due_times::first_due(waiting_, config_.max_wait_duration);
  if (can_scale_in()) {
    next = due_times::earlier(next, due_times::first_due(idle_, config_.keep_alive));
  }
  if (missing() > 0) {
    next = due_times::earlier(next, std::max(now_, retry_start_at_));
  }
  return next;
}

ContainerPool::Actions ContainerPool::submit(Time now, RequestId request) {
  begin_call(now);
  check(!waiting_.contains(request), "a request waits only once");
  if (const auto container = with_room()) {
    ++statistics_.warm_hits_count;
    hand_over(*container, request, now, false);
  } else if (is_line_full()) {
    ++statistics_.rejected_count;
    actions_.push_back({.kind = Action::Kind::reject, .request = request});
  } else {
    waiting_.add_newest(request, now);
  }
  return end_call();
}

ContainerPool::Actions ContainerPool::finished(Time now, ContainerId container) {
  begin_call(now);
  Container& served_by = expect(container, State::busy, "a request ends once, in a container that is busy");
  --served_by.requests;
  --in_progress_;
  ++statistics_.finished_count;
  settle(container, served_by);
  serve_line(false);
  return end_call();
}

ContainerPool::Actions ContainerPool::cancel(Time now, RequestId request) {
  begin_call(now);
  const auto place = waiting_.find(request);
  if (place != decltype(waiting_)::nowhere) {
    waiting_.erase(place);
    ++statistics_.cancelled_count;
  }
  return end_call();
}

ContainerPool::Actions ContainerPool::ready(Time now, ContainerId container) {
  begin_call(now);
  Container& started = expect(container, State::starting, "a start ends once");
  ++statistics_.started_count;
  back_off_ = RestartPolicy(without_limits(config_.start_back_off));
  retry_start_at_ = now;
  settle(container, started);
  serve_line(true);
  return end_call();
}

ContainerPool::Actions ContainerPool::start_failed(Time now, ContainerId container) {
  begin_call(now);
  const Container& failed = expect(container, State::starting, "a start ends once");
  ++statistics_.start_failed_count;
  if (failed.back_off_round == back_off_round_) {
    ++back_off_round_;
    retry_start_at_ = now + *back_off_.on_failure(now);
  }
  remove(container);
  return end_call();
}

ContainerPool::Actions ContainerPool::stopped(Time now, ContainerId container) {
  begin_call(now);
  expect(container, State::stopping, "a stop ends once");
  remove(container);
  return end_call();
}

ContainerPool::Actions ContainerPool::crashed(Time now, ContainerId container) {
  begin_call(now);
  const auto place = containers_.find(container);
  check(place != Containers::nowhere && containers_.value(place).state != State::starting,
        "only a container that has started crashes, once");
  const std::uint32_t lost = containers_.value(place).requests;
  ++statistics_.crashed_count;
  statistics_.lost_count += lost;
  in_progress_ -= lost;
  leave_lists(container);
  remove(container);
  return end_call();
}

void ContainerPool::begin_call(Time now) {
  check(now >= now_, "time does not go back");
  actions_.clear();
  for (auto due = next_change_at(); due && *due <= now; due = next_change_at()) {
    move_clock(*due);
    time_out_waiting();
    stop_overdue_idle();
    start_missing();
  }
  move_clock(now);
}

/// What the call has changed may leave too many idle containers, or too few.
ContainerPool::Actions ContainerPool::end_call() {
  stop_overdue_idle();
  start_missing();
  return actions_;
}

void ContainerPool::move_clock(Time now) {
  for (std::size_t state = 0; state < states_count; ++state) {
    times_[state].add(now - now_, counts_[state]);
  }
  now_ = now;
}

void ContainerPool::time_out_waiting() {
  for (auto due = due_times::first_due(waiting_, config_.max_wait_duration); due && *due <= now_;
       due = due_times::first_due(waiting_, config_.max_wait_duration)) {
    ++statistics_.timed_out_count;
    actions_.push_back({.kind = Action::Kind::time_out,
                        .request = waiting_.key(waiting_.oldest()),
                        .waited = config_.max_wait_duration});
    waiting_.erase(waiting_.oldest());
  }
}

void ContainerPool::stop_overdue_idle() {
  while (can_scale_in()) {
    const auto due = due_times::first_due(idle_, config_.keep_alive);
    if (!due || *due > now_) {
      return;
    }
    const ContainerId container = idle_.key(idle_.oldest());
    idle_.erase(idle_.oldest());
    set_state(containers_.value(containers_.find(container)), State::stopping);
    ++statistics_.scaled_in_count;
    actions_.push_back({.kind = Action::Kind::stop, .container = container});
  }
}

bool ContainerPool::can_scale_in() const {
  return count(State::idle) > config_.warm_min && size() - count(State::stopping) > config_.containers_min;
}

void ContainerPool::start_missing() {
  if (now_ < retry_start_at_) {
    return;
  }
  for (std::uint32_t left = missing(); left > 0; --left) {
    const ContainerId container{++started_ids_};
    containers_.add_newest(container, {.back_off_round = back_off_round_});
    ++counts_[index(State::starting)];
    actions_.push_back({.kind = Action::Kind::start, .container = container});
  }
  statistics_.containers_peak = std::max(statistics_.containers_peak, size());
}

/// As many as those who wait fill and as many as are to be kept ready, less those on their way, within the size.
std::uint32_t ContainerPool::missing() const {
  const std::uint64_t for_waiting = (std::uint64_t{waiting()} + config_.concurrency - 1) / config_.concurrency;
  const std::uint64_t ready_now = std::uint64_t{count(State::idle)} + count(State::busy);
  const std::uint64_t for_warm = config_.warm_min - std::min(config_.warm_min, count(State::idle));
  const std::uint64_t for_min = config_.containers_min - std::min<std::uint64_t>(config_.containers_min, ready_now);
  const std::uint64_t wanted = std::max(for_waiting + for_warm, for_min);
  const std::uint64_t room = config_.containers_max - size();
  return static_cast<std::uint32_t>(std::min(room, wanted - std::min<std::uint64_t>(wanted, count(State::starting))));
}

/// Those for whom a container is starting, or can be, do not count.
bool ContainerPool::is_line_full() const {
  return size() == config_.containers_max &&
         waiting() >= std::uint64_t{count(State::starting)} * config_.concurrency + config_.waiting_max;
}

std::optional<ContainerPool::ContainerId> ContainerPool::with_room() const {
  const auto first = [this](const auto& line) {
    return line.key(config_.idle_reuse == IdleReuse::most_recent ? line.newest() : line.oldest());
  };
  if (!room_.empty()) {
    return first(room_);
  }
  return idle_.empty() ? std::nullopt : std::optional(first(idle_));
}

void ContainerPool::serve_line(bool is_cold_start) {
  while (!waiting_.empty()) {
    const auto container = with_room();
    if (!container) {
      return;
    }
    const auto first = waiting_.oldest();
    const RequestId request = waiting_.key(first);
    const Time asked_at = waiting_.value(first);
    waiting_.erase(first);
    ++(is_cold_start ? statistics_.cold_starts_count : statistics_.waits_count);
    hand_over(*container, request, asked_at, is_cold_start);
  }
}

void ContainerPool::hand_over(ContainerId container, RequestId request, Time asked_at, bool is_cold_start) {
  Container& taker = containers_.value(containers_.find(container));
  ++taker.requests;
  ++in_progress_;
  settle(container, taker);
  statistics_.waited += now_ - asked_at;
  actions_.push_back({Action::Kind::assign, container, request, now_ - asked_at, is_cold_start});
}

/// To where it belongs, after it has started or its number of requests has changed.
void ContainerPool::settle(ContainerId container, Container& state_of) {
  if (state_of.requests == 0) {
    erase_if_present(room_, container);
    idle_.add_newest(container, now_);
    set_state(state_of, State::idle);
    return;
  }
  erase_if_present(idle_, container);
  set_state(state_of, State::busy);
  if (state_of.requests == config_.concurrency) {
    erase_if_present(room_, container);
  } else if (!room_.contains(container)) {
    room_.add_newest(container);
  }
}

void ContainerPool::leave_lists(ContainerId container) {
  erase_if_present(idle_, container);
  erase_if_present(room_, container);
}

void ContainerPool::set_state(Container& container, State state) {
  --counts_[index(container.state)];
  ++counts_[index(state)];
  container.state = state;
}

void ContainerPool::remove(ContainerId container) {
  const auto place = containers_.find(container);
  --counts_[index(containers_.value(place).state)];
  containers_.erase(place);
}

ContainerPool::Container& ContainerPool::expect(ContainerId container, State state, const char* promise) {
  const auto place = containers_.find(container);
  check(place != Containers::nowhere && containers_.value(place).state == state, promise);
  return containers_.value(place);
}

}  // namespace sim::policies
