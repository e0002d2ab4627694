#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "libsim/containers/linked_map.hpp"
#include "libsim/failure.hpp"

namespace sim::policies {

struct SingleFlightConfig {
  /// What becomes of those who wait when their leader brings no result.
  enum class LeaderLoss {
    tell_all,   ///< all of them fail with it
    hand_over,  ///< the one that has waited longest leads and asks anew
  };

  LeaderLoss on_leader_failure = LeaderLoss::tell_all;
  LeaderLoss on_leader_cancelled = LeaderLoss::hand_over;

  friend bool operator==(const SingleFlightConfig&, const SingleFlightConfig&) = default;
};

struct SingleFlightStatistics {
  std::uint64_t flights_count = 0;      ///< first askers
  std::uint64_t shared_count = 0;       ///< askers that joined a flight instead of starting one
  std::uint64_t handed_over_count = 0;  ///< leads handed on

  friend bool operator==(const SingleFlightStatistics&, const SingleFlightStatistics&) = default;
};

/// One question at a time per key: the first asker leads and asks, later ones wait for its result.
///
/// Nothing is remembered beyond the flight: who asks after its end leads the next one. Callers name themselves; a name
/// is in a flight at most once (asserted). What a leader reports that is no longer the leader changes nothing.
/// Source: the package singleflight of the Go project, `tell_all` being its behaviour; handing over is an addition.
template <class Key, class Caller>
class SingleFlight {
 public:
  using Config = SingleFlightConfig;
  using Statistics = SingleFlightStatistics;
  using LeaderLoss = SingleFlightConfig::LeaderLoss;
  enum class Role { leader, follower };

  /// Who learns what from the end of a lead. The span is valid until the next call that is not const.
  struct Ended {
    bool was_leader = false;
    std::span<const Caller> told;       ///< those who waited and now have the same outcome, in the order they came
    std::optional<Caller> next_leader;  ///< has to ask now

    friend bool operator==(const Ended& left, const Ended& right) {
      return left.was_leader == right.was_leader && left.next_leader == right.next_leader &&
             std::equal(left.told.begin(), left.told.end(), right.told.begin(), right.told.end());
    }
  };

  explicit SingleFlight(Config config = {}) : config_(config) {}

  /// `leader`: ask, and report with `succeed`, `fail` or `cancel`. `follower`: the end of the flight will tell.
  Role join(const Key& key, const Caller& caller) {
    const Place found = flights_.find(key);
    if (found == Flights::nowhere) {
      Flight& flight = flights_.value(flights_.add_newest(key));
      flight.leader = caller;
      flight.followers.clear();
      ++statistics_.flights_count;
      return Role::leader;
    }
    Flight& flight = flights_.value(found);
    check(!(flight.leader == caller) && position_of(caller, flight) == flight.followers.end(),
          "a caller is in a flight only once");
    flight.followers.push_back(caller);
    ++statistics_.shared_count;
    return Role::follower;
  }

  /// The leader has a result, and all who waited have it too.
  Ended succeed(const Key& key, const Caller& leader) { return end(key, leader, LeaderLoss::tell_all); }

  Ended fail(const Key& key, const Caller& leader) { return end(key, leader, config_.on_leader_failure); }

  /// The caller gives up. One that only waits leaves without anybody being told.
  Ended cancel(const Key& key, const Caller& caller) {
    const Place found = flights_.find(key);
    if (found != Flights::nowhere && !(flights_.value(found).leader == caller)) {
      Flight& flight = flights_.value(found);
      const auto position = position_of(caller, flight);
      if (position != flight.followers.end()) {
        flight.followers.erase(position);
      }
      return {};
    }
    return end(key, caller, config_.on_leader_cancelled);
  }

  [[nodiscard]] std::optional<Caller> leader_of(const Key& key) const {
    const Place found = flights_.find(key);
    return found == Flights::nowhere ? std::nullopt : std::optional<Caller>(flights_.value(found).leader);
  }
  [[nodiscard]] std::size_t waiting_for(const Key& key) const {
    const Place found = flights_.find(key);
    return found == Flights::nowhere ? 0 : flights_.value(found).followers.size();
  }
  /// Flights going on.
  [[nodiscard]] std::size_t flights() const { return flights_.size(); }
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }

 private:
  struct Flight {
    Caller leader{};
    std::vector<Caller> followers;
  };
  using Flights = LinkedMap<Key, Flight>;
  using Place = typename Flights::Place;

  static auto position_of(const Caller& caller, Flight& flight) {
    return std::find(flight.followers.begin(), flight.followers.end(), caller);
  }

  Ended end(const Key& key, const Caller& leader, LeaderLoss loss) {
    const Place found = flights_.find(key);
    if (found == Flights::nowhere || !(flights_.value(found).leader == leader)) {
      return {};
    }
    Flight& flight = flights_.value(found);
    if (loss == LeaderLoss::hand_over && !flight.followers.empty()) {
      flight.leader = flight.followers.front();
      flight.followers.erase(flight.followers.begin());
      ++statistics_.handed_over_count;
      return {true, {}, flight.leader};
    }
    told_.swap(flight.followers);
    flights_.erase(found);
    return {true, told_, std::nullopt};
  }

  Config config_;
  Flights flights_;
  std::vector<Caller> told_;
  Statistics statistics_;
};

}  // namespace sim::policies
