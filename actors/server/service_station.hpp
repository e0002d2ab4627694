#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "actors/server/processor_sharing.hpp"
#include "actors/server/ranked_line.hpp"
#include "actors/server/shuffled_line.hpp"
#include "libsim/containers/indexed_heap.hpp"
#include "libsim/containers/waiting_line.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// A queueing station: servers, the line in front of them, and the rules of who is served when.
///
/// Every call takes the time, which must never go back. Things that happen by themselves (a service ends, somebody's
/// patience runs out, a server fails) come out of `next_change`, one at a time. Call it until it returns nothing before
/// and after each of the other calls, and at `next_change_at()`: so what is due at the instant of an arrival happens
/// before it. At one instant services end first (in the order of arrival), then servers fail, then patience ends.
/// A decision takes time in proportion to the logarithm of the jobs, and no memory once it has that of its peak.
/// Source: Kleinrock, Queueing Systems vol. 1 (1975) and 2 (1976); Gross and Harris, Fundamentals of Queueing Theory.
class ServiceStation {
 public:
  enum class Discipline {
    first_in_first_out,
    priority,             ///< the most urgent of those in line; nobody in service is disturbed
    preemptive_priority,  ///< an urgent arrival takes the server of the least urgent, who resumes later without loss
    processor_sharing,    ///< nobody waits; all share the servers equally
    last_in_first_out,    ///< the youngest of those in line; nobody in service is disturbed
    random_order,         ///< anyone of those in line; nobody in service is disturbed
    shortest_job_first,   ///< the one with the least work of those in line; nobody in service is disturbed
    shortest_remaining_time,  ///< an arrival takes the server of the job that needs most, if it needs less itself
  };
  enum class WhenFull {
    lose,
    block,  ///< arrivals wait outside, each keeping its place at its sender, until there is room
  };
  enum class InterruptedWork {
    resumes,
    restarts,  ///< what was done before a server went down is lost
  };
  enum class FailureClock {
    always,
    while_busy,  ///< a server that does not work does not fail
  };

  static constexpr std::uint32_t unlimited = 0;

  struct Config {
    std::uint32_t servers = 1;
    Discipline discipline = Discipline::first_in_first_out;
    std::uint32_t priorities = 1;        ///< 1 to 63; jobs have the priorities 0 (most urgent) to priorities - 1
    std::uint64_t capacity = unlimited;  ///< jobs in line and in service; at least the servers; 0: no limit
    WhenFull when_full = WhenFull::lose;
    std::uint64_t balking_queue_length = unlimited;  ///< who finds that many in line does not join; 0: no limit
    double balking_probability = 0.0;                ///< of not joining when one would have to wait
    bool discouraged = false;                        ///< joins with the probability 1 / (jobs in the station + 1)
    bool blocks_after_service = false;               ///< a finished job keeps its server until `release`
    InterruptedWork interrupted_work = InterruptedWork::resumes;
    FailureClock failure_clock = FailureClock::always;

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// A job as it arrives.
  struct Job {
    Duration work{};              ///< what it takes one server that does nothing else
    Duration patience = forever;  ///< counted from its admission; ends when its service begins for the first time
    Time deadline = Time::max();  ///< the same, whenever the job was admitted
    std::uint32_t priority = 0;   ///< matters to the two priority disciplines only
    double lot = 0.0;             ///< uniform in [0, 1), drawn for each job; matters to `random_order` only

    friend bool operator==(const Job&, const Job&) = default;
  };

  /// The number of a job while it is here: small, and given to another once it has left.
  enum class Place : std::uint32_t {};

  enum class Admission { serving, waiting, outside, lost, balked };

  struct Arrival {
    Admission admission = Admission::lost;
    Place place{};  ///< of a job that is serving, waiting or outside

    friend bool operator==(const Arrival&, const Arrival&) = default;
  };

  enum class ChangeKind {
    served,    ///< the job has left, or waits for its `release` when the station blocks after service
    reneged,   ///< the job has left
    admitted,  ///< a job that was outside is in
    failed,    ///< a server went down; `bring_up` ends that
  };

  struct Change {
    ChangeKind kind{};
    Time at{};
    Place place{};
    std::uint32_t server = 0;  ///< of `failed`
    Duration waited{};         ///< from admission, without the time in service
    Duration served{};         ///< time in service, lost work included

    friend bool operator==(const Change&, const Change&) = default;
  };

  explicit ServiceStation(Config config);

  /// The probability that somebody who arrives now joins, were there room.
  [[nodiscard]] double joining_probability() const;

  /// Takes a job in. It balks when `draw`, uniform in [0, 1), is not below `joining_probability()`; that is asked
  /// before whether there is room.
  Arrival arrive(Time now, const Job& job, double draw = 0.0);

