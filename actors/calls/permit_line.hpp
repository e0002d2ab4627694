#pragma once

#include <cstdint>
#include <map>

#include "actors/policies/concurrency_limit.hpp"
#include "libsim/kernel/waiter.hpp"

namespace sim::calls {

/// Lets so many processes of one actor go on at once; the others wait in line.
class PermitLine {
 public:
  PermitLine(Context& ctx, const policies::ConcurrencyLimit::Config& config) : ctx_(ctx), limit_(config) {}
  PermitLine(const PermitLine&) = delete;
  PermitLine& operator=(const PermitLine&) = delete;

  /// A place in the line, then a permit; given back when it goes out of scope, from wherever it is. `co_await turn`
  /// returns when the permit is there.
  class Turn {
   public:
    explicit Turn(PermitLine& line)
        : line_(line), permit_{++line.last_}, waiter_(line.ctx_), acquired_(line.limit_.acquire(permit_)) {
      if (acquired_ == policies::ConcurrencyLimit::Acquired::waiting) {
        line_.waiting_.emplace(permit_, &waiter_);
      } else if (acquired_ == policies::ConcurrencyLimit::Acquired::granted) {
        waiter_.wake();
      }
    }
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn() { line_.leave(*this); }

    /// The line was full: there is nothing to wait for.
    [[nodiscard]] bool rejected() const { return acquired_ == policies::ConcurrencyLimit::Acquired::rejected; }
    [[nodiscard]] bool granted() const { return waiter_.woken(); }

    [[nodiscard]] Task<> wait() { co_await waiter_; }

   private:
    friend class PermitLine;

    PermitLine& line_;
    policies::Permit permit_;
    Waiter waiter_;
    policies::ConcurrencyLimit::Acquired acquired_;
  };

  [[nodiscard]] std::uint32_t in_use() const { return limit_.in_use(); }
  [[nodiscard]] std::uint32_t waiting() const { return limit_.waiting(); }

 private:
  void leave(Turn& turn) {
    if (turn.rejected()) {
      return;
    }
    if (!turn.granted()) {
      limit_.cancel(turn.permit_);
      waiting_.erase(turn.permit_);
      return;
    }
    if (const auto next = limit_.release()) {
      const auto place = waiting_.find(*next);
      place->second->wake();
      waiting_.erase(place);
    }
  }

  Context& ctx_;
  policies::ConcurrencyLimit limit_;
  std::uint64_t last_ = 0;
  std::map<policies::Permit, Waiter*> waiting_;
};

}  // namespace sim::calls
