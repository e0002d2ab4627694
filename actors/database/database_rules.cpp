#include "actors/database/database_rules.hpp"

#include <algorithm>

#include "libsim/failure.hpp"

namespace sim::policies {

Database::Database(Config config) : config_(config), nodes_(std::size_t{config.replicas} + 1) {
  check(config_.connection_refused_time >= 0s && config_.failure_detection_time >= 0s && config_.promotion_time >= 0s &&
            config_.catch_up_time >= 0s,
        "the times of a database are not negative");
  check(config_.statement_timeout > 0s, "the statement timeout is positive");
  check(config_.transient_error_probability >= 0 && config_.transient_error_probability <= 1,
        "a probability is between 0 and 1");
}

void Database::advance(Time now) { begin_call(now); }

Database::Query Database::begin_read(Time now, const Draws& draws) {
  begin_call(now);
  std::uint32_t refused_count = 0;
  const auto node = route_read(refused_count);
  return plan(false, node, refused_count, draws);
}

Database::Query Database::begin_write(Time now, const Draws& draws) {
  begin_call(now);
  const bool refused = !is_up(primary_);
  return plan(true, refused ? std::nullopt : std::optional(primary_), refused ? 1 : 0, draws);
}

Database::Result Database::finish(Time now, const Query& query, std::span<const Duration> replication_lags) {
  if (query.is_write) {
    return finish_batch(now, query, 1, replication_lags);
  }
  begin_call(now);
  if (const auto error = error_at_end(query)) {
    return fail_query(query, *error);
  }
  const Version version = nodes_[query.node].version;
  const Version newest = nodes_[primary_].version;
  const Version staleness = newest > version ? newest - version : 0;
  ++statistics_.reads_count;
  statistics_.primary_reads_count += query.node == primary_ ? 1 : 0;
  statistics_.stale_reads_count += staleness > 0 ? 1 : 0;
  statistics_.staleness_max = std::max(statistics_.staleness_max, staleness);
  return {std::nullopt, query.node, version, staleness};
}

Database::Result Database::finish_batch(Time now, const Query& query, std::uint32_t writes,
                                        std::span<const Duration> replication_lags) {
  begin_call(now);
  check(query.is_write && replication_lags.size() == nodes_.size(), "a write comes with one lag for each node");
  if (const auto error = error_at_end(query)) {
    return fail_query(query, *error);
  }
  State& primary = nodes_[primary_];
  primary.version += writes;
  statistics_.writes_count += writes;
  for (Node node = 0; node < nodes(); ++node) {
    if (node != primary_ && is_up(node)) {
      nodes_[node].arriving.push_back({primary.version, now + scaled_latency(replication_lags[node], 1)});
    }
  }
  return {std::nullopt, primary_, primary.version, 0};
}

void Database::fail(Time now, Node node) {
  begin_call(now);
  const bool was_up = is_up(node);
  nodes_.at(node).has_failed = true;
  if (was_up) {
    on_lost(node);
  }
}

void Database::recover(Time now, Node node) {
  begin_call(now);
  const bool was_up = is_up(node);
  nodes_.at(node).has_failed = false;
  if (!was_up && is_up(node)) {
    on_back(node);
  }
}

void Database::apply(Time now, Node node, ActiveFaults::Number number, const Fault& fault) {
  begin_call(now);
  check(faults().contains(fault.kind), "a database is given only faults that it takes");
  const bool was_up = is_up(node);
  nodes_.at(node).faults.apply(number, fault);
  if (was_up && !is_up(node)) {
    on_lost(node);
  }
}

void Database::end_fault(Time now, Node node, ActiveFaults::Number number) {
  begin_call(now);
  const bool was_up = is_up(node);
  nodes_.at(node).faults.end(number);
  if (!was_up && is_up(node)) {
    on_back(node);
  }
}

void Database::begin_call(Time now) {
  check(now >= now_, "time does not go back");
  if (failover_at_ && *failover_at_ <= now) {
    now_ = *failover_at_;
    fail_over();
  }
  now_ = now;
  for (State& node : nodes_) {
    replicate(node);
  }
}

/// The log arrives in order: a write waits for the one before it.
void Database::replicate(State& node) const {
  while (!node.arriving.empty() && node.arriving.front().at <= now_) {
    node.version = node.arriving.front().version;
    node.arriving.pop_front();
  }
}

/// What the node lacks comes with a catch-up.
void Database::follow(State& node) {
  node.arriving.clear();
  if (node.version < nodes_[primary_].version) {
    node.arriving.push_back({nodes_[primary_].version, now_ + config_.catch_up_time});
  }
}

void Database::on_lost(Node node) {
  ++nodes_[node].outages;
  nodes_[node].arriving.clear();  // it catches up when it is back
  if (node != primary_) {
    return;
  }
  primary_lost_at_ = now_;
  for (State& replica : nodes_) {
    replica.arriving.clear();  // what was on its way is on the primary only
  }
  if (config_.automatic_failover) {
    failover_at_ = now_ + config_.failure_detection_time + config_.promotion_time;
  }
}

void Database::on_back(Node node) {
  if (node == primary_) {
    statistics_.without_primary_time += now_ - *primary_lost_at_;
    primary_lost_at_.reset();
    failover_at_.reset();
    for (State& replica : nodes_) {
      if (replica.is_up()) {
        follow(replica);
      }
    }
    return;
  }
  const bool nobody_to_promote_before = primary_lost_at_ && config_.automatic_failover && !failover_at_;
  if (nobody_to_promote_before) {
    failover_at_ = now_ + config_.promotion_time;
  } else if (!primary_lost_at_) {
    follow(nodes_[node]);
  }
}

void Database::fail_over() {
  failover_at_.reset();
  const auto promoted = most_up_to_date();
  if (!promoted) {
    return;  // the first replica that comes back is promoted, or the primary itself comes back
  }
  const Version version = nodes_[*promoted].version;
  ++statistics_.failovers_count;
  statistics_.lost_writes_count += nodes_[primary_].version - version;
  statistics_.without_primary_time += now_ - *primary_lost_at_;
  primary_lost_at_.reset();
  primary_ = *promoted;
  for (State& node : nodes_) {
    node.version = std::min(node.version, version);  // what the new primary does not have is undone
    if (node.is_up()) {
      follow(node);
    }
  }
}

std::optional<Database::Node> Database::most_up_to_date() const {
  std::optional<Node> best;
  for (Node node = 0; node < nodes(); ++node) {
    if (is_up(node) && (!best || version(node) > version(*best))) {
      best = node;
    }
  }
  return best;
}

std::optional<Database::Node> Database::route_read(std::uint32_t& refused_count) {
  if (config_.read_routing != ReadRouting::primary) {
    for (Node tries = 0; tries < nodes(); ++tries) {
      const Node node = next_in_turn_;
      next_in_turn_ = (next_in_turn_ + 1) % nodes();
      if (node == primary_ && config_.read_routing == ReadRouting::replicas) {
        continue;
      }
      if (is_up(node)) {
        return node;
      }
      ++refused_count;
      if (!config_.reads_fall_back) {
        return std::nullopt;
      }
    }
    if (config_.read_routing == ReadRouting::any) {
      return std::nullopt;
    }
  }
  if (is_up(primary_)) {
    return primary_;
  }
  ++refused_count;
  return std::nullopt;
}

Database::Query Database::plan(bool is_write, std::optional<Node> node, std::uint32_t refused_count,
                               const Draws& draws) {
  statistics_.connections_refused_count += refused_count;
  Query query{.is_write = is_write, .refused_count = refused_count};
  query.duration = config_.connection_refused_time * refused_count;
  if (!node) {
    query.error = ErrorClass::connection_failed;
    return query;
  }
  const State& state = nodes_[*node];
  query.node = *node;
  query.outages_of_node = state.outages;
  SplitDraw draw(draws.error);
  if (draw.chance(config_.transient_error_probability)) {
    query.error = ErrorClass::server_error;
  } else {
    query.error = state.faults.error(draw);
  }
  const ActiveFaults::Effect& effect = state.faults.effect();
  Duration latency = scaled_latency(draws.latency, effect.latency_factor) + effect.slow_delay;
  if (latency >= config_.statement_timeout) {
    latency = config_.statement_timeout;
    query.error = ErrorClass::timed_out;
  }
  query.duration += latency;
  return query;
}

std::optional<ErrorClass> Database::error_at_end(const Query& query) const {
  return nodes_[query.node].outages != query.outages_of_node ? ErrorClass::connection_failed : query.error;
}

Database::Result Database::fail_query(const Query& query, ErrorClass error) {
  ++(query.is_write ? statistics_.failed_writes_count : statistics_.failed_reads_count);
  statistics_.timed_out_count += error == ErrorClass::timed_out ? 1 : 0;
  statistics_.transient_errors_count +=
      error != ErrorClass::timed_out && error != ErrorClass::connection_failed ? 1 : 0;
  return {error, query.node, 0, 0};
}

}  // namespace sim::policies
