#include "models/sessions/measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "models/faults/idle_faults.hpp"

namespace sim::models::sessions {

namespace {

/// When the life of a message ended. That a queue ended it is nothing that its client hears: only the ledger tells.
Time end_of_life(const actors::SessionClient::Record& record, const Platform& platform) {
  using Record = actors::SessionClient::Record;
  using policies::Outcome;
  const auto outcome = platform.ledger().outcome(record.message);
  if (outcome && outcome->outcome != Outcome::answered && outcome->outcome != Outcome::interrupted) {
    return outcome->at;
  }
  return record.end == Record::End::open ? platform.simulation().now() : record.ended_at;
}

}  // namespace

MessageTimes message_times(const Platform& platform, Duration timeout) {
  using Record = actors::SessionClient::Record;
  MessageTimes times;
  for (const Ref<actors::SessionClient> client : platform.clients()) {
    for (const Record& record : platform.simulation().get(client).records()) {
      if (record.end == Record::End::interrupted) {
        continue;
      }
      const Duration waited = record.ended_at - record.sent_at;
      const bool in_time = record.end == Record::End::answered && waited <= timeout;
      times.answered_in_time += in_time ? 1 : 0;
      times.times_s.push_back(to_seconds(in_time ? waited : timeout));
    }
  }
  std::sort(times.times_s.begin(), times.times_s.end());
  return times;
}

void start(harness::ScenarioRun& run, Platform& platform) {
  if (!platform.start()) {
    run.warn(fmt::format("not every container was ready {} after the request", to_text(Platform::start_limit)));
  }
}

Accounts& Accounts::operator+=(const Accounts& other) {
  sent += other.sent;
  in_flight += other.in_flight;
  for (std::size_t outcome = 0; outcome < ended.size(); ++outcome) {
    ended[outcome] += other.ended[outcome];
  }
  return *this;
}

void check_littles_law(harness::ScenarioRun& run, const Platform& platform) {
  double open_s = 0;
  for (const Ref<actors::SessionClient> client : platform.clients()) {
    for (const actors::SessionClient::Record& record : platform.simulation().get(client).records()) {
      open_s += to_seconds(end_of_life(record, platform) - record.sent_at);
    }
  }
  run.check_littles_law("messages", platform.ledger().open_integral(platform.simulation().now()), open_s);
}

void check_steady(harness::ScenarioRun& run, const Platform& platform) {
  using Record = actors::SessionClient::Record;
  std::vector<Record> records;
  for (const Ref<actors::SessionClient> client : platform.clients()) {
    const auto& own = platform.simulation().get(client).records();
    std::copy_if(own.begin(), own.end(), std::back_inserter(records),
                 [](const Record& record) { return record.end != Record::End::interrupted; });
  }
  std::stable_sort(records.begin(), records.end(),
                   [](const Record& one, const Record& other) { return one.sent_at < other.sent_at; });
  std::vector<double> times_s;
  for (const Record& record : records) {
    times_s.push_back(to_seconds(end_of_life(record, platform) - record.sent_at));
  }
  run.check_steady("the message times", times_s);
}

Accounts accounts(harness::ScenarioRun& run, const Platform& platform) {
  warn_of_idle_faults(run, platform.simulation(), platform.faults_count());
  check_littles_law(run, platform);
  const policies::OutcomeLedger& ledger = platform.ledger();
  Accounts accounts;
  accounts.in_flight = platform.check_accounts();
  accounts.sent = ledger.sent_count();
  for (std::size_t outcome = 0; outcome < accounts.ended.size(); ++outcome) {
    accounts.ended[outcome] = ledger.count(policies::all_outcomes[outcome]);
  }
  return accounts;
}

void report_accounts(harness::ScenarioRun& run, const Accounts& accounts) {
  const auto report = [&](std::string_view metric, std::uint64_t count) {
    run.report(metric, "messages", static_cast<double>(count), accounts.sent);
  };
  harness::Account identity{.whole = "messages_sent", .parts = {}};
  report(identity.whole, accounts.sent);
  for (std::size_t outcome = 0; outcome < accounts.ended.size(); ++outcome) {
    report(identity.parts.emplace_back(fmt::format("outcome_{}", policies::to_text(policies::all_outcomes[outcome]))),
           accounts.ended[outcome]);
  }
  report(identity.parts.emplace_back("messages_in_flight"), accounts.in_flight);
  run.report_account(std::move(identity));
}

void report_message_times(harness::ScenarioRun& run, const MessageTimes& times) {
  run.report("message_time_p50", "s", percentile_of(times.times_s, 50), times.times_s.size());
  run.report("message_time_p99", "s", percentile_of(times.times_s, 99), times.times_s.size());
}

}  // namespace sim::models::sessions
