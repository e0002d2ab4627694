#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/harness/harness_call.hpp"
#include "tests/harness/toy_shop.hpp"

using Arguments = std::vector<std::string>;

namespace {

/// Calls the check in this process, which starts the experiment's program twice.
toy::Call check_shop(Arguments more, const std::string& executable = TOY_SHOP_PROGRAM) {
  more.push_back("--check-determinism");
  return toy::call(toy::shop(), more, {.program = "toy", .executable = executable});
}

toy::Call check_post(Arguments more) {
  more.push_back("--check-determinism");
  return toy::call(toy::address_order(), more, {.program = "toy", .executable = TOY_ADDRESS_ORDER_PROGRAM});
}

std::string fingerprint(Arguments more) {
  const toy::WorkingFolder here;
  more.insert(more.end(), {"--scenario", "day", "--customers", "5", "--format", "json"});
  return nlohmann::json::parse(toy::call(toy::shop(), more).out).at("scenarios").at(0).at("fingerprint");
}

/// The part of a line before a receiving actor, and the actor.
std::pair<std::string, std::string> split_at_actor(const std::string& line) {
  const std::string mark = " s · ";
  const auto at = line.find(mark) + mark.size();
  return {line.substr(0, at), line.substr(at, line.find(" · ", at) - at)};
}

const std::string log_headline =
    " · seed 1 · replication 0\n# virtual time (s)  actor                    message                      sender\n";

}  // namespace

TEST_CASE("a deterministic experiment passes the check with the fingerprint of an ordinary run", "[determinism]") {
  const toy::WorkingFolder here;
  const toy::Call call = check_shop({"--scenario", "day", "--customers", "5"});
  // A Start, the opening, and for each of 5 customers a sleep, an arrival and a service.
  CHECK(call == toy::Call{0, "deterministic: 17 events, fingerprint " + fingerprint({}) + "\n", ""});
}

TEST_CASE("all scenarios and replications take part in the check", "[determinism]") {
  const toy::WorkingFolder here;
  const toy::Call call = check_shop({"--scenario", "two_days", "--customers", "5", "--replications", "3"});
  CHECK(call.status == 0);
  // 3 replications of 2 days of 17 events.
  CHECK_THAT(call.out, Catch::StartsWith("deterministic: 102 events, fingerprint "));
}

TEST_CASE("an order of addresses is found and the first event that differs is named", "[determinism]") {
  const toy::WorkingFolder here;
  const toy::Call call = check_post({"--scenario", "delivery"});
  CHECK(call.status == 3);
  CHECK(call.err.empty());
  const Arguments lines = toy::lines_of(call.out);
  REQUIRE(lines.size() == 3);
  CHECK(lines[0] == "not deterministic: after 3 equal events two runs differ");
  const auto [first, first_house] = split_at_actor(lines[1]);
  const auto [second, second_house] = split_at_actor(lines[2]);
  CHECK(first == "  first run:  scenario delivery · simulation main · replication 0 · event 4 · 0.000000000 s · ");
  CHECK(second == "  second run: scenario delivery · simulation main · replication 0 · event 4 · 0.000000000 s · ");
  CHECK_THAT(first_house, Catch::StartsWith("house-"));
  CHECK_THAT(second_house, Catch::StartsWith("house-"));
  CHECK(first_house != second_house);
}

TEST_CASE("an address inside a message is found when the fingerprint covers contents", "[determinism]") {
  const toy::WorkingFolder here;
  CHECK(check_post({"--scenario", "letter"}).status == 0);
  const toy::Call call = check_post({"--scenario", "letter", "--fingerprint", "payload"});
  const std::string event =
      "scenario letter · simulation main · replication 0 · event 4 · 0.000000000 s · office · Card from -\n";
  CHECK(call == toy::Call{3,
                          "not deterministic: after 3 equal events two runs differ\n  first run:  " + event +
                              "  second run: " + event + "  both look alike: what they carry differs\n",
                          ""});
}

TEST_CASE("a run that fails in both processes alike is a failed run with its whole message", "[determinism]") {
  const toy::WorkingFolder here;
  const toy::Call call = check_shop({"--scenario", "question", "--customers", "1"});
  CHECK(call.status == 3);
  CHECK_THAT(call.out, Catch::StartsWith("the run failed in both processes alike: scenario question failed: ") &&
                           Catch::Contains("every question of the day was answered"));
}

