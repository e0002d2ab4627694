#include "actors/load/load_generator.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "actors/load/arrival_generator.hpp"

using namespace sim;
using namespace sim::actors;
using namespace sim::policies;

namespace {

struct Page {
  std::uint64_t number = 0;
};

struct Fetch {
  using Reply = Page;
  std::uint64_t number = 0;
};

/// Answers each request after a time that does not depend on the others. Every `silent_every`-th gets no answer.
class Website {
 public:
  struct Config {
    Duration time = 1s;
    std::uint64_t silent_every = 0;
  };
  using Inbox = sim::Inbox<Fetch>;

  Website(Context& ctx, Config config) : ctx_(ctx), config_(config) {}

  Process on(Fetch fetch, ReplyTo<Page> reply_to) {
    asked_.push_back(fetch.number);
    asked_at_.push_back(ctx_.now() - Time{});
    co_await ctx_.sleep(config_.time);
    if (config_.silent_every == 0 || (fetch.number + 1) % config_.silent_every != 0) {
      ctx_.reply(reply_to, Page{fetch.number});
    }
  }

  [[nodiscard]] const std::vector<std::uint64_t>& asked() const { return asked_; }
  [[nodiscard]] const std::vector<Duration>& asked_at() const { return asked_at_; }

 private:
  Context& ctx_;
  Config config_;
  std::vector<std::uint64_t> asked_;
  std::vector<Duration> asked_at_;
};

struct MakeFetch {
  Fetch operator()(std::uint64_t number, RandomStream&) const { return {number}; }
};

using Generator = LoadGenerator<Fetch, MakeFetch>;
using Arrivals = ArrivalGenerator<Fetch, MakeFetch>;

struct Bench {
  explicit Bench(const LoadExecutor::Config& executor, Website::Config website_config = {},
                 Distribution think_time = constant(0s), Duration timeout = forever)
      : website(simulation.spawn<Website>("website", website_config)) {
    Generator::Config config;
    config.executor = executor;
    config.think_time = std::move(think_time);
    config.timeout = timeout;
    generator = simulation.spawn<Generator>("load", config, website, MakeFetch{});
    simulation.run();
  }
  explicit Bench(Arrivals::Config config, Website::Config website_config = {})
      : website(simulation.spawn<Website>("website", website_config)) {
    simulation.spawn<Arrivals>("load", config, website, MakeFetch{});
    simulation.run();
  }

  std::uint64_t count(std::string_view name) { return simulation.metrics().counter(name, "load").value(); }
  Tally& tally(std::string_view name) { return simulation.metrics().tally(name, "load"); }
  std::vector<Duration> asked_at() { return simulation.get(website).asked_at(); }
  Duration now() { return simulation.now() - Time{}; }

  Simulation simulation;
  Ref<Website> website;
  Ref<Generator> generator;
};

}  // namespace

