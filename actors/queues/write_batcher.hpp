#pragma once

#include <algorithm>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "libsim/failure.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// Queues writes and lets them leave in batches: a full one at once, another once its first write has waited for the
/// flush interval, as many at a time as are allowed. Writes leave in the order in which they came. Every call takes the
/// time, which never goes back (asserted).
class WriteBatcher {
 public:
  /// Chosen by the caller.
  enum class WriteId : std::uint64_t {};

  struct Config {
    std::uint32_t batch_size_max = 100;
    Duration flush_interval = 10ms;            ///< longest wait for a batch to fill; 0: none
    std::uint32_t concurrent_batches_max = 1;  ///< in progress; 0: no limit
    std::uint32_t waiting_max = 0xffffffff;    ///< not yet in a batch that is in progress; more are rejected

    friend bool operator==(const Config&, const Config&) = default;
  };

  enum class Added { accepted, rejected };

  struct Statistics {
    std::uint64_t accepted_count = 0;
    std::uint64_t rejected_count = 0;
    std::uint64_t batches_count = 0;
    std::uint64_t full_batches_count = 0;
    Duration wait_max{};  ///< of a write until its batch left

    friend bool operator==(const Statistics&, const Statistics&) = default;
  };

  explicit WriteBatcher(Config config) : config_(config) {
    check(config_.batch_size_max > 0, "a batch has room for at least one write");
    check(config_.flush_interval >= 0s, "a flush interval is not negative");
  }

  Added add(Time now, WriteId write) {
    begin_call(now);
    if (waiting() >= config_.waiting_max) {
      ++statistics_.rejected_count;
      return Added::rejected;
    }
    waiting_.push_back({write, now});
    ++statistics_.accepted_count;
    return Added::accepted;
  }

  /// The next batch that is due; empty when none is. To be called until it is empty, after each other call and at
  /// `next_batch_at()`. Valid until the next call that is not const.
  [[nodiscard]] std::span<const WriteId> take_batch(Time now) {
    begin_call(now);
    batch_.clear();
    const auto due = next_batch_at();
    if (!due || *due > now) {
      return batch_;
    }
    statistics_.wait_max = std::max(statistics_.wait_max, now - waiting_.front().since);
    while (!waiting_.empty() && batch_.size() < config_.batch_size_max) {
      batch_.push_back(waiting_.front().write);
      waiting_.pop_front();
    }
    ++in_progress_;
    ++statistics_.batches_count;
    statistics_.full_batches_count += batch_.size() == config_.batch_size_max ? 1 : 0;
    return batch_;
  }

  /// A batch that was taken has been written, or has failed.
  void batch_done(Time now) {
    begin_call(now);
    check(in_progress_ > 0, "a batch is done once");
    --in_progress_;
  }

  /// When a batch is due; nothing while nothing waits or as many as allowed are in progress.
  [[nodiscard]] std::optional<Time> next_batch_at() const {
    const bool is_busy = config_.concurrent_batches_max > 0 && in_progress_ >= config_.concurrent_batches_max;
    if (waiting_.empty() || is_busy) {
      return std::nullopt;
    }
    if (waiting_.size() >= config_.batch_size_max) {
      return now_;
    }
    const Time first = waiting_.front().since;
    return config_.flush_interval >= Time::max() - first
               ? std::nullopt
               : std::optional(std::max(now_, first + config_.flush_interval));
  }

  [[nodiscard]] std::uint32_t waiting() const { return static_cast<std::uint32_t>(waiting_.size()); }
  [[nodiscard]] std::uint32_t batches_in_progress() const { return in_progress_; }
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  struct Waiting {
    WriteId write{};
    Time since{};
  };

  void begin_call(Time now) {
    check(now >= now_, "time does not go back");
    now_ = now;
  }

  Config config_;
  Time now_{};
  std::deque<Waiting> waiting_;
  std::uint32_t in_progress_ = 0;
  std::vector<WriteId> batch_;
  Statistics statistics_;
};

}  // namespace sim::policies
