#include <catch2/catch.hpp>

#include "tests/theory/station_bench.hpp"

using namespace theory;

namespace {

Setup m_m_1(const std::string& id, std::uint64_t jobs) {
  Setup setup = markovian(find_case(id));
  setup.jobs = jobs;
  return setup;
}

}  // namespace

TEST_CASE("M/M/1 has the jobs, waits, percentiles and busy periods of theory", "[theory][mm1]") {
  check_cases(m_m_1("A-MM1-01", 180'000), {"A-MM1-01", "A-MM1-03", "A-MM1-05", "A-MM1-07"});
  check_cases(m_m_1("A-MM1-09", 230'000), {"A-MM1-09", "A-MM1-11", "A-MM1-13", "A-MM1-29", "A-MM1-31"});
}

TEST_CASE("M/M/1 at 90 % and 95 % load", "[theory][mm1][.long]") {
  check_cases(m_m_1("A-MM1-15", 400'000), {"A-MM1-15", "A-MM1-17", "A-MM1-19", "A-MM1-21"});
  check_cases(m_m_1("A-MM1-23", 1'000'000), {"A-MM1-23", "A-MM1-25", "A-MM1-27"});
}