TEST_CASE("a check whose program cannot be started again says so", "[determinism]") {
  const toy::WorkingFolder here;
  CHECK(check_shop({}, "missing") == toy::refusal("missing: cannot be started again: No such file or directory"));
  CHECK(check_shop({"--customers", "0"}) ==
        toy::refusal("--customers 0: expected a whole number from 1 to 1000000 (customers)"));
}

TEST_CASE("the fingerprint of a run depends on the seed and what happens, not on what messages carry",
          "[determinism]") {
  CHECK(fingerprint({}) == fingerprint({}));
  CHECK(fingerprint({"--seed", "2"}) != fingerprint({}));
  CHECK(fingerprint({"--opening.delay", "1ns"}) != fingerprint({}));
  // Every customer carries the discount, and nobody looks at it.
  CHECK(fingerprint({"--discount", "0.2"}) == fingerprint({}));
}

TEST_CASE("the fingerprint of contents depends on what messages carry", "[determinism]") {
  const Arguments payload{"--fingerprint", "payload"};
  CHECK(fingerprint(payload) == fingerprint(payload));
  CHECK(fingerprint(payload) != fingerprint({}));
  CHECK(fingerprint({"--fingerprint", "payload", "--discount", "0.2"}) != fingerprint(payload));
  CHECK(fingerprint({"--fingerprint", "names"}) == fingerprint({}));
}

TEST_CASE("the flag --log writes each event with virtual time, actor, message and sender", "[log]") {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call(toy::shop(), {"--scenario", "day", "--customers", "2", "--arrival.time_between",
                                                 "2s", "--service.time", "3s", "--log", "events", "--quiet"});
  CHECK(call.err.empty());
  CHECK(toy::read_file("events") ==
        "# scenario day · simulation main" + log_headline +
            "      0.000000000  street                   Start                        -\n"
            "      0.000000000  street                   Wake                         street\n"
            "      2.000000000  street                   Wake                         street\n"
            "      2.000000000  clerk                    Customer                     street\n"
            "      4.000000000  street                   Wake                         street\n"
            "      4.000000000  clerk                    Customer                     street\n"
            "      5.000000000  clerk                    Clerk::Done                  clerk\n"
            "      8.000000000  clerk                    Clerk::Done                  clerk\n");
}

TEST_CASE("the flag --log-filter keeps what one actor, or all with a beginning, receive", "[log]") {
  const toy::WorkingFolder here;
  const auto log_of = [](const std::string& filter) {
    static_cast<void>(
        toy::call(toy::shop(), {"--scenario", "two_days", "--customers", "1", "--arrival.time_between", "2s",
                                "--service.time", "3s", "--log", "events", "--log-filter", filter, "--quiet"}));
    return toy::read_file("events");
  };
  const std::string events =
      "      2.000000000  clerk                    Customer                     street\n"
      "      5.000000000  clerk                    Clerk::Done                  clerk\n";
  const std::string both_days = "# scenario two_days · simulation monday" + log_headline + events +
                                "\n# scenario two_days · simulation tuesday" + log_headline + events;
  CHECK(log_of("clerk") == both_days);
  CHECK(log_of("cl*") == both_days);
  CHECK(toy::lines_of(log_of("*")).size() == 2 * 2 + 1 + 2 * 5);
  CHECK(log_of("cler").empty());
}

TEST_CASE("a log without any event says so", "[log]") {
  const toy::WorkingFolder here;
  const toy::Call call =
      toy::call(toy::shop(), {"--scenario", "day", "--log", "events", "--log-filter", "clrek", "--quiet"});
  CHECK(call == toy::Call{1, "", "toy_shop: --log events: no event was logged\n"});
}

TEST_CASE("a log shows the last event before a failure", "[log]") {
  const toy::WorkingFolder here;
  const toy::Call call = toy::call(toy::shop(), {"--scenario", "broken", "--service.time", "4s", "--log", "events"});
  CHECK(call.status == 3);
  CHECK_THAT(toy::lines_of(toy::read_file("events")).back(),
             Catch::Contains("  breaker                  Customer                     street"));
}

TEST_CASE("watching a run changes nothing in it", "[log]") {
  CHECK(fingerprint({"--log", "events"}) == fingerprint({}));
}
