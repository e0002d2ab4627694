#include "models/services/measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

namespace sim::models::services {

namespace {

/// The names of the error classes in their order, as in the metric `outcome_timed_out`.
constexpr std::array<std::string_view, 6> outcome_names = {"connection_failed", "timed_out", "throttled",
                                                           "server_error",      "rejected",  "client_error"};

}  // namespace

Accounts& Accounts::operator+=(const Accounts& other) {
  made += other.made;
  answered += other.answered;
  for (std::size_t error = 0; error < failed.size(); ++error) {
    failed[error] += other.failed[error];
  }
  in_flight += other.in_flight;
  sides += other.sides;
  return *this;
}

Accounts accounts_of(const Provider& provider, const std::vector<Ref<Caller>>& callers) {
  Accounts accounts;
  for (const Ref<Caller> caller : callers) {
    for (const Caller::Record& record : provider.simulation().get(caller).records()) {
      ++accounts.made;
      accounts.sides.sum_of_times_s +=
          to_seconds((record.ended ? record.ended_at : provider.simulation().now()) - record.began_at);
      if (record.ended && record.ended->error) {
        ++accounts.failed[static_cast<std::size_t>(record.ended->error->error)];
      } else if (record.ended) {
        ++accounts.answered;
      }
    }
  }
  const actors::ApiClient& client = provider.simulation().get(provider.client());
  accounts.in_flight = client.in_progress();
  accounts.sides.number_integral = client.in_progress_integral();
  return accounts;
}

void report_accounts(harness::ScenarioRun& run, const Accounts& accounts) {
  const auto report = [&](std::string_view metric, std::uint64_t count) {
    run.report(metric, "calls", static_cast<double>(count), accounts.made);
  };
  harness::Account identity{.whole = "calls_made", .parts = {}};
  report(identity.whole, accounts.made);
  report(identity.parts.emplace_back("outcome_answered"), accounts.answered);
  for (std::size_t error = 0; error < outcome_names.size(); ++error) {
    report(identity.parts.emplace_back(fmt::format("outcome_{}", outcome_names[error])), accounts.failed[error]);
  }
  report(identity.parts.emplace_back("calls_in_flight"), accounts.in_flight);
  run.report_account(std::move(identity));
  run.check_littles_law("calls", accounts.sides.number_integral, accounts.sides.sum_of_times_s);
}

std::vector<Caller::Record> ended_calls(Simulation& simulation, const std::vector<Ref<Caller>>& callers) {
  std::vector<Caller::Record> records;
  for (const Ref<Caller> caller : callers) {
    for (const Caller::Record& record : simulation.get(caller).records()) {
      if (record.ended) {
        records.push_back(record);
      }
    }
  }
  return records;
}

std::vector<double> response_times_s(const std::vector<Caller::Record>& records) {
  std::vector<double> times;
  for (const Caller::Record& record : records) {
    times.push_back(to_seconds(record.ended_at - record.began_at));
  }
  return times;
}

void report_response_times(harness::ScenarioRun& run, const std::string& prefix, std::vector<double> times_s) {
  std::sort(times_s.begin(), times_s.end());  // the last digits of a sum depend on the order
  run.report(prefix + "response_mean", "s", mean_of(times_s), times_s.size());
  run.report(prefix + "response_p95", "s", percentile_of(times_s, 95), times_s.size());
  run.report(prefix + "response_max", "s", largest_of(times_s), times_s.size());
}

void report_memory(harness::ScenarioRun& run, const Provider& provider, const Config& config,
                   const std::string& prefix) {
  const policies::HeapAccount& heap = provider.simulation().get(provider.client()).heap();
  const double base_mb = config.client.heap.base_mb;
  run.report(prefix + "memory_growth", "MB", heap.used_mb() - base_mb);
  run.report(prefix + "memory_growth_max", "MB", heap.used_mb_max() - base_mb);
  run.report(prefix + "memory_leaked", "MB", heap.leaked_mb());
  run.report(prefix + "collections", "count", static_cast<double>(heap.collections_count()));
}

std::uint64_t busiest_window(const Provider& provider, Duration window) {
  const auto& visits = provider.visits();
  std::size_t most = 0;
  std::size_t first = 0;
  for (std::size_t last = 0; last < visits.size(); ++last) {
    while (visits[last].arrived_at - visits[first].arrived_at >= window) {
      ++first;
    }
    most = std::max(most, last - first + 1);
  }
  return most;
}

std::uint64_t answered_at_once_max(const Provider& provider, const std::vector<Caller::Record>& records) {
  std::map<actors::ApiCallId, Time> answered_at;
  for (const Caller::Record& record : records) {
    if (!record.ended->error) {
      answered_at.emplace(record.call, record.ended_at);
    }
  }
  using Change = std::tuple<Time, int, actors::ApiCallId>;  // those who leave come before those who arrive
  std::vector<Change> changes;
  for (const actors::ApiGateway::Visit& visit : provider.visits()) {
    const auto answered = answered_at.find(visit.call);
    if (answered != answered_at.end() && !visit.was_throttled) {
      changes.emplace_back(visit.arrived_at, 1, visit.call);
      changes.emplace_back(std::min(visit.left_at, answered->second), -1, visit.call);
    }
  }
  std::sort(changes.begin(), changes.end());
  std::map<actors::ApiCallId, int> attempts;  // an attempt that hangs is still there while the next one is under way
  std::size_t most = 0;
  for (const auto& [at, change, call] : changes) {
    const auto open = attempts.emplace(call, 0).first;
    open->second += change;
    if (open->second == 0) {
      attempts.erase(open);
    }
    most = std::max(most, attempts.size());
  }
  return most;
}

Duration span(const std::vector<Caller::Record>& records) {
  if (records.empty()) {
    return Duration{0};
  }
  Time first = Time::max();
  Time last{};
  for (const Caller::Record& record : records) {
    first = std::min(first, record.began_at);
    last = std::max(last, record.ended_at);
  }
  return last - first;
}

}  // namespace sim::models::services
