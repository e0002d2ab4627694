#include "models/users/system.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

namespace sim::models::users {

namespace {

actors::Server::Config shared_server(std::uint32_t servers, Distribution service_time) {
  actors::Server::Config server;
  server.station.servers = servers;
  server.station.discipline = policies::ServiceStation::Discipline::processor_sharing;
  server.service_time = std::move(service_time);
  return server;
}

}  // namespace

System::System(Simulation& simulation, const Config& config, const std::vector<User::Config>& users)
    : simulation_(simulation), run_limit_(config.run_limit), popularity_(config.habits.popularity) {
  spawn_database(config);
  agents_ = simulation.spawn<Agents>("agents", config.agents);
  WriteQueue::Config writes = config.writes;
  writes.retry = config.query_retry;
  writes_ = simulation.spawn<WriteQueue>("write-queue", writes, primary_pool_);
  const auto cpu =
      simulation.spawn<actors::Server>("application-cpu", shared_server(config.application_cores, constant(0s)));
  const auto network_card = simulation.spawn<actors::Server>("network-card", shared_server(1, constant(0s)));
  Application::Config application = config.application;
  application.reading.retry = config.query_retry;
  application.agent_retry.schedule.initial_delay = config.query_retry.schedule.initial_delay;
  application.agent_retry.schedule.delay_max = config.query_retry.schedule.delay_max;
  application_ = simulation.spawn<Application>("application", application,
                                               Application::Ports{read_pool_, writes_, agents_, cpu, network_card});
  actors::LinkConfig network = config.network;
  network.answer_timeout = config.habits.timeout;  // nobody waits longer
  network_ = simulation.spawn<actors::Link<ApiRequest>>("network", network, application_);
  spawn_users(config, users);
  spawn_faults(config);
}

bool System::run() {
  const bool users_done = run_until([this] {
    return std::all_of(users_.begin(), users_.end(), [this](Ref<User> user) { return this->user(user).is_done(); });
  });
  users_done_at_ = simulation_.now();
  use_ = {cpu_percent("application-cpu"), cpu_percent("primary-cpu")};
  return users_done &&
         run_until([this] { return application().requests_in_progress() == 0 && writes().open_count() == 0; });
}

void System::spawn_database(const Config& config) {
  database_ = simulation_.spawn<actors::Database>("database", config.database);
  policies::ConnectionPool::Config pool = config.pool;
  pool.minimum_idle = pool.maximum_pool_size;  // a pool of fixed size, filled at once
  const auto spawn_pool = [&](std::string_view role, bool for_writes, std::uint32_t nodes) {
    const auto cpu = simulation_.spawn<actors::Server>(
        fmt::format("{}-cpu", role), shared_server(config.database_cores * nodes, config.query_cpu_time));
    return simulation_.spawn<PooledDatabase>(
        fmt::format("{}-pool", role),
        PooledDatabase::Config{for_writes, pool, config.evicts_on_failure, config.connect_time},
        PooledDatabase::Ports{database_, database_, database_, cpu});
  };
  primary_pool_ = spawn_pool("primary", true, 1);
  const std::uint32_t replicas = config.database.rules.replicas;
  const bool reads_primary = config.database.rules.read_routing == policies::Database::ReadRouting::primary;
  read_pool_ = replicas > 0 && !reads_primary ? spawn_pool("replica", false, replicas) : primary_pool_;
}

void System::spawn_users(const Config& config, const std::vector<User::Config>& users) {
  for (User::Config user : users) {
    user.number = static_cast<std::uint32_t>(users_.size());
    user.habits = config.habits;
    users_.push_back(simulation_.spawn<User>(fmt::format("user-{}", user.number), user, popularity_, network_));
  }
}

void System::spawn_faults(const Config& config) {
  if (config.faults.rows().empty()) {
    return;
  }
  faults_count_ = config.faults.rows().size();
  auto targets = fault_targets(config);
  for (auto& [name, target] : targets) {
    if (name == "agents") {
      target = actors::fault_target(agents_, target.takes);
    } else if (name == "network") {
      target = actors::fault_target(network_, target.takes);
    } else {
      target = actors::fault_target(database_, target.takes, target.part);
    }
  }
  simulation_.spawn<actors::FaultInjector>("fault-injector",
                                           actors::FaultInjector::Config{config.faults, std::move(targets)});
}

bool System::run_until(const std::function<bool()>& condition) {
  constexpr Duration step = 10ms;
  while (!condition()) {
    if (simulation_.now() - Time{} >= run_limit_) {
      return false;
    }
    simulation_.run_for(step);
  }
  return true;
}

double System::cpu_percent(std::string_view server) const {
  const auto& gauges = simulation_.metrics().gauges("server_utilisation_ratio");
  return 100 * gauges.find(server)->second.mean();
}

}  // namespace sim::models::users
