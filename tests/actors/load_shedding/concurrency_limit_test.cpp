#include "actors/load_shedding/concurrency_limit.hpp"

#include <rapidcheck.h>

#include <catch2/catch.hpp>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;
using Acquired = ConcurrencyLimit::Acquired;

TEST_CASE("permits go to the first who ask, the others wait in that order", "[concurrency_limit]") {
  ConcurrencyLimit limit{{.permits_max = 2}};
  REQUIRE(limit.acquire(Permit{1}) == Acquired::granted);
  REQUIRE(limit.acquire(Permit{2}) == Acquired::granted);
  REQUIRE(limit.acquire(Permit{3}) == Acquired::waiting);
  REQUIRE(limit.acquire(Permit{4}) == Acquired::waiting);
  REQUIRE(limit.release() == Permit{3});
  REQUIRE(limit.release() == Permit{4});
  REQUIRE_FALSE(limit.release());
  REQUIRE(limit.in_use() == 1);
}

TEST_CASE("the last to come is the first served when the order says so", "[concurrency_limit]") {
  ConcurrencyLimit limit{{.waiting_order = ConcurrencyLimit::WaitingOrder::last_in_first_out}};
  limit.acquire(Permit{1});
  limit.acquire(Permit{2});
  limit.acquire(Permit{3});
  REQUIRE(limit.release() == Permit{3});
  REQUIRE(limit.release() == Permit{2});
}

TEST_CASE("beyond waiting_max there is no place in the line", "[concurrency_limit]") {
  ConcurrencyLimit limit{{.permits_max = 1, .waiting_max = 1}};
  limit.acquire(Permit{1});
  limit.acquire(Permit{2});
  REQUIRE(limit.acquire(Permit{3}) == Acquired::rejected);
  REQUIRE(limit.waiting() == 1);
}

TEST_CASE("who leaves the line is not served", "[concurrency_limit]") {
  ConcurrencyLimit limit{{}};
  limit.acquire(Permit{1});
  limit.acquire(Permit{2});
  limit.acquire(Permit{3});
  REQUIRE(limit.cancel(Permit{2}));
  REQUIRE_FALSE(limit.cancel(Permit{2}));
  REQUIRE(limit.release() == Permit{3});
}

TEST_CASE("no permits, and a permit given back twice, are bugs", "[concurrency_limit]") {
  REQUIRE_THROWS_AS(ConcurrencyLimit{{.permits_max = 0}}, AssertionFailure);
  ConcurrencyLimit limit{{}};
  limit.acquire(Permit{1});
  limit.release();
  REQUIRE_THROWS_AS(limit.release(), AssertionFailure);
}

TEST_CASE("never more permits than there are, and nobody waits while one is free", "[concurrency_limit][property]") {
  REQUIRE(rc::check("permits", [](const std::vector<bool>& acquires) {
    const auto permits_max = *rc::gen::inRange<std::uint32_t>(1, 5);
    ConcurrencyLimit limit{{.permits_max = permits_max}};
    std::uint64_t next = 0;
    for (const bool acquire : acquires) {
      if (acquire) {
        limit.acquire(Permit{++next});
      } else if (limit.in_use() > 0) {
        limit.release();
      }
      RC_ASSERT(limit.in_use() <= permits_max);
      RC_ASSERT(limit.waiting() == 0 || limit.in_use() == permits_max);
    }
  }));
}
