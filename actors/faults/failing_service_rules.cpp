#include "actors/faults/failing_service_rules.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "libsim/failure.hpp"

namespace sim::policies {

namespace {

bool is_probability(double value) { return value >= 0 && value <= 1; }

template <class Stretch>
bool covers(const Stretch& stretch, Time now) {
  return now >= stretch.starts_at && now - stretch.starts_at < stretch.duration;
}

}  // namespace

std::uint64_t FailingService::Statistics::failed_count() const {
  return std::accumulate(failed_counts.begin(), failed_counts.end(), std::uint64_t{0});
}

FailingService::FailingService(Config config) : config_(std::move(config)) {
  double sum = 0;
  for (const ErrorShare& share : config_.errors) {
    check(is_probability(share.probability), "a probability is between 0 and 1");
    sum += share.probability;
  }
  check(sum <= 1 + 1e-9, "the shares of requests that fail are at most 1 together");
  check(is_probability(config_.hang_probability), "a probability is between 0 and 1");
  check(config_.error_latency_factor >= 0 && config_.hang_duration >= 0s,
        "factors and durations of a failing service are not negative");
  for (const Brownout& brownout : config_.brownouts) {
    check(brownout.duration >= 0s && brownout.latency_factor >= 0 && is_probability(brownout.error_probability),
          "a brownout has a duration and a factor that are not negative, and a probability");
  }
  for (const Hang& hang : config_.hangs) {
    check(hang.duration >= 0s, "a hang has a duration that is not negative");
  }
}

FailingService::Actions FailingService::advance(Time now) {
  begin_call(now);
  return actions_;
}

std::optional<Time> FailingService::next_change_at() const {
  if (in_progress_.empty() || faults_.effect().is_paused) {
    return std::nullopt;
  }
  return Time{} + paused_time_ + in_progress_.front().due;
}

FailingService::Actions FailingService::arrive(Time now, RequestId request, const Draws& draws) {
  begin_call(now);
  ++statistics_.arrived_count;
  if (!is_up()) {
    fail(request, now, ErrorClass::connection_failed);
  } else if (in_progress() < limit()) {
    begin({request, now, draws});
  } else if (waiting() < config_.waiting_max) {
    waiting_.push_back({request, now, draws});
  } else {
    fail(request, now, ErrorClass::rejected);
  }
  return actions_;
}

FailingService::Actions FailingService::set_up(Time now, bool is_up) {
  begin_call(now);
  is_up_ = is_up;
  if (!is_up) {
    fail_all();
  }
  return actions_;
}

FailingService::Actions FailingService::apply(Time now, ActiveFaults::Number number, const Fault& fault) {
  begin_call(now);
  check(faults().contains(fault.kind), "a service is given only faults that it takes");
  const bool was_paused = faults_.effect().is_paused;
  faults_.apply(number, fault);
  after_fault(was_paused);
  return actions_;
}

FailingService::Actions FailingService::end_fault(Time now, ActiveFaults::Number number) {
  begin_call(now);
  const bool was_paused = faults_.effect().is_paused;
  faults_.end(number);
  after_fault(was_paused);
  return actions_;
}

bool FailingService::is_later(const InProgress& first, const InProgress& second) {
  return first.due != second.due ? first.due > second.due : first.sequence > second.sequence;
}

void FailingService::begin_call(Time now) {
  check(now >= now_, "time does not go back");
  actions_.clear();
  for (auto due = next_change_at(); due && *due <= now; due = next_change_at()) {
    now_ = *due;
    finish_first();
  }
  now_ = now;
}

void FailingService::finish_first() {
  std::pop_heap(in_progress_.begin(), in_progress_.end(), is_later);
  const InProgress finished = in_progress_.back();
  in_progress_.pop_back();
  const Duration took = now_ - finished.arrived_at;
  if (finished.hangs) {
    ++statistics_.hung_count;
    actions_.push_back({Action::Kind::give_up, finished.request, took});
  } else if (finished.error) {
    fail(finished.request, finished.arrived_at, *finished.error);
  } else {
    ++statistics_.answered_count;
    actions_.push_back({Action::Kind::answer, finished.request, took});
  }
  begin_waiting();
}

void FailingService::begin_waiting() {
  while (!waiting_.empty() && in_progress() < limit()) {
    const Waiting first = waiting_.front();
    waiting_.pop_front();
    begin(first);
  }
}

void FailingService::begin(const Waiting& request) {
  const bool never_answered = hangs(request.draws.hang);
  const auto failure = error(request.draws.error);
  const Duration length =
      never_answered ? scaled_latency(config_.hang_duration, 1) : latency(request.draws, failure.has_value());
  in_progress_.push_back(
      {work_time() + length, ++last_sequence_, request.request, request.arrived_at, failure, never_answered});
  std::push_heap(in_progress_.begin(), in_progress_.end(), is_later);
  statistics_.in_progress_max = std::max(statistics_.in_progress_max, in_progress());
}

void FailingService::after_fault(bool was_paused) {
  const ActiveFaults::Effect& effect = faults_.effect();
  if (effect.is_paused && !was_paused) {
    paused_since_ = now_;
  } else if (was_paused && !effect.is_paused) {
    paused_time_ += now_ - paused_since_;
  }
  if (effect.is_down) {
    fail_all();
  }
  begin_waiting();
}

/// In the order in which they began, then those in line.
void FailingService::fail_all() {
  std::sort(in_progress_.begin(), in_progress_.end(),
            [](const InProgress& first, const InProgress& second) { return first.sequence < second.sequence; });
  for (const InProgress& request : in_progress_) {
    fail(request.request, request.arrived_at, ErrorClass::connection_failed);
  }
  for (const Waiting& request : waiting_) {
    fail(request.request, request.arrived_at, ErrorClass::connection_failed);
  }
  in_progress_.clear();
  waiting_.clear();
}

void FailingService::fail(RequestId request, Time arrived_at, ErrorClass error) {
  ++statistics_.failed_counts[static_cast<std::size_t>(error)];
  actions_.push_back({Action::Kind::fail, request, now_ - arrived_at, error});
}

std::uint32_t FailingService::limit() const {
  const std::uint32_t configured = config_.concurrent_requests_max == 0 ? std::numeric_limits<std::uint32_t>::max()
                                                                        : config_.concurrent_requests_max;
  return std::min(configured, faults_.effect().requests_max);
}

bool FailingService::hangs(double uniform01) const {
  return uniform01 < config_.hang_probability ||
         std::any_of(config_.hangs.begin(), config_.hangs.end(), [&](const Hang& hang) { return covers(hang, now_); });
}

/// One draw decides everything: the shares, the brownouts, the faults.
std::optional<ErrorClass> FailingService::error(double uniform01) const {
  SplitDraw draw(uniform01);
  double others = 1;
  for (const ErrorShare& share : config_.errors) {
    if (draw.chance(others > 0 ? std::min(1.0, share.probability / others) : 0)) {
      return share.error_class;
    }
    others -= share.probability;
  }
  for (const Brownout& brownout : config_.brownouts) {
    if (covers(brownout, now_) && draw.chance(brownout.error_probability)) {
      return brownout.error_class;
    }
  }
  return faults_.error(draw);
}

Duration FailingService::latency(const Draws& draws, bool fails) const {
  double factor = faults_.effect().latency_factor;
  for (const Brownout& brownout : config_.brownouts) {
    factor *= covers(brownout, now_) ? brownout.latency_factor : 1;
  }
  const Duration length = scaled_latency(draws.latency, factor) + faults_.effect().slow_delay;
  return fails ? scaled_latency(length, config_.error_latency_factor) : length;
}

Duration FailingService::work_time() const {
  const Time stands_at = faults_.effect().is_paused ? paused_since_ : now_;
  return stands_at - Time{} - paused_time_;
}

}  // namespace sim::policies
