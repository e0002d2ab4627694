#include "actors/pools/connection_pool.hpp"

#include <algorithm>

#include "libsim/containers/due_times.hpp"
#include "libsim/failure.hpp"

namespace sim::policies {

ConnectionPool::Config ConnectionPool::hikari() {
  Config config;
  config.lifetime_spread = 2.5;
  return config;
}

ConnectionPool::Config ConnectionPool::generic_pool() {
  return {.maximum_pool_size = 1,
          .minimum_idle = 0,
          .connection_timeout = forever,
          .idle_timeout = forever,
          .max_lifetime = forever,
          .creation_retry_delay = 0s,
          .idle_reuse = IdleReuse::least_recent};
}

ConnectionPool::ConnectionPool(Config config) : config_(config) {
  check(config_.maximum_pool_size > 0, "a pool has room for at least one connection");
  check(config_.connection_timeout > 0s && config_.idle_timeout > 0s && config_.max_lifetime > 0s,
        "the timeouts of a pool are positive");
  check(config_.lifetime_spread >= 0 && config_.lifetime_spread <= 100, "lives are spread by 0 to 100 percent");
  check(config_.creation_retry_delay >= 0s, "a delay is not negative");
}

ConnectionPool::Actions ConnectionPool::advance(Time now) {
  begin_call(now);
  return end_call();
}

std::optional<Time> ConnectionPool::next_change_at() const {
  std::optional<Time> next = due_times::first_due(waiting_, config_.connection_timeout);
  if (!ageing_.empty() && ageing_.begin()->at < Time::max()) {
    next = due_times::earlier(next, ageing_.begin()->at);
  }
  if (idle() > config_.minimum_idle) {
    next = due_times::earlier(next, due_times::first_due(idle_, config_.idle_timeout));
  }
  if (missing() > 0) {
    next = due_times::earlier(next, std::max(now_, retry_creation_at_));
  }
  return next;
}

ConnectionPool::Actions ConnectionPool::acquire(Time now, RequestId request) {
  begin_call(now);
  check(!waiting_.contains(request), "a request waits only once");
  if (!idle_.empty()) {
    const auto place = config_.idle_reuse == IdleReuse::most_recent ? idle_.newest() : idle_.oldest();
    const ConnectionId connection = idle_.key(place);
    idle_.erase(place);
    lend(connection, request, now);
  } else if (size() == config_.maximum_pool_size && waiting() >= config_.waiting_max) {
    ++statistics_.rejected_count;
    actions_.push_back({.kind = Action::Kind::reject, .request = request});
  } else {
    waiting_.add_newest(request, now);
  }
  return end_call();
}

ConnectionPool::Actions ConnectionPool::release(Time now, ConnectionId connection, Condition condition) {
  begin_call(now);
  const Connection& returned = expect(connection, State::in_use, "a connection in use is given back once");
  if (condition == Condition::broken) {
    close(connection, &Statistics::closed_broken_count);
  } else if (returned.leaves_as != nullptr) {
    close(connection, returned.leaves_as);
  } else {
    offer(connection);
  }
  return end_call();
}

ConnectionPool::Actions ConnectionPool::cancel(Time now, RequestId request) {
  begin_call(now);
  const auto place = waiting_.find(request);
  if (place != decltype(waiting_)::nowhere) {
    waiting_.erase(place);
    ++statistics_.cancelled_count;
  }
  return end_call();
}

ConnectionPool::Actions ConnectionPool::created(Time now, ConnectionId connection) {
  begin_call(now);
  Connection& opened = expect(connection, State::creating, "a creation ends once");
  --creating_;
  retry_creation_at_ = now;
  ++statistics_.created_count;
  opened.life_ends_at = end_of_life(connection);
  opened.opened_as = statistics_.created_count;
  ageing_.insert({opened.life_ends_at, opened.opened_as, connection});
  offer(connection);
  return end_call();
}

ConnectionPool::Actions ConnectionPool::creation_failed(Time now, ConnectionId connection) {
  begin_call(now);
  expect(connection, State::creating, "a creation ends once");
  --creating_;
  retry_creation_at_ = now + config_.creation_retry_delay;
  ++statistics_.creation_failed_count;
  connections_.erase(connections_.find(connection));
  return end_call();
}

ConnectionPool::Actions ConnectionPool::evict_all(Time now) {
  begin_call(now);
  while (!ageing_.empty()) {
    close_or_mark(ageing_.begin()->connection, &Statistics::closed_evicted_count);
  }
  return end_call();
}

void ConnectionPool::begin_call(Time now) {
  check(now >= now_, "time does not go back");
  actions_.clear();
  for (auto due = next_change_at(); due && *due <= now; due = next_change_at()) {
    now_ = *due;
    run_due();
  }
  now_ = now;
}

/// What the call has changed may leave too many idle connections, or too few.
ConnectionPool::Actions ConnectionPool::end_call() {
  close_overdue_idle();
  create_missing();
  return actions_;
}

void ConnectionPool::run_due() {
  time_out_waiting();
  end_lives();
  close_overdue_idle();
  create_missing();
}

void ConnectionPool::time_out_waiting() {
  for (auto due = due_times::first_due(waiting_, config_.connection_timeout); due && *due <= now_;
       due = due_times::first_due(waiting_, config_.connection_timeout)) {
    ++statistics_.timed_out_count;
    actions_.push_back({.kind = Action::Kind::time_out,
                        .request = waiting_.key(waiting_.oldest()),
                        .waited = config_.connection_timeout});
    waiting_.erase(waiting_.oldest());
  }
}

void ConnectionPool::end_lives() {
  while (!ageing_.empty() && ageing_.begin()->at <= now_ && ageing_.begin()->at < Time::max()) {
    close_or_mark(ageing_.begin()->connection, &Statistics::closed_lifetime_count);
  }
}

void ConnectionPool::close_overdue_idle() {
  while (idle() > config_.minimum_idle) {
    const auto due = due_times::first_due(idle_, config_.idle_timeout);
    if (!due || *due > now_) {
      return;
    }
    close(idle_.key(idle_.oldest()), &Statistics::closed_idle_count);
  }
}

void ConnectionPool::create_missing() {
  if (now_ < retry_creation_at_) {
    return;
  }
  for (std::uint32_t count = missing(); count > 0; --count) {
    const ConnectionId connection{++created_ids_};
    connections_.add_newest(connection, {});
    ++creating_;
    actions_.push_back({.kind = Action::Kind::create, .connection = connection});
  }
}

/// One for each request that waits and as many as are to be kept ready, less those on their way, within the size.
std::uint32_t ConnectionPool::missing() const {
  const std::uint64_t wanted =
      std::uint64_t{waiting()} + (config_.minimum_idle > idle() ? config_.minimum_idle - idle() : 0);
  const std::uint64_t room = config_.maximum_pool_size - size();
  return static_cast<std::uint32_t>(std::min(room, wanted > creating_ ? wanted - creating_ : 0));
}

void ConnectionPool::lend(ConnectionId connection, RequestId request, Time asked_at) {
  connections_.value(connections_.find(connection)).state = State::in_use;
  ++statistics_.acquired_count;
  statistics_.in_use_max = std::max(statistics_.in_use_max, in_use());
  actions_.push_back({Action::Kind::assign, connection, request, now_ - asked_at});
}

/// To whoever has waited longest, or to the idle ones.
void ConnectionPool::offer(ConnectionId connection) {
  if (waiting_.empty()) {
    connections_.value(connections_.find(connection)).state = State::idle;
    idle_.add_newest(connection, now_);
    return;
  }
  const auto first = waiting_.oldest();
  const RequestId request = waiting_.key(first);
  const Time asked_at = waiting_.value(first);
  waiting_.erase(first);
  lend(connection, request, asked_at);
}

/// Multiples of the golden ratio lie as far from each other as they can: what is opened together does not end together.
Time ConnectionPool::end_of_life(ConnectionId connection) const {
  constexpr Duration never_spread_max = 10s;
  Duration lifetime = config_.max_lifetime;
  if (lifetime != forever && lifetime > never_spread_max) {
    const std::uint64_t golden = static_cast<std::uint64_t>(connection) * 0x9e3779b97f4a7c15u;
    const double share = static_cast<double>(golden >> 11) * 0x1p-53 * config_.lifetime_spread / 100;
    lifetime -= Duration{static_cast<std::int64_t>(share * static_cast<double>(lifetime.count()))};
  }
  return due_times::after(now_, lifetime).value_or(Time::max());
}

void ConnectionPool::forget_age(ConnectionId connection, const Connection& found) {
  ageing_.erase({found.life_ends_at, found.opened_as, connection});
}

/// One in use is marked, and is no longer watched for its age.
void ConnectionPool::close_or_mark(ConnectionId connection, std::uint64_t Statistics::*reason) {
  Connection& found = connections_.value(connections_.find(connection));
  if (found.state == State::idle) {
    close(connection, reason);
    return;
  }
  found.leaves_as = reason;
  forget_age(connection, found);
}

void ConnectionPool::close(ConnectionId connection, std::uint64_t Statistics::*reason) {
  ++(statistics_.*reason);
  if (const auto place = idle_.find(connection); place != decltype(idle_)::nowhere) {
    idle_.erase(place);
  }
  const auto place = connections_.find(connection);
  forget_age(connection, connections_.value(place));
  connections_.erase(place);
  actions_.push_back({.kind = Action::Kind::close, .connection = connection});
}

ConnectionPool::Connection& ConnectionPool::expect(ConnectionId connection, State state, const char* promise) {
  const auto place = connections_.find(connection);
  check(place != Connections::nowhere && connections_.value(place).state == state, promise);
  return connections_.value(place);
}

}  // namespace sim::policies
