#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "libsim/sim.hpp"
#include "models/users/config.hpp"

namespace sim::models::users {

/// The wired application with its users inside of one simulation. The simulation runs only while this lives.
class System {
 public:
  /// Who takes part: each user's part in the scenario, without number and habits.
  System(Simulation& simulation, const Config& config, const std::vector<User::Config>& users);
  System(const System&) = delete;
  System& operator=(const System&) = delete;

  /// Runs until all users are done, then until nothing is in progress. False when it was cut off at the limit.
  bool run();

  [[nodiscard]] const std::vector<Ref<User>>& users() const { return users_; }
  [[nodiscard]] const User& user(Ref<User> user) const { return simulation_.get(user); }
  [[nodiscard]] const WriteQueue& writes() const { return simulation_.get(writes_); }
  [[nodiscard]] const actors::Link<ApiRequest>& network() const { return simulation_.get(network_); }
  [[nodiscard]] const Application& application() const { return simulation_.get(application_); }
  [[nodiscard]] const actors::Database& database() const { return simulation_.get(database_); }
  [[nodiscard]] Simulation& simulation() const { return simulation_; }
  [[nodiscard]] std::size_t faults_count() const { return faults_count_; }
  /// When the last user was done.
  [[nodiscard]] Time users_done_at() const { return users_done_at_; }

  /// What the machines did up to the time when the last user was done.
  struct Use {
    double application_cpu_percent = 0;
    double database_cpu_percent = 0;
  };
  [[nodiscard]] const Use& use() const { return use_; }

 private:
  void spawn_database(const Config& config);
  void spawn_users(const Config& config, const std::vector<User::Config>& users);
  void spawn_faults(const Config& config);
  bool run_until(const std::function<bool()>& condition);
  [[nodiscard]] double cpu_percent(std::string_view server) const;

  Simulation& simulation_;
  Duration run_limit_;
  ZipfKeys popularity_;  ///< of the shared records; the users look at it
  std::size_t faults_count_ = 0;
  Ref<actors::Database> database_;
  Ref<PooledDatabase> primary_pool_;
  Ref<PooledDatabase> read_pool_;  ///< the one of the primary when there are no replicas
  Ref<Agents> agents_;
  Ref<WriteQueue> writes_;
  Ref<Application> application_;
  Ref<actors::Link<ApiRequest>> network_;
  std::vector<Ref<User>> users_;
  Time users_done_at_{};
  Use use_;
};

}  // namespace sim::models::users
