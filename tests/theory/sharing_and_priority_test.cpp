#include <catch2/catch.hpp>

#include "tests/theory/station_bench.hpp"

using namespace theory;

namespace {

Setup shared(const std::string& id, std::uint64_t jobs) {
  Setup setup = markovian(find_case(id));
  setup.server.station.discipline = Station::Discipline::processor_sharing;
  setup.jobs = jobs;
  return setup;
}

Setup shared(const std::string& id, const sim::Distribution& service_time, std::uint64_t jobs) {
  Setup setup;
  setup.server.station.discipline = Station::Discipline::processor_sharing;
  setup.server.service_time = service_time;
  setup.sources = {{.between_arrivals = exponential_rate(find_case(id).number("lambda"))}};
  setup.jobs = jobs;
  return setup;
}

/// One stream per class with the rates of the case.
Setup classes(const std::string& id, Station::Discipline discipline, const std::vector<sim::Distribution>& services,
              std::uint64_t jobs) {
  const std::vector<double> rates = find_case(id).numbers("lambdas");
  Setup setup;
  setup.server.station.discipline = discipline;
  setup.server.station.priorities = static_cast<std::uint32_t>(rates.size());
  for (std::uint32_t priority = 0; priority < rates.size(); ++priority) {
    setup.sources.push_back({.between_arrivals = exponential_rate(rates[priority]),
                             .service_time = services[priority],
                             .priority = priority});
  }
  setup.jobs = jobs;
  return setup;
}

const std::vector<sim::Distribution> all_exponential{sim::exponential(1s), sim::exponential(1s)};
const std::vector<sim::Distribution> three_laws{sim::constant(500ms), sim::exponential(1s),
                                                sim::hyperexponential(1s, 2.0)};

}  // namespace

TEST_CASE("processor sharing delays by the load alone, whatever the law of the service time", "[theory][ps]") {
  check_cases(shared("A-PS-01", 50'000), {"A-PS-01"});
  check_cases(shared("A-PS-03", 50'000), {"A-PS-03"});
  check_cases(shared("A-PS-05", sim::constant(1s), 100'000), {"A-PS-05"});
  check_cases(shared("A-PS-07", sim::lognormal(1s, 2.0), 100'000), {"A-PS-07"});
}

TEST_CASE("priority classes wait as Cobham's formulas say", "[theory][priority]") {
  check_cases(classes("A-PRIO-01", Station::Discipline::priority, all_exponential, 100'000), {"A-PRIO-01"});
  check_cases(classes("A-PRIO-03", Station::Discipline::preemptive_priority, all_exponential, 100'000), {"A-PRIO-03"});
  check_cases(classes("A-PRIO-05", Station::Discipline::priority, three_laws, 100'000), {"A-PRIO-05", "A-PRIO-07"});
  check_cases(classes("A-PRIO-09", Station::Discipline::preemptive_priority, three_laws, 50'000), {"A-PRIO-09"});

  const Case& row = find_case("A-PRIO-11");
  Setup setup;
  setup.server.station.servers = static_cast<std::uint32_t>(row.number("c"));
  setup.server.station.discipline = Station::Discipline::priority;
  setup.server.station.priorities = 2;
  setup.server.service_time = exponential_rate(row.number("mu"));
  setup.sources = {{.between_arrivals = exponential_rate(row.number("lambda0"))},
                   {.between_arrivals = exponential_rate(row.number("lambda1")), .priority = 1}};
  setup.jobs = 60'000;
  check_cases(setup, {"A-PRIO-11"});
}
