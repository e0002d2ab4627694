#include <rapidcheck.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>
#include <map>
#include <set>
#include <vector>

#include "actors/pools/buffer_pool.hpp"
#include "actors/pools/connection_pool.hpp"
#include "actors/pools/worker_pool_rules.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

enum class Verb { begin, end, end_badly, made, not_made, cancel, wait, evict };

struct Step {
  Verb verb;
  std::uint32_t number;  ///< which one, or seconds
};

/// Up to 800 steps.
const auto any_steps = rc::gen::scale(8.0, rc::gen::container<std::vector<Step>>(rc::gen::apply(
                                               [](Verb verb, std::uint32_t number) {
                                                 return Step{verb, number};
                                               },
                                               rc::gen::weightedElement<Verb>({{12, Verb::begin},
                                                                               {8, Verb::end},
                                                                               {2, Verb::end_badly},
                                                                               {6, Verb::made},
                                                                               {2, Verb::not_made},
                                                                               {2, Verb::cancel},
                                                                               {6, Verb::wait},
                                                                               {1, Verb::evict}}),
                                               rc::gen::inRange<std::uint32_t>(0, 15))));

std::ostream& operator<<(std::ostream& out, const Step& step) {
  return out << static_cast<int>(step.verb) << ":" << step.number;
}

/// Some element of a container that is not empty.
template <class Container>
auto nth(Container& container, std::size_t number) {
  return std::next(container.begin(), static_cast<std::ptrdiff_t>(number % container.size()));
}

/// Borrows connections at random and checks every action against its own account.
class WatchedConnections {
 public:
  using Pool = ConnectionPool;
  using Kind = Pool::Action::Kind;

  explicit WatchedConnections(Pool::Config config) : config_(config), pool_(config) { note(pool_.advance(now_)); }

  void run(const Step& step) {
    switch (step.verb) {
      case Verb::begin: {
        const Pool::RequestId request{++requests_};
        line_.push_back({request, now_});
        const bool was_idle = pool_.idle() > 0;
        note(pool_.acquire(now_, request));
        RC_ASSERT(!was_idle || line_.empty());
        break;
      }
      case Verb::end:
      case Verb::end_badly:
        if (!lent_.empty()) {
          const auto loan = nth(lent_, step.number);
          const auto connection = loan->first;
          lent_.erase(loan);
          idle_.insert(connection);
          note(pool_.release(now_, connection,
                             step.verb == Verb::end ? Pool::Condition::healthy : Pool::Condition::broken));
          RC_ASSERT(step.verb == Verb::end || (idle_.count(connection) == 0 && lent_.count(connection) == 0));
        }
        break;
      case Verb::made:
      case Verb::not_made:
        if (!creating_.empty()) {
          const auto found = nth(creating_, step.number);
          const auto connection = *found;
          creating_.erase(found);
          if (step.verb == Verb::made) {
            idle_.insert(connection);
          }
          note(step.verb == Verb::made ? pool_.created(now_, connection) : pool_.creation_failed(now_, connection));
        }
        break;
      case Verb::cancel:
        if (!line_.empty()) {
          const auto found = nth(line_, step.number);
          const auto request = found->request;
          line_.erase(found);
          ++ended_;
          note(pool_.cancel(now_, request));
          RC_ASSERT(!pool_.is_waiting(request));
        }
        break;
      case Verb::wait:
        wait_until(now_ + step.number * 1s);
        break;
      case Verb::evict:
        note(pool_.evict_all(now_));
        RC_ASSERT(idle_.empty());
    }
    check_account();
  }

  /// Everybody gives back and every creation succeeds, until nothing moves.
  void wind_up() {
    while (!lent_.empty() || !creating_.empty() || !line_.empty()) {
      if (!creating_.empty()) {
        run({Verb::made, 0});
      } else if (!lent_.empty()) {
        run({Verb::end, 0});
      } else {
        const auto next = pool_.next_change_at();
        RC_ASSERT(next.has_value());  // or they would wait for ever
        wait_until(*next);
      }
    }
    RC_ASSERT(ended_ == requests_);
  }

 private:
  struct Waiting {
    Pool::RequestId request;
    Time asked_at;
  };

  /// From change to change, so that everything happens on time.
  void wait_until(Time end) {
    for (auto next = pool_.next_change_at(); next && *next <= end; next = pool_.next_change_at()) {
      RC_ASSERT(*next >= now_);
      if (*next - 1ns >= now_) {
        now_ = *next - 1ns;
        RC_ASSERT(pool_.advance(now_).empty());
      }
      now_ = *next;
      note(pool_.advance(now_));
    }
    now_ = end;
    RC_ASSERT(pool_.advance(now_).empty());
  }

