#include <catch2/catch.hpp>

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

#include "libsim/sim.hpp"
#include "tests/libsim/kernel/fixtures.hpp"

using namespace kernel_test;

namespace {

/// Runs a process that a test writes as a lambda.
class Runner {
 public:
  using Inbox = sim::Inbox<>;
  using Body = std::function<sim::Process(sim::Context&, std::vector<std::string>&)>;
  Runner(sim::Context& ctx, Body body) : ctx_(ctx), body_(std::move(body)) {}
  sim::Process run() { return body_(ctx_, lines); }

  std::vector<std::string> lines;

 private:
  sim::Context& ctx_;
  Body body_;
};

using Lines = std::vector<std::string>;

Lines lines_of(const Runner::Body& body, sim::Time end) {
  sim::Simulation simulation;
  const auto runner = simulation.spawn<Runner>("runner", body);
  CHECK(simulation.run().end == end);
  return simulation.get(runner).lines;
}

sim::Task<int> number_after(sim::Context& ctx, sim::Duration delay, int number) {
  co_await ctx.sleep(delay);
  co_return number;
}

/// Says when its frame goes.
struct Farewell {
  Lines& lines;
  explicit Farewell(Lines& to) : lines(to) {}
  Farewell(const Farewell&) = delete;
  Farewell& operator=(const Farewell&) = delete;
  ~Farewell() { lines.emplace_back("frame destroyed"); }
};

sim::Task<> sleeper(sim::Context& ctx, Lines& lines, sim::Duration delay) {
  const Farewell farewell(lines);
  co_await ctx.sleep(delay);
  lines.emplace_back("slept");
}

sim::Task<> nested_sleeper(sim::Context& ctx, Lines& lines, sim::Duration delay) {
  co_await sleeper(ctx, lines, delay);
  lines.emplace_back("nested");
}

}  // namespace

TEST_CASE("a step that ends within its limit gives its value, and the limit does not stretch the run", "[kernel]") {
  const auto body = [](sim::Context& ctx, Lines& lines) -> sim::Process {
    const auto number = co_await ctx.within(5s, number_after(ctx, 2s, 42));
    lines.push_back(std::to_string(number.value_or(-1)));
  };
  CHECK(lines_of(body, at(2s)) == Lines{"42"});
}

TEST_CASE("a step that takes longer is destroyed at the limit with all that it waits for", "[kernel]") {
  const auto body = [](sim::Context& ctx, Lines& lines) -> sim::Process {
    const bool ended = co_await ctx.within(2s, nested_sleeper(ctx, lines, 5s));
    lines.emplace_back(ended ? "ended" : "cut short");
  };
  CHECK(lines_of(body, at(2s)) == Lines{"frame destroyed", "cut short"});
}

TEST_CASE("a step that ends exactly at its limit is late", "[kernel]") {
  const auto body = [](sim::Context& ctx, Lines& lines) -> sim::Process {
    const auto number = co_await ctx.within(2s, number_after(ctx, 2s, 42));
    lines.emplace_back(number ? "in time" : "late");
  };
  CHECK(lines_of(body, at(2s)) == Lines{"late"});
}

TEST_CASE("a step without suspension ends within any limit, even of 0 s", "[kernel]") {
  const auto step = []() -> sim::Task<int> { co_return 7; };
  const auto body = [&](sim::Context& ctx, Lines& lines) -> sim::Process {
    const auto number = co_await ctx.within(0s, step());
    lines.push_back(std::to_string(number.value_or(-1)));
  };
  CHECK(lines_of(body, at(0s)) == Lines{"7"});
}

TEST_CASE("a step without limit takes as long as it takes", "[kernel]") {
  const auto body = [](sim::Context& ctx, Lines& lines) -> sim::Process {
    const auto number = co_await ctx.within(sim::forever, number_after(ctx, 1000h, 3));
    lines.push_back(std::to_string(number.value_or(-1)));
  };
  CHECK(lines_of(body, at(1000h)) == Lines{"3"});
}

TEST_CASE("limits nest: the outer one cuts the inner one short", "[kernel]") {
  const auto inner = [](sim::Context& ctx, Lines& lines) -> sim::Task<> {
    const bool ended = co_await ctx.within(10s, sleeper(ctx, lines, 20s));
    lines.emplace_back(ended ? "inner ended" : "inner cut short");
  };
  const auto body = [&](sim::Context& ctx, Lines& lines) -> sim::Process {
    const bool ended = co_await ctx.within(3s, inner(ctx, lines));
    lines.emplace_back(ended ? "outer ended" : "outer cut short");
  };
  CHECK(lines_of(body, at(3s)) == Lines{"frame destroyed", "outer cut short"});
}

