#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "actors/faults/fault.hpp"
#include "actors/retry/error_class.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// A replicated database: a primary that takes all writes, replicas that follow it and answer reads, and a failover
/// that makes a replica the primary when the primary is lost.
///
/// The version of a node is the position in the log of the last write that it has: the primary's grows by one with each
/// write, a replica's follows after a lag. So every stale read and every lost write can be counted. Every call takes
/// the time, which never goes back (asserted). What is due by itself happens before whatever else happens at the same
/// time. Draws come from the caller, the same number whatever happens.
class Database {
 public:
  /// From 0 to `nodes() - 1`; 0 is the first primary.
  using Node = std::uint32_t;
  using Version = std::uint64_t;

  enum class ReadRouting {
    primary,   ///< never stale
    replicas,  ///< in turn
    any,       ///< all nodes in turn
  };

  struct Config {
    std::uint32_t replicas = 2;
    ReadRouting read_routing = ReadRouting::replicas;
    /// Whether a read that is refused tries the other nodes of its kind, and in the end the primary.
    bool reads_fall_back = true;
    Duration connection_refused_time = 1ms;  ///< what each refused connection costs
    Duration statement_timeout = 30s;        ///< a query that takes as long or longer fails then; `forever`: none
    double transient_error_probability = 0;  ///< of a query; a write that fails is not written
    bool automatic_failover = true;
    Duration failure_detection_time = 10s;  ///< from the loss of the primary to the begin of a promotion
    Duration promotion_time = 20s;          ///< until the promoted replica takes writes
    Duration catch_up_time = 1s;            ///< until a node that comes back, or follows a new primary, has all writes

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// The draws for one query: how long it takes, and a uniform one from [0, 1).
  struct Draws {
    Duration latency{};
    double error = 0;
  };

  /// What a query is going to be, as known when it begins.
  struct Query {
    bool is_write = false;
    Node node = 0;
    Duration duration{};                   ///< until `finish`, refused connections included
    std::optional<ErrorClass> error = {};  ///< as it will fail then
    std::uint32_t refused_count = 0;       ///< connections refused on the way
    std::uint64_t outages_of_node = 0;     ///< of its node when it began

    friend bool operator==(const Query&, const Query&) = default;
  };

  struct Result {
    std::optional<ErrorClass> error = {};  ///< nothing: it succeeded
    Node node = 0;
    Version version = 0;    ///< read: up to where its node had the writes; write: its own
    Version staleness = 0;  ///< read: how many writes its node lacked

    friend bool operator==(const Result&, const Result&) = default;
  };

  struct Statistics {
    std::uint64_t reads_count = 0;   ///< that succeeded
    std::uint64_t writes_count = 0;  ///< that succeeded, lost ones included
    std::uint64_t stale_reads_count = 0;
    Version staleness_max = 0;
    std::uint64_t primary_reads_count = 0;  ///< reads that the primary answered
    std::uint64_t connections_refused_count = 0;
    std::uint64_t failed_reads_count = 0;
    std::uint64_t failed_writes_count = 0;
    std::uint64_t timed_out_count = 0;         ///< reads and writes
    std::uint64_t transient_errors_count = 0;  ///< reads and writes
    std::uint64_t failovers_count = 0;
    std::uint64_t lost_writes_count = 0;  ///< that had succeeded and are on no primary any more
    Duration without_primary_time{};      ///< of outages that are over

    friend bool operator==(const Statistics&, const Statistics&) = default;
  };

  explicit Database(Config config);

  /// Lets time pass: replication, failover.
  void advance(Time now);

  /// When `advance` will promote a replica, if it has to.
  [[nodiscard]] std::optional<Time> next_failover_at() const { return failover_at_; }

  /// Where a query goes, how long it will take and how it will end, if its node lives that long.
  Query begin_read(Time now, const Draws& draws);
  Query begin_write(Time now, const Draws& draws);

  /// Ends a read or a single write. A query whose node has failed since it began fails as `connection_failed`.
  /// `replication_lags` holds, for a write, one draw for each node.
  Result finish(Time now, const Query& query, std::span<const Duration> replication_lags = {});

  /// Ends a batch of writes, all of which succeed or none. The version is that of the last one.
  Result finish_batch(Time now, const Query& query, std::uint32_t writes, std::span<const Duration> replication_lags);

  /// A node fails, or comes back: the primary of old as a replica once another one was promoted.
  void fail(Time now, Node node);
  void recover(Time now, Node node);

  /// `down` fails the node until the fault ends; `slow` and `errors` act on its queries.
  void apply(Time now, Node node, ActiveFaults::Number number, const Fault& fault);
  void end_fault(Time now, Node node, ActiveFaults::Number number);
  [[nodiscard]] static constexpr FaultKinds faults() { return {FaultKind::down, FaultKind::slow, FaultKind::errors}; }

  [[nodiscard]] Node nodes() const { return static_cast<Node>(nodes_.size()); }
  [[nodiscard]] Node primary() const { return primary_; }
  [[nodiscard]] bool is_up(Node node) const { return nodes_.at(node).is_up(); }
  /// As of the latest time given.
  [[nodiscard]] Version version(Node node) const { return nodes_.at(node).version; }
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  /// Writes up to `version` reach a replica at `at`.
  struct Arrival {
    Version version = 0;
    Time at{};
  };
  struct State {
    bool has_failed = false;
    std::uint64_t outages = 0;
    ActiveFaults faults;
    Version version = 0;
    std::deque<Arrival> arriving;

    [[nodiscard]] bool is_up() const { return !has_failed && !faults.effect().is_down; }
  };

  void begin_call(Time now);
  void replicate(State& node) const;
  void follow(State& node);
  void on_lost(Node node);
  void on_back(Node node);
  void fail_over();
  [[nodiscard]] std::optional<Node> most_up_to_date() const;
  [[nodiscard]] std::optional<Node> route_read(std::uint32_t& refused_count);
  Query plan(bool is_write, std::optional<Node> node, std::uint32_t refused_count, const Draws& draws);
  [[nodiscard]] std::optional<ErrorClass> error_at_end(const Query& query) const;
  Result fail_query(const Query& query, ErrorClass error);

  Config config_;
  Time now_{};
  std::vector<State> nodes_;
  Node primary_ = 0;
  Node next_in_turn_ = 0;
  std::optional<Time> primary_lost_at_;
  std::optional<Time> failover_at_;
  Statistics statistics_;
};

}  // namespace sim::policies
