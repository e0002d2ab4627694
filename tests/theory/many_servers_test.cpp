#include <catch2/catch.hpp>

#include "tests/theory/station_bench.hpp"

using namespace theory;

namespace {

Setup m_m_c(const std::string& id, std::uint64_t jobs) {
  Setup setup = markovian(find_case(id));
  setup.jobs = jobs;
  return setup;
}

}  // namespace

TEST_CASE("M/M/c waits as Erlang C says", "[theory][mmc]") {
  check_cases(m_m_c("A-MMC-01", 60'000), {"A-MMC-01", "A-MMC-03"});
  check_cases(m_m_c("A-MMC-05", 100'000), {"A-MMC-05", "A-MMC-07"});
  check_cases(m_m_c("A-MMC-09", 130'000), {"A-MMC-09", "A-MMC-11"});
  check_cases(m_m_c("A-MMC-13", 260'000), {"A-MMC-13", "A-MMC-15"});
}

TEST_CASE("M/M/c at 90 % and 95 % load", "[theory][mmc][.long]") {
  check_cases(m_m_c("A-MMC-17", 500'000), {"A-MMC-17", "A-MMC-19"});
  check_cases(m_m_c("A-MMC-21", 300'000), {"A-MMC-21", "A-MMC-23"});
  check_cases(m_m_c("A-MMC-25", 900'000), {"A-MMC-25"});
}

TEST_CASE("with a server for everybody the jobs are Poisson", "[theory][infinite]") {
  const Case& row = find_case("A-INF-01");
  Setup setup;
  setup.server.station.servers = 200;  // the mean is 10: nobody ever waits
  setup.server.service_time = sim::lognormal(sim::from_seconds(row.number("mean_service")), 1.0);
  setup.sources = {{.between_arrivals = exponential_rate(row.number("lambda"))}};
  setup.jobs = 60'000;
  check_cases(setup, {"A-INF-01", "A-INF-03"});
}
