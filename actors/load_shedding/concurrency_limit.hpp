#pragma once

#include <cstdint>
#include <deque>
#include <optional>

namespace sim::policies {

/// Names whoever holds or waits for a permit; chosen by the caller, unique among those.
enum class Permit : std::uint64_t {};

/// So many at once, the others wait in line. With one permit it is a lock.
class ConcurrencyLimit {
 public:
  enum class WaitingOrder { first_in_first_out, last_in_first_out };

  struct Config {
    std::uint32_t permits_max = 1;
    std::uint32_t waiting_max = 0xffffffff;
    WaitingOrder waiting_order = WaitingOrder::first_in_first_out;

    friend bool operator==(const Config&, const Config&) = default;
  };

  enum class Acquired { granted, waiting, rejected };

  explicit ConcurrencyLimit(Config config);

  /// `waiting`: the permit will come out of a later `release`. `rejected`: the line is full.
  Acquired acquire(Permit permit);

  /// Gives a permit back; the result is the one to whom it went, if anybody waited.
  std::optional<Permit> release();

  /// Leaves the line; false when it was not waiting.
  bool cancel(Permit permit);

  [[nodiscard]] std::uint32_t in_use() const { return in_use_; }
  [[nodiscard]] std::uint32_t waiting() const { return static_cast<std::uint32_t>(line_.size()); }

 private:
  Config config_;
  std::uint32_t in_use_ = 0;
  std::deque<Permit> line_;
};

}  // namespace sim::policies
