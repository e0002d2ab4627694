#include <catch2/catch.hpp>

#include "tests/theory/station_bench.hpp"

using namespace theory;

namespace {

void check_loss(const std::vector<std::string>& ids) {
  const Case& row = find_case(ids.front());
  Setup setup = markovian(row);
  const bool without_line = row.parameters.find("K_system") == std::string::npos;
  setup.server.station.capacity =
      without_line ? setup.server.station.servers : static_cast<std::uint64_t>(row.number("K_system"));
  setup.jobs = 150'000;
  check_cases(setup, ids);
}

}  // namespace

TEST_CASE("a station without a line loses what Erlang B says, whatever the law of its service", "[theory][loss]") {
  check_loss({"A-ERLB-01"});
  check_loss({"A-ERLB-03"});
  check_loss({"A-ERLB-05"});

  const Case& row = find_case("A-ERLB-07");
  Setup setup;
  setup.server.station.servers = static_cast<std::uint32_t>(row.number("c"));
  setup.server.station.capacity = setup.server.station.servers;
  setup.server.service_time = sim::constant(sim::from_seconds(row.number("mean_service")));
  setup.sources = {{.between_arrivals = exponential_rate(row.number("lambda"))}};
  check_cases(setup, {"A-ERLB-07"});
}

TEST_CASE("M/M/c/K loses and delays as theory says, below and above full load", "[theory][loss]") {
  check_loss({"A-MMCK-01", "A-MMCK-03"});
  check_loss({"A-MMCK-05", "A-MMCK-07"});
  check_loss({"A-MMCK-09", "A-MMCK-11"});
  check_loss({"A-MMCK-13", "A-MMCK-15"});
  check_loss({"A-MMCK-17", "A-MMCK-19"});
}
