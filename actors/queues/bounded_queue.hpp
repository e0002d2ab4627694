#pragma once

#include <boost/circular_buffer.hpp>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <utility>

#include "libsim/failure.hpp"

namespace sim::policies {

/// A first-in, first-out line with a fixed number of places, and a rule for who goes when all are taken.
///
/// Takes its memory once, when it is made. The three rules are the full modes DropWrite (here `reject`), DropOldest and
/// DropNewest of .NET's bounded channel; to wait for a place instead, put a `Backpressure` in front.
/// Source: .NET API reference, System.Threading.Channels.BoundedChannelFullMode.
template <class T>
class BoundedQueue {
 public:
  enum class OnFull {
    reject,       ///< the arriving item is not taken
    drop_oldest,  ///< the item at the front makes place
    drop_newest,  ///< the item at the back makes place: the last one that came before
  };

  struct Config {
    std::size_t capacity = 100;  ///< items
    OnFull on_full = OnFull::reject;

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// What happened so far: `pushed` = in the queue + popped + dropped + cleared.
  struct Statistics {
    std::uint64_t pushed_count = 0;  ///< items taken in
    std::uint64_t popped_count = 0;
    std::uint64_t rejected_count = 0;  ///< items not taken in
    std::uint64_t dropped_count = 0;   ///< items taken in, then thrown out for another
    std::uint64_t cleared_count = 0;
    std::size_t size_max = 0;  ///< the most items at once

    friend bool operator==(const Statistics&, const Statistics&) = default;
  };

  explicit BoundedQueue(Config config) : config_(config), items_(config.capacity) {
    check(config_.capacity > 0, "a bounded queue has at least one place");
  }

  /// Puts an item at the back. The result is who found no place: nobody, the item itself (`reject`), or the one that
  /// had to go for it.
  [[nodiscard]] std::optional<T> push(T item) {
    if (!is_full()) {
      take_in(std::move(item));
      return std::nullopt;
    }
    if (config_.on_full == OnFull::reject) {
      ++statistics_.rejected_count;
      return item;
    }
    const bool is_oldest = config_.on_full == OnFull::drop_oldest;
    std::optional<T> dropped = std::move(is_oldest ? items_.front() : items_.back());
    is_oldest ? items_.pop_front() : items_.pop_back();
    ++statistics_.dropped_count;
    take_in(std::move(item));
    return dropped;
  }

  /// Takes the item at the front, if there is one.
  std::optional<T> pop() {
    if (items_.empty()) {
      return std::nullopt;
    }
    std::optional<T> item = std::move(items_.front());
    items_.pop_front();
    ++statistics_.popped_count;
    return item;
  }

  void clear() {
    statistics_.cleared_count += items_.size();
    items_.clear();
  }

  [[nodiscard]] std::size_t size() const { return items_.size(); }
  [[nodiscard]] bool is_empty() const { return items_.empty(); }
  [[nodiscard]] bool is_full() const { return items_.size() == config_.capacity; }
  /// The items in their order, for a walk through what is here.
  [[nodiscard]] const boost::circular_buffer<T>& items() const { return items_; }
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  void take_in(T item) {
    items_.push_back(std::move(item));
    ++statistics_.pushed_count;
    statistics_.size_max = items_.size() > statistics_.size_max ? items_.size() : statistics_.size_max;
  }

  Config config_;
  boost::circular_buffer<T> items_;
  Statistics statistics_;
};

}  // namespace sim::policies