  void note(Pool::Actions actions) {
    for (const Pool::Action& action : actions) {
      switch (action.kind) {
        case Kind::create:
          RC_ASSERT(made_.insert(action.connection).second);
          creating_.insert(action.connection);
          break;
        case Kind::assign:
          RC_ASSERT(!line_.empty());
          RC_ASSERT(line_.front().request == action.request);  // in the order they came
          RC_ASSERT(action.waited == now_ - line_.front().asked_at);
          RC_ASSERT(action.waited < config_.connection_timeout);
          RC_ASSERT(idle_.erase(action.connection) == 1);
          RC_ASSERT(lent_.emplace(action.connection, action.request).second);
          line_.pop_front();
          ++ended_;
          break;
        case Kind::close:
          RC_ASSERT(idle_.erase(action.connection) == 1);  // never one that is lent
          break;
        case Kind::time_out:
          RC_ASSERT(line_.front().request == action.request);
          RC_ASSERT(now_ - line_.front().asked_at == config_.connection_timeout);
          line_.pop_front();
          ++ended_;
          break;
        case Kind::reject:
          RC_ASSERT(line_.back().request == action.request);
          line_.pop_back();
          RC_ASSERT(line_.size() >= config_.waiting_max);
          RC_ASSERT(lent_.size() + creating_.size() == config_.maximum_pool_size);
          ++ended_;
      }
    }
  }

  void check_account() const {
    RC_ASSERT(pool_.size() <= config_.maximum_pool_size);
    RC_ASSERT(pool_.in_use() == lent_.size());
    RC_ASSERT(pool_.idle() == idle_.size());
    RC_ASSERT(pool_.creating() == creating_.size());
    RC_ASSERT(pool_.waiting() == line_.size());
    RC_ASSERT((line_.empty() || idle_.empty()));  // nobody waits while one is idle
    const auto& counted = pool_.statistics();
    RC_ASSERT(counted.created_count == counted.closed_idle_count + counted.closed_lifetime_count +
                                           counted.closed_broken_count + counted.closed_evicted_count + pool_.idle() +
                                           pool_.in_use());
    RC_ASSERT(requests_ == counted.acquired_count + counted.timed_out_count + counted.rejected_count +
                               counted.cancelled_count + pool_.waiting());
  }

  Pool::Config config_;
  Pool pool_;
  Time now_{};
  std::uint64_t requests_ = 0;
  std::uint64_t ended_ = 0;  ///< requests that acquired, timed out, were rejected or cancelled
  std::deque<Waiting> line_;
  std::set<Pool::ConnectionId> made_;
  std::set<Pool::ConnectionId> creating_;
  std::set<Pool::ConnectionId> idle_;
  std::map<Pool::ConnectionId, Pool::RequestId> lent_;
};

/// Submits tasks at random and checks every action against its own account.
class WatchedWorkers {
 public:
  using Pool = WorkerPool;
  using Kind = Pool::Action::Kind;

  explicit WatchedWorkers(Pool::Config config) : config_(config), pool_(config) {}

  void run(const Step& step) {
    if (step.verb == Verb::begin) {
      const Pool::TaskId task{++tasks_};
      line_.push_back({task, now_});
      note(pool_.submit(now_, task));
    } else if (step.verb == Verb::end && !running_.empty()) {
      const auto found = nth(running_, step.number);
      const auto task = found->first;
      running_.erase(found);
      ++ended_;
      note(pool_.finish(now_, task));
    } else if (step.verb == Verb::end_badly && !overdue_.empty()) {
      const auto task = *overdue_.begin();
      overdue_.erase(task);
      note(pool_.finish(now_, task));
    } else if (step.verb == Verb::cancel && !line_.empty()) {
      const auto found = nth(line_, step.number);
      const auto task = found->task;
      line_.erase(found);
      ++ended_;
      note(pool_.cancel(now_, task));
    } else if (step.verb == Verb::wait) {
      wait_until(now_ + step.number * 1s);
    }
    check_account();
  }

  void wind_up() {
    while (!running_.empty() || !line_.empty()) {
      const Verb verb = !running_.empty() ? Verb::end : !overdue_.empty() ? Verb::end_badly : Verb::wait;
      run({verb, 15});
    }
    RC_ASSERT(ended_ == tasks_);
  }

 private:
  struct Waiting {
    Pool::TaskId task;
    Time submitted_at;
  };
  struct Run {
    Pool::WorkerId worker;
    Time started_at;
  };

  void wait_until(Time end) {
    for (auto next = pool_.next_change_at(); next && *next <= end; next = pool_.next_change_at()) {
      RC_ASSERT(*next > now_);
      now_ = *next - 1ns;
      RC_ASSERT(pool_.advance(now_).empty());
      now_ = *next;
      const auto actions = pool_.advance(now_);
      RC_ASSERT((!actions.empty() || config_.on_timeout == Pool::OnTimeout::replace_worker));
      note(actions);
    }
    now_ = end;
    RC_ASSERT(pool_.advance(now_).empty());
  }

  void note(Pool::Actions actions) {
    for (const Pool::Action& action : actions) {
      if (action.kind == Kind::start) {
        RC_ASSERT(line_.front().task == action.task);  // in the order they came
        RC_ASSERT(action.waited == now_ - line_.front().submitted_at);
        line_.pop_front();
        for (const auto& [task, run] : running_) {
          RC_ASSERT(run.worker != action.worker);  // one task each
        }
        running_.emplace(action.task, Run{action.worker, now_});
      } else if (action.kind == Kind::time_out) {
        const auto found = running_.find(action.task);
        RC_ASSERT((found != running_.end() && found->second.worker == action.worker));
        RC_ASSERT(now_ - found->second.started_at == config_.task_timeout);
        running_.erase(found);
        overdue_.insert(action.task);
        ++ended_;
      } else {
        RC_ASSERT(line_.back().task == action.task);
        line_.pop_back();
        RC_ASSERT(line_.size() == config_.queue_max);
        ++ended_;
      }
    }
  }

