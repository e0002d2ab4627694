#include "libsim/harness/run/progress.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <cstddef>
#include <future>
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

TEST_CASE("a run in steps shows how many are done, as a bar too", "[progress]") {
  // All at once, as each takes a second.
  const auto shown_at = [](std::size_t done, std::size_t all) {
    return std::async(std::launch::async, [done, all] {
      Terminal terminal;
      std::ostream out(&terminal);
      sim::harness::Progress progress(out, true);
      progress.show("3 points", 0, all);
      progress.show("3 points", done, all);
      return terminal.text_with_line();
    });
  };
  auto quarter = shown_at(5, 20);
  auto whole = shown_at(30, 30);
  auto nothing = shown_at(0, 30);
  CHECK_THAT(quarter.get(), Catch::StartsWith(erase_line + "3 points · █████░░░░░░░░░░░░░░░ 5/20 · ") &&
                                Catch::Contains(" s left · "));
  CHECK_THAT(whole.get(), Catch::StartsWith(erase_line + "3 points · ████████████████████ 30/30 · 0 s left · "));
  // Nothing is known of the time that is left.
  CHECK_THAT(nothing.get(),
             Catch::StartsWith(erase_line + "3 points · ░░░░░░░░░░░░░░░░░░░░ 0/30 · ") && !Catch::Contains("left"));
}

TEST_CASE("the rest takes as long as what was done since these steps began, in proportion", "[progress]") {
  Terminal terminal;
  std::ostream out(&terminal);
  sim::harness::Progress progress(out, true);
  progress.show("again", 900, 1000);  // most of them were there already
  progress.show("again", 910, 1000);
  const std::string line = terminal.text_with_line();
  const std::string begin = erase_line + "again · ██████████████████░░ 910/1000 · ";
  REQUIRE_THAT(line, Catch::StartsWith(begin));
  // Ten in all the time so far, so that the other ninety take nine times as long; both are shown in whole seconds.
  std::size_t left_end = 0;
  const int left = std::stoi(line.substr(begin.size()), &left_end);
  const std::string between = " s left · ";
  REQUIRE(line.substr(begin.size() + left_end, between.size()) == between);
  const int so_far = std::stoi(line.substr(begin.size() + left_end + between.size()));
  CHECK(so_far >= 1);
  CHECK(left >= 9 * so_far - 5);
  CHECK(left <= 9 * so_far + 5);
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
