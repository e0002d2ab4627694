#include "actors/faults/link_rules.hpp"

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <vector>

#include "libsim/failure.hpp"
#include "libsim/random/stream.hpp"
#include "libsim/statistics/interval.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using Number = ActiveFaults::Number;
using Delays = std::vector<Duration>;

Time at(Duration since_start) { return Time{} + since_start; }
Delays send(Link& link, Duration now, const Link::Draws& draws) {
  const auto delays = link.send(at(now), draws);
  return {delays.begin(), delays.end()};
}
/// Draws of a message that nothing happens to by chance, unless it happens to all.
Link::Draws taking(Duration latency) { return {latency, latency, 0.999, 0.999, 0.999, 0.5}; }

}  // namespace

TEST_CASE("a message arrives after its latency", "[link]") {
  Link link{Link::Config{}};
  REQUIRE(send(link, 1s, taking(30ms)) == Delays{30ms});
  REQUIRE(link.statistics().sent_count == 1);
}

TEST_CASE("on a link that keeps the order a faster message waits for the one before it", "[link]") {
  Link link{Link::Config{}};
  REQUIRE(send(link, 0s, taking(100ms)) == Delays{100ms});
  REQUIRE(send(link, 10ms, taking(20ms)) == Delays{90ms});
  REQUIRE(send(link, 20ms, taking(80ms)) == Delays{80ms});
  REQUIRE(send(link, 30ms, taking(100ms)) == Delays{100ms});
  REQUIRE(link.statistics().overtaking_count == 0);
}

TEST_CASE("on a link that does not keep the order each message travels by itself", "[link]") {
  Link link{{.keeps_order = false}};
  REQUIRE(send(link, 0s, taking(100ms)) == Delays{100ms});
  REQUIRE(send(link, 10ms, taking(20ms)) == Delays{20ms});
  REQUIRE(send(link, 20ms, taking(80ms)) == Delays{80ms});  // arrives together with the first
  REQUIRE(link.statistics().overtaking_count == 1);
}

TEST_CASE("a message is lost below the loss probability", "[link]") {
  Link link{{.loss_probability = 0.25}};
  auto draws = taking(1ms);
  draws.loss = 0.2499;
  REQUIRE(send(link, 0s, draws).empty());
  draws.loss = 0.25;
  REQUIRE(send(link, 0s, draws) == Delays{1ms});
  REQUIRE(link.statistics().lost_count == 1);
}

TEST_CASE("a lost message holds nobody up", "[link]") {
  Link link{{.loss_probability = 0.25}};
  auto draws = taking(1s);
  draws.loss = 0;
  send(link, 0s, draws);
  REQUIRE(send(link, 0s, taking(1ms)) == Delays{1ms});
}

TEST_CASE("a copy takes its own latency, but does not arrive before the message", "[link]") {
  auto draws = taking(50ms);
  draws.copy_latency = 70ms;
  draws.duplication = 0.0999;
  Link link{{.duplication_probability = 0.1}};
  REQUIRE(send(link, 0s, draws) == Delays{50ms, 70ms});
  draws.copy_latency = 10ms;
  REQUIRE(send(link, 1s, draws) == Delays{50ms, 50ms});
  draws.duplication = 0.1;
  REQUIRE(send(link, 2s, draws) == Delays{50ms});
  REQUIRE(link.statistics().duplicated_count == 2);
}

TEST_CASE("a partition drops what is sent while it lasts", "[link]") {
  Link link{Link::Config{}};
  link.apply(Number{1}, {.kind = FaultKind::partition});
  link.apply(Number{2}, {.kind = FaultKind::partition});
  link.end_fault(Number{1});
  REQUIRE(send(link, 1s, taking(1ms)).empty());
  link.end_fault(Number{2});
  REQUIRE(send(link, 2s, taking(1ms)) == Delays{1ms});
  REQUIRE(link.statistics().partitioned_count == 1);
  REQUIRE(link.statistics().lost_count == 0);
}

TEST_CASE("a latency fault adds its delay, more or less by its jitter", "[link]") {
  Link link{{.keeps_order = false}};
  link.apply(Number{1}, {.kind = FaultKind::latency, .delay = 40ms, .jitter = 10ms});
  auto draws = taking(5ms);
  draws.jitter = 0;
  REQUIRE(send(link, 0s, draws) == Delays{35ms});  // 5 + 40 - 10
  draws.jitter = 0.5;
  REQUIRE(send(link, 0s, draws) == Delays{45ms});
  draws.jitter = 0.75;
  REQUIRE(send(link, 0s, draws) == Delays{50ms});
}

