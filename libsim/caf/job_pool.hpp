#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>

namespace sim {

/// How many jobs this machine can run at once: its processors, and 1 where that is unknown.
[[nodiscard]] std::uint32_t jobs_of_machine();

/// Runs `count` independent jobs, `workers` of them at a time, on CAF's own scheduler: one actor deals the jobs out in
/// ascending order, and a worker that has finished gets the next. `work(job)` is called on the thread of a worker and
/// must not throw. `finished(job)` is called on the calling thread, in ascending order of the jobs whatever the order
/// in which they end, and sees all that the job has written. One worker, or one job, needs no threads: everything
/// happens in the caller.
///
/// When `finished` throws, no further job is dealt out; the exception is passed on after the running ones have ended.
void run_jobs(std::size_t count, std::uint32_t workers, const std::function<void(std::size_t job)>& work,
              const std::function<void(std::size_t job)>& finished);

}  // namespace sim
