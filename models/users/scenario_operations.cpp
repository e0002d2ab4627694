#include <vector>

#include "models/users/measures.hpp"
#include "models/users/scenarios.hpp"

namespace sim::models::users {

namespace {

std::vector<User::Config> busy_users(std::uint32_t count, User::Activity activity, std::uint64_t repetitions) {
  User::Config user;
  user.activity = activity;
  user.repetitions_max = repetitions;
  return std::vector<User::Config>(count, user);
}

double rate(std::uint64_t count, double seconds) {
  return seconds > 0 ? static_cast<double>(count) / seconds : nothing_measured;
}

}  // namespace

void read_heavy(harness::ScenarioRun& run, const Config& config) {
  System system(run.simulation(), config,
                busy_users(config.users_count, User::Activity::reads, config.read_heavy.reads_count));
  run_all(run, system);
  std::uint64_t reads = 0;
  for (const Ref<User> user : system.users()) {
    reads += system.user(user).operations_succeeded();
  }
  run.report("reads_per_second", "ops/s", rate(reads, requests_span(system).length_s()), reads);
  report_operations(run, system);
  report_reads(run, system);
  report_resources(run, system);
}

void write_heavy(harness::ScenarioRun& run, const Config& config) {
  System system(run.simulation(), config,
                busy_users(config.users_count, User::Activity::writes, config.write_heavy.writes_count));
  run_all(run, system);
  const Span span = requests_span(system);
  const std::uint64_t committed = system.writes().committed_by(span.last);
  run.report("writes_per_second", "ops/s", rate(committed, span.length_s()), committed);
  report_operations(run, system);
  run.report("write_statements", "count", static_cast<double>(system.writes().statements_count()));
  report_resources(run, system);
}

}  // namespace sim::models::users
