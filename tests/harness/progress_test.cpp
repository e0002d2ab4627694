#include "libsim/harness/progress.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <mutex>
#include <ostream>
#include <streambuf>
#include <string>
#include <thread>

namespace {

/// A terminal that can be read while another thread writes to it.
class Terminal : public std::streambuf {
 public:
  [[nodiscard]] std::string text() {
    const std::lock_guard lock(mutex_);
    return text_;
  }

  /// Waits until a line is written; the limit is there only to end a test that fails.
  [[nodiscard]] std::string text_with_line() {
    for (int step = 0; step < 3000 && !text().ends_with(" s"); ++step) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    return text();
  }

 protected:
  std::streamsize xsputn(const char* bytes, std::streamsize count) override {
    const std::lock_guard lock(mutex_);
    text_.append(bytes, static_cast<std::size_t>(count));
    return count;
  }
  int_type overflow(int_type byte) override {
    const std::lock_guard lock(mutex_);
    text_ += static_cast<char>(byte);
    return byte;
  }

 private:
  std::mutex mutex_;
  std::string text_;
};

const std::string erase_line = "\r\x1b[K";

}  // namespace

TEST_CASE("a run of more than a second shows what it does, and takes it away at its end", "[progress]") {
  Terminal terminal;
  std::ostream out(&terminal);
  std::string shown;
  {
    sim::harness::Progress progress(out, true);
    progress.show("toy_shop day · scenario 1/5");
    shown = terminal.text_with_line();
  }
  CHECK_THAT(shown, Catch::StartsWith(erase_line + "toy_shop day · scenario 1/5 · ") && Catch::EndsWith(" s"));
  CHECK_THAT(terminal.text(), Catch::EndsWith(" s" + erase_line));
}

TEST_CASE("a short run, and one away from a terminal, shows no progress", "[progress]") {
  Terminal terminal;
  std::ostream out(&terminal);
  {
    sim::harness::Progress progress(out, true);
    progress.show("at once");
  }
  {
    sim::harness::Progress progress(out, false);
    progress.show("nowhere");
  }
  CHECK(terminal.text().empty());
}
