#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>

#include "actors/queues/backpressure.hpp"
#include "actors/queues/bounded_queue.hpp"
#include "libsim/sim.hpp"

namespace sim::models::stress {

/// An item on its way from a producer to a buffer.
struct FlowItem {
  std::uint32_t item = 0;

  friend bool operator==(const FlowItem&, const FlowItem&) = default;
};

/// Asks a producer to send nothing more for now.
struct PauseFlow {
  std::uint64_t level = 0;  ///< items in the buffer that brought it about

  friend bool operator==(const PauseFlow&, const PauseFlow&) = default;
};

struct ResumeFlow {
  std::uint64_t level = 0;

  friend bool operator==(const ResumeFlow&, const ResumeFlow&) = default;
};

/// Sends items at its own pace until told to pause. Knows nothing of the buffer but what it is told.
class FlowProducer {
 public:
  struct Config {
    std::uint32_t items_count = 150;
    Distribution pause = exponential(50us);
    bool heeds_signals = true;
  };
  struct NextItem {
    friend bool operator==(const NextItem&, const NextItem&) = default;
  };
  using Inbox = sim::Inbox<PauseFlow, ResumeFlow, NextItem, Start>;

  FlowProducer(Context& ctx, Config config)
      : ctx_(ctx), config_(config), pause_rng_(ctx.random("pause")), paused_gauge_(ctx.gauge("paused_bool")) {}

  /// To be called before the simulation begins: buffer and producer know each other.
  void connect(Port<FlowItem> buffer) { buffer_ = buffer; }

  void on(const Start&) { set_timer(); }
  void on(const NextItem&) {
    is_waiting_ = false;
    if (config_.heeds_signals && is_paused_) {
      return;
    }
    ctx_.send(buffer_, FlowItem{sent_++});
    set_timer();
  }
  void on(const PauseFlow& pause) {
    first_pause_level_ = first_pause_level_.value_or(pause.level);
    if (!is_paused_) {
      ++pauses_;
      paused_since_ = ctx_.now();
      set_paused(true);
    }
  }
  void on(const ResumeFlow&) {
    if (is_paused_) {
      paused_time_ += ctx_.now() - paused_since_;
      set_paused(false);
      set_timer();
    }
  }

  [[nodiscard]] std::uint32_t sent() const { return sent_; }
  [[nodiscard]] bool is_paused() const { return is_paused_; }
  [[nodiscard]] std::uint64_t pauses() const { return pauses_; }
  /// Up to `now`, a pause that goes on included.
  [[nodiscard]] Duration paused_time(Time now) const {
    return paused_time_ + (is_paused_ ? now - paused_since_ : Duration{0});
  }
  /// The level that the first pause told of.
  [[nodiscard]] const std::optional<std::uint64_t>& first_pause_level() const { return first_pause_level_; }

 private:
  void set_timer() {
    if (!is_waiting_ && sent_ < config_.items_count) {
      is_waiting_ = true;
      ctx_.after(config_.pause.sample(pause_rng_), NextItem{});
    }
  }
  void set_paused(bool paused) {
    is_paused_ = paused;
    paused_gauge_.set(paused ? 1 : 0);
  }

  Context& ctx_;
  Config config_;
  Port<FlowItem> buffer_;
  RandomStream& pause_rng_;
  Gauge& paused_gauge_;
  std::uint32_t sent_ = 0;
  bool is_waiting_ = false;
  bool is_paused_ = false;
  std::uint64_t pauses_ = 0;
  Time paused_since_{};
  Duration paused_time_{};  ///< of pauses that are over
  std::optional<std::uint64_t> first_pause_level_;
};

/// A bounded buffer that works on its items in batches, and signals its producer when there are too many or few enough.
/// Signals take their time, in which items go on coming; an item that finds the buffer full is lost.
class FlowBuffer {
 public:
  struct Config {
    policies::Backpressure::Config marks = {};
    std::uint32_t capacity = 128;
    std::uint32_t batch_size = 10;
    Distribution batch = lognormal_p50_p99(5ms, 10ms);
    Distribution signal_delay = exponential(200us);
    double resume_loss_probability = 0;
  };
  struct BatchDone {
    std::uint32_t items = 0;

    friend bool operator==(const BatchDone&, const BatchDone&) = default;
  };
  using Inbox = sim::Inbox<FlowItem, BatchDone>;

  FlowBuffer(Context& ctx, Config config, Port<PauseFlow> pause, Port<ResumeFlow> resume)
      : ctx_(ctx),
        config_(config),
        pause_(pause),
        resume_(resume),
        queue_({.capacity = config.capacity}),
        pressure_(config.marks),
        batch_rng_(ctx.random("batch")),
        signal_rng_(ctx.random("signal_delay")),
        loss_rng_(ctx.random("resume_loss")),
        level_(ctx.gauge("level_items")) {}

  void on(const FlowItem& arrival) {
    lost_ += queue_.push(arrival.item) ? 1 : 0;
    level_changed();
    begin_batch();
  }
  void on(const BatchDone& done) {
    processed_ += done.items;
    is_working_ = false;
    begin_batch();
  }

  [[nodiscard]] std::uint64_t processed() const { return processed_; }
  [[nodiscard]] std::uint64_t lost() const { return lost_; }
  [[nodiscard]] std::uint64_t level_max() const { return pressure_.level_max(); }

 private:
  void begin_batch() {
    if (is_working_ || queue_.is_empty()) {
      return;
    }
    const auto items = static_cast<std::uint32_t>(std::min<std::size_t>(config_.batch_size, queue_.size()));
    for (std::uint32_t item = 0; item < items; ++item) {
      queue_.pop();
    }
    is_working_ = true;
    ctx_.after(config_.batch.sample(batch_rng_), BatchDone{items});
    level_changed();
  }
  void level_changed() {
    level_.set(static_cast<double>(queue_.size()));
    const auto signal = pressure_.update(ctx_.now(), queue_.size());
    if (signal == policies::Backpressure::Signal::pause) {
      ctx_.send_after(config_.signal_delay.sample(signal_rng_), pause_, PauseFlow{queue_.size()});
    }
    if (signal == policies::Backpressure::Signal::resume && !loss_rng_.chance(config_.resume_loss_probability)) {
      ctx_.send_after(config_.signal_delay.sample(signal_rng_), resume_, ResumeFlow{queue_.size()});
    }
  }

  Context& ctx_;
  Config config_;
  Port<PauseFlow> pause_;
  Port<ResumeFlow> resume_;
  policies::BoundedQueue<std::uint32_t> queue_;
  policies::Backpressure pressure_;
  RandomStream& batch_rng_;
  RandomStream& signal_rng_;
  RandomStream& loss_rng_;
  Gauge& level_;
  bool is_working_ = false;
  std::uint64_t processed_ = 0;
  std::uint64_t lost_ = 0;
};

}  // namespace sim::models::stress