TEST_CASE("loss and duplication by faults come on top of those of the link", "[link]") {
  Link link{{.loss_probability = 0.5, .duplication_probability = 0.5}};
  link.apply(Number{1}, {.kind = FaultKind::loss, .probability = 0.5});
  link.apply(Number{2}, {.kind = FaultKind::duplication, .probability = 0.5});
  auto draws = taking(1ms);
  draws.loss = 0.74;
  REQUIRE(send(link, 0s, draws).empty());
  draws.loss = 0.76;
  draws.duplication = 0.74;
  REQUIRE(send(link, 0s, draws).size() == 2);
  draws.duplication = 0.76;
  REQUIRE(send(link, 0s, draws).size() == 1);
}

TEST_CASE("a message that leaves the line overtakes, and holds up nobody behind it", "[link]") {
  Link link{Link::Config{}};
  REQUIRE(send(link, 0s, taking(100ms)) == Delays{100ms});
  link.apply(Number{1}, {.kind = FaultKind::reordering, .probability = 0.5, .delay = 40ms});
  auto draws = taking(10ms);
  draws.reordering = 0.25;  // leaves; half of the range is left of the draw: 20 ms more
  REQUIRE(send(link, 0s, draws) == Delays{30ms});
  draws.latency = 1s;
  REQUIRE(send(link, 0s, draws) == Delays{1020ms});
  REQUIRE(send(link, 0s, taking(10ms)) == Delays{100ms});  // stays in line
  REQUIRE(link.statistics().overtaking_count == 2);
}

TEST_CASE("wrong settings of a link and faults that it does not take are bugs", "[link]") {
  REQUIRE_THROWS_AS((Link{{.loss_probability = 1.1}}), AssertionFailure);
  REQUIRE_THROWS_AS((Link{{.duplication_probability = -0.1}}), AssertionFailure);
  Link link{Link::Config{}};
  REQUIRE_THROWS_AS(link.apply(Number{1}, {.kind = FaultKind::slow}), AssertionFailure);
  link.send(at(1s), taking(1ms));
  REQUIRE_THROWS_AS(link.send(at(0s), taking(1ms)), AssertionFailure);
}

TEST_CASE("the shares of lost and of doubled messages are the configured ones", "[link][theory]") {
  Link link{{.loss_probability = 0.02, .duplication_probability = 0.05}};
  RandomStream random({.seed = 1, .actor = "link", .purpose = "fault"});
  constexpr double messages = 100'000;
  for (int message = 0; message < messages; ++message) {
    link.send(at(0s), {1ms, 1ms, random.uniform01(), random.uniform01(), random.uniform01(), random.uniform01()});
  }
  const auto lost = static_cast<double>(link.statistics().lost_count);
  REQUIRE(std::abs(z_score(lost / messages, std::sqrt(0.02 * 0.98 / messages), 0.02)) < 4);
  const double doubled = static_cast<double>(link.statistics().duplicated_count) / (messages - lost);
  REQUIRE(std::abs(z_score(doubled, std::sqrt(0.05 * 0.95 / (messages - lost)), 0.05)) < 4);
}

TEST_CASE("a link that keeps the order delivers in order, whatever the latencies", "[link][property]") {
  rc::prop("and no message before its latency", [] {
    Link link{{.loss_probability = 0.1, .duplication_probability = 0.2}};
    const auto some_draw = [] { return *rc::gen::inRange(0, 100) * 0.01; };
    if (*rc::gen::arbitrary<bool>()) {
      link.apply(Number{1}, {.kind = FaultKind::latency, .delay = 50ms, .jitter = 50ms});
    }
    Time now{};
    Time last_arrival{};
    const int messages = *rc::gen::inRange(0, 60);
    for (int message = 0; message < messages; ++message) {
      now += *rc::gen::inRange(0, 50) * 1ms;
      const Duration latency = *rc::gen::inRange(0, 200) * 1ms;
      for (const Duration delay :
           link.send(now, {latency, latency, some_draw(), some_draw(), some_draw(), some_draw()})) {
        RC_ASSERT(delay >= latency);
        RC_ASSERT(now + delay >= last_arrival);
        last_arrival = now + delay;
      }
    }
    RC_ASSERT(link.statistics().overtaking_count == 0u);
  });
}