TEST_CASE("what a step throws reaches the one who set the limit", "[kernel]") {
  const auto step = [](sim::Context& ctx) -> sim::Task<> {
    co_await ctx.sleep(1s);
    throw std::runtime_error("broken");
  };
  const auto body = [&](sim::Context& ctx, Lines& lines) -> sim::Process {
    try {
      co_await ctx.within(2s, step(ctx));
    } catch (const std::runtime_error& error) {
      lines.emplace_back(error.what());
    }
  };
  CHECK(lines_of(body, at(1s)) == Lines{"broken"});
}

TEST_CASE("an ask that was cut short leaves its reply to the dead letters", "[kernel]") {
  sim::Simulation simulation;
  const auto doubler = simulation.spawn<Doubler>("doubler", 5s);
  const auto ask = [doubler](sim::Context& ctx) -> sim::Task<int> {
    const auto reply = co_await ctx.ask(sim::Port<Double>(doubler), Double{21});
    co_return reply.value_or(-1);
  };
  const auto runner = simulation.spawn<Runner>("runner", [&](sim::Context& ctx, Lines& lines) -> sim::Process {
    const auto reply = co_await ctx.within(1s, ask(ctx));
    lines.emplace_back(reply ? "answered" : "gave up");
  });
  const auto report = simulation.run();
  CHECK(report.end == at(5s));
  CHECK(report.waiting.empty());
  CHECK(simulation.get(runner).lines == Lines{"gave up"});
  CHECK(simulation.dead_letters() == 1);
}

TEST_CASE("an actor may stop while a step of it runs against its limit", "[kernel]") {
  sim::Simulation simulation;
  std::vector<std::string> told;
  const auto runner = simulation.spawn<Runner>("runner", [&told](sim::Context& ctx, Lines&) -> sim::Process {
    co_await ctx.within(10s, sleeper(ctx, told, 20s));
    told.emplace_back("went on");
  });
  simulation.run_for(1s);
  simulation.kill(runner);
  CHECK(simulation.run().end == at(1s));
  CHECK(told == Lines{"frame destroyed"});
}

TEST_CASE("a waiter is woken by another process, once, at the present time", "[kernel]") {
  const auto body = [](sim::Context& ctx, Lines& lines) -> sim::Process {
    sim::Waiter waiter(ctx);
    const auto waker = [](sim::Context& context, sim::Waiter& other) -> sim::Process {
      co_await context.sleep(2s);
      other.wake();
      other.wake();
    };
    ctx.start(waker(ctx, waiter));
    co_await waiter;
    lines.emplace_back(ctx.now() == at(2s) ? "woken at 2 s" : "woken at another time");
    co_await ctx.sleep(1s);
  };
  CHECK(lines_of(body, at(3s)) == Lines{"woken at 2 s"});
}

TEST_CASE("a waiter that was woken before does not wait", "[kernel]") {
  const auto body = [](sim::Context& ctx, Lines& lines) -> sim::Process {
    sim::Waiter waiter(ctx);
    waiter.wake();
    co_await waiter;
    lines.emplace_back("went on");
  };
  CHECK(lines_of(body, at(0s)) == Lines{"went on"});
}

TEST_CASE("a waiter that goes after it was woken takes its wake with it", "[kernel]") {
  const auto wait = [](sim::Context& ctx, sim::Waiter*& place) -> sim::Task<> {
    sim::Waiter waiter(ctx);
    place = &waiter;
    co_await waiter;
  };
  const auto body = [&](sim::Context& ctx, Lines& lines) -> sim::Process {
    sim::Waiter* place = nullptr;
    const auto waker = [](sim::Context& context, sim::Waiter*& other) -> sim::Process {
      co_await context.sleep(1s);
      other->wake();  // in the instant of the limit, before it: its timer was set later
    };
    ctx.start(waker(ctx, place));
    const bool woken = co_await ctx.within(1s, wait(ctx, place));
    lines.emplace_back(woken ? "woken" : "cut short");
  };
  CHECK(lines_of(body, at(1s)) == Lines{"cut short"});
}
