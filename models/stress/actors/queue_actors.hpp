#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "actors/queues/bounded_queue.hpp"
#include "libsim/duration_sum.hpp"
#include "libsim/sim.hpp"

namespace sim::models::stress {

using ItemQueue = policies::BoundedQueue<std::uint32_t>;

/// What a queue says to an item that came.
struct ItemQueued {
  std::optional<std::uint32_t> dropped = {};  ///< the one that found no place or had to make it
  std::uint32_t size = 0;
  std::uint32_t capacity = 0;

  friend bool operator==(const ItemQueued&, const ItemQueued&) = default;
};

struct QueueItem {
  using Reply = ItemQueued;
  std::uint32_t item = 0;

  friend bool operator==(const QueueItem&, const QueueItem&) = default;
};

struct TakenItem {
  std::optional<std::uint32_t> item = {};  ///< nothing: there will be no more

  friend bool operator==(const TakenItem&, const TakenItem&) = default;
};

/// Takes the item at the front, or waits for one.
struct TakeItem {
  using Reply = TakenItem;

  friend bool operator==(const TakeItem&, const TakeItem&) = default;
};

/// Says that no more items will come.
struct ItemsOver {
  friend bool operator==(const ItemsOver&, const ItemsOver&) = default;
};

/// A queue of bounded size between those who bring items and those who take them.
class BoundedLine {
 public:
  struct Config {
    ItemQueue::Config rules = {};
  };
  using Inbox = sim::Inbox<QueueItem, ItemsOver, TakeItem>;

  BoundedLine(Context& ctx, Config config) : ctx_(ctx), queue_(config.rules), size_(ctx.gauge("queue_items")) {}

  ItemQueued on(const QueueItem& arrival) {
    const auto dropped = queue_.push(arrival.item);
    const ItemQueued queued{dropped, static_cast<std::uint32_t>(queue_.size()),
                            static_cast<std::uint32_t>(queue_.config().capacity)};
    serve();
    return queued;
  }
  void on(const ItemsOver&) {
    is_over_ = true;
    serve();
  }
  void on(const TakeItem&, ReplyTo<TakenItem> reply_to) {
    takers_.push_back(reply_to);
    serve();
  }

 private:
  void serve() {
    while (!takers_.empty() && (!queue_.is_empty() || is_over_)) {
      ctx_.reply(takers_.front(), TakenItem{queue_.pop()});
      takers_.pop_front();
    }
    size_.set(static_cast<double>(queue_.size()));
  }

  Context& ctx_;
  ItemQueue queue_;
  Gauge& size_;
  bool is_over_ = false;
  std::deque<ReplyTo<TakenItem>> takers_;
};

/// Brings items one after the other, whatever becomes of them.
class ItemProducer {
 public:
  struct Config {
    std::uint32_t items_count = 1'500;
    Distribution pause = exponential(100us);
  };
  using Inbox = sim::Inbox<>;

  ItemProducer(Context& ctx, Config config, Port<QueueItem> queue, Port<ItemsOver> over)
      : ctx_(ctx), config_(config), queue_(queue), over_(over), pause_rng_(ctx.random("pause")) {}

  Process run() {
    for (std::uint32_t item = 0; item < config_.items_count; ++item) {
      co_await ctx_.sleep(config_.pause.sample(pause_rng_));
      const auto queued = co_await ctx_.ask(queue_, QueueItem{item});
      check(queued.has_value(), "a queue answers at once");
      brought_at_.push_back(ctx_.now());
      if (queued->dropped) {
        ++dropped_;
        dropped_after_ += ctx_.now() - brought_at_[*queued->dropped];
      }
      last_ = *queued;
    }
    ctx_.send(over_, ItemsOver{});
  }

  [[nodiscard]] std::uint64_t dropped() const { return dropped_; }
  [[nodiscard]] const ItemQueued& last() const { return last_; }  ///< what the last item was told
  /// When each item was brought, by number.
  [[nodiscard]] const std::vector<Time>& brought_at() const { return brought_at_; }
  /// How long those that were dropped had been in the queue, all together.
  [[nodiscard]] DurationSum dropped_after() const { return dropped_after_; }

 private:
  Context& ctx_;
  Config config_;
  Port<QueueItem> queue_;
  Port<ItemsOver> over_;
  RandomStream& pause_rng_;
  std::uint64_t dropped_ = 0;
  std::vector<Time> brought_at_;
  DurationSum dropped_after_;
  ItemQueued last_;
};

/// Stalls, then works on one item after the other until there are no more.
class ItemConsumer {
 public:
  struct Config {
    Duration stall = 1s;
    Distribution processing = exponential(1ms);
  };
  struct Taken {
    std::uint32_t item = 0;
    Time at{};
  };
  using Inbox = sim::Inbox<>;

  ItemConsumer(Context& ctx, Config config, Port<TakeItem> queue)
      : ctx_(ctx), config_(config), queue_(queue), processing_rng_(ctx.random("processing")) {}

  Process run() {
    co_await ctx_.sleep(config_.stall);
    while (true) {
      const auto taken = co_await ctx_.ask(queue_, TakeItem{});
      if (!taken || !taken->item) {
        co_return;
      }
      taken_.push_back({*taken->item, ctx_.now()});
      co_await ctx_.sleep(config_.processing.sample(processing_rng_));
      ++consumed_;
      last_item_ = *taken->item;
      ended_at_ = ctx_.now();
    }
  }

  [[nodiscard]] std::uint64_t consumed() const { return consumed_; }
  [[nodiscard]] const std::vector<Taken>& taken() const { return taken_; }
  [[nodiscard]] std::uint32_t last_item() const { return last_item_; }
  [[nodiscard]] Time ended_at() const { return ended_at_; }  ///< when the last item was done

 private:
  Context& ctx_;
  Config config_;
  Port<TakeItem> queue_;
  RandomStream& processing_rng_;
  std::vector<Taken> taken_;
  std::uint64_t consumed_ = 0;
  std::uint32_t last_item_ = 0;
  Time ended_at_{};
};

/// How long items were in the queue, all together, by the clocks of those who bring and take them.
[[nodiscard]] inline DurationSum time_in_queue(const ItemProducer& producer, const ItemConsumer& consumer) {
  DurationSum time = producer.dropped_after();
  for (const ItemConsumer::Taken& taken : consumer.taken()) {
    time += taken.at - producer.brought_at()[taken.item];
  }
  return time;
}

}  // namespace sim::models::stress
