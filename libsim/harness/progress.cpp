#include "libsim/harness/progress.hpp"

#include <fmt/format.h>

#include <chrono>

#include "libsim/harness/wall_clock.hpp"

namespace sim::harness {

namespace {

constexpr std::string_view erase_line = "\r\x1b[K";

}  // namespace

Progress::Progress(std::ostream& terminal, bool enabled) : terminal_(terminal) {
  if (enabled) {
    writer_ = std::thread([this] { write_every_second(); });
  }
}

Progress::~Progress() {
  if (!writer_.joinable()) {
    return;
  }
  {
    const std::lock_guard lock(mutex_);
    finished_ = true;
  }
  changed_.notify_one();
  writer_.join();
  if (written_) {
    terminal_ << erase_line << std::flush;
  }
}

void Progress::show(std::string what) {
  const std::lock_guard lock(mutex_);
  what_ = std::move(what);
}

void Progress::write_every_second() {
  const WallClock clock;
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, std::chrono::seconds(1), [this] { return finished_; })) {
    terminal_ << erase_line << fmt::format("{} · {:.0f} s", what_, clock.seconds()) << std::flush;
    written_ = true;
  }
}

}  // namespace sim::harness
