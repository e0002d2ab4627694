#pragma once

#include <string>
#include <utility>
#include <vector>

#include "libsim/sim.hpp"

/// Small actors that several kernel tests share.
namespace kernel_test {

using namespace std::chrono_literals;

struct Note {
  int number = 0;
  friend bool operator==(const Note&, const Note&) = default;
};

/// Writes down what arrives, and when.
class Recorder {
 public:
  using Inbox = sim::Inbox<Note, sim::Down>;
  explicit Recorder(sim::Context& ctx) : ctx_(ctx) {}
  void on(const Note& note) { notes.emplace_back(ctx_.now(), note.number); }
  void on(const sim::Down& down) { downs.push_back(down); }

  std::vector<std::pair<sim::Time, int>> notes;
  std::vector<sim::Down> downs;

 private:
  sim::Context& ctx_;
};

struct Double {
  using Reply = int;
  int number = 0;
  friend bool operator==(const Double&, const Double&) = default;
};

/// Answers after a while.
class Doubler {
 public:
  using Inbox = sim::Inbox<Double>;
  Doubler(sim::Context& ctx, sim::Duration delay) : ctx_(ctx), delay_(delay) {}
  sim::Process on(Double request, sim::ReplyTo<int> reply_to) {
    co_await ctx_.sleep(delay_);
    ctx_.reply(reply_to, 2 * request.number);
  }

 private:
  sim::Context& ctx_;
  sim::Duration delay_;
};

/// Asks once and keeps the outcome as text.
class Asker {
 public:
  using Inbox = sim::Inbox<>;
  Asker(sim::Context& ctx, sim::Port<Double> port, sim::Duration timeout) : ctx_(ctx), port_(port), timeout_(timeout) {}
  sim::Process run() {
    const auto reply = co_await ctx_.ask(port_, Double{21}, timeout_);
    outcome = reply ? std::to_string(*reply) : std::string(sim::to_text(reply.error()));
    at = ctx_.now();
  }

  std::string outcome = "none";
  sim::Time at{};

 private:
  sim::Context& ctx_;
  sim::Port<Double> port_;
  sim::Duration timeout_;
};

inline sim::Time at(sim::Duration since_start) { return sim::Time{since_start}; }

}  // namespace kernel_test
