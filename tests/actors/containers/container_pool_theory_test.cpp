#include <catch2/catch.hpp>
#include <cmath>
#include <cstdint>
#include <map>
#include <vector>

#include "actors/containers/container_pool.hpp"
#include "libsim/random/distribution.hpp"
#include "libsim/random/stream.hpp"
#include "libsim/statistics/interval.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using Pool = ContainerPool;
using Kind = Pool::Action::Kind;

constexpr std::uint32_t replications = 30;

RandomStream stream(std::uint32_t replication, std::string_view purpose) {
  return RandomStream({.seed = 1, .replication = replication, .actor = "container_pool", .purpose = purpose});
}

/// Starts and stops take no time.
void obey(Pool& pool, Time now, Pool::Actions actions) {
  for (const Pool::Action& action : std::vector(actions.begin(), actions.end())) {
    if (action.kind == Kind::start) {
      obey(pool, now, pool.ready(now, action.container));
    } else if (action.kind == Kind::stop) {
      obey(pool, now, pool.stopped(now, action.container));
    } else if (action.kind == Kind::assign) {
      obey(pool, now, pool.finished(now, action.container));
    }
  }
}

struct SingleContainer {
  std::vector<double> cold_share;
  std::vector<double> idle_s_per_request;
};

/// Requests by a Poisson process of one per second, served in no time by one container.
SingleContainer single_container(Duration keep_alive) {
  constexpr std::uint64_t requests = 4'000;
  SingleContainer result;
  for (std::uint32_t replication = 0; replication < replications; ++replication) {
    RandomStream gaps = stream(replication, "gaps");
    Pool pool{{.containers_max = 1, .keep_alive = keep_alive}};
    Time now{};
    obey(pool, now, pool.submit(now, Pool::RequestId{0}));
    const std::uint64_t cold_before = pool.statistics().cold_starts_count;
    REQUIRE(cold_before == 1);
    for (std::uint64_t number = 1; number <= requests; ++number) {
      const Time next = now + exponential(1s).sample(gaps);
      for (auto due = pool.next_change_at(); due && *due <= next; due = pool.next_change_at()) {
        obey(pool, *due, pool.advance(*due));
      }
      now = next;
      obey(pool, now, pool.submit(now, Pool::RequestId{number}));
    }
    const double count = static_cast<double>(requests);
    result.cold_share.push_back(static_cast<double>(pool.statistics().cold_starts_count - cold_before) / count);
    result.idle_s_per_request.push_back(to_seconds(pool.time_in(Pool::State::idle)) / count);
    REQUIRE(pool.statistics().cold_starts_count + pool.statistics().warm_hits_count == requests + 1);
  }
  return result;
}

double z(const std::vector<double>& values, double expected) { return z_score(*mean_interval(values), expected); }

/// Share of rejected requests of a pool whose starts take no time, after a warm-up.
std::vector<double> rejected_share(std::uint32_t containers, double erlangs) {
  std::vector<double> shares;
  for (std::uint32_t replication = 0; replication < replications; ++replication) {
    RandomStream gaps = stream(replication, "gaps");
    RandomStream works = stream(replication, "works");
    Pool::Config config = Pool::aws_lambda();
    config.containers_max = containers;
    Pool pool{config};
    std::multimap<Time, Pool::ContainerId> ends;
    Time now{};
    std::uint64_t rejected = 0;
    constexpr std::uint64_t warm_up = 500;
    constexpr std::uint64_t requests = 5'000;
    const auto take = [&](const auto& self, Pool::Actions actions) -> void {
      for (const Pool::Action& action : std::vector(actions.begin(), actions.end())) {
        if (action.kind == Kind::start) {
          self(self, pool.ready(now, action.container));
        } else if (action.kind == Kind::assign) {
          ends.emplace(now + exponential(1s).sample(works), action.container);
        } else if (action.kind == Kind::reject && static_cast<std::uint64_t>(action.request) >= warm_up) {
          ++rejected;
        }
      }
    };
    for (std::uint64_t number = 0; number < warm_up + requests; ++number) {
      const Time next = now + exponential(from_seconds(1 / erlangs)).sample(gaps);
      while (!ends.empty() && ends.begin()->first <= next) {
        now = ends.begin()->first;
        const Pool::ContainerId container = ends.begin()->second;
        ends.erase(ends.begin());
        take(take, pool.finished(now, container));
      }
      now = next;
      take(take, pool.submit(now, Pool::RequestId{number}));
    }
    shares.push_back(static_cast<double>(rejected) / static_cast<double>(requests));
  }
  return shares;
}

}  // namespace

TEST_CASE("with keep-alive T and Poisson requests of rate r a share of exp(-r T) starts cold", "[container_pool]") {
  for (const double keep_alive_s : {0.1, 0.5, 1.0, 2.0, 3.0}) {
    INFO("keep-alive " << keep_alive_s << " s");
    const SingleContainer measured = single_container(from_seconds(keep_alive_s));
    REQUIRE(std::abs(z(measured.cold_share, std::exp(-keep_alive_s))) < 4);
  }
}

TEST_CASE("a container then is idle for (1 - exp(-r T)) / r per request", "[container_pool]") {
  for (const double keep_alive_s : {0.5, 2.0}) {
    const SingleContainer measured = single_container(from_seconds(keep_alive_s));
    REQUIRE(std::abs(z(measured.idle_s_per_request, 1 - std::exp(-keep_alive_s))) < 4);
  }
}

TEST_CASE("without a line and with starts that take no time the share of rejected requests is Erlang's loss formula",
          "[container_pool]") {
  // B(1, 1) = 1/2; B(3, 2) = (8/6) / (1 + 2 + 2 + 8/6) = 4/19; B(5, 3) = (243/120) / 18.4
  REQUIRE(std::abs(z(rejected_share(1, 1), 0.5)) < 4);
  REQUIRE(std::abs(z(rejected_share(3, 2), 4.0 / 19)) < 4);
  REQUIRE(std::abs(z(rejected_share(5, 3), 243.0 / 120 / 18.4)) < 4);
}
