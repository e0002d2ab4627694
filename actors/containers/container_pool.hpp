#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "actors/retry/restart_policy.hpp"
#include "libsim/containers/linked_map.hpp"
#include "libsim/duration_sum.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// Containers that are started when requests need them and stopped when nobody has needed them for a while.
///
/// A container is cold (it does not exist), starting, idle, busy or stopping. Every call takes the time, which never
/// goes back (asserted), and returns what there is to do now: containers to start and to stop, requests that one takes,
/// that waited too long, that were rejected. Starting and stopping take the caller's time; it reports their ends. What
/// is due at the time of a call comes before the call: a container whose keep-alive ends now serves no request that
/// comes now. Whoever has waited longest gets the first container that has room, be it one that became free or one that
/// was started for somebody else; the container started for it then becomes idle.
/// Source: Apache OpenWhisk, ContainerPool and ContainerProxy (idle time, prewarmed containers); Knative Serving
/// (requests that wait in front of all containers, container concurrency, scale bounds, scale to zero); AWS Lambda,
/// "Understanding Lambda function scaling" (one start per request that finds no free environment).
class ContainerPool {
 public:
  /// Names whoever is served or waits; chosen by the caller, unique among those who wait (asserted).
  enum class RequestId : std::uint64_t {};
  /// Counted from 1 in the order of their starts.
  enum class ContainerId : std::uint64_t {};
  enum class IdleReuse { most_recent, least_recent };
  /// A cold container has none.
  enum class State { starting, idle, busy, stopping };

  struct Config {
    std::uint32_t containers_max = 10;  ///< starting, idle, busy and stopping together
    std::uint32_t containers_min = 0;   ///< starting, idle and busy together: kept even if nobody needs them
    std::uint32_t warm_min = 0;         ///< idle, kept ready as far as `containers_max` allows; both 0: scales to zero
    Duration keep_alive = 10min;        ///< idle so long: stopped; `forever`: never, 0: at once
    std::uint32_t concurrency = 1;      ///< requests in one container at once
    std::uint32_t waiting_max = 0xffffffff;  ///< beyond those for whom a container starts; more are rejected
    Duration max_wait_duration = forever;    ///< of a request, cold start included; `forever`: no limit
    IdleReuse idle_reuse = IdleReuse::most_recent;
    /// Between starts that fail in a row; a start that succeeds ends the row. Its two limits are not used.
    RestartPolicy::Config start_back_off = RestartPolicy::kubernetes();

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// Up to 1000 environments, one request in each, nobody waits for a free one. The keep-alive time is not documented:
  /// the default stands. Source: AWS Lambda Developer Guide, "Understanding Lambda function scaling".
  [[nodiscard]] static Config aws_lambda();

  struct Action {
    enum class Kind {
      start,     ///< begin to start `container`
      assign,    ///< `container` takes `request`, which `waited`
      stop,      ///< begin to stop `container`
      time_out,  ///< `request` has waited for nothing
      reject,    ///< the line that `request` wanted to join is full
    };
    Kind kind = Kind::start;
    ContainerId container{};
    RequestId request{};
    Duration waited = 0s;
    bool is_cold_start = false;  ///< of an `assign`: the container has just been started and served nobody before

    friend bool operator==(const Action&, const Action&) = default;
  };
  /// In the order in which they happened; valid until the next call that is not const.
  using Actions = std::span<const Action>;

  struct Statistics {
    std::uint64_t warm_hits_count = 0;    ///< requests taken at once
    std::uint64_t cold_starts_count = 0;  ///< requests that waited until a container had started and was theirs
    std::uint64_t waits_count = 0;        ///< requests that waited and then were taken by a container in use before
    DurationSum waited;                   ///< by requests that were taken, in sum
    std::uint64_t timed_out_count = 0;
    std::uint64_t rejected_count = 0;
    std::uint64_t cancelled_count = 0;
    std::uint64_t finished_count = 0;
    std::uint64_t lost_count = 0;          ///< requests in containers that crashed
    std::uint64_t started_count = 0;       ///< containers that became ready
    std::uint64_t start_failed_count = 0;  ///< containers that did not
    std::uint64_t scaled_in_count = 0;     ///< stopped after `keep_alive`
    std::uint64_t crashed_count = 0;
    std::uint32_t containers_peak = 0;

