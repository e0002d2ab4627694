#include "models/resilience/measures.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace sim::models::resilience {

namespace {

constexpr std::array<std::string_view, 6> error_names = {"connection_failed", "timed_out", "throttled",
                                                         "server_error",      "rejected",  "client_error"};

}  // namespace

Accounts& Accounts::operator+=(const Accounts& other) {
  sent += other.sent;
  answered += other.answered;
  in_flight += other.in_flight;
  sides += other.sides;
  for (std::size_t error = 0; error < failed.size(); ++error) {
    failed[error] += other.failed[error];
  }
  return *this;
}

Accounts accounts_of(const std::vector<CallRecord>& records, std::uint64_t open_count, double open_integral, Time now) {
  Accounts accounts;
  accounts.sent = records.size();
  accounts.in_flight = open_count;
  accounts.sides.number_integral = open_integral;
  for (const CallRecord& record : records) {
    accounts.answered += record.is_answered() ? 1 : 0;
    accounts.sides.sum_of_times_s += to_seconds((record.is_open ? now : record.ended_at) - record.sent_at);
    if (!record.is_open && record.error) {
      ++accounts.failed[static_cast<std::size_t>(*record.error)];
    }
  }
  return accounts;
}

void report_accounts(harness::ScenarioRun& run, const Accounts& accounts) {
  const auto report = [&](std::string_view metric, std::uint64_t count) {
    run.report(metric, "requests", static_cast<double>(count), accounts.sent);
  };
  harness::Account identity{.whole = "requests_sent", .parts = {}};
  report(identity.whole, accounts.sent);
  report(identity.parts.emplace_back("outcome_answered"), accounts.answered);
  for (std::size_t error = 0; error < accounts.failed.size(); ++error) {
    report(identity.parts.emplace_back(fmt::format("outcome_{}", error_names[error])), accounts.failed[error]);
  }
  report(identity.parts.emplace_back("requests_in_flight"), accounts.in_flight);
  run.report_account(std::move(identity));
  run.check_littles_law("requests", accounts.sides.number_integral, accounts.sides.sum_of_times_s);
}

double seconds_between(Time begin, std::optional<Time> end) {
  return end ? to_seconds(*end - begin) : nothing_measured;
}

double seconds_at(std::optional<Time> at) { return seconds_between(Time{}, at); }

}  // namespace sim::models::resilience
