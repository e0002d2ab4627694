#include "tests/harness/toy_shop.hpp"

#include <cstdint>
#include <deque>
#include <limits>
#include <string>

namespace toy {

namespace {

using namespace std::chrono_literals;

struct Customer {
  sim::Time arrived{};
  double discount = 0.0;
};

struct Question {
  struct Answer {};
  using Reply = Answer;
};

enum class Discipline { first_come, last_come };

struct ShopConfig {
  std::uint32_t customers = 100;
  sim::Distribution time_between_arrivals = sim::exponential(1s);
  sim::Distribution service_time = sim::exponential(500ms);
  sim::Duration opening_delay = 0s;
  double discount = 0.1;
  bool music = false;
  Discipline discipline = Discipline::first_come;
  std::string motto = "customers first";
  sim::harness::Arrivals arrivals;
  sim::Duration strike = 0s;  ///< the street is empty from the start for so long
};

/// Serves one customer after the other.
class Clerk {
 public:
  struct Done {};
  using Inbox = sim::Inbox<Customer, Question, Done>;

  Clerk(sim::Context& ctx, const ShopConfig& config)
      : ctx_(ctx),
        config_(config),
        service_rng_(ctx.random("service")),
        time_in_shop_(ctx.tally("time_in_shop_s")),
        line_length_(ctx.series("line_length_count")) {}

  void on(const Customer& customer) {
    line_.push_back(customer);
    line_length_.add(static_cast<double>(line_.size()));
    if (line_.size() == 1) {
      serve();
    }
  }
  void on(const Question&, sim::ReplyTo<Question::Answer>) {}  // keeps the asker waiting for ever
  void on(const Done&) {
    const bool first_come = config_.discipline == Discipline::first_come;
    const Customer served = first_come ? line_.front() : line_.back();
    first_come ? line_.pop_front() : line_.pop_back();
    time_in_shop_.add(sim::to_seconds(ctx_.now() - served.arrived));
    if (!line_.empty()) {
      serve();
    }
  }

 private:
  void serve() { ctx_.after(config_.service_time.sample(service_rng_), Done{}); }

  sim::Context& ctx_;
  ShopConfig config_;
  sim::RandomStream& service_rng_;
  sim::Tally& time_in_shop_;
  sim::Series& line_length_;
  std::deque<Customer> line_;
};

/// Sends customers in.
class Street {
 public:
  using Inbox = sim::Inbox<>;

  Street(sim::Context& ctx, const ShopConfig& config, sim::Port<Customer> shop)
      : ctx_(ctx), config_(config), arrival_rng_(ctx.random("arrival")), shop_(shop) {}

  sim::Process run() {
    co_await ctx_.sleep(config_.opening_delay + config_.strike);
    for (std::uint32_t count = 0; count < config_.customers; ++count) {
      co_await ctx_.sleep(config_.time_between_arrivals.sample(arrival_rng_));
      ctx_.send(shop_, Customer{ctx_.now(), config_.discount});
    }
  }

 private:
  sim::Context& ctx_;
  ShopConfig config_;
  sim::RandomStream& arrival_rng_;
  sim::Port<Customer> shop_;
};

class Asker {
 public:
  using Inbox = sim::Inbox<>;

  Asker(sim::Context& ctx, sim::Port<Question> clerk) : ctx_(ctx), clerk_(clerk) {}

  sim::Process run() { static_cast<void>(co_await ctx_.ask(clerk_, Question{})); }

 private:
  sim::Context& ctx_;
  sim::Port<Question> clerk_;
};

/// Has a bug: it takes no customer of more than 3 s, and a few of the usual ones take more.
class Breaker {
 public:
  using Inbox = sim::Inbox<Customer>;

  Breaker(sim::Context& ctx, const ShopConfig& config) : config_(config), service_rng_(ctx.random("service")) {}

  void on(const Customer&) { sim::check(config_.service_time.sample(service_rng_) <= 3s, "the breaker holds"); }

