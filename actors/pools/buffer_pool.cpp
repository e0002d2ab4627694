#include "actors/pools/buffer_pool.hpp"

#include <algorithm>

#include "libsim/failure.hpp"

namespace sim::policies {

BufferPool::BufferPool(Config config) : config_(config) {
  check(config_.buffer_size_bytes > 0, "a buffer has a size");
  check(config_.in_use_max > 0, "a pool hands out at least one buffer");
}

std::optional<BufferPool::Acquired> BufferPool::acquire() {
  if (in_use() == config_.in_use_max) {
    ++statistics_.refused_count;
    return std::nullopt;
  }
  Acquired acquired{.buffer = {}, .reused = !retained_.empty()};
  if (acquired.reused) {
    acquired.buffer = retained_.back();
    retained_.pop_back();
    ++statistics_.hits_count;
  } else {
    acquired.buffer = BufferId{++allocated_};
    ++statistics_.misses_count;
  }
  in_use_.add_newest(acquired.buffer);
  statistics_.in_use_high_water_mark = std::max(statistics_.in_use_high_water_mark, in_use());
  statistics_.bytes_high_water_mark = std::max(statistics_.bytes_high_water_mark, bytes());
  return acquired;
}

BufferPool::Released BufferPool::release(BufferId buffer) {
  const auto place = in_use_.find(buffer);
  check(place != decltype(in_use_)::nowhere, "a buffer in use is given back once");
  in_use_.erase(place);
  if (retained() < config_.retained_max) {
    retained_.push_back(buffer);
    return Released::retained;
  }
  ++statistics_.freed_count;
  return Released::freed;
}

std::uint32_t BufferPool::trim() {
  const std::uint32_t count = retained();
  retained_.clear();
  statistics_.freed_count += count;
  return count;
}

}  // namespace sim::policies
