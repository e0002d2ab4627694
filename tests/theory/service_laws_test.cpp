#include <catch2/catch.hpp>
#include <cmath>

#include "tests/theory/station_bench.hpp"

using namespace theory;

namespace {

sim::Distribution weibull_of_mean_1s(double shape) {
  return sim::weibull(shape, sim::from_seconds(1.0 / std::tgamma(1.0 + 1.0 / shape)));
}

void check_service(const std::string& id, const sim::Distribution& service_time, std::uint64_t jobs,
                   std::vector<std::string> ids = {}) {
  INFO(id);
  Setup setup;
  setup.server.service_time = service_time;
  setup.sources = {{.between_arrivals = exponential_rate(find_case(id).number("lambda"))}};
  setup.jobs = jobs;
  ids.push_back(id);
  check_cases(setup, ids);
}

}  // namespace

TEST_CASE("M/G/1 waits by the mean and the second moment of its service time", "[theory][mg1]") {
  check_service("A-MG1-01", sim::constant(1s), 70'000);
  check_service("A-MG1-03", sim::erlang(4, 1s), 80'000);
  check_service("A-MG1-05", sim::lognormal(1s, 1.0), 230'000);
  check_service("A-MG1-07", sim::uniform(0s, 2s), 110'000);
  check_service("A-MG1-09", weibull_of_mean_1s(0.7), 60'000);
  check_service("A-MG1-21", sim::uniform(0s, 2s), 90'000);
  check_service("A-MG1-23", sim::mixture({{0.9, sim::constant(500ms)}, {0.1, sim::constant(5500ms)}}), 150'000);
  check_service("A-MG1-25", weibull_of_mean_1s(0.7), 60'000);
}

TEST_CASE("the 95th percentiles of the waits in M/D/1 and M/PH/1", "[theory][mg1]") {
  check_service("A-MG1-27", sim::constant(1s), 30'000);
  check_service("A-MG1-29", sim::constant(1s), 60'000);
  check_service("A-MG1-31", sim::erlang(2, 1s), 50'000);
  check_service("A-MG1-33", sim::hyperexponential(1s, 2.0), 100'000);
}

TEST_CASE("the second moments of the waits in M/G/1", "[theory][mg1][.long]") {
  check_service("A-MG1-11", sim::constant(1s), 200'000);
  check_service("A-MG1-13", sim::erlang(2, 1s), 200'000);
  check_service("A-MG1-15", sim::erlang(4, 1s), 200'000);
  check_service("A-MG1-17", sim::hyperexponential(1s, 2.0), 500'000);
  check_service("A-MG1-19", sim::lognormal(1s, 1.0), 500'000);
}
