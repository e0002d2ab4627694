#include <algorithm>

#include "actors/server/service_station.hpp"
#include "libsim/failure.hpp"

namespace sim::policies {

namespace {

// Of what is due at the same time, after services and before the end of patience.
constexpr std::uint64_t failures_after_services = std::uint64_t{1} << 62;

}  // namespace

void ServiceStation::take_down(Time now, std::uint32_t server) {
  expect_settled(now);
  check(server < config_.servers, "a server that goes down exists");
  go_down(now, server);
}

void ServiceStation::bring_up(Time now, std::uint32_t server) {
  expect_settled(now);
  check(server < config_.servers && servers_[server].reasons_down > 0, "a server that comes up was down");
  Server& repaired = servers_[server];
  if (--repaired.reasons_down > 0) {
    return;
  }
  ++up_;
  if (shares()) {
    share_among_those_up(now);
  } else if (repaired.job == none) {
    vacate(now, server);
  }
}

void ServiceStation::fail_after(Time now, std::uint32_t server, Duration time_to_failure) {
  expect_settled(now);
  check(server < config_.servers && !servers_[server].fails, "a server has one failure ahead at a time");
  servers_[server].fails = true;
  servers_[server].time_to_failure = time_to_failure;
  const bool has_work = shares() ? sharing_.jobs() > 0 : servers_[server].job != none && !servers_[server].blocked;
  if (config_.failure_clock == FailureClock::always || (has_work && servers_[server].reasons_down == 0)) {
    run_failure_clock(now, server);
  }
}

void ServiceStation::go_down(Time now, Index server) {
  Server& down = servers_[server];
  if (++down.reasons_down > 1) {
    return;
  }
  --up_;
  if (shares()) {
    share_among_those_up(now);
  } else if (down.job == none) {
    idle_.erase(std::find(idle_.begin(), idle_.end(), server));
  } else if (!down.blocked) {
    const Index job = down.job;
    displace(now, server);
    if (config_.interrupted_work == InterruptedWork::restarts) {
      members_[job].work_left = members_[job].job.work;
    }
    dispatch(now);
  }
}

void ServiceStation::share_among_those_up(Time now) {
  sharing_.set_servers(now, up_);
  refresh_shared_failure_clocks(now);
}

ServiceStation::Change ServiceStation::fail(Time at, Index server) {
  servers_[server].fails = false;
  go_down(at, server);
  return {.kind = ChangeKind::failed, .at = at, .server = server};
}

void ServiceStation::run_failure_clock(Time now, Index server) {
  if (servers_[server].time_to_failure < Time::max() - now) {
    due_.push(failure_of(server), {now + servers_[server].time_to_failure, failures_after_services | server});
  }
}

void ServiceStation::hold_failure_clock(Time now, Index server) {
  if (due_.contains(failure_of(server))) {
    servers_[server].time_to_failure = due_.key_of(failure_of(server)).at - now;
    due_.erase(failure_of(server));
  }
}

// Servers that are shared all work as long as anybody is there.
void ServiceStation::refresh_shared_failure_clocks(Time now) {
  const bool may_stand = config_.failure_clock == FailureClock::while_busy;
  for (Index server = 0; may_stand && server < config_.servers; ++server) {
    const bool works = sharing_.jobs() > 0 && servers_[server].reasons_down == 0;
    const bool runs = due_.contains(failure_of(server));
    if (works && !runs && servers_[server].fails) {
      run_failure_clock(now, server);
    } else if (!works && runs) {
      hold_failure_clock(now, server);
    }
  }
}

}  // namespace sim::policies
