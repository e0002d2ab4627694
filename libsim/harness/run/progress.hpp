#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <ostream>
#include <string>
#include <thread>

#include "libsim/harness/run/wall_clock.hpp"
#include "libsim/text/page.hpp"

namespace sim::harness {

/// A line on a terminal that says what runs, for runs of more than a second; it is gone when the run is over. It is
/// written by a thread of its own, so that simulations are not slowed down.
class Progress {
 public:
  /// Not `enabled`: does nothing, and there is no thread. The stream outlives the object.
  Progress(std::ostream& terminal, bool enabled);
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress();

  /// What runs now.
  void show(Printable what);

  /// The same with how much of it is done: a bar, and how long the rest will take if it goes on like this.
  void show(Printable what, std::size_t done, std::size_t all);

 private:
  void write_every_second();
  [[nodiscard]] Page line(double seconds) const;

  std::ostream& terminal_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Printable what_;
  std::size_t done_ = 0;
  std::size_t all_ = 0;            // 0: not known
  std::size_t done_at_start_ = 0;  // of this `all_`
  WallClock since_;
  bool finished_ = false;
  bool written_ = false;
  std::thread writer_;
};

}  // namespace sim::harness
