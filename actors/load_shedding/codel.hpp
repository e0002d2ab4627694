#pragma once

#include <cstdint>

#include "libsim/time.hpp"

namespace sim::policies {

/// Controlled delay: drops requests at the head of a queue when even the shortest wait has been too long for some time,
/// and more and more often until it is not. Bursts that drain in time are left alone.
///
/// Asked once per request that leaves the queue; after a drop the queue takes out the next request at the same time and
/// asks again. Dropping begins with a request that waited `target` or longer (inclusive) when every one did for
/// `interval`; the k-th further drop follows interval / √k after the one before it. It ends with the first request that
/// waited less, or that is the last in the queue. Who begins again within 16 intervals goes on at the rate that was
/// reached. Source: RFC 8289 (Nichols, Jacobson, McGregor, Iyengar 2018), section 5.
class CoDel {
 public:
  struct Config {
    Duration target = 5ms;      ///< acceptable wait
    Duration interval = 100ms;  ///< for which it may be exceeded

    friend bool operator==(const Config&, const Config&) = default;
  };

  struct Statistics {
    std::uint64_t kept_count = 0;
    std::uint64_t dropped_count = 0;

    friend bool operator==(const Statistics&, const Statistics&) = default;
  };

  explicit CoDel(Config config);

  /// Whether to drop the request that leaves the queue at `now` after `waited`. `is_last`: none is left behind it.
  [[nodiscard]] bool should_drop(Time now, Duration waited, bool is_last);

  [[nodiscard]] bool is_dropping() const { return is_dropping_; }
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }

 private:
  [[nodiscard]] bool has_been_too_long(Time now, Duration waited, bool is_last);
  [[nodiscard]] bool decide(Time now, bool too_long);
  void begin_dropping(Time now);
  [[nodiscard]] Time next_after(Time drop) const;

  Config config_;
  Time now_{};
  Time too_long_from_ = Time::max();  ///< one interval after waits became too long; `max`: they are not
  bool is_dropping_ = false;
  bool has_dropped_ =
      false;  ///< the request before this one, by schedule: the time of the next drop is not computed yet
  Time drop_next_{};
  std::uint32_t drops_ = 0;           ///< that decide the rate, of this or the last phase
  std::uint32_t drops_at_start_ = 0;  ///< of that phase
  Statistics statistics_;
};

}  // namespace sim::policies
