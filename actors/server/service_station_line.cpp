#include "actors/server/service_station.hpp"

namespace sim::policies {

namespace {

// Interrupted jobs wait before the classes of the others.
constexpr std::uint32_t class_of_interrupted_jobs = 0;

}  // namespace

bool ServiceStation::preempts() const {
  return config_.discipline == Discipline::preemptive_priority ||
         config_.discipline == Discipline::shortest_remaining_time;
}

// Those whose work was interrupted come first, whatever the discipline.
ServiceStation::Index ServiceStation::first_in_line() const {
  return !line_.empty() ? line_.front() : !ranked_.empty() ? ranked_.front() : shuffled_.front();
}

void ServiceStation::join_line(Index job) {
  const Member& member = members_[job];
  switch (config_.discipline) {
    case Discipline::last_in_first_out:
      return ranked_.join(job, -static_cast<std::int64_t>(member.sequence), member.sequence);
    case Discipline::shortest_job_first:
    case Discipline::shortest_remaining_time:
      return ranked_.join(job, member.work_left.count(), member.sequence);
    case Discipline::random_order:
      return shuffled_.join(job, member.job.lot);
    case Discipline::first_in_first_out:
      return line_.push_back(job, class_of_interrupted_jobs + 1, member.sequence);
    case Discipline::priority:
    case Discipline::preemptive_priority:
    case Discipline::processor_sharing:
      return line_.push_back(job, class_of_interrupted_jobs + 1 + member.job.priority, member.sequence);
  }
}

// Back to where it belongs among those who wait.
void ServiceStation::rejoin_line(Index job) {
  const Member& member = members_[job];
  if (config_.discipline == Discipline::shortest_remaining_time) {
    return join_line(job);
  }
  const bool in_its_class = config_.discipline == Discipline::preemptive_priority;
  line_.put_back(job, class_of_interrupted_jobs + (in_its_class ? 1 + member.job.priority : 0), member.sequence);
}

void ServiceStation::leave_line(Index job) {
  if (ranked_.contains(job)) {
    ranked_.erase(job);
  } else if (shuffled_.contains(job)) {
    shuffled_.erase(job);
  } else {
    line_.erase(job);
  }
}

// How little a job may claim a server: of two the one with the less goes first.
std::pair<std::int64_t, std::uint64_t> ServiceStation::rank_of(Time now, Index job) const {
  const Member& member = members_[job];
  if (config_.discipline != Discipline::shortest_remaining_time) {
    return {member.job.priority, member.sequence};
  }
  const Duration since_start = member.server == none ? Duration{0} : now - member.serving_since;
  return {(member.work_left - since_start).count(), member.sequence};
}

// Among equals the one whose job is the youngest.
ServiceStation::Index ServiceStation::least_urgent_server(Time now) const {
  Index found = none;
  for (Index server = 0; server < config_.servers; ++server) {
    const bool works = servers_[server].job != none && !servers_[server].blocked;
    if (works && (found == none || rank_of(now, servers_[server].job) > rank_of(now, servers_[found].job))) {
      found = server;
    }
  }
  return found;
}

}  // namespace sim::policies
