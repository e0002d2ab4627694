#include "libsim/caf/job_pool.hpp"

#include <algorithm>
#include <atomic>
#include <caf/all.hpp>
#include <exception>
#include <thread>
#include <vector>

namespace sim {

namespace {

using NextJob = ::caf::atom_constant<::caf::atom("next")>;
using JobDone = ::caf::atom_constant<::caf::atom("done")>;
using AllDone = ::caf::atom_constant<::caf::atom("all_done")>;

using Work = std::function<void(std::size_t)>;

::caf::behavior job_worker(::caf::event_based_actor* /*self*/, const Work* work) {
  return {[work](NextJob, std::uint64_t job) {
    (*work)(job);
    return ::caf::make_message(JobDone::value, job);
  }};
}

/// Deals out the jobs and tells the collector which are done, until none is left or `cancelled` is set.
class JobCoordinator : public ::caf::event_based_actor {
 public:
  JobCoordinator(::caf::actor_config& config, std::uint64_t count, std::uint32_t workers, const Work* work,
                 const std::atomic<bool>* cancelled, ::caf::actor collector)
      : ::caf::event_based_actor(config),
        count_(count),
        workers_(workers),
        work_(work),
        cancelled_(cancelled),
        collector_(std::move(collector)) {}

  ::caf::behavior make_behavior() override {
    for (std::uint32_t worker = 0; worker < workers_; ++worker) {
      deal(spawn(job_worker, work_));
    }
    return {[this](JobDone, std::uint64_t job) {
      send(collector_, JobDone::value, job);
      deal(::caf::actor_cast<::caf::actor>(current_sender()));
    }};
  }

 private:
  void deal(const ::caf::actor& worker) {
    if (next_ < count_ && !*cancelled_) {
      send(worker, NextJob::value, next_++);
      return;
    }
    send_exit(worker, ::caf::exit_reason::user_shutdown);
    if (--workers_ == 0) {
      send(collector_, AllDone::value);
      quit();
    }
  }

  std::uint64_t count_;
  std::uint64_t next_ = 0;
  std::uint32_t workers_;
  const Work* work_;
  const std::atomic<bool>* cancelled_;
  ::caf::actor collector_;
};

/// Hands on in ascending order what comes in any order.
class InOrder {
 public:
  InOrder(std::size_t count, const Work& finished) : is_done_(count), finished_(finished) {}

  void done(std::size_t job) {
    is_done_[job] = true;
    while (next_ < is_done_.size() && is_done_[next_]) {
      finished_(next_++);
    }
  }

 private:
  std::vector<bool> is_done_;
  std::size_t next_ = 0;
  const Work& finished_;
};

void run_in_parallel(std::size_t count, std::uint32_t workers, const Work& work, const Work& finished) {
  ::caf::actor_system_config config;
  config.set("scheduler.max-threads", static_cast<std::size_t>(workers));
  // Idle threads wait for the next job and do not look for it again and again.
  config.set("scheduler.policy", ::caf::atom("sharing"));
  std::atomic<bool> cancelled = false;
  std::exception_ptr failure;
  ::caf::actor_system system(config);
  ::caf::scoped_actor self(system);
  system.spawn<JobCoordinator>(std::uint64_t{count}, workers, &work, &cancelled, ::caf::actor_cast<::caf::actor>(self));
  InOrder in_order(count, finished);
  bool running = true;
  self->receive_while(running)(
      [&](JobDone, std::uint64_t job) {
        try {
          if (!cancelled) {
            in_order.done(job);
          }
        } catch (...) {
          failure = std::current_exception();
          cancelled = true;
        }
      },
      [&](AllDone) { running = false; });
  if (failure) {
    std::rethrow_exception(failure);
  }
}

}  // namespace

std::uint32_t jobs_of_machine() { return std::max(1U, std::thread::hardware_concurrency()); }

void run_jobs(std::size_t count, std::uint32_t workers, const Work& work, const Work& finished) {
  if (workers > 1 && count > 1) {
    run_in_parallel(count, static_cast<std::uint32_t>(std::min<std::size_t>(workers, count)), work, finished);
    return;
  }
  for (std::size_t job = 0; job < count; ++job) {
    work(job);
    finished(job);
  }
}

}  // namespace sim
