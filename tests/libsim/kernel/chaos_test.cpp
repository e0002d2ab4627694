#include <catch2/catch.hpp>

#include <memory>
#include <string>
#include <vector>

#include "libsim/sim.hpp"

using namespace std::chrono_literals;

namespace {

struct Job {
  using Reply = std::string;
  std::string text;  // on the heap: a lost payload shows as a leak, a stale one as a use after free
};

/// Works for a while, asks its neighbour, sets timers, and is killed at any of these moments.
class Worker {
 public:
  struct Tick {
    std::string text;
  };
  using Inbox = sim::Inbox<Job, Tick, sim::Down>;
  Worker(sim::Context& ctx, std::vector<sim::Ref<Worker>>& peers)
      : ctx_(ctx), peers_(peers), random_(ctx.random("work")), state_(std::make_unique<int>(0)) {}

  sim::Process run() {
    for (;;) {
      co_await ctx_.sleep(sim::Duration{1 + static_cast<std::int64_t>(random_.below(1'000'000))});
      const Job job{std::string(64, 'x')};
      const auto reply = co_await ctx_.ask(peer(), job, 500us);
      *state_ += reply ? 1 : 0;
    }
  }
  sim::Process on(Job job, sim::ReplyTo<std::string> reply_to) {
    ctx_.monitor(peer());
    ctx_.after(300us, Tick{std::string(64, 't')});
    co_await ctx_.sleep(sim::Duration{static_cast<std::int64_t>(random_.below(900'000))});
    ctx_.reply(reply_to, job.text + "!");
  }
  void on(const Tick& tick) { *state_ += static_cast<int>(tick.text.size()); }
  void on(const sim::Down&) { ++*state_; }

 private:
  sim::Ref<Worker> peer() { return peers_[random_.below(peers_.size())]; }

  sim::Context& ctx_;
  std::vector<sim::Ref<Worker>>& peers_;
  sim::RandomStream& random_;
  std::unique_ptr<int> state_;
};

/// Kills a random worker again and again, and starts it anew.
class Monkey {
 public:
  using Inbox = sim::Inbox<>;
  Monkey(sim::Context& ctx, std::vector<sim::Ref<Worker>>& workers, int kills)
      : ctx_(ctx), workers_(workers), random_(ctx.random("victim")), kills_(kills) {}
  sim::Process run() {
    for (int kill = 0; kill < kills_; ++kill) {
      const auto victim = random_.below(workers_.size());
      ctx_.kill(workers_[victim]);
      co_await ctx_.sleep(sim::Duration{1 + static_cast<std::int64_t>(random_.below(100'000))});
      workers_[victim] = ctx_.spawn<Worker>("worker-" + std::to_string(victim), std::ref(workers_));
    }
  }

 private:
  sim::Context& ctx_;
  std::vector<sim::Ref<Worker>>& workers_;
  sim::RandomStream& random_;
  int kills_;
};

std::uint64_t run_chaos(std::uint64_t seed, sim::Duration duration) {
  sim::Simulation simulation({.seed = seed, .fingerprint = sim::FingerprintOf::payload});
  std::vector<sim::Ref<Worker>> workers;
  for (int i = 0; i < 20; ++i) {
    workers.push_back(simulation.spawn<Worker>("worker-" + std::to_string(i), std::ref(workers)));
  }
  simulation.spawn<Monkey>("monkey", std::ref(workers), 5'000);
  simulation.run_for(duration);
  REQUIRE(simulation.actors_alive() <= 21);
  return simulation.fingerprint();
}

}  // namespace

TEST_CASE("5,000 kills at random times leave nothing dangling, and the run is the same every time", "[kernel]") {
  // 5,000 kills, 50 µs apart on average: all done after 0.3 s.
  const std::uint64_t first = run_chaos(1, 300ms);
  REQUIRE(run_chaos(1, 300ms) == first);
  REQUIRE(run_chaos(2, 300ms) != first);
}

TEST_CASE("a simulation can be destroyed in the middle of anything", "[kernel]") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    run_chaos(seed, sim::Duration{static_cast<std::int64_t>(seed * 317'011)});
  }
}

TEST_CASE("a simulation with 1,000 live actors, pending timers and coroutine frames is destroyed in good order",
          "[kernel]") {
  sim::Simulation simulation;
  std::vector<sim::Ref<Worker>> workers;
  for (int i = 0; i < 1'000; ++i) {
    workers.push_back(simulation.spawn<Worker>("worker-" + std::to_string(i), std::ref(workers)));
  }
  simulation.run_for(1ms);
  REQUIRE(simulation.actors_alive() == 1'000);
  REQUIRE(simulation.pending_events() > 1'000);
}
