#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "actors/containers/container_pool.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using Pool = ContainerPool;
using Kind = Pool::Action::Kind;
using State = Pool::State;

Pool::Config any_config() {
  Pool::Config config;
  config.containers_max = *rc::gen::inRange<std::uint32_t>(1, 6);
  config.containers_min = *rc::gen::inRange<std::uint32_t>(0, config.containers_max + 1);
  config.warm_min = *rc::gen::inRange<std::uint32_t>(0, 4);
  config.keep_alive = *rc::gen::element<Duration>(1s, 5s, 60s, forever);
  config.concurrency = *rc::gen::inRange<std::uint32_t>(1, 4);
  config.waiting_max = *rc::gen::element<std::uint32_t>(0, 1, 5, 0xffffffff);
  config.max_wait_duration = *rc::gen::element<Duration>(2s, 30s, forever);
  config.idle_reuse = *rc::gen::element(Pool::IdleReuse::most_recent, Pool::IdleReuse::least_recent);
  config.start_back_off.initial_delay = *rc::gen::element<Duration>(0s, 1s, 10s);
  return config;
}

/// Keeps its own books of what a pool says, and refuses what must not happen.
class Observer {
 public:
  explicit Observer(const Pool::Config& config) : config_(config), pool_(config) {}

  void take(Time now, Pool::Actions actions) {
    for (const Pool::Action& action : actions) {
      const auto container = action.container;
      switch (action.kind) {
        case Kind::start:
          RC_ASSERT(states_.emplace(container, State::starting).second);
          born_[container] = now;
          break;
        case Kind::assign:
          RC_ASSERT(states_.at(container) == State::idle || states_.at(container) == State::busy);
          RC_ASSERT(!line_.empty());
          RC_ASSERT(line_.front().first == action.request);  // first come, first served, and nobody twice
          RC_ASSERT(action.waited == now - line_.front().second);
          line_.pop_front();
          states_[container] = State::busy;
          RC_ASSERT(++requests_[container] <= config_.concurrency);
          ++taken_;
          break;
        case Kind::stop:
          RC_ASSERT(states_.at(container) == State::idle);
          states_[container] = State::stopping;
          break;
        case Kind::time_out:
          RC_ASSERT(!line_.empty());
          RC_ASSERT(line_.front().first == action.request);
          RC_ASSERT(action.waited == config_.max_wait_duration);
          line_.pop_front();
          ++timed_out_;
          break;
        case Kind::reject:
          RC_ASSERT(line_.back().first == action.request);
          RC_ASSERT(states_.size() == config_.containers_max);
          line_.pop_back();
          ++rejected_;
          break;
      }
    }
    RC_ASSERT(states_.size() <= config_.containers_max);
  }

  void operate(Time now) {
    for (auto due = pool_.next_change_at(); due && *due <= now; due = pool_.next_change_at()) {
      take(*due, pool_.advance(*due));
    }
    switch (*rc::gen::weightedElement<int>({{8, 0}, {6, 1}, {4, 2}, {1, 3}, {3, 4}, {1, 5}, {1, 6}})) {
      case 0:
        line_.emplace_back(Pool::RequestId{++submitted_}, now);
        return take(now, pool_.submit(now, Pool::RequestId{submitted_}));
      case 1:
        if (const auto container = any(State::busy)) {
          if (--requests_[*container] == 0) {
            states_[*container] = State::idle;
          }
          ++finished_;
          take(now, pool_.finished(now, *container));
        }
        return;
      case 2:
        if (const auto container = any(State::starting)) {
          states_[*container] = State::idle;
          is_backing_off_ = false;
          take(now, pool_.ready(now, *container));
        }
        return;
      case 3:
        if (const auto container = any(State::starting)) {
          bury(now, *container);
          is_backing_off_ = true;
          take(now, pool_.start_failed(now, *container));
        }
        return;
      case 4:
        if (const auto container = any(State::stopping)) {
          bury(now, *container);
          take(now, pool_.stopped(now, *container));
        }
        return;
      case 5:
        if (const auto container = any(State::busy)) {
          lost_ += requests_[*container];
          requests_.erase(*container);
          bury(now, *container);
          take(now, pool_.crashed(now, *container));
        }
        return;
      default:
        if (!line_.empty()) {
          const auto who = line_.begin() + *rc::gen::inRange<int>(0, static_cast<int>(line_.size()));
          const Pool::RequestId request = who->first;
          line_.erase(who);
          ++cancelled_;
          take(now, pool_.cancel(now, request));
        }
    }
  }

