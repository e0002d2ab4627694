#include "actors/faults/failing_service_rules.hpp"

#include <rapidcheck/catch.h>

#include <catch2/catch.hpp>
#include <cmath>
#include <map>
#include <set>
#include <vector>

#include "libsim/failure.hpp"
#include "libsim/random/stream.hpp"
#include "libsim/statistics/interval.hpp"
#include "libsim/statistics/proportion.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using Service = FailingService;
using Action = Service::Action;
using Kind = Action::Kind;
using Request = Service::RequestId;
using Fault1 = ActiveFaults::Number;
using Done = std::vector<Action>;

Time at(Duration since_start) { return Time{} + since_start; }
Done done(Service::Actions actions) { return {actions.begin(), actions.end()}; }
Action answer(std::uint64_t request, Duration took) { return {Kind::answer, Request{request}, took}; }
Action failure(std::uint64_t request, Duration took, ErrorClass error) {
  return {Kind::fail, Request{request}, took, error};
}
/// Draws of a request that neither fails nor hangs by chance, unless everybody does.
Service::Draws taking(Duration latency) { return {latency, 0.999999, 0.999999}; }

/// What becomes of one request that begins at `begins_at` with this draw.
Action fate(const Service::Config& config, Time begins_at, double error, double hang = 0.999999) {
  Service service{config};
  service.arrive(begins_at, Request{1}, {100ms, error, hang});
  const auto end = service.next_change_at();
  REQUIRE(end.has_value());
  const Done actions = done(service.advance(*end));
  REQUIRE(actions.size() == 1);
  return actions.front();
}

}  // namespace

TEST_CASE("a request is answered after its latency, not a nanosecond earlier", "[failing_service]") {
  Service service{Service::Config{}};
  REQUIRE(done(service.arrive(at(1s), Request{7}, taking(80ms))).empty());
  REQUIRE(service.next_change_at() == at(1080ms));
  REQUIRE(done(service.advance(at(1080ms) - 1ns)).empty());
  REQUIRE(done(service.advance(at(1080ms))) == Done{answer(7, 80ms)});
  REQUIRE(service.next_change_at() == std::nullopt);
  REQUIRE(service.statistics().answered_count == 1);
}

TEST_CASE("requests that end at the same time end in the order in which they began", "[failing_service]") {
  Service service{Service::Config{}};
  service.arrive(at(0s), Request{1}, taking(20ms));
  service.arrive(at(0s), Request{2}, taking(10ms));
  service.arrive(at(5ms), Request{3}, taking(15ms));
  REQUIRE(done(service.advance(at(1s))) == Done{answer(2, 10ms), answer(1, 20ms), answer(3, 15ms)});
}

TEST_CASE("the shares of errors exclude each other and meet at their bounds", "[failing_service]") {
  const Service::Config config{.errors = {{ErrorClass::timed_out, 0.25}, {ErrorClass::throttled, 0.5}}};
  REQUIRE(fate(config, at(0s), 0.0) == failure(1, 100ms, ErrorClass::timed_out));
  REQUIRE(fate(config, at(0s), 0.2499) == failure(1, 100ms, ErrorClass::timed_out));
  REQUIRE(fate(config, at(0s), 0.25) == failure(1, 100ms, ErrorClass::throttled));
  REQUIRE(fate(config, at(0s), 0.7499) == failure(1, 100ms, ErrorClass::throttled));
  REQUIRE(fate(config, at(0s), 0.7501) == answer(1, 100ms));
}

TEST_CASE("errors may come faster than answers, or at once", "[failing_service]") {
  Service::Config config{.errors = {{ErrorClass::server_error, 1}}, .error_latency_factor = 0.1};
  REQUIRE(fate(config, at(0s), 0.5) == failure(1, 10ms, ErrorClass::server_error));
  config.error_latency_factor = 0;
  REQUIRE(fate(config, at(0s), 0.5) == failure(1, 0ms, ErrorClass::server_error));
}

TEST_CASE("what begins in a brownout is slower and fails more often, its end not included", "[failing_service]") {
  const Service::Config config{
      .brownouts = {{.starts_at = at(10s), .duration = 5s, .latency_factor = 3, .error_probability = 0.4}}};
  REQUIRE(fate(config, at(10s) - 1ns, 0.1) == answer(1, 100ms));
  REQUIRE(fate(config, at(10s), 0.39) == failure(1, 300ms, ErrorClass::server_error));
  REQUIRE(fate(config, at(10s), 0.41) == answer(1, 300ms));
  REQUIRE(fate(config, at(15s) - 1ns, 0.41) == answer(1, 300ms));
  REQUIRE(fate(config, at(15s), 0.1) == answer(1, 100ms));
}

