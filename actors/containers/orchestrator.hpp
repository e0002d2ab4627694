#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "actors/cache/cache.hpp"
#include "actors/containers/orchestration_messages.hpp"
#include "actors/containers/registry_messages.hpp"
#include "actors/monitoring/monitor_messages.hpp"
#include "actors/retry/restart_policy.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// Starts containers on demand, watches them, starts them again, and keeps the registry of who serves which session.
///
/// It learns of the end of a container by a down message and acts on it after `detection_delay`; until then it believes
/// the container to be up. Then the restart policy decides; where it does not restart, a session that was or will be
/// routed to the container does.
class Orchestrator {
 public:
  struct Config {
    policies::Cache<SessionId, std::uint32_t>::Config registry_cache{};
    bool use_registry_cache = true;
    policies::RestartPolicy::Config restart{};
    Distribution detection_delay = uniform(500ms, 2s);
    std::vector<std::uint32_t> container_of_session{};  ///< by session number: which container holds its project
    std::uint32_t containers_count = 1;
  };

  /// A container that was just spawned.
  struct Spawned {
    ActorId actor{};
    Port<LoadPage> preview;
    Port<ReadMemory> memory;
  };
  /// Spawns the container of this number, with a context of the orchestrator.
  using SpawnContainer = std::function<Spawned(Context&, std::uint32_t container)>;

  struct Ports {
    Port<GetItem> registry_reads;
    Port<PutItem> registry_writes;
    Port<RecordMetric> monitor;
  };

  struct LossDetected {
    std::uint32_t container = 0;
    friend bool operator==(const LossDetected&, const LossDetected&) = default;
  };
  struct RestartDue {
    std::uint32_t container = 0;
    friend bool operator==(const RestartDue&, const RestartDue&) = default;
  };
  using Inbox = sim::Inbox<RouteSession, ContainerReady, Down, LossDetected, RestartDue>;

  Orchestrator(Context& ctx, Config config, SpawnContainer spawn_container, Ports ports);
  Process on(RouteSession request, ReplyTo<SessionRouted> reply_to);
  void on(const ContainerReady& ready);
  void on(const Down& down);
  void on(const LossDetected& loss);
  void on(const RestartDue& due);

  /// The actor of a container that lives and has not been found lost; nobody otherwise.
  [[nodiscard]] ActorId container(std::uint32_t number) const { return slots_[number].spawned.actor; }
  [[nodiscard]] std::uint32_t ready_count() const;
  [[nodiscard]] const policies::Cache<SessionId, std::uint32_t>::Statistics& cache_statistics() const {
    return cache_.statistics();
  }

 private:
  enum class State { stopped, starting, ready, waiting_to_restart };

  struct Slot {
    State state = State::stopped;
    Spawned spawned;
    Time started_at{};
    bool is_lost = false;    ///< its end is known to the machine it ran on, not yet to the orchestrator
    bool is_wanted = false;  ///< a session was routed to it since then
    policies::RestartPolicy restart;
  };

  Task<std::uint32_t> look_up(SessionId session);
  void start(std::uint32_t container);

  Context& ctx_;
  Config config_;
  SpawnContainer spawn_container_;
  Ports ports_;
  policies::Cache<SessionId, std::uint32_t> cache_;
  std::vector<Slot> slots_;
  RandomStream& detection_rng_;
  Tally& container_start_;
  Gauge& containers_;  ///< that are there, from when they are asked for until they end
  Counter& restarts_;
  Counter& cache_hits_;
  Counter& cache_misses_;
};

}  // namespace sim::actors
