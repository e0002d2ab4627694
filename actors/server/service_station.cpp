#include "actors/server/service_station.hpp"

#include <algorithm>
#include <utility>

#include "libsim/failure.hpp"

namespace sim::policies {

namespace {

// Of what is due at the same time services come first, then failures (service_station_failures.cpp).
constexpr std::uint64_t patience_after_failures = std::uint64_t{2} << 62;

}  // namespace

ServiceStation::ServiceStation(Config config)
    : config_(config),
      servers_(config.servers),
      line_(std::clamp(config.priorities, 1U, WaitingLine::classes_max - 1) + 1),
      sharing_(config.servers),
      up_(config.servers) {
  check(config_.servers >= 1 && config_.servers <= 1'000'000, "a station has 1 to 1,000,000 servers");
  check(config_.priorities >= 1 && config_.priorities < WaitingLine::classes_max, "a station has 1 to 63 priorities");
  check(config_.capacity == unlimited || config_.capacity >= config_.servers,
        "a station has room for as many jobs as it has servers");
  check(config_.balking_probability >= 0.0 && config_.balking_probability <= 1.0,
        "the probability of balking is between 0 and 1");
  check(!(config_.blocks_after_service && shares()), "a shared server has no one job that could block it");
  for (Index server = config_.servers; server-- > 0;) {
    idle_.push_back(server);
  }
}

double ServiceStation::joining_probability() const {
  if (config_.balking_queue_length != unlimited && in_line() >= config_.balking_queue_length) {
    return 0.0;
  }
  const double willing = config_.discouraged ? 1.0 / (static_cast<double>(in_system_) + 1.0) : 1.0;
  const bool waits = shares() ? in_system_ >= up_ : idle_.empty();
  return waits ? willing * (1.0 - config_.balking_probability) : willing;
}

ServiceStation::Arrival ServiceStation::arrive(Time now, const Job& job, double draw) {
  expect_settled(now);
  check(job.work >= Duration{0} && job.patience >= Duration{0}, "a job has neither negative work nor patience");
  check(job.priority < config_.priorities, "the priority of a job is one that the station has");
  if (draw >= joining_probability()) {
    return {Admission::balked, {}};
  }
  if (!is_full()) {
    const Index place = enter(job);
    return {admit(now, place), Place{place}};
  }
  if (config_.when_full == WhenFull::lose) {
    return {Admission::lost, {}};
  }
  const Index place = enter(job);
  outside_.push_back(place, 0, members_[place].sequence);
  return {Admission::outside, Place{place}};
}

std::optional<ServiceStation::Change> ServiceStation::next_change(Time now) {
  check(now >= now_, "virtual time does not run backwards");
  if (!outside_.empty() && !is_full()) {
    return admit_from_outside();
  }
  const Time due_at = next_change_at();
  if (due_at > now) {
    now_ = now;
    return std::nullopt;
  }
  now_ = due_at;
  if (sharing_.next_finish_at() == due_at) {
    return finish_shared(due_at);
  }
  const Index due = due_.top();
  due_.erase(due);
  if (due < failure_of(0)) {
    return finish(due_at, due);
  }
  return due < patience_of(0) ? fail(due_at, due - failure_of(0)) : renege(due_at, due - patience_of(0));
}

Time ServiceStation::next_change_at() const {
  if (!outside_.empty() && !is_full()) {
    return now_;
  }
  return due_.empty() ? sharing_.next_finish_at() : std::min(due_.top_key().at, sharing_.next_finish_at());
}

void ServiceStation::release(Time now, Place place) {
  expect_settled(now);
  const auto job = static_cast<Index>(place);
  const Index server = members_[job].server;
  check(server != none && servers_[server].blocked, "a job that is released has been served");
  servers_[server].blocked = false;
  --blocked_;
  leave(job);
  vacate(now, server);
}

std::uint32_t ServiceStation::busy_servers() const { return shares() ? std::min(sharing_.jobs(), up_) : working_; }

Duration ServiceStation::unfinished_work(Time now) const {
  Duration work{};
  if (shares()) {
    for (Index place = 0; place < members_.size(); ++place) {
      work += sharing_.has(place) ? sharing_.work_left(now, place) : Duration{0};
    }
    return work;
  }
  line_.for_each([&](Index job) { work += members_[job].work_left; });
  for (Index place = 0; place < members_.size() && ranked_.size() + shuffled_.size() > 0; ++place) {
    work += ranked_.contains(place) || shuffled_.contains(place) ? members_[place].work_left : Duration{0};
  }
  for (const Server& server : servers_) {
    if (server.job != none && !server.blocked) {
      work += members_[server.job].work_left - (now - members_[server.job].serving_since);
    }
  }
  return work;
}

void ServiceStation::expect_settled(Time now) {
  check(now >= now_, "virtual time does not run backwards");
  check(next_change_at() > now, "what is due happens before anything else: call next_change until it has nothing");
  now_ = now;
}

// --- jobs

ServiceStation::Index ServiceStation::enter(const Job& job) {
  if (free_places_.empty()) {
    free_places_.push_back(static_cast<Index>(members_.size()));
    members_.emplace_back();
  }
  const Index place = free_places_.back();
  free_places_.pop_back();
  Member& member = members_[place];
  member = Member{};
  member.job = job;
  member.work_left = job.work;
  member.sequence = next_sequence_++;
  return place;
}

void ServiceStation::leave(Index job) {
  members_[job].server = none;
  free_places_.push_back(job);
  --in_system_;
}

ServiceStation::Admission ServiceStation::admit(Time now, Index job) {
  Member& member = members_[job];
  member.admitted_at = now;
  ++in_system_;
  if (shares()) {
    sharing_.add(now, job, member.job.work);
    refresh_shared_failure_clocks(now);
    return Admission::serving;
  }
  if (const Index server = take_server_for(now, job); server != none) {
    start(now, job, server);
    return Admission::serving;
  }
  join_line(job);
  const Duration patience = std::min(member.job.patience, std::max(member.job.deadline - now, Duration{0}));
  if (patience < Time::max() - now) {
    due_.push(patience_of(job), {now + patience, patience_after_failures | member.sequence});
  }
  return Admission::waiting;
}

// --- servers

ServiceStation::Index ServiceStation::take_server_for(Time now, Index job) {
  if (!idle_.empty()) {
    const Index server = idle_.back();
    idle_.pop_back();
    return server;
  }
  if (!preempts()) {
    return none;
  }
  const Index server = least_urgent_server(now);
  if (server == none || rank_of(now, servers_[server].job).first <= rank_of(now, job).first) {
    return none;
  }
  displace(now, server);
  return server;
}

void ServiceStation::start(Time now, Index job, Index server) {
  Member& member = members_[job];
  member.server = server;
  member.serving_since = now;
  servers_[server].job = job;
  ++working_;
  if (due_.contains(patience_of(job))) {
    due_.erase(patience_of(job));
  }
  due_.push(server, {now + member.work_left, member.sequence});
  if (config_.failure_clock == FailureClock::while_busy && servers_[server].fails) {
    run_failure_clock(now, server);
  }
}

void ServiceStation::end_stay(Time now, Index server) {
  Member& member = members_[servers_[server].job];
  member.served += now - member.serving_since;
  member.work_left -= now - member.serving_since;
  --working_;
  if (config_.failure_clock == FailureClock::while_busy) {
    hold_failure_clock(now, server);
  }
}

void ServiceStation::displace(Time now, Index server) {
  due_.erase(server);
  end_stay(now, server);
  const Index job = servers_[server].job;
  rejoin_line(job);
  members_[job].server = none;
  servers_[server].job = none;
}

void ServiceStation::vacate(Time now, Index server) {
  servers_[server].job = none;
  if (servers_[server].reasons_down == 0) {
    idle_.push_back(server);
    dispatch(now);
  }
}

void ServiceStation::dispatch(Time now) {
  while (in_line() > 0) {
    const Index job = first_in_line();
    const Index server = take_server_for(now, job);
    if (server == none) {
      return;
    }
    leave_line(job);
    start(now, job, server);
  }
}

// --- what happens by itself

ServiceStation::Change ServiceStation::admit_from_outside() {
  const Index job = outside_.front();
  outside_.erase(job);
  admit(now_, job);
  return {.kind = ChangeKind::admitted, .at = now_, .place = Place{job}};
}

ServiceStation::Change ServiceStation::finish_shared(Time at) {
  const Index job = sharing_.finish(at);
  leave(job);
  refresh_shared_failure_clocks(at);
  return {.kind = ChangeKind::served, .at = at, .place = Place{job}, .served = at - members_[job].admitted_at};
}

ServiceStation::Change ServiceStation::finish(Time at, Index server) {
  end_stay(at, server);
  const Index job = servers_[server].job;
  const Member& member = members_[job];
  const Duration waited = at - member.admitted_at - member.served;
  const Change change{
      .kind = ChangeKind::served, .at = at, .place = Place{job}, .waited = waited, .served = member.served};
  if (config_.blocks_after_service) {
    servers_[server].blocked = true;
    ++blocked_;
  } else {
    leave(job);
    vacate(at, server);
  }
  return change;
}

ServiceStation::Change ServiceStation::renege(Time at, Index job) {
  leave_line(job);
  leave(job);
  return {.kind = ChangeKind::reneged, .at = at, .place = Place{job}, .waited = at - members_[job].admitted_at};
}

}  // namespace sim::policies
