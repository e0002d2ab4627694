#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <ostream>
#include <string>
#include <thread>

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
  void show(std::string what);

 private:
  void write_every_second();

  std::ostream& terminal_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::string what_;
  bool finished_ = false;
  bool written_ = false;
  std::thread writer_;
};

}  // namespace sim::harness
