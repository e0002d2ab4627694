#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <vector>

#include "actors/containers/container.hpp"
#include "actors/containers/orchestrator.hpp"
#include "actors/containers/registry_table.hpp"
#include "actors/language_model/language_model.hpp"
#include "actors/monitoring/ledger.hpp"
#include "actors/monitoring/metrics_publisher.hpp"
#include "actors/monitoring/performance_monitor.hpp"
#include "actors/queues/message_queue.hpp"
#include "libsim/sim.hpp"
#include "models/run_in_steps.hpp"
#include "models/sessions/actors/session_client.hpp"
#include "models/sessions/config.hpp"

namespace sim::models::sessions {

/// How large a platform a scenario needs.
struct Extent {
  std::uint32_t sessions_count = 1;
  std::uint32_t containers_count = 1;
};

/// The session of a message, by the number of its client.
[[nodiscard]] constexpr std::uint32_t session_number(MessageId message) {
  return static_cast<std::uint32_t>(static_cast<std::uint64_t>(message) >> 32);
}

/// The wired platform inside of one simulation, and the looks into it that the scenarios take between runs.
class Platform {
 public:
  using CommandQueue = actors::MessageQueue<actors::Command>;
  using InterruptQueue = actors::MessageQueue<actors::Interrupt>;

  static constexpr Duration start_limit = 30min;
  static constexpr const char* dead_letter_queue = "dead-letter-queue";

  Platform(Simulation& simulation, const Config& config, Extent extent);
  Platform(const Platform&) = delete;
  Platform& operator=(const Platform&) = delete;

  /// Creates the sessions, which starts their containers, and runs until all of them are ready; false when some are
  /// not after `start_limit`.
  bool start();

  /// Runs in steps until `condition` holds; false when it still does not after `limit`.
  template <class Condition>
  bool run_until(Condition condition, Duration limit, Duration step = 50ms) {
    return run_in_steps(simulation_, condition, limit, step);
  }

  /// Runs until no message is open, or for `drain.limit` at most.
  void drain();

  /// Sends what this session says at once, or after `delay`.
  void say(std::uint32_t session, actors::Say say, Duration delay = Duration{0});

  [[nodiscard]] std::uint32_t sessions_count() const { return static_cast<std::uint32_t>(clients_.size()); }
  [[nodiscard]] Ref<actors::SessionClient> client(std::uint32_t session) const { return clients_[session]; }
  [[nodiscard]] const std::vector<Ref<actors::SessionClient>>& clients() const { return clients_; }
  /// One port per session, for scripts.
  [[nodiscard]] std::vector<Port<actors::Say>> say_ports() const { return {clients_.begin(), clients_.end()}; }
  [[nodiscard]] Ref<actors::Orchestrator> orchestrator() const { return orchestrator_; }
  [[nodiscard]] Ref<actors::PerformanceMonitor> monitor() const { return monitor_; }
  [[nodiscard]] const std::vector<Ref<CommandQueue>>& command_queues() const { return command_queues_; }
  [[nodiscard]] Simulation& simulation() const { return simulation_; }

  /// A container that lives, or none.
  [[nodiscard]] std::optional<Ref<actors::Container>> container(std::uint32_t number) const;
  /// All containers that live.
  [[nodiscard]] std::vector<Ref<actors::Container>> containers() const;
  /// The commands that agents are thinking about at this moment.
  [[nodiscard]] std::vector<MessageId> commands_in_progress() const;

  [[nodiscard]] std::size_t faults_count() const { return faults_count_; }

  [[nodiscard]] const policies::OutcomeLedger& ledger() const;
  /// Every message id met on a walk through the queues, the containers and the clients that are still sending.
  [[nodiscard]] std::set<MessageId> walk() const;
  /// Checks the identity of the ledger against a walk. Returns the messages without outcome.
  std::uint64_t check_accounts() const;

  /// Area under the visible messages of all session queues so far, in messages times seconds.
  [[nodiscard]] double queue_depth_integral_messages_s() const;

 private:
  void spawn_queues(const Config& config);
  void spawn_orchestrator(const Config& config);
  void spawn_clients(const Config& config);
  void spawn_faults(const Config& config);
  [[nodiscard]] std::uint32_t container_of(std::uint32_t session) const { return session % extent_.containers_count; }

  Simulation& simulation_;
  Extent extent_;
  Duration drain_limit_;
  std::size_t faults_count_ = 0;
  Ref<actors::Ledger> ledger_;
  Ref<actors::PerformanceMonitor> monitor_;
  Ref<actors::RegistryTable> registry_;
  Ref<actors::LanguageModel> language_model_;
  Ref<actors::Orchestrator> orchestrator_;
  Ref<CommandQueue> dead_letters_;
  std::vector<Ref<CommandQueue>> command_queues_;      ///< by session
  std::vector<Ref<InterruptQueue>> interrupt_queues_;  ///< by container
  std::vector<Ref<actors::SessionClient>> clients_;    ///< by session
};

}  // namespace sim::models::sessions