  /// The next thing that has happened up to `now`; nothing once all is done.
  std::optional<Change> next_change(Time now);

  /// When that will be; `Time::max()` for never.
  [[nodiscard]] Time next_change_at() const;

  /// Lets a finished job go, where the station blocks after service.
  void release(Time now, Place place);

  /// Takes a server out of work. What it worked on goes to the front of the line, before all others, except under the
  /// two disciplines that preempt, where it waits in its own place. Counts: as many `bring_up` end it.
  void take_down(Time now, std::uint32_t server);
  void bring_up(Time now, std::uint32_t server);

  /// The server will fail once its failure clock has run that long.
  void fail_after(Time now, std::uint32_t server, Duration time_to_failure);

  [[nodiscard]] std::uint64_t in_system() const { return in_system_; }
  [[nodiscard]] std::uint64_t in_line() const { return line_.size() + ranked_.size() + shuffled_.size(); }
  [[nodiscard]] std::uint64_t outside() const { return outside_.size(); }
  /// Servers that work at this moment.
  [[nodiscard]] std::uint32_t busy_servers() const;
  /// Servers that a finished job occupies.
  [[nodiscard]] std::uint32_t blocked_servers() const { return blocked_; }
  [[nodiscard]] std::uint32_t servers_up() const { return up_; }
  /// The work that the jobs in the station still need. Takes time in proportion to them.
  [[nodiscard]] Duration unfinished_work(Time now) const;
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  using Index = std::uint32_t;
  static constexpr Index none = std::numeric_limits<Index>::max();

  /// A job that is here. Its `work` and `served` do not count the present stay in service.
  struct Member {
    Job job;
    Duration work_left{};
    Duration served{};
    Time admitted_at{};
    Time serving_since{};
    std::uint64_t sequence = 0;
    Index server = none;
  };

  struct Server {
    Index job = none;
    bool blocked = false;  ///< its job is finished
    bool fails = false;    ///< the failure clock is set
    std::uint32_t reasons_down = 0;
    Duration time_to_failure{};  ///< while the failure clock stands still
  };

  /// When something is due; what is due at the same time is ordered by its kind, then by age.
  struct Due {
    Time at{};
    std::uint64_t order = 0;

    friend bool operator<(const Due& one, const Due& other) {
      return one.at != other.at ? one.at < other.at : one.order < other.order;
    }
  };

  [[nodiscard]] bool shares() const { return config_.discipline == Discipline::processor_sharing; }
  [[nodiscard]] bool is_full() const { return config_.capacity != unlimited && in_system_ >= config_.capacity; }
  [[nodiscard]] Index failure_of(Index server) const { return config_.servers + server; }
  [[nodiscard]] Index patience_of(Index job) const { return 2 * config_.servers + job; }
  [[nodiscard]] bool preempts() const;
  [[nodiscard]] Index first_in_line() const;
  [[nodiscard]] std::pair<std::int64_t, std::uint64_t> rank_of(Time now, Index job) const;
  [[nodiscard]] Index least_urgent_server(Time now) const;

  void expect_settled(Time now);
  Index enter(const Job& job);
  void leave(Index job);
  Admission admit(Time now, Index job);
  void join_line(Index job);
  void rejoin_line(Index job);
  void leave_line(Index job);
  Index take_server_for(Time now, Index job);
  void start(Time now, Index job, Index server);
  void end_stay(Time now, Index server);
  void displace(Time now, Index server);
  void vacate(Time now, Index server);
  void dispatch(Time now);
  void go_down(Time now, Index server);
  void share_among_those_up(Time now);

  Change admit_from_outside();
  Change finish_shared(Time at);
  Change finish(Time at, Index server);
  Change renege(Time at, Index job);
  Change fail(Time at, Index server);

  void run_failure_clock(Time now, Index server);
  void hold_failure_clock(Time now, Index server);
  void refresh_shared_failure_clocks(Time now);

  Config config_;
  Time now_{};
  std::vector<Member> members_;
  std::vector<Index> free_places_;
  std::vector<Server> servers_;
  std::vector<Index> idle_;  ///< those that are up and have no job; the last one works next
  WaitingLine line_;         // the interrupted, and all others where the discipline has classes
  RankedLine ranked_;        // all others where it looks at age or work
  ShuffledLine shuffled_;    // all others where it is chance
  WaitingLine outside_;
  ProcessorSharing sharing_;
  IndexedHeap<Due> due_;  ///< services by server, then failures by server, then patience by job
  std::uint64_t next_sequence_ = 0;
  std::uint64_t in_system_ = 0;
  std::uint32_t up_;
  std::uint32_t working_ = 0;
  std::uint32_t blocked_ = 0;
};

}  // namespace sim::policies
