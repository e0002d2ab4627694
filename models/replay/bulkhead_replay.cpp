#include <fmt/format.h>

#include <functional>
#include <queue>
#include <utility>

#include "actors/load_shedding/bulkhead.hpp"
#include "models/replay/holds.hpp"

namespace sim::models::replay {

namespace {

using policies::Bulkhead;

/// One run. At equal times calls end first, then waits, then calls arrive.
class BulkheadRun {
 public:
  BulkheadRun(const Bulkhead::Config& config, const Trace& trace)
      : trace_(trace), bulkhead_(config), holds_(trace.rows.size()) {}

  std::vector<Hold> run() {
    for (std::size_t row = 0; row < trace_.rows.size(); ++row) {
      const Time now = trace_.rows[row].at;
      pass_until(now);
      switch (bulkhead_.enter(now, policies::Permit{row})) {
        case Bulkhead::Entry::accepted:
          begin(row, now);
          break;
        case Bulkhead::Entry::waiting:
          break;
        case Bulkhead::Entry::rejected:
          holds_[row].result = Hold::Result::rejected;
          break;
      }
    }
    pass_until(Time::max());
    return std::move(holds_);
  }

 private:
  using End = std::pair<Time, std::size_t>;

  void pass_until(Time until) {
    for (;;) {
      const Time ends = ends_.empty() ? Time::max() : ends_.top().first;
      const Time timeout = bulkhead_.next_timeout_at().value_or(Time::max());
      const Time next = std::min(ends, timeout);
      if (next > until || next == Time::max()) {
        return;
      }
      if (ends <= timeout) {
        ends_.pop();
        if (const auto call = bulkhead_.leave(ends)) {
          begin(static_cast<std::size_t>(*call), ends);
        }
      } else {
        bulkhead_.advance(timeout);
      }
      for (const policies::Permit call : bulkhead_.take_timed_out()) {
        holds_[static_cast<std::size_t>(call)].result = Hold::Result::timed_out;
      }
    }
  }

  void begin(std::size_t row, Time now) {
    holds_[row] = {Hold::Result::acquired, now, now + trace_.rows[row].span};
    ends_.emplace(now + trace_.rows[row].span, row);
  }

  const Trace& trace_;
  Bulkhead bulkhead_;
  std::vector<Hold> holds_;
  std::priority_queue<End, std::vector<End>, std::greater<>> ends_;
};

class BulkheadReplay final : public HoldComponent {
 public:
  explicit BulkheadReplay(std::string_view preset) {
    config_ = preset == "resilience4j" ? Bulkhead::resilience4j() : Bulkhead::Config{};
    parameters_.add("max_concurrent_calls", config_.max_concurrent_calls)
        .unit("calls")
        .range(1, 1'000'000)
        .meaning("calls at once")
        .source("resilience4j, BulkheadConfig");
    parameters_.add("max_wait_duration", config_.max_wait_duration)
        .range(0s, 8760h)
        .or_forever()
        .meaning("how long a call waits for its place; 0: it does not")
        .source("resilience4j, BulkheadConfig");
    parameters_.add("max_waiting_calls", config_.max_waiting_calls)
        .unit("calls")
        .range(0, 0xffffffff)
        .meaning("calls that wait at once; the rest is rejected")
        .source("resilience4j: no bound");
  }

  [[nodiscard]] Summary replay(const Trace& trace, const RowWriter& write) const override {
    return show(trace, BulkheadRun(config_, trace).run(), write);
  }

 private:
  Bulkhead::Config config_;
};

}  // namespace

std::unique_ptr<Component> make_bulkhead(std::string_view preset) { return std::make_unique<BulkheadReplay>(preset); }

}  // namespace sim::models::replay
