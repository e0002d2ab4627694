#include "models/sessions/measures.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "models/faults/idle_faults.hpp"

namespace sim::models::sessions {

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

Accounts accounts(harness::ScenarioRun& run, const Platform& platform) {
  warn_of_idle_faults(run, platform.simulation(), platform.faults_count());
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