TEST_CASE("where brownouts overlap both count", "[failing_service]") {
  const Service::Config config{.brownouts = {{at(0s), 10s, 2, 0.5}, {at(5s), 10s, 3, 0.5, ErrorClass::timed_out}}};
  REQUIRE(fate(config, at(7s), 0.8) == answer(1, 600ms));  // 2 × 3 × 100 ms; fails below 1 - 0.5 × 0.5 = 0.75
  REQUIRE(fate(config, at(7s), 0.74) == failure(1, 600ms, ErrorClass::timed_out));
  REQUIRE(fate(config, at(7s), 0.49) == failure(1, 600ms, ErrorClass::server_error));
}

TEST_CASE("a request that hangs is never answered and keeps its place for the hang duration", "[failing_service]") {
  Service service{{.hang_probability = 0.1, .hang_duration = 30s, .concurrent_requests_max = 1}};
  service.arrive(at(0s), Request{1}, {100ms, 0.9, 0.0999});
  service.arrive(at(1s), Request{2}, {100ms, 0.9, 0.1});
  REQUIRE(done(service.advance(at(30s) - 1ns)).empty());
  REQUIRE(done(service.advance(at(1min))) ==
          Done{{Kind::give_up, Request{1}, 30s}, answer(2, 29100ms)});  // 29 s in line and 100 ms
  REQUIRE(service.statistics().hung_count == 1);
}

TEST_CASE("what begins in a stretch of hanging is never answered, its end not included", "[failing_service]") {
  const Service::Config config{.hang_duration = 1s, .hangs = {{at(10s), 2s}}};
  REQUIRE(fate(config, at(10s) - 1ns, 0.5).kind == Kind::answer);
  REQUIRE(fate(config, at(10s), 0.5) == Action{Kind::give_up, Request{1}, 1s});
  REQUIRE(fate(config, at(12s) - 1ns, 0.5).kind == Kind::give_up);
  REQUIRE(fate(config, at(12s), 0.5).kind == Kind::answer);
}

TEST_CASE("beyond the capacity requests wait in line, beyond the line they are rejected", "[failing_service]") {
  Service service{{.concurrent_requests_max = 2, .waiting_max = 1}};
  REQUIRE(done(service.arrive(at(0s), Request{1}, taking(100ms))).empty());
  REQUIRE(done(service.arrive(at(0s), Request{2}, taking(100ms))).empty());
  REQUIRE(done(service.arrive(at(10ms), Request{3}, taking(100ms))).empty());
  REQUIRE(service.in_progress() == 2);
  REQUIRE(service.waiting() == 1);
  REQUIRE(done(service.arrive(at(10ms), Request{4}, taking(100ms))) == Done{failure(4, 0ms, ErrorClass::rejected)});
  REQUIRE(done(service.advance(at(1s))) == Done{answer(1, 100ms), answer(2, 100ms), answer(3, 190ms)});
  REQUIRE(service.statistics().in_progress_max == 2);
}

TEST_CASE("a place that becomes free at the time of an arrival goes to who waits", "[failing_service]") {
  Service service{{.concurrent_requests_max = 1, .waiting_max = 1}};
  service.arrive(at(0s), Request{1}, taking(100ms));
  service.arrive(at(0s), Request{2}, taking(100ms));
  REQUIRE(done(service.arrive(at(100ms), Request{3}, taking(100ms))) == Done{answer(1, 100ms)});
  REQUIRE(done(service.advance(at(1s))) == Done{answer(2, 200ms), answer(3, 200ms)});
}

TEST_CASE("a breakdown fails what is in progress and in line, and refuses what comes", "[failing_service]") {
  Service service{{.concurrent_requests_max = 1}};
  service.arrive(at(0s), Request{1}, taking(1s));
  service.arrive(at(100ms), Request{2}, taking(1s));
  REQUIRE(done(service.set_up(at(300ms), false)) ==
          Done{failure(1, 300ms, ErrorClass::connection_failed), failure(2, 200ms, ErrorClass::connection_failed)});
  REQUIRE(done(service.arrive(at(400ms), Request{3}, taking(1s))) ==
          Done{failure(3, 0ms, ErrorClass::connection_failed)});
  REQUIRE_FALSE(service.is_up());
  service.set_up(at(2s), true);
  service.arrive(at(2s), Request{4}, taking(1s));
  REQUIRE(done(service.advance(at(3s))) == Done{answer(4, 1s)});
  REQUIRE(service.statistics().failed_count(ErrorClass::connection_failed) == 3);
}

TEST_CASE("an answer that is due at the moment of a breakdown is given", "[failing_service]") {
  Service service{Service::Config{}};
  service.arrive(at(0s), Request{1}, taking(1s));
  REQUIRE(done(service.set_up(at(1s), false)) == Done{answer(1, 1s)});
}