 private:
  ShopConfig config_;
  sim::RandomStream& service_rng_;
};

sim::Ref<Clerk> open_shop(sim::Simulation& simulation, const ShopConfig& config) {
  const auto clerk = simulation.spawn<Clerk>("clerk", config);
  simulation.spawn<Street>("street", config, sim::Port<Customer>(clerk));
  return clerk;
}

void day(sim::harness::ScenarioRun& run, const ShopConfig& config) {
  sim::Simulation& simulation = run.simulation();
  open_shop(simulation, config);
  simulation.run();
  const auto times = simulation.metrics().merged_tally("time_in_shop_s");
  run.report("served", "count", static_cast<double>(times->count()), times->count());
  run.report("time_in_shop_mean", "s", times->mean(), times->count());
  run.report("arrivals_replayed", "count", static_cast<double>(config.arrivals.size()));
}

void two_days(sim::harness::ScenarioRun& run, const ShopConfig& config) {
  for (const char* label : {"monday", "tuesday"}) {
    sim::Simulation& simulation = run.simulation(label);
    open_shop(simulation, config);
    simulation.run();
  }
  run.report("days", "count", 2);
}

void question(sim::harness::ScenarioRun& run, const ShopConfig& config) {
  sim::Simulation& simulation = run.simulation();
  const auto clerk = open_shop(simulation, config);
  simulation.spawn<Asker>("asker", sim::Port<Question>(clerk));
  const sim::RunReport end = simulation.run();
  sim::check(end.waiting.empty(), "every question of the day was answered");
}

void broken(sim::harness::ScenarioRun& run, const ShopConfig& config) {
  sim::Simulation& simulation = run.simulation();
  const auto breaker = simulation.spawn<Breaker>("breaker", config);
  simulation.spawn<Street>("street", config, sim::Port<Customer>(breaker));
  simulation.run();
}

void nobody(sim::harness::ScenarioRun& run, const ShopConfig&) {
  run.report("time_in_shop_mean", "s", std::numeric_limits<double>::quiet_NaN(), 0);
}

void describe_shop(sim::harness::Parameters& parameters, ShopConfig& config) {
  parameters.add("customers", config.customers)
      .range(1, 1'000'000)
      .unit("customers")
      .meaning("customers of a day")
      .source("a small town");
  parameters.add("arrival.time_between", config.time_between_arrivals)
      .meaning("time from one arrival to the next")
      .source("one customer a second");
  parameters.add("service.time", config.service_time).meaning("time a customer takes").source("half the clerk's time");
  parameters.add("opening.delay", config.opening_delay)
      .range(0s, 1h)
      .meaning("how long after the start the doors open")
      .source("the clerk is on time");
  parameters.add("discount", config.discount).range(0, 1).unit("ratio").meaning("part of the price").source("habit");
  parameters.add("music", config.music).meaning("whether music plays").source("the clerk likes silence");
  parameters
      .add("discipline", config.discipline,
           {{"first_come", Discipline::first_come}, {"last_come", Discipline::last_come}})
      .meaning("who is served next")
      .source("good manners");
  parameters.add("motto", config.motto).meaning("what the sign says").source("the founder");
}

sim::Expected<void> validate_shop(const ShopConfig& config) {
  return config.music && config.discount > 0.5 ? sim::unexpected("music = on: expected a discount of at most 0.5")
                                               : sim::Expected<void>{};
}

/// The faults of a shop: the column `until` says how long a strike lasts.
sim::Expected<void> read_strikes(ShopConfig& config, const sim::InputFile& file) {
  return sim::harness::read_arrivals(file, {.time = "until", .values = {}}).map([&](const auto& strikes) {
    config.strike = strikes.at.back();
  });
}

}  // namespace

std::string shop_targets() {
  return "experiment,scenario,metric,unit,op,target,critical,source,definition\n"
         "toy_shop,day,served,count,==,100,,a full day,customers that left with what they came for\n"
         "toy_shop,day,time_in_shop_mean,s,<,0.5,5,impatience,\"arrival to departure, all customers\"\n"
         "toy_shop,day,arrivals_replayed,count,>,0,,a wish,\n";
}

sim::harness::Experiment shop() {
  return sim::harness::Definition<ShopConfig>{
      .name = "toy_shop",
      .summary = "customers and one clerk",
      .describe = describe_shop,
      .scenarios = {{"day", "one day", day},
                    {"two_days", "the same day twice", two_days},
                    {"question", "a question without an answer", question},
                    {"broken", "a bug that shows in some runs", broken},
                    {"nobody", "a day without customers", nobody}},
      .validate = validate_shop,
      .arrivals = sim::harness::ArrivalsInto<ShopConfig>{.columns = {.time = "at", .values = {"items"}},
                                                         .store =
                                                             [](ShopConfig& config, sim::harness::Arrivals arrivals) {
                                                               config.arrivals = std::move(arrivals);
                                                             }},
      .faults = read_strikes,
      .targets_csv = shop_targets()};
}

}  // namespace toy
