#include "actors/containers/resource_account.hpp"

#include <catch2/catch.hpp>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

constexpr Time start = Time{} + 100s;

}  // namespace

TEST_CASE("busy core time is the foreground of every core plus the background share", "[resource_account]") {
  ResourceAccount account{{.cpu_cores = 2, .background_cores = 0.1}, start};
  account.begin_work(start + 1s);
  account.begin_work(start + 2s);
  account.end_work(start + 4s);
  account.end_work(start + 5s);
  // one core from 1 s to 5 s, one from 2 s to 4 s, and a tenth of a core for the 8 s in which one was idle
  REQUIRE(account.busy_core_time_s(start + 10s) == Approx(4 + 2 + 0.8));
  REQUIRE(account.capacity_core_time_s(start + 10s) == Approx(20));
}

TEST_CASE("work that has not ended yet counts up to now", "[resource_account]") {
  ResourceAccount account{{.cpu_cores = 1, .background_cores = 0}, start};
  account.begin_work(start);
  REQUIRE(account.busy_core_time_s(start + 3s) == Approx(3));
  REQUIRE(account.busy_core_time_s(start + 4s) == Approx(4));
}

TEST_CASE("no more of a container is busy than all of its cores, at any moment and over any time",
          "[resource_account]") {
  ResourceAccount account{{.cpu_cores = 2, .background_cores = 0.05}, start};
  REQUIRE(account.cpu_percent() == 2.5);
  account.begin_work(start);
  REQUIRE(account.cpu_percent() == 52.5);
  account.begin_work(start);
  REQUIRE(account.cpu_percent() == 100);
  REQUIRE(account.busy_core_time_s(start + 7s) == account.capacity_core_time_s(start + 7s));
  account.end_work(start + 7s);
  REQUIRE(account.cpu_percent() == 52.5);
  // two cores for 7 s, then one and a twentieth for 10 s
  REQUIRE(account.busy_core_time_s(start + 17s) == Approx(14 + 10.5));
}

TEST_CASE("using more cores than there are is a bug", "[resource_account]") {
  ResourceAccount account{{.cpu_cores = 1}, start};
  account.begin_work(start);
  REQUIRE_THROWS_AS(account.begin_work(start), AssertionFailure);
}

TEST_CASE("memory is base, sessions, messages in progress and what leaked", "[resource_account]") {
  ResourceAccount account{{.memory_base_mb = 300, .memory_per_session_mb = 60, .memory_per_message_mb = 120}, start};
  account.add_session();
  account.add_session();
  account.begin_message();
  account.leak(5);
  REQUIRE(account.memory_mb() == 300 + 2 * 60 + 120 + 5);
  account.end_message();
  REQUIRE(account.memory_mb() == 300 + 2 * 60 + 5);
}

TEST_CASE("a container is out of memory above its limit, not at it", "[resource_account]") {
  ResourceAccount account{{.memory_base_mb = 300, .memory_limit_mb = 310}, start};
  account.leak(10);
  REQUIRE_FALSE(account.is_out_of_memory());
  account.leak(0.5);
  REQUIRE(account.is_out_of_memory());
}