TEST_CASE("a service is up only when neither a breakdown nor a fault holds it down", "[failing_service]") {
  Service service{Service::Config{}};
  service.arrive(at(0s), Request{1}, taking(1min));
  REQUIRE(done(service.apply(at(1s), Fault1{1}, {.kind = FaultKind::down})) ==
          Done{failure(1, 1s, ErrorClass::connection_failed)});
  service.set_up(at(2s), false);
  service.end_fault(at(3s), Fault1{1});
  REQUIRE_FALSE(service.is_up());
  service.set_up(at(4s), true);
  REQUIRE(service.is_up());
}

TEST_CASE("a pause stops all work, which goes on where it stood", "[failing_service]") {
  Service service{{.concurrent_requests_max = 2}};
  service.arrive(at(0s), Request{1}, taking(100ms));
  service.apply(at(40ms), Fault1{1}, {.kind = FaultKind::pause});
  REQUIRE(service.next_change_at() == std::nullopt);
  service.arrive(at(50ms), Request{2}, taking(10ms));
  service.apply(at(60ms), Fault1{2}, {.kind = FaultKind::pause});
  service.end_fault(at(1s), Fault1{1});  // the second one still holds
  REQUIRE(done(service.advance(at(5s))).empty());
  service.end_fault(at(5040ms), Fault1{2});  // paused for 5 s
  REQUIRE(done(service.advance(at(6s))) == Done{answer(2, 5s), answer(1, 5100ms)});
}

TEST_CASE("slow faults multiply and add up, and touch only what begins while they last", "[failing_service]") {
  Service service{Service::Config{}};
  service.arrive(at(0s), Request{1}, taking(1s));
  service.apply(at(10ms), Fault1{1}, {.kind = FaultKind::slow, .factor = 3});
  service.apply(at(10ms), Fault1{2}, {.kind = FaultKind::slow, .factor = 2, .delay = 50ms});
  service.arrive(at(10ms), Request{2}, taking(100ms));
  service.end_fault(at(20ms), Fault1{1});
  service.arrive(at(20ms), Request{3}, taking(100ms));
  REQUIRE(done(service.advance(at(2s))) == Done{answer(3, 250ms), answer(2, 650ms), answer(1, 1s)});
}

TEST_CASE("errors by faults come on top of the errors of the service, the earliest fault first", "[failing_service]") {
  Service service{{.errors = {{ErrorClass::throttled, 0.5}}}};
  service.apply(at(0s), Fault1{1},
                {.kind = FaultKind::errors, .probability = 0.5, .error_class = ErrorClass::timed_out});
  service.apply(at(0s), Fault1{2}, {.kind = FaultKind::errors, .probability = 0.5});
  const std::vector<std::pair<double, Action>> expected{
      {0.49, failure(1, 0ms, ErrorClass::throttled)},    {0.51, failure(2, 0ms, ErrorClass::timed_out)},
      {0.74, failure(3, 0ms, ErrorClass::timed_out)},    {0.76, failure(4, 0ms, ErrorClass::server_error)},
      {0.87, failure(5, 0ms, ErrorClass::server_error)}, {0.88, answer(6, 0ms)}};
  std::uint64_t number = 0;
  for (const auto& [draw, action] : expected) {
    service.arrive(at(0s), Request{++number}, {0ms, draw, 0.9});
    REQUIRE(done(service.advance(at(0s))) == Done{action});
  }
}

TEST_CASE("a lower capacity lets those in progress finish, and the line goes on when it ends", "[failing_service]") {
  Service service{{.concurrent_requests_max = 2}};
  service.arrive(at(0s), Request{1}, taking(100ms));
  service.arrive(at(0s), Request{2}, taking(100ms));
  service.apply(at(50ms), Fault1{1}, {.kind = FaultKind::capacity, .requests_max = 0});
  service.arrive(at(60ms), Request{3}, taking(100ms));
  REQUIRE(done(service.advance(at(1s))) == Done{answer(1, 100ms), answer(2, 100ms)});
  REQUIRE(service.waiting() == 1);
  service.end_fault(at(1s), Fault1{1});
  REQUIRE(done(service.advance(at(2s))) == Done{answer(3, 1040ms)});
}

TEST_CASE("the end of a fault that never began here changes nothing", "[failing_service]") {
  Service service{Service::Config{}};
  service.apply(at(0s), Fault1{1}, {.kind = FaultKind::down});
  service.end_fault(at(1s), Fault1{2});
  REQUIRE_FALSE(service.is_up());
}

TEST_CASE("a latency without end does not break the clock", "[failing_service]") {
  Service service{{.hang_probability = 0.5, .hang_duration = forever}};
  service.arrive(at(0s), Request{1}, taking(forever));
  service.arrive(at(0s), Request{2}, {1s, 0.9, 0.0});
  REQUIRE(done(service.advance(at(24h * 365 * 99))).empty());
  REQUIRE(service.in_progress() == 2);
}

