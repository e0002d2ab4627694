#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "libsim/containers/linked_map.hpp"

namespace sim::policies {

/// Buffers of one size that are used again instead of allocated anew; some of those that come back are kept.
///
/// The buffer that came back last is the first to be used again. Giving back what is not in use is a bug (asserted).
class BufferPool {
 public:
  /// Names one allocation, counted from 1; a buffer that is used again keeps its name.
  enum class BufferId : std::uint64_t {};
  enum class Released { retained, freed };

  struct Config {
    std::uint64_t buffer_size_bytes = 1'048'576;
    std::uint32_t retained_max = 10;        ///< buffers kept while nobody uses them; more are freed
    std::uint32_t in_use_max = 0xffffffff;  ///< no more are handed out

    friend bool operator==(const Config&, const Config&) = default;
  };

  struct Acquired {
    BufferId buffer{};
    bool reused = false;

    friend bool operator==(const Acquired&, const Acquired&) = default;
  };

  struct Statistics {
    std::uint64_t hits_count = 0;    ///< buffers used again
    std::uint64_t misses_count = 0;  ///< buffers allocated
    std::uint64_t refused_count = 0;
    std::uint64_t freed_count = 0;
    std::uint32_t in_use_high_water_mark = 0;
    std::uint64_t bytes_high_water_mark = 0;  ///< in use and retained together

    friend bool operator==(const Statistics&, const Statistics&) = default;
  };

  explicit BufferPool(Config config);

  /// Nothing when `in_use_max` are in use.
  std::optional<Acquired> acquire();

  Released release(BufferId buffer);

  /// Frees the retained buffers. Returns how many.
  std::uint32_t trim();

  [[nodiscard]] std::uint32_t in_use() const { return static_cast<std::uint32_t>(in_use_.size()); }
  [[nodiscard]] std::uint32_t retained() const { return static_cast<std::uint32_t>(retained_.size()); }
  /// In use and retained.
  [[nodiscard]] std::uint64_t bytes() const {
    return (std::uint64_t{in_use()} + retained()) * config_.buffer_size_bytes;
  }
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  struct Nothing {};

  Config config_;
  std::uint64_t allocated_ = 0;
  std::vector<BufferId> retained_;  ///< the last one is used next
  LinkedMap<BufferId, Nothing> in_use_;
  Statistics statistics_;
};

}  // namespace sim::policies
