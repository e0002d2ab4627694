#include "actors/faults/up_down.hpp"

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#define CSV_IO_NO_THREAD
#pragma GCC diagnostic push
#ifndef __clang__
#pragma GCC diagnostic ignored "-Wstringop-truncation"
#endif
#include <libfccp/csv.h>
#pragma GCC diagnostic pop

#include "libsim/random/distribution.hpp"
#include "libsim/random/stream.hpp"
#include "libsim/statistics/interval.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

Time at(Duration since_start) { return Time{} + since_start; }

double expected_of(const std::string& id) {
  io::CSVReader<2, io::trim_chars<' '>, io::double_quote_escape<',', '"'>> cases(LIBSIM_TEST_DATA
                                                                                 "/data/failing_service/cases.csv");
  cases.read_header(io::ignore_extra_column, "id", "expected");
  std::string found;
  double expected = 0;
  while (cases.read_row(found, expected)) {
    if (found == id) {
      return expected;
    }
  }
  FAIL("no case " << id);
  return expected;
}

/// The availability over some cycles of up and down, in each of `replications` runs.
Interval availability(const Distribution& up_time, const Distribution& repair_time) {
  constexpr std::uint32_t replications = 50;
  constexpr int cycles = 2000;
  std::vector<double> samples;
  for (std::uint32_t replication = 0; replication < replications; ++replication) {
    RandomStream random({.seed = 1, .replication = replication, .actor = "service", .purpose = "up_down"});
    UpDown component(Time{}, up_time.sample(random));
    for (int cycle = 0; cycle < cycles; ++cycle) {
      component.change(*component.next_change_at(), repair_time.sample(random));
      component.change(*component.next_change_at(), up_time.sample(random));
    }
    REQUIRE(component.failures_count() == cycles);
    samples.push_back(component.availability(*component.next_change_at()));
  }
  return *mean_interval(samples);
}

}  // namespace

TEST_CASE("a component is up, fails, is repaired, and its times add up", "[up_down]") {
  UpDown component(at(1s), 10s);
  REQUIRE(component.is_up());
  REQUIRE(component.next_change_at() == at(11s));
  REQUIRE(component.availability(at(1s)) == 1);
  component.change(at(11s), 2s);
  REQUIRE_FALSE(component.is_up());
  REQUIRE(component.failures_count() == 1);
  REQUIRE(component.next_change_at() == at(13s));
  component.change(at(13s), 30s);
  REQUIRE(component.is_up());
  REQUIRE(component.failures_count() == 1);
  REQUIRE(component.up_time(at(19s)) == 16s);
  REQUIRE(component.down_time(at(19s)) == 2s);
  REQUIRE(component.availability(at(19s)) == Approx(16.0 / 18));
}

TEST_CASE("a component that never fails has no next change", "[up_down]") {
  const UpDown component(at(1s), forever);
  REQUIRE(component.next_change_at() == std::nullopt);
  REQUIRE(component.availability(at(24h)) == 1);
}

TEST_CASE("a change before or after its time is a bug", "[up_down]") {
  UpDown component(at(0s), 10s);
  REQUIRE_THROWS_AS(component.change(at(9s), 1s), AssertionFailure);
  REQUIRE_THROWS_AS(component.change(at(11s), 1s), AssertionFailure);
  REQUIRE_THROWS_AS(UpDown(at(0s), -1ns), AssertionFailure);
}

TEST_CASE("the availability is the one of theory for exponential times", "[up_down][theory]") {
  // Cases A-AVL-01 (1000 s up, 10 s of repair) and A-AVL-03 (99 s and 1 s).
  REQUIRE(std::abs(z_score(availability(exponential(1000s), exponential(10s)), expected_of("A-AVL-01"))) < 4);
  REQUIRE(std::abs(z_score(availability(exponential(99s), exponential(1s)), expected_of("A-AVL-03"))) < 4);
}

TEST_CASE("only the means matter for the availability, not the laws", "[up_down][theory]") {
  REQUIRE(std::abs(z_score(availability(uniform(0s, 2000s), constant(10s)), expected_of("A-AVL-01"))) < 4);
  REQUIRE(std::abs(z_score(availability(exponential(99s), lognormal(1s, 2)), expected_of("A-AVL-03"))) < 4);
}

TEST_CASE("up time and down time cover all time", "[up_down][property]") {
  rc::prop("whatever the stretches", [] {
    UpDown component(Time{}, *rc::gen::inRange(0, 1000) * 1ms);
    const int changes = *rc::gen::inRange(0, 20);
    for (int change = 0; change < changes; ++change) {
      const Time now = *component.next_change_at();
      component.change(now, *rc::gen::inRange(0, 1000) * 1ms);
    }
    const Time now = *component.next_change_at();
    RC_ASSERT(component.up_time(now) + component.down_time(now) == now - Time{});
    RC_ASSERT(component.failures_count() == static_cast<std::uint64_t>((changes + 1) / 2));
  });
}