  void check_account() const {
    RC_ASSERT(pool_.idle() + pool_.running() + pool_.lost() + pool_.starting() == config_.workers);
    RC_ASSERT(pool_.running() == running_.size());
    RC_ASSERT(pool_.queued() == line_.size());
    RC_ASSERT((line_.empty() || pool_.idle() == 0));
    for (const auto& [task, run] : running_) {
      RC_ASSERT(now_ - run.started_at < config_.task_timeout);
    }
  }

  Pool::Config config_;
  Pool pool_;
  Time now_{};
  std::uint64_t tasks_ = 0;
  std::uint64_t ended_ = 0;  ///< tasks that finished, timed out, were rejected or cancelled
  std::deque<Waiting> line_;
  std::map<Pool::TaskId, Run> running_;
  std::set<Pool::TaskId> overdue_;
};

}  // namespace

TEST_CASE("a connection pool never exceeds its size, lends no connection twice, serves in order and forgets no request",
          "[connection_pool][property]") {
  REQUIRE(rc::check("account of requests and connections", [] {
    const auto steps = *any_steps;
    ConnectionPool::Config config;
    config.maximum_pool_size = *rc::gen::inRange<std::uint32_t>(1, 5);
    config.minimum_idle = *rc::gen::inRange<std::uint32_t>(0, 6);
    config.waiting_max = *rc::gen::inRange<std::uint32_t>(0, 6);
    config.connection_timeout = *rc::gen::inRange(1, 20) * 1s;
    config.idle_timeout = *rc::gen::inRange(1, 20) * 1s;
    config.max_lifetime = *rc::gen::inRange(1, 40) * 1s;
    config.creation_retry_delay = *rc::gen::inRange(0, 5) * 1s;
    config.idle_reuse =
        *rc::gen::element(ConnectionPool::IdleReuse::most_recent, ConnectionPool::IdleReuse::least_recent);
    WatchedConnections watched{config};
    for (const Step& step : steps) {
      watched.run(step);
    }
    watched.wind_up();
  }));
}

TEST_CASE("a worker pool never works on more tasks than it has workers, starts them in order and forgets none",
          "[worker_pool][property]") {
  REQUIRE(rc::check("account of tasks and workers", [] {
    using OnTimeout = WorkerPool::OnTimeout;
    const auto steps = *any_steps;
    WatchedWorkers watched{
        {.workers = *rc::gen::inRange<std::uint32_t>(1, 5),
         .queue_max = *rc::gen::inRange<std::uint32_t>(0, 8),
         .task_timeout = *rc::gen::inRange(1, 20) * 1s,
         .on_timeout = *rc::gen::element(OnTimeout::free_worker, OnTimeout::replace_worker, OnTimeout::keep_worker),
         .worker_start_time = *rc::gen::inRange(0, 5) * 1s}};
    for (const Step& step : steps) {
      watched.run(step);
    }
    watched.wind_up();
  }));
}

TEST_CASE("a buffer pool hands no buffer out twice and keeps no more than it may", "[buffer_pool][property]") {
  REQUIRE(rc::check("account of buffers", [](const std::vector<std::uint8_t>& steps) {
    const auto retained_max = *rc::gen::inRange<std::uint32_t>(0, 4);
    const auto in_use_max = *rc::gen::inRange<std::uint32_t>(1, 8);
    BufferPool pool{{.buffer_size_bytes = 1, .retained_max = retained_max, .in_use_max = in_use_max}};
    std::vector<BufferPool::BufferId> in_use;
    std::set<BufferPool::BufferId> retained;
    std::set<BufferPool::BufferId> seen;
    for (const std::uint8_t step : steps) {
      if (step % 2 == 0 || in_use.empty()) {
        const auto acquired = pool.acquire();
        RC_ASSERT(acquired.has_value() == (in_use.size() < in_use_max));
        if (acquired) {
          RC_ASSERT(acquired->reused == !retained.empty());
          RC_ASSERT((acquired->reused ? retained.erase(acquired->buffer) == 1 : seen.insert(acquired->buffer).second));
          in_use.push_back(acquired->buffer);
        }
      } else {
        const auto found = in_use.begin() + step / 2 % static_cast<std::ptrdiff_t>(in_use.size());
        const bool kept = pool.release(*found) == BufferPool::Released::retained;
        RC_ASSERT(kept == (retained.size() < retained_max));
        if (kept) {
          retained.insert(*found);
        }
        in_use.erase(found);
      }
      RC_ASSERT(pool.in_use() == in_use.size());
      RC_ASSERT(pool.retained() == retained.size());
      RC_ASSERT(pool.bytes() <= in_use_max);  // of one byte each
    }
  }));
}