TEST_CASE("the share of requests that fail is the configured one", "[failing_service][theory]") {
  Service service{{.errors = {{ErrorClass::server_error, 0.03}}, .brownouts = {{at(0s), 1h, 1, 0.07}}}};
  RandomStream random({.seed = 1, .actor = "service", .purpose = "error"});
  constexpr std::uint64_t requests = 100'000;
  for (std::uint64_t number = 1; number <= requests; ++number) {
    service.arrive(at(0s), Request{number}, {0ms, random.uniform01(), 0.9});
  }
  service.advance(at(0s));
  constexpr double expected = 1 - 0.97 * 0.93;
  const double share = static_cast<double>(service.statistics().failed_count()) / requests;
  const double standard_error = std::sqrt(expected * (1 - expected) / requests);
  REQUIRE(std::abs(z_score(share, standard_error, expected)) < 4);
}

TEST_CASE("wrong settings of a failing service and calls out of turn are bugs", "[failing_service]") {
  REQUIRE_THROWS_AS((Service{{.errors = {{ErrorClass::timed_out, 0.6}, {ErrorClass::throttled, 0.6}}}}),
                    AssertionFailure);
  REQUIRE_THROWS_AS((Service{{.hang_probability = 1.1}}), AssertionFailure);
  REQUIRE_THROWS_AS((Service{{.brownouts = {{.error_probability = -0.1}}}}), AssertionFailure);
  Service service{Service::Config{}};
  service.advance(at(1s));
  REQUIRE_THROWS_AS(service.advance(at(1s) - 1ns), AssertionFailure);
  REQUIRE_THROWS_AS(service.apply(at(1s), Fault1{1}, {.kind = FaultKind::partition}), AssertionFailure);
  service.apply(at(1s), Fault1{1}, {.kind = FaultKind::pause});
  REQUIRE_THROWS_AS(service.apply(at(1s), Fault1{1}, {.kind = FaultKind::pause}), AssertionFailure);
}

TEST_CASE("whatever happens to a service, each request ends exactly once", "[failing_service][property]") {
  rc::prop("and never more are in progress than its capacity", [] {
    Service::Config config;
    config.errors = {{ErrorClass::server_error, 0.2}};
    config.hang_probability = 0.1;
    config.hang_duration = 3s;
    config.concurrent_requests_max = *rc::gen::inRange<std::uint32_t>(0, 4);
    config.waiting_max = *rc::gen::inRange<std::uint32_t>(0, 4);
    Service service{config};
    std::map<std::uint64_t, int> ends;
    std::uint64_t arrived = 0;
    std::set<std::uint64_t> faults;
    std::uint64_t last_fault = 0;
    Time now{};
    const auto note = [&](Service::Actions actions) {
      for (const Action& action : actions) {
        ++ends[static_cast<std::uint64_t>(action.request)];
        RC_ASSERT(action.took >= 0s);
      }
    };
    const int steps = *rc::gen::inRange(0, 80);
    for (int step = 0; step < steps; ++step) {
      now += *rc::gen::inRange(0, 500) * 1ms;
      const int what = *rc::gen::inRange(0, 10);
      if (what < 5) {
        note(service.arrive(
            now, Request{++arrived},
            {*rc::gen::inRange(0, 2000) * 1ms, *rc::gen::inRange(0, 100) * 0.01, *rc::gen::inRange(0, 100) * 0.01}));
      } else if (what == 5) {
        note(service.set_up(now, *rc::gen::arbitrary<bool>()));
      } else if (what < 8) {
        const Fault fault{.kind = *rc::gen::element(FaultKind::pause, FaultKind::down, FaultKind::slow,
                                                    FaultKind::errors, FaultKind::capacity),
                          .factor = 2,
                          .probability = 0.5,
                          .requests_max = *rc::gen::inRange<std::uint32_t>(0, 3)};
        faults.insert(++last_fault);
        note(service.apply(now, Fault1{last_fault}, fault));
      } else if (!faults.empty()) {
        note(service.end_fault(now, Fault1{*faults.begin()}));
        faults.erase(faults.begin());
      }
      RC_ASSERT((config.concurrent_requests_max == 0) || (service.in_progress() <= config.concurrent_requests_max));
      RC_ASSERT(service.waiting() <= config.waiting_max);
      RC_ASSERT(ends.size() + service.in_progress() + service.waiting() == arrived);
    }
    for (const std::uint64_t number : faults) {
      note(service.end_fault(now, Fault1{number}));
    }
    note(service.set_up(now, true));
    note(service.advance(now + 1h));
    RC_ASSERT(ends.size() == arrived);
    for (const auto& [request, count] : ends) {
      RC_ASSERT(count == 1);
    }
    const auto& statistics = service.statistics();
    RC_ASSERT(statistics.answered_count + statistics.failed_count() + statistics.hung_count == arrived);
  });
}
