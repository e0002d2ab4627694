#include <catch2/catch.hpp>

#include "tests/theory/station_bench.hpp"

using namespace theory;

namespace {

Setup impatient(const std::string& id, const sim::Distribution& patience) {
  Setup setup = markovian(find_case(id));
  setup.server.patience = patience;
  setup.jobs = 80'000;
  return setup;
}

void check_exponential_patience(const std::vector<std::string>& ids) {
  const double rate = find_case(ids.front()).number("theta_patience_rate");
  check_cases(impatient(ids.front(), exponential_rate(rate)), ids);
}

void check_fixed_patience(const std::string& id) {
  check_cases(impatient(id, sim::constant(sim::from_seconds(find_case(id).number("tau")))), {id});
}

}  // namespace

TEST_CASE("customers give up as Erlang A says, or at their deadline", "[theory][reneging]") {
  check_exponential_patience({"A-REN-01", "A-REN-03"});
  check_exponential_patience({"A-REN-05"});
  check_exponential_patience({"A-REN-07", "A-REN-09"});
  check_exponential_patience({"A-REN-11"});
  check_exponential_patience({"A-REN-13", "A-REN-15"});
  check_fixed_patience("A-REN-17");
  check_fixed_patience("A-REN-19");
}

TEST_CASE("discouraged arrivals keep the server less busy", "[theory][reneging]") {
  Setup setup = markovian(find_case("A-REN-21"));
  setup.server.station.discouraged = true;
  check_cases(setup, {"A-REN-21"});
}
