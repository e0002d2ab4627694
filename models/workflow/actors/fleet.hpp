#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>

#include "actors/containers/container_pool.hpp"
#include "libsim/sim.hpp"
#include "models/workflow/messages.hpp"

namespace sim::models::workflow {

/// Runs sessions in containers, which it starts when they are needed and stops when nobody has needed them for a while:
/// `policies::ContainerPool` with containers that live. A session whose container ends before it has failed.
class Fleet {
 public:
  using Pool = policies::ContainerPool;

  struct Config {
    Pool::Config pool{};

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// A container that was just spawned and begins to start.
  struct Spawned {
    ActorId actor{};
    Port<RunSession> sessions;
    Port<StopContainer> stop;
    Port<ReadUsage> usage;
  };
  using SpawnContainer = std::function<Spawned(Context&, std::uint64_t container)>;

  struct Due {
    static constexpr std::string_view message_name = "Fleet::Due";
    friend bool operator==(const Due&, const Due&) = default;
  };
  using Inbox = sim::Inbox<Start, RunSession, ContainerStarted, DescribeTasks, Due, Down>;

  Fleet(Context& ctx, Config config, SpawnContainer spawn_container);
  void on(const Start&) { apply(pool_.advance(ctx_.now())); }
  void on(const RunSession& run, ReplyTo<SessionEnded> reply_to);
  void on(const ContainerStarted& started);
  RunningTasks on(const DescribeTasks&);
  void on(const Due&);
  void on(const Down& down);

  [[nodiscard]] const Pool& pool() const { return pool_; }

 private:
  enum class State { starting, running, stopping };
  struct Container {
    Spawned spawned;
    State state = State::starting;
    Time started_at{};
  };
  struct Request {
    SessionRequest session;
    ReplyTo<SessionEnded> reply_to;
  };

  void apply(Pool::Actions actions);
  void execute(const Pool::Action& action);
  void start_container(Pool::ContainerId number);
  Process serve(Pool::ContainerId number, Pool::RequestId request);
  void answer(Pool::RequestId request, bool succeeded);
  void set_timer();

  Context& ctx_;
  SpawnContainer spawn_container_;
  Pool pool_;
  std::map<Pool::ContainerId, Container> containers_;
  std::map<ActorId, Pool::ContainerId> numbers_;
  std::map<Pool::RequestId, Request> requests_;
  std::uint64_t last_request_ = 0;
  TimerId timer_{};
  std::optional<Time> timer_at_;
  Tally& container_start_;
  Tally& wait_;
  Gauge& running_;
};

}  // namespace sim::models::workflow
