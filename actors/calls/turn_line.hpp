#pragma once

#include <cstdint>
#include <map>

#include "actors/load_shedding/bulkhead.hpp"
#include "libsim/sim.hpp"

namespace sim::calls {

/// Lets so many processes of one actor go on at once; the others wait in line, first come, first served.
class TurnLine {
 public:
  TurnLine(Context& ctx, const policies::Bulkhead::Config& config)
      : ctx_(ctx), wait_max_(config.max_wait_duration), bulkhead_(config) {}
  TurnLine(const TurnLine&) = delete;
  TurnLine& operator=(const TurnLine&) = delete;

  /// A turn: asked for when it is made, given back when it goes, from wherever its frame ends.
  class Turn {
   public:
    explicit Turn(TurnLine& line) : line_(line), waiter_(line.ctx_), call_{++line.last_} {
      const auto entry = line_.bulkhead_.enter(line_.ctx_.now(), call_);
      state_ = entry == policies::Bulkhead::Entry::accepted  ? State::granted
               : entry == policies::Bulkhead::Entry::waiting ? State::waiting
                                                             : State::refused;
      if (state_ == State::waiting) {
        line_.waiting_.emplace(call_, this);
      }
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() { line_.leave(*this); }

    /// Waits for the turn, as long as the line allows; false when there was none to be had.
    Task<bool> take() {
      if (state_ == State::waiting) {
        co_await line_.ctx_.within(line_.wait_max_, woken());
        line_.end_overdue_waits();
      }
      co_return state_ == State::granted;
    }

    /// Whether there was no place in the line, or the wait was too long.
    [[nodiscard]] bool refused() const { return state_ == State::refused; }

   private:
    friend class TurnLine;
    enum class State { waiting, granted, refused };

    Task<> woken() { co_await waiter_; }

    TurnLine& line_;
    Waiter waiter_;
    policies::Permit call_;
    State state_ = State::waiting;
  };

  [[nodiscard]] const policies::Bulkhead& bulkhead() const { return bulkhead_; }

 private:
  void leave(const Turn& turn) {
    if (turn.state_ == Turn::State::waiting) {
      bulkhead_.cancel(ctx_.now(), turn.call_);
      waiting_.erase(turn.call_);
    } else if (turn.state_ == Turn::State::granted) {
      if (const auto next = bulkhead_.leave(ctx_.now())) {
        grant(*next);
      }
      end_overdue_waits();
    }
  }

  void grant(policies::Permit call) {
    const auto place = waiting_.find(call);
    place->second->state_ = Turn::State::granted;
    place->second->waiter_.wake();
    waiting_.erase(place);
  }

  void end_overdue_waits() {
    bulkhead_.advance(ctx_.now());
    for (const policies::Permit call : bulkhead_.take_timed_out()) {
      const auto place = waiting_.find(call);
      place->second->state_ = Turn::State::refused;
      place->second->waiter_.wake();
      waiting_.erase(place);
    }
  }

  Context& ctx_;
  Duration wait_max_;
  policies::Bulkhead bulkhead_;
  std::uint64_t last_ = 0;
  std::map<policies::Permit, Turn*> waiting_;
};

}  // namespace sim::calls
