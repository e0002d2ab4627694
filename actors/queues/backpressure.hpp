#pragma once

#include <cstdint>

#include "libsim/time.hpp"

namespace sim::policies {

/// Tells a sender to pause when its receiver has too much before it, and to go on when that is little enough again.
///
/// Inclusive by default: pauses when the level is at least `high_water_mark`, resumes when it is at most
/// `low_water_mark`. Strict: pauses above the one, resumes below the other. In between it stays as it is. The level is
/// whatever the caller counts: messages, bytes, requests.
class Backpressure {
 public:
  struct Config {
    std::uint64_t high_water_mark = 100;
    std::uint64_t low_water_mark = 50;  ///< below `high_water_mark`
    bool is_strict = false;             ///< above the high and below the low mark, instead of at them

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// The write buffer of a Netty channel: 64 KiB and 32 KiB, strict.
  /// Source: Netty 4.1 API, WriteBufferWaterMark; ChannelOutboundBuffer.
  [[nodiscard]] static Config netty() { return {64 * 1'024, 32 * 1'024, true}; }

  /// A writable stream of Node.js that holds objects: paused from 16 on, goes on when it is drained.
  /// Source: Node.js 20 documentation, "Stream"; its recorded steps are among the tests.
  [[nodiscard]] static Config node_stream() { return {16, 0, false}; }

  enum class Signal { none, pause, resume };

  explicit Backpressure(Config config);

  /// The new level; `pause` or `resume` when that changed what the sender may do.
  Signal update(Time now, std::uint64_t level);

  [[nodiscard]] bool is_paused() const { return is_paused_; }
  [[nodiscard]] std::uint64_t level() const { return level_; }
  [[nodiscard]] std::uint64_t level_max() const { return level_max_; }
  [[nodiscard]] std::uint64_t pauses_count() const { return pauses_count_; }
  /// How long the sender was paused up to `now`, a pause that goes on included.
  [[nodiscard]] Duration paused_time(Time now) const;
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  Config config_;
  Time now_{};
  std::uint64_t level_ = 0;
  std::uint64_t level_max_ = 0;
  bool is_paused_ = false;
  std::uint64_t pauses_count_ = 0;
  Time paused_at_{};
  Duration paused_time_{};  ///< of pauses that are over
};

}  // namespace sim::policies
