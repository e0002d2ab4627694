#include "checkout/experiment.hpp"

#include <limits>

#include "checkout/payment_desk.hpp"
#include "checkout/shoppers.hpp"

namespace checkout {

namespace {

struct Config {
  PaymentDesk::Config desk;
  Shoppers::Config shoppers;
  sim::Distribution sale_time_between_arrivals = sim::exponential(330ms);
};

void describe(sim::harness::Parameters& parameters, Config& config) {
  parameters.add("desk.terminals", config.desk.terminals)
      .unit("terminals")
      .range(1, 1000)
      .meaning("payments that the desk works on at once")
      .source("terminals of the shop in the high street");
  parameters.add("desk.line_max", config.desk.line_max)
      .unit("shoppers")
      .range(0, 10'000)
      .meaning("shoppers that may wait in the line")
      .source("what fits between the shelves");
  parameters.add("desk.payment_time", config.desk.payment_time)
      .meaning("time from the card to the receipt")
      .source("the bank's monthly report");
  parameters.add("shoppers.time_between_arrivals", config.shoppers.time_between_arrivals)
      .meaning("time from one shopper to the next on an ordinary day")
      .source("the door counter");
  parameters.add("shoppers.patience", config.shoppers.patience)
      .range(1s, 1h)
      .meaning("how long a shopper waits for the receipt before leaving")
      .source("a survey among shoppers");
  parameters.add("shoppers.opening_hours", config.shoppers.opening_hours)
      .range(1min, 24h)
      .meaning("how long shoppers arrive")
      .source("one busy hour");
  parameters.add("sale.time_between_arrivals", config.sale_time_between_arrivals)
      .meaning("time from one shopper to the next on a sale")
      .source("the door counter during last year's sale");
}

void report(sim::harness::ScenarioRun& run, const Shoppers& shoppers, const PaymentDesk& desk) {
  const Shoppers::Outcomes& outcomes = shoppers.outcomes();
  sim::check(outcomes.paid + outcomes.turned_away + outcomes.gave_up == shoppers.arrived(),
             "each shopper pays, is turned away or gives up");
  sim::check(desk.unfinished() == 0, "the desk has worked off its line at the end");

  const auto arrived = static_cast<double>(shoppers.arrived());
  const sim::Tally& times = shoppers.time_to_pay();
  const double none = std::numeric_limits<double>::quiet_NaN();
  run.report("shoppers_arrived", "count", arrived);
  run.report("paid_ratio", "ratio", static_cast<double>(outcomes.paid) / arrived, shoppers.arrived());
  run.report("turned_away", "count", static_cast<double>(outcomes.turned_away));
  run.report("gave_up", "count", static_cast<double>(outcomes.gave_up));
  run.report("time_to_pay_p50", "s", times.empty() ? none : times.percentile(50), times.count());
  run.report("time_to_pay_p99", "s", times.empty() ? none : times.percentile(99), times.count());
}

void open_shop(sim::harness::ScenarioRun& run, const Config& config) {
  sim::Simulation& simulation = run.simulation();
  const auto desk = simulation.spawn<PaymentDesk>("desk", config.desk);
  const auto shoppers = simulation.spawn<Shoppers>("shoppers", config.shoppers, sim::Port<Pay>(desk));
  simulation.run();
  report(run, simulation.get(shoppers), simulation.get(desk));
}

void ordinary(sim::harness::ScenarioRun& run, const Config& config) { open_shop(run, config); }

void sale(sim::harness::ScenarioRun& run, const Config& config) {
  Config more = config;
  more.shoppers.time_between_arrivals = config.sale_time_between_arrivals;
  open_shop(run, more);
}

}  // namespace

std::string targets() {
  return "experiment,scenario,metric,unit,op,target,critical,source,definition\n"
         "checkout,ordinary,paid_ratio,ratio,>=,0.999,,the shop's promise,shoppers that paid out of all that arrived\n"
         "checkout,ordinary,time_to_pay_p99,s,<,10,20,the shop's promise,arrival to receipt of those that paid\n"
         "checkout,sale,paid_ratio,ratio,>=,0.95,0.9,the shop's promise,shoppers that paid out of all that arrived\n";
}

sim::harness::Experiment experiment() {
  return sim::harness::Definition<Config>{
      .name = "checkout",
      .summary = "shoppers, a line, and a desk with payment terminals",
      .describe = describe,
      .scenarios = {{"ordinary", "an hour of an ordinary day", ordinary}, {"sale", "the same hour on a sale", sale}},
      .targets_csv = targets()};
}

}  // namespace checkout
