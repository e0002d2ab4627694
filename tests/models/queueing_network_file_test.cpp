#include <catch2/catch.hpp>
#include <string>

#include "libsim/random/distribution.hpp"
#include "models/queueing/network_file.hpp"

using namespace sim;
using models::queueing::is_open;
using models::queueing::parse_network;
using models::queueing::takes_customers;
using models::queueing::visits;

namespace {

const std::string header = "station,servers,discipline,service,arrival,next\n";

std::string error_of(const std::string& rows) {
  const auto network = parse_network("n.csv", header + rows);
  return network ? "" : network.error().message.text();
}

}  // namespace

TEST_CASE("a network has stations, arrivals and ways", "[queueing]") {
  const auto network = parse_network("n.csv", header +
                                                  "desk,2,fifo,exponential(1s),5s,archive 0.4  desk 0.1\n"
                                                  "archive,1,ps,\"uniform(0s, 2s)\",,\n");
  REQUIRE(network);
  REQUIRE(network->stations.size() == 2);
  CHECK(network->stations[0].servers == 2);
  CHECK(network->stations[0].arrival == constant(5s));
  CHECK(network->stations[0].next == std::vector<double>{0.1, 0.4});
  CHECK(network->stations[1].shares);
  CHECK_FALSE(network->stations[1].arrival);
  CHECK(network->stations[1].next == std::vector<double>{0.0, 0.0});
}

TEST_CASE("plain seconds of a network are times that are always the same, with as many digits as they have",
          "[queueing][field]") {
  const auto network = parse_network("n.csv", header + "desk,1,fifo,0.30000000000000004,1e-05,\n");
  REQUIRE(network);
  CHECK(network->stations[0].service == constant(300ms));
  CHECK(network->stations[0].arrival == constant(10us));
}

TEST_CASE("a network without a header is refused with what the header should be", "[queueing][field]") {
  CHECK(parse_network("n.csv", "desk,2,fifo,exponential(1s),5s,archive 1\n").error().message ==
        "n.csv:1: desk,2,fifo,exponential(1s),5s,archive 1: expected a header that names the columns, such as "
        "station,servers,discipline,service,arrival,next");
}

TEST_CASE("visits are counted over all rounds", "[queueing]") {
  const auto network = parse_network("n.csv", header +
                                                  "a,1,fifo,1s,1s,a 0.5\n"
                                                  "b,1,fifo,1s,,a 0.25\n");
  REQUIRE(network);
  const auto counted = visits(*network, {1.0, 2.0});
  CHECK(counted[0] == Approx(3.0));  // (1 + 2 / 4) / (1 - 1 / 2)
  CHECK(counted[1] == Approx(2.0));
}

TEST_CASE("a wrong field of a network is named by file, line and column", "[queueing]") {
  const std::string right = "a,1,fifo,1s,1s,\n";
  CHECK(error_of("") == "n.csv: expected at least one station");
  CHECK(error_of(right + right) ==
        "n.csv:3: column 1 (station): a: expected a name of its own, of lower-case letters, digits and _");
  CHECK(error_of("a b,1,fifo,1s,1s,\n").find("n.csv:2: column 1 (station)") == 0);
  CHECK(error_of("a,0,fifo,1s,1s,\n") == "n.csv:2: column 2 (servers): 0: expected a whole number from 1 to 1000000");
  CHECK(error_of("a,1,lifo,1s,1s,\n") == "n.csv:2: column 3 (discipline): lifo: expected fifo or ps");
  CHECK(error_of("a,1,fifo,one,1s,\n").find("n.csv:2: column 4 (service): one: expected a distribution: ") == 0);
  CHECK(error_of("a,1,fifo,0s,1s,\n").find("column 4 (service): 0s: expected a distribution with a mean above 0") !=
        std::string::npos);
  CHECK(error_of("a,1,fifo,1s,x,\n").find("n.csv:2: column 5 (arrival)") == 0);
  CHECK(error_of("a,1,fifo,1s,1s,a\n").find("n.csv:2: column 6 (next): a: expected pairs") == 0);
  CHECK(error_of("a,1,fifo,1s,1s,a 1.5\n").find("n.csv:2: column 6 (next)") == 0);
  CHECK(error_of("a,1,fifo,1s,1s,a 0.6 a 0.6\n").find("add up to at most 1") != std::string::npos);
  CHECK(error_of("a,1,fifo,1s,1s,b 0.5\n") == "n.csv:2: column 6 (next): b: expected the name of a station");
  CHECK(parse_network("n.csv", "station,servers\na,1\n").error().message.text().find("discipline") !=
        std::string::npos);
}

TEST_CASE("a network that cannot be entered or left is refused", "[queueing]") {
  const auto network = [](const std::string& rows) { return parse_network("n.csv", header + rows).value(); };
  CHECK(is_open(network("a,1,fifo,1s,,\n")).error().message == "n.csv: expected an arrival at one station or more");
  CHECK(is_open(network("a,1,fifo,1s,1s,b 0.5\nb,1,fifo,1s,,b 1\n")).error().message ==
        "n.csv: station b: expected a way out of the network, jobs never leave from here");
  CHECK(is_open(network("a,1,fifo,1s,1s,\nb,1,fifo,1s,,b 1\n")));  // nobody comes to b
  CHECK(takes_customers(network("a,1,fifo,1s,,\n"), constant(0s)));
  CHECK_FALSE(takes_customers(network("a,1,fifo,1s,,a 1\n"), constant(0s)));
  CHECK_FALSE(takes_customers(network("a,1,fifo,1s,,\n"), pareto(1, 1s)));
}