TEST_CASE("ten shared iterations of three virtual users are asked in order and end at 4 s", "[load_generator]") {
  Bench bench({SharedIterations{3, 10}});
  REQUIRE(bench.simulation.get(bench.website).asked() == std::vector<std::uint64_t>{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
  REQUIRE(bench.count("iterations_count") == 10);
  REQUIRE(bench.tally("iteration_duration_s").max() == 1.0);
  REQUIRE(bench.now() == 4s);  // and not at max_duration
  Gauge& vus = bench.simulation.metrics().gauge("vus_count", "load");
  REQUIRE(vus.max() == 3.0);
  REQUIRE(vus.integral() == 10.0);
  REQUIRE(vus.value() == 0.0);
}

TEST_CASE("think time is part of an iteration: a closed loop of one user", "[load_generator]") {
  // 1 s of service and 1 s of thinking for 9 s: iterations at 0, 2, 4, 6 and 8 s.
  Bench bench({ConstantVus{1, 9s}}, {}, constant(1s));
  REQUIRE(bench.asked_at() == std::vector<Duration>{0s, 2s, 4s, 6s, 8s});
  REQUIRE(bench.tally("iteration_duration_s").mean() == 2.0);
  REQUIRE(bench.tally("request_duration_s").mean() == 1.0);
  REQUIRE(bench.now() == 10s);
}

TEST_CASE("an arrival rate that the virtual users cannot follow drops iterations", "[load_generator]") {
  // 30 arrivals; five users, each busy for 2 s less a moment, start two iterations each.
  Bench bench({ConstantArrivalRate{10, 1s, 3s, 5}}, {2s - 1ns});
  REQUIRE(bench.count("iterations_count") == 10);
  REQUIRE(bench.count("dropped_iterations_count") == 20);
  REQUIRE(bench.asked_at().size() == 10);
}

TEST_CASE("a request without an answer fails at its timeout and its iteration goes on", "[load_generator]") {
  // The second of four requests is not answered: 1 s, 3 s timeout, 1 s, 1 s.
  Bench bench({SharedIterations{1, 4}}, {1s, 2}, constant(0s), 3s);
  REQUIRE(bench.asked_at() == std::vector<Duration>{0s, 1s, 4s, 5s});
  REQUIRE(bench.count("failed_count") == 2);
  REQUIRE(bench.count("iterations_count") == 4);
  REQUIRE(bench.tally("request_duration_s").count() == 2);
}

TEST_CASE("a target that is gone fails the request at once", "[load_generator]") {
  Simulation simulation;
  Generator::Config config;
  config.executor.executor = PerVuIterations{2, 3};
  simulation.spawn<Generator>("load", config, Port<Fetch>{}, MakeFetch{});
  simulation.run();
  REQUIRE(simulation.metrics().counter("failed_count", "load").value() == 6);
  REQUIRE(simulation.metrics().counter("iterations_count", "load").value() == 6);
}

TEST_CASE("an iteration that outlasts the graceful stop is interrupted, neither completed nor failed",
          "[load_generator]") {
  Bench asking({ConstantVus{2, 5s}, 0s, 2s}, {10s});
  REQUIRE(asking.count("interrupted_iterations_count") == 2);
  REQUIRE(asking.count("iterations_count") == 0);
  REQUIRE(asking.count("failed_count") == 0);
  REQUIRE(asking.simulation.dead_letters() == 2);  // the answers, at 10 s
  Bench thinking({ConstantVus{2, 5s}, 0s, 2s}, {}, constant(1h));
  REQUIRE(thinking.count("interrupted_iterations_count") == 2);
  REQUIRE(thinking.now() == 7s);
}

TEST_CASE("iterations that never started are dropped at the end of the duration", "[load_generator]") {
  Bench bench({PerVuIterations{2, 5, 2500ms}});
  REQUIRE(bench.count("iterations_count") == 6);
  REQUIRE(bench.count("dropped_iterations_count") == 4);
  REQUIRE(bench.now() == 3s);
}

TEST_CASE("an iteration that starts at the end of a ramp without graceful stop is interrupted at once",
          "[load_generator]") {
  Bench bench({RampingArrivalRate{0, 1s, {{2s, 2}}, 5}, 0s, 0s}, {1ms});  // at √2 s and at 2 s
  REQUIRE(bench.count("iterations_count") == 1);
  REQUIRE(bench.count("interrupted_iterations_count") == 1);
  REQUIRE(bench.asked_at().size() == 1);
}

TEST_CASE("the accounts of the actor and of its schedule agree", "[load_generator]") {
  Bench bench({RampingVus{0, {{10s, 5}, {10s, 0}}, 0s}}, {3s});
  const LoadExecutor::Statistics& statistics = bench.simulation.get(bench.generator).executor().statistics();
  REQUIRE(statistics.started_count == bench.asked_at().size());
  REQUIRE(statistics.completed_count == bench.count("iterations_count"));
  REQUIRE(statistics.interrupted_count == bench.count("interrupted_iterations_count"));
  REQUIRE(statistics.interrupted_count > 0);
}

TEST_CASE("arrivals ask at the times of their process, whatever became of those before", "[load_generator]") {
  Bench bench(Arrivals::Config{.arrivals = {ConstantRateArrivals{2.0}, 2}, .duration = 1s}, {5s});
  REQUIRE(bench.asked_at() == std::vector<Duration>{0s, 0s, 500ms, 500ms});
  REQUIRE(bench.simulation.metrics().gauge("open_requests", "load").max() == 4.0);
  REQUIRE(bench.tally("request_duration_s").mean() == 5.0);
  REQUIRE(bench.now() == 5500ms);
}

TEST_CASE("arrivals end after as many as were asked for, and those without an answer fail", "[load_generator]") {
  Bench bench(Arrivals::Config{.arrivals = {PoissonArrivals{2.0}}, .arrivals_max = 10, .timeout = 3s}, {1s, 5});
  REQUIRE(bench.count("arrivals_count") == 10);
  REQUIRE(bench.count("failed_count") == 2);
}
