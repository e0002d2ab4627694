#include "actors/pools/buffer_pool.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using Buffer = BufferPool::BufferId;
using Acquired = BufferPool::Acquired;
using Released = BufferPool::Released;

}  // namespace

TEST_CASE("a buffer that came back is used again, the last one first", "[buffer_pool]") {
  BufferPool pool{{}};
  REQUIRE(pool.acquire() == Acquired{Buffer{1}, false});
  REQUIRE(pool.acquire() == Acquired{Buffer{2}, false});
  REQUIRE(pool.release(Buffer{2}) == Released::retained);
  REQUIRE(pool.release(Buffer{1}) == Released::retained);
  REQUIRE(pool.acquire() == Acquired{Buffer{1}, true});
  REQUIRE(pool.acquire() == Acquired{Buffer{2}, true});
  REQUIRE(pool.acquire() == Acquired{Buffer{3}, false});
  REQUIRE(pool.statistics().hits_count == 2);
  REQUIRE(pool.statistics().misses_count == 3);
}

TEST_CASE("of 20 buffers that come back 10 are kept, as in the guide", "[buffer_pool]") {
  BufferPool pool{{.buffer_size_bytes = 1'000, .retained_max = 10}};
  for (int i = 0; i < 20; ++i) {
    pool.acquire();
  }
  REQUIRE(pool.bytes() == 20'000);
  std::vector<Released> released;
  for (std::uint64_t number = 1; number <= 20; ++number) {
    released.push_back(pool.release(Buffer{number}));
  }
  REQUIRE(released[9] == Released::retained);
  REQUIRE(released[10] == Released::freed);
  REQUIRE(pool.retained() == 10);
  REQUIRE(pool.in_use() == 0);
  REQUIRE(pool.bytes() == 10'000);
  REQUIRE(pool.statistics() ==
          BufferPool::Statistics{
              .misses_count = 20, .freed_count = 10, .in_use_high_water_mark = 20, .bytes_high_water_mark = 20'000});
}

TEST_CASE("high-water marks stay when use falls, and retained buffers count as memory, not as use", "[buffer_pool]") {
  BufferPool pool{{.buffer_size_bytes = 1'000}};
  pool.acquire();
  pool.acquire();
  pool.release(Buffer{1});
  pool.release(Buffer{2});
  pool.acquire();
  REQUIRE(pool.statistics().in_use_high_water_mark == 2);
  REQUIRE(pool.statistics().bytes_high_water_mark == 2'000);
  REQUIRE(pool.bytes() == 2'000);
}

TEST_CASE("beyond in_use_max nothing is handed out until one comes back", "[buffer_pool]") {
  BufferPool pool{{.in_use_max = 2}};
  pool.acquire();
  pool.acquire();
  REQUIRE_FALSE(pool.acquire());
  REQUIRE(pool.statistics().refused_count == 1);
  pool.release(Buffer{1});
  REQUIRE(pool.acquire() == Acquired{Buffer{1}, true});
}

TEST_CASE("a pool that retains nothing allocates every time", "[buffer_pool]") {
  BufferPool pool{{.retained_max = 0}};
  pool.acquire();
  REQUIRE(pool.release(Buffer{1}) == Released::freed);
  REQUIRE(pool.acquire() == Acquired{Buffer{2}, false});
}

TEST_CASE("trimming frees what is retained and nothing that is in use", "[buffer_pool]") {
  BufferPool pool{{}};
  pool.acquire();
  pool.acquire();
  pool.release(Buffer{1});
  REQUIRE(pool.trim() == 1);
  REQUIRE(pool.trim() == 0);
  REQUIRE(pool.in_use() == 1);
  REQUIRE(pool.statistics().freed_count == 1);
  REQUIRE(pool.acquire() == Acquired{Buffer{3}, false});
}

TEST_CASE("a buffer that is given back twice, or was never handed out, is a bug", "[buffer_pool]") {
  BufferPool pool{{.retained_max = 1}};
  REQUIRE_THROWS_AS(pool.release(Buffer{1}), AssertionFailure);
  pool.acquire();
  pool.acquire();
  pool.release(Buffer{1});
  REQUIRE_THROWS_AS(pool.release(Buffer{1}), AssertionFailure);  // retained
  pool.release(Buffer{2});
  REQUIRE_THROWS_AS(pool.release(Buffer{2}), AssertionFailure);  // freed
  REQUIRE_THROWS_AS(BufferPool{{.buffer_size_bytes = 0}}, AssertionFailure);
  REQUIRE_THROWS_AS(BufferPool{{.in_use_max = 0}}, AssertionFailure);
}