    friend bool operator==(const Statistics&, const Statistics&) = default;
  };

  explicit ContainerPool(Config config);

  /// Lets time pass: ends of waits and of keep-alive times, starts. The first call fills the pool.
  Actions advance(Time now);

  /// When `advance` will next do something by itself; nothing while it only depends on calls.
  [[nodiscard]] std::optional<Time> next_change_at() const;

  /// `assign` at once when a container has room: a busy one before an idle one, so that idle ones can be stopped.
  /// `reject` when the line is full. Otherwise the request waits.
  Actions submit(Time now, RequestId request);

  /// One of the requests in a busy container has ended.
  Actions finished(Time now, ContainerId container);

  /// Leaves the line. Nothing happens to a request that does not wait.
  Actions cancel(Time now, RequestId request);

  /// A start has ended well.
  Actions ready(Time now, ContainerId container);
  /// A start has failed: the next one waits for the back-off. Starts that had begun before this was known belong to the
  /// same failure.
  Actions start_failed(Time now, ContainerId container);
  /// A stop has ended; until then the container takes a place.
  Actions stopped(Time now, ContainerId container);
  /// A container that was not starting is gone, with the requests in it. It is replaced, without delay, if needed.
  Actions crashed(Time now, ContainerId container);

  [[nodiscard]] std::uint32_t count(State state) const { return counts_[index(state)]; }
  /// Containers in all states.
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(containers_.size()); }
  [[nodiscard]] std::uint32_t waiting() const { return static_cast<std::uint32_t>(waiting_.size()); }
  [[nodiscard]] bool is_waiting(RequestId request) const { return waiting_.contains(request); }
  /// Requests in containers.
  [[nodiscard]] std::uint64_t in_progress() const { return in_progress_; }
  /// Time that containers have spent in this state, in sum up to the latest call: what they cost.
  [[nodiscard]] DurationSum time_in(State state) const { return times_[index(state)]; }
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  static constexpr std::size_t states_count = 4;

  struct Container {
    State state = State::starting;
    std::uint32_t requests = 0;
    std::uint64_t back_off_round = 0;  ///< how many failures of starts were known when it was started
  };
  struct Nothing {};
  using Containers = LinkedMap<ContainerId, Container>;

  [[nodiscard]] static std::size_t index(State state) { return static_cast<std::size_t>(state); }

  void begin_call(Time now);
  Actions end_call();
  void move_clock(Time now);
  void time_out_waiting();
  void stop_overdue_idle();
  void start_missing();
  [[nodiscard]] bool can_scale_in() const;
  [[nodiscard]] bool is_line_full() const;
  [[nodiscard]] std::uint32_t missing() const;
  [[nodiscard]] std::optional<ContainerId> with_room() const;
  void serve_line(bool is_cold_start);
  void hand_over(ContainerId container, RequestId request, Time asked_at, bool is_cold_start);
  void settle(ContainerId container, Container& state_of);
  void leave_lists(ContainerId container);
  void set_state(Container& container, State state);
  void remove(ContainerId container);
  Container& expect(ContainerId container, State state, const char* promise);

  Config config_;
  Time now_{};
  Time retry_start_at_{};
  std::uint64_t started_ids_ = 0;
  std::uint64_t back_off_round_ = 0;
  std::uint64_t in_progress_ = 0;
  RestartPolicy back_off_;
  std::array<std::uint32_t, states_count> counts_{};
  std::array<DurationSum, states_count> times_{};
  Containers containers_;
  LinkedMap<ContainerId, Time> idle_;     ///< since when, the longest first
  LinkedMap<ContainerId, Nothing> room_;  ///< busy with room for more, in the order in which they got it
  LinkedMap<RequestId, Time> waiting_;    ///< since when, the longest first
  std::vector<Action> actions_;
  Statistics statistics_;
};

}  // namespace sim::policies
