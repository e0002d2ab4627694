#pragma once

#include <algorithm>
#include <boost/circular_buffer.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "actors/retry/error_class.hpp"
#include "actors/retry/retry_schedule.hpp"
#include "libsim/failure.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// Gathers items and hands them on in batches: when a batch is full, or when its first item has waited long enough.
///
/// One batch is under way at a time, so that items arrive in order. A batch that fails is tried again as a whole, and
/// given up when its retry schedule says so. Memory is bounded: what comes while the buffer is full is dropped, takes
/// the place of the oldest item, or is refused so that the caller waits (`block`). Every call takes the time, which
/// never goes back (asserted).
template <class Item>
class PublishBatcher {
 public:
  enum class Overflow { drop_oldest, drop_newest, block };

  struct Config {
    std::uint32_t batch_size_max = 20;
    Duration flush_interval = 60s;    ///< an item waits at most so long for its batch to fill up; `forever`: no limit
    std::uint32_t buffer_max = 1000;  ///< items that wait, besides the batch under way; at least `batch_size_max`
    Overflow overflow = Overflow::drop_oldest;
    RetrySchedule::Config retry{};

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// What became of an item that was added. `blocked`: nothing, the caller keeps it until there is room.
  enum class Admission { accepted, dropped_oldest, dropped, blocked };

  struct Statistics {
    std::uint64_t accepted_count = 0;   ///< items that came into the buffer
    std::uint64_t dropped_count = 0;    ///< items dropped because the buffer was full, new ones and old ones
    std::uint64_t blocked_count = 0;    ///< times that an item was refused
    std::uint64_t published_count = 0;  ///< items
    std::uint64_t abandoned_count = 0;  ///< items of batches that were given up
    std::uint64_t batches_count = 0;    ///< published
    std::uint64_t attempts_count = 0;   ///< batches handed out, repeated ones too
    std::uint64_t failures_count = 0;   ///< of attempts

    friend bool operator==(const Statistics&, const Statistics&) = default;
  };

  explicit PublishBatcher(Config config) : config_(std::move(config)), buffer_(config_.buffer_max) {
    check(config_.batch_size_max > 0, "a batch has at least one item");
    check(config_.buffer_max >= config_.batch_size_max, "a buffer has room for a batch");
    check(config_.flush_interval >= 0s, "a flush interval is not negative");
    batch_.reserve(config_.batch_size_max);
  }

  Admission add(Time now, Item item) {
    move_clock(now);
    if (!has_room() && config_.overflow == Overflow::block) {
      ++statistics_.blocked_count;
      return Admission::blocked;
    }
    if (!has_room() && config_.overflow == Overflow::drop_newest) {
      ++statistics_.dropped_count;
      return Admission::dropped;
    }
    const bool displaces = !has_room();
    if (displaces) {
      ++statistics_.dropped_count;
      flushes_ -= std::min<std::size_t>(flushes_, 1);
    }
    ++statistics_.accepted_count;
    buffer_.push_back({now, std::move(item)});  // a full buffer overwrites its oldest element
    return displaces ? Admission::dropped_oldest : Admission::accepted;
  }

  /// The batch to hand on now: a new one, or again the one that failed. Nothing: none is due, or one is under way. It
  /// is under way until `published` or `failed`; the items are valid until then.
  std::optional<std::span<const Item>> take_batch(Time now) {
    move_clock(now);
    const auto due = next_batch_at();
    if (!due || *due > now) {
      return std::nullopt;
    }
    if (!retry_) {
      fill_batch();
      retry_.emplace(config_.retry, now);
    }
    is_under_way_ = true;
    ++statistics_.attempts_count;
    return std::span<const Item>(batch_);
  }

  /// When `take_batch` will next hand one out; nothing while none will be, or one is under way.
  [[nodiscard]] std::optional<Time> next_batch_at() const {
    if (is_under_way_) {
      return std::nullopt;
    }
    if (retry_) {
      return retry_at_;
    }
    if (buffer_.size() >= config_.batch_size_max || (flushes_ > 0 && !buffer_.empty())) {
      return now_;
    }
    if (buffer_.empty() || config_.flush_interval == forever) {
      return std::nullopt;
    }
    return buffer_.front().at + config_.flush_interval;
  }

  /// The batch under way has arrived.
  void published(Time now) {
    end_attempt(now);
    statistics_.published_count += batch_.size();
    ++statistics_.batches_count;
    end_batch();
  }

  /// The batch under way has not arrived. True: it will be tried again; false: its items are given up. For `uniform01`
  /// and `retry_after` see `RetrySchedule`.
  bool failed(Time now, ErrorClass error, double uniform01 = 0, std::optional<Duration> retry_after = std::nullopt) {
    end_attempt(now);
    ++statistics_.failures_count;
    const RetrySchedule::Decision decision = retry_->on_failure(now, error, uniform01, retry_after);
    if (decision.outcome == RetrySchedule::Outcome::retry) {
      retry_at_ = now + decision.delay;
      return true;
    }
    statistics_.abandoned_count += batch_.size();
    end_batch();
    return false;
  }

  /// What is in the buffer now waits for no batch to fill up, as at the end of a run.
  void flush(Time now) {
    move_clock(now);
    flushes_ = buffer_.size();
  }

  [[nodiscard]] bool has_room() const { return !buffer_.full(); }
  /// Items that wait for their batch.
  [[nodiscard]] std::size_t buffered() const { return buffer_.size(); }
  /// Items of the batch that is under way or waits for its next attempt.
  [[nodiscard]] std::size_t in_batch() const { return retry_ ? batch_.size() : 0; }
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  struct Queued {
    Time at{};
    Item item{};
  };

  void move_clock(Time now) {
    check(now >= now_, "time does not go back");
    now_ = now;
  }

  void fill_batch() {
    batch_.clear();
    while (!buffer_.empty() && batch_.size() < config_.batch_size_max) {
      batch_.push_back(std::move(buffer_.front().item));
      buffer_.pop_front();
    }
    flushes_ -= std::min(flushes_, batch_.size());
  }

  void end_attempt(Time now) {
    move_clock(now);
    check(is_under_way_, "an attempt to publish a batch ends once");
    is_under_way_ = false;
  }

  void end_batch() {
    batch_.clear();
    retry_.reset();
  }

  Config config_;
  Time now_{};
  boost::circular_buffer<Queued> buffer_;  ///< oldest first
  std::vector<Item> batch_;
  std::optional<RetrySchedule> retry_;  ///< of the batch; nothing: there is none
  Time retry_at_{};
  bool is_under_way_ = false;
  std::size_t flushes_ = 0;  ///< so many of the oldest items wait no longer
  Statistics statistics_;
};

}  // namespace sim::policies
