#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

#include "actors/load_shedding/concurrency_limit.hpp"
#include "libsim/duration_sum.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// Keeps one dependency from taking all of a service: so many calls at once, others wait for a limited time or are
/// turned away.
///
/// A `ConcurrencyLimit` with time: calls wait first come, first served, and no longer than `max_wait_duration`. A place
/// that becomes free exactly when the wait ends comes too late. A call that ends at the same instant as another arrives
/// makes room for it when the caller says so first.
/// Source: resilience4j 2, BulkheadConfig (a semaphore); cockatiel 3.2.1, bulkhead (a bounded queue without time
/// limit).
class Bulkhead {
 public:
  struct Config {
    std::uint32_t max_concurrent_calls = 25;
    Duration max_wait_duration = 0s;               ///< 0: nobody waits; `forever`: as long as it takes
    std::uint32_t max_waiting_calls = 0xffffffff;  ///< at once

    friend bool operator==(const Config&, const Config&) = default;
  };

  [[nodiscard]] static Config resilience4j() { return {25, 0s, 0xffffffff}; }
  [[nodiscard]] static Config cockatiel(std::uint32_t limit, std::uint32_t queue) { return {limit, forever, queue}; }

  /// What became of the calls; those that wait are in none of the counts yet.
  struct Statistics {
    std::uint64_t accepted_count = 0;  ///< at once or after a wait
    std::uint64_t rejected_count = 0;
    std::uint64_t timed_out_count = 0;  ///< waited in vain
    std::uint64_t cancelled_count = 0;  ///< left the line
    DurationSum waited;                 ///< by accepted calls, in sum

    friend bool operator==(const Statistics&, const Statistics&) = default;
  };

  enum class Entry { accepted, waiting, rejected };

  explicit Bulkhead(Config config);

  /// A call wants in. `waiting`: its permit comes out of a later `leave` or out of `take_timed_out`.
  Entry enter(Time now, Permit call);

  /// An accepted call ended. The result is the call that takes its place, if any waited.
  std::optional<Permit> leave(Time now);

  /// A waiting call goes away; false when it was not waiting.
  bool cancel(Time now, Permit call);

  /// Ends the waits that have lasted `max_wait_duration`; every other call does so first, too.
  void advance(Time now);

  /// When the next wait ends; nothing while nobody waits or waits are not limited.
  [[nodiscard]] std::optional<Time> next_timeout_at() const;

  /// The calls whose wait ended since the last call, in that order.
  [[nodiscard]] std::vector<Permit> take_timed_out();

  [[nodiscard]] std::uint32_t active() const { return limit_.in_use(); }
  [[nodiscard]] std::uint32_t waiting() const { return limit_.waiting(); }
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }

 private:
  struct Waiter {
    Permit call{};
    Time since{};
  };

  Config config_;
  Time now_{};
  ConcurrencyLimit limit_;
  std::deque<Waiter> waiters_;  ///< in the order of the line of `limit_`
  std::vector<Permit> timed_out_;
  Statistics statistics_;
};

}  // namespace sim::policies
