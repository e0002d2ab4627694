#pragma once

#include <cstddef>
#include <cstdint>

#include <boost/container/static_vector.hpp>

#include "actors/faults/fault.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// One direction of a network link: when a message arrives, twice, or never.
///
/// A message takes its latency. While the order is kept none arrives before one that was sent earlier: it waits for it,
/// as on a TCP connection. A partition drops what is sent while it lasts; what is on its way arrives. A message comes
/// with its draws, the same number whatever happens to it.
class Link {
 public:
  struct Config {
    double loss_probability = 0;
    double duplication_probability = 0;  ///< of messages that are not lost
    bool keeps_order = true;             ///< false: every message travels by itself, as with UDP

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// The latencies of a message and of its copy, and uniform draws from [0, 1).
  struct Draws {
    Duration latency{};
    Duration copy_latency{};
    double loss = 0;
    double duplication = 0;
    double reordering = 0;
    double jitter = 0;
  };

  /// After how long the message and its copy arrive; none: it is lost.
  using Delays = boost::container::static_vector<Duration, 2>;

  struct Statistics {
    std::uint64_t sent_count = 0;
    std::uint64_t lost_count = 0;         ///< by chance
    std::uint64_t partitioned_count = 0;  ///< dropped by a partition
    std::uint64_t duplicated_count = 0;
    std::uint64_t overtaking_count = 0;  ///< arrivals before one that was sent earlier

    friend bool operator==(const Statistics&, const Statistics&) = default;
  };

  explicit Link(Config config);

  /// Time never goes back (asserted).
  Delays send(Time now, const Draws& draws);

  void apply(ActiveFaults::Number number, const Fault& fault);
  void end_fault(ActiveFaults::Number number);

  /// The kinds of faults that it takes.
  [[nodiscard]] static constexpr FaultKinds faults() {
    return {FaultKind::latency, FaultKind::loss, FaultKind::duplication, FaultKind::reordering, FaultKind::partition};
  }

  [[nodiscard]] const Statistics& statistics() const { return statistics_; }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  [[nodiscard]] Duration delay_of(Duration latency, const Draws& draws, SplitDraw reordering);

  Config config_;
  Time now_{};
  ActiveFaults faults_;
  Time last_in_line_at_{};  ///< arrival of the last message that keeps the order
  Time last_arrival_at_{};
  Statistics statistics_;
};

}  // namespace sim::policies
