#include "models/faults/fault_file.hpp"

#include <catch2/catch.hpp>

using namespace sim;
using namespace sim::policies;
using sim::models::parse_fault_schedule;

namespace {

constexpr const char* header = "time,target,fault,parameters,duration\n";

std::string error_of(const std::string& rows) {
  const auto schedule = parse_fault_schedule("faults.csv", header + rows);
  REQUIRE_FALSE(schedule.has_value());
  return schedule.error().message;
}

}  // namespace

TEST_CASE("a fault file gives rows sorted by time, with the line of each", "[fault_file]") {
  const auto schedule = parse_fault_schedule("faults.csv", std::string(header) +
                                                               "90s,database,slow,factor=3 delay=50ms,1.5h\n"
                                                               "\n"
                                                               "12.5,worker,kill,,\n"
                                                               "1min,uplink,\"loss\",\"probability=0.2\",30\n");
  REQUIRE(schedule.has_value());
  const std::vector<FaultSchedule::Row> expected{
      {Time{12500ms}, "worker", {.kind = FaultKind::kill}, forever, "faults.csv:4"},
      {Time{60s}, "uplink", {.kind = FaultKind::loss, .probability = 0.2}, 30s, "faults.csv:5"},
      {Time{90s}, "database", {.kind = FaultKind::slow, .factor = 3, .delay = 50ms}, 90min, "faults.csv:2"}};
  REQUIRE(schedule->rows() == expected);
}

TEST_CASE("a fault file without rows has no faults", "[fault_file]") {
  const auto schedule = parse_fault_schedule("faults.csv", header);
  REQUIRE(schedule.has_value());
  REQUIRE(schedule->changes().empty());
}

TEST_CASE("what is wrong in a fault file is told with file, line, column, value and what was expected",
          "[fault_file]") {
  REQUIRE(error_of("soon,a,pause,,\n") ==
          "faults.csv:2: column 1 (time): soon: expected a time such as 90s, 1.5h or, in seconds, 12.5");
  REQUIRE(error_of("-1s,a,pause,,\n").find("faults.csv:2: column 1 (time): -1s: expected") == 0);
  REQUIRE(error_of("1s,,pause,,\n").find("column 2 (target): \"\": expected the name of a target") !=
          std::string::npos);
  REQUIRE(
      error_of("1s,a,pause,,\n2s,a,explode,,\n") ==
      "faults.csv:3: column 3 (fault): explode: expected one of kill, down, pause, slow, errors, capacity, latency, "
      "loss, duplication, reordering, partition");
  REQUIRE(error_of("1s,a,errors,probability=1.2,\n") ==
          "faults.csv:2: column 4 (parameters): probability=1.2: expected a probability from 0 to 1");
  for (const char* row : {"1s,a,pause,,0\n", "1s,a,pause,,never\n"}) {
    REQUIRE(error_of(row).find("column 5 (duration)") != std::string::npos);
  }
  REQUIRE(error_of("1s,a,kill,,5s\n") ==
          "faults.csv:2: column 5 (duration): 5s: expected nothing: a kill has no duration");
}

TEST_CASE("a fault file that lacks a column is refused", "[fault_file]") {
  const auto lacking = parse_fault_schedule("faults.csv", "time,target,fault,duration\n");
  REQUIRE_FALSE(lacking.has_value());
  REQUIRE(lacking.error().message.text().find("parameters") != std::string::npos);
}
