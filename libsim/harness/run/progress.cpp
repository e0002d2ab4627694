#include "libsim/harness/run/progress.hpp"

#include <fmt/format.h>

#include <chrono>

#include "libsim/harness/run/wall_clock.hpp"

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

void Progress::show(Printable what) { show(std::move(what), 0, 0); }

void Progress::show(Printable what, std::size_t done, std::size_t all) {
  const std::lock_guard lock(mutex_);
  if (all != all_ || done < done_) {
    since_ = WallClock();
    done_at_start_ = done;
  }
  what_ = std::move(what);
  done_ = done;
  all_ = all;
}

void Progress::write_every_second() {
  const WallClock clock;
  std::unique_lock lock(mutex_);
  while (!changed_.wait_for(lock, std::chrono::seconds(1), [this] { return finished_; })) {
    terminal_ << erase_line << line(clock.seconds()).text() << std::flush;
    written_ = true;
  }
}

Page Progress::line(double seconds) const {
  if (all_ == 0) {
    return Page("{} · {:.0f} s", what_, seconds);
  }
  constexpr std::size_t width = 20;
  const std::size_t filled = width * done_ / all_;
  std::string bar;
  for (std::size_t cell = 0; cell < width; ++cell) {
    bar += cell < filled ? "█" : "░";
  }
  const std::size_t done_since = done_ - done_at_start_;
  const std::string left = done_since == 0
                               ? ""
                               : fmt::format(" · {:.0f} s left", since_.seconds() * static_cast<double>(all_ - done_) /
                                                                     static_cast<double>(done_since));
  return Page("{} · {} {}/{}{} · {:.0f} s", what_, bar, done_, all_, left, seconds);
}

}  // namespace sim::harness