  void check_books() const {
    for (const State state : {State::starting, State::idle, State::busy, State::stopping}) {
      RC_ASSERT(pool_.count(state) == count(state));
    }
    std::uint64_t in_progress = 0;
    for (const auto& [container, requests] : requests_) {
      in_progress += requests;
    }
    RC_ASSERT(pool_.in_progress() == in_progress);
    RC_ASSERT(pool_.waiting() == line_.size());
    RC_ASSERT(submitted_ == taken_ + timed_out_ + rejected_ + cancelled_ + line_.size());
    RC_ASSERT(taken_ == finished_ + lost_ + in_progress);
    const Pool::Statistics& told = pool_.statistics();
    RC_ASSERT(told.warm_hits_count + told.cold_starts_count + told.waits_count == taken_);
    RC_ASSERT(told.timed_out_count == timed_out_);
    RC_ASSERT(told.rejected_count == rejected_);
    RC_ASSERT(told.cancelled_count == cancelled_);
    RC_ASSERT(told.finished_count == finished_);
    RC_ASSERT(told.lost_count == lost_);
  }

  /// Nobody waits beside room, and whatever can be started for somebody is, unless a back-off holds it up.
  void check_nobody_waits_in_vain() const {
    if (line_.empty()) {
      return;
    }
    RC_ASSERT(count(State::idle) == 0U);
    for (const auto& [container, requests] : requests_) {
      RC_ASSERT(requests == 0U || requests == config_.concurrency);
    }
    const bool all_have_a_start = std::uint64_t{count(State::starting)} * config_.concurrency >= line_.size();
    RC_ASSERT((all_have_a_start || states_.size() == config_.containers_max || is_backing_off_));
  }

  void check_kept(Time now) const {
    const auto due = pool_.next_change_at();
    RC_ASSERT((!due || *due > now));
    const std::uint32_t alive = count(State::starting) + count(State::idle) + count(State::busy);
    const bool is_full = states_.size() == config_.containers_max;
    RC_ASSERT((alive >= config_.containers_min || is_full || is_backing_off_));
    RC_ASSERT((count(State::starting) + count(State::idle) >= config_.warm_min || is_full || is_backing_off_));
  }

  void check_times(Time now) {
    take(now, pool_.advance(now));
    Duration alive = lives_;
    for (const auto& [container, since] : born_) {
      alive += now - since;
    }
    DurationSum told;
    for (const State state : {State::starting, State::idle, State::busy, State::stopping}) {
      told += pool_.time_in(state);
    }
    RC_ASSERT(told == alive);
  }

 private:
  void bury(Time now, Pool::ContainerId container) {
    lives_ += now - born_.at(container);
    born_.erase(container);
    states_.erase(container);
  }

  [[nodiscard]] std::uint32_t count(State state) const {
    return static_cast<std::uint32_t>(
        std::count_if(states_.begin(), states_.end(), [state](const auto& entry) { return entry.second == state; }));
  }

  [[nodiscard]] std::optional<Pool::ContainerId> any(State state) const {
    std::vector<Pool::ContainerId> found;
    for (const auto& [container, its_state] : states_) {
      if (its_state == state) {
        found.push_back(container);
      }
    }
    return found.empty() ? std::nullopt : std::optional(*rc::gen::elementOf(found));
  }

  Pool::Config config_;
  Pool pool_;
  std::map<Pool::ContainerId, State> states_;
  std::map<Pool::ContainerId, std::uint32_t> requests_;
  std::map<Pool::ContainerId, Time> born_;
  Duration lives_{};
  std::deque<std::pair<Pool::RequestId, Time>> line_;
  bool is_backing_off_ = false;
  std::uint64_t submitted_ = 0;
  std::uint64_t taken_ = 0;
  std::uint64_t finished_ = 0;
  std::uint64_t lost_ = 0;
  std::uint64_t timed_out_ = 0;
  std::uint64_t rejected_ = 0;
  std::uint64_t cancelled_ = 0;
};

template <class Check>
void run(Check check_after) {
  Observer observer{any_config()};
  Time now{};
  const auto pauses = *rc::gen::container<std::vector<int>>(rc::gen::inRange(0, 3'000));
  for (const int pause : pauses) {
    now += pause * 1ms;
    observer.operate(now);
    check_after(observer, now);
  }
}

}  // namespace

TEST_CASE("a request is taken once, in the order of the line, by a container with room, and none is lost",
          "[container_pool][property]") {
  REQUIRE(rc::check("books", [] { run([](const Observer& observer, Time) { observer.check_books(); }); }));
}

TEST_CASE("nobody waits beside room, and a container starts for everybody who waits as far as there is a place",
          "[container_pool][property]") {
  REQUIRE(rc::check("nobody waits in vain",
                    [] { run([](const Observer& observer, Time) { observer.check_nobody_waits_in_vain(); }); }));
}

TEST_CASE("nothing that is due is left, and the containers to be kept are there or on their way",
          "[container_pool][property]") {
  REQUIRE(rc::check("kept", [] { run([](const Observer& observer, Time now) { observer.check_kept(now); }); }));
}

TEST_CASE("the times of all states add up to the lives of the containers", "[container_pool][property]") {
  REQUIRE(rc::check("times", [] { run([](Observer& observer, Time now) { observer.check_times(now); }); }));
}
