#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "actors/cache/cache.hpp"
#include "actors/containers/cold_start_plan.hpp"
#include "actors/containers/cold_start_times.hpp"
#include "actors/containers/orchestration_messages.hpp"
#include "actors/containers/rendezvous.hpp"
#include "actors/containers/resource_account.hpp"
#include "actors/containers/session_messages.hpp"
#include "actors/containers/working_tree.hpp"
#include "actors/language_model/language_model_messages.hpp"
#include "actors/load_shedding/concurrency_limit.hpp"
#include "actors/monitoring/monitor_messages.hpp"
#include "actors/queues/queue_messages.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// A container that works on the commands of its sessions.
///
/// One process per session queue: receive (long poll), wait for one of `concurrency` places, let the agent think (model
/// calls, which overlap), then switch the one working tree to the session, write, commit and build (exclusive), then
/// answer and delete. Every message in hand is kept invisible by heartbeats. Interrupts are read by a process of their
/// own and stop a command that waits or thinks; what it has done so far is committed. All CPU work shares the cores.
class Container {
 public:
  /// How long the steps of git take, and the work on the cores.
  struct WorkTimes {
    Distribution git_status = lognormal_p50_p99(120ms, 500ms);
    Distribution git_stash = lognormal_p50_p99(100ms, 400ms);
    Distribution git_fetch = lognormal_p50_p99(350ms, 1500ms);
    Distribution git_checkout = lognormal_p50_p99(180ms, 700ms);
    Distribution agent_cpu = lognormal_p50_p99(120ms, 500ms);
    Distribution commit_cpu = lognormal_p50_p99(80ms, 300ms);
    Distribution build_cpu = lognormal_p50_p99(250ms, 1s);
    Distribution page_render_cpu = lognormal_p50_p99(80ms, 350ms);
  };

  struct Config {
    std::uint32_t number = 0;
    std::vector<SessionId> sessions{};
    std::uint32_t concurrency = 10;        ///< messages that are worked on at once
    std::uint32_t receive_count_max = 10;  ///< 1: no batching by session
    Duration long_poll = 20s;
    Duration visibility_timeout = 30s;  ///< what a heartbeat extends to
    Duration heartbeat_interval = 10s;
    bool heartbeats = true;
    Duration model_timeout = 120s;
    Distribution api_latency = lognormal_p50_p99(15ms, 80ms);
    Distribution reply_latency = lognormal_p50_p99(30ms, 150ms);
    policies::ColdStartPlan::Config start_plan{};
    policies::ColdStartTimes start_times{};
    WorkTimes work_times{};
    policies::ResourceAccount::Config resources{};
    double leak_per_message_mb = 0.1;  ///< mean of an exponential law
    policies::WorkingTree::Config working_tree{};
    bool cache_pages = true;
    policies::Cache<SessionId, bool>::Config page_cache{100, 60s};
  };

  struct Ports {
    Port<ContainerReady> orchestrator;
    std::vector<Port<ReceiveMessages<Command>>> commands;  ///< one queue per session, in the order of `sessions`
    std::vector<Port<DeleteMessage>> command_deletes;
    std::vector<Port<ChangeMessageVisibility>> command_visibility;
    Port<ReceiveMessages<Interrupt>> interrupts;
    Port<DeleteMessage> interrupt_deletes;
    Port<Complete> language_model;
    Port<RecordMetric> monitor;
  };

  /// What a process of the container waits for.
  struct Granted {
    friend bool operator==(const Granted&, const Granted&) = default;
  };
  struct AwaitGrant {
    using Reply = Granted;
    std::uint64_t number = 0;
    friend bool operator==(const AwaitGrant&, const AwaitGrant&) = default;
  };
  enum class CallEnd { succeeded, failed, interrupted };
  struct CallOver {
    CallEnd end = CallEnd::succeeded;
    friend bool operator==(const CallOver&, const CallOver&) = default;
  };
  struct AwaitCall {
    using Reply = CallOver;
    std::uint64_t number = 0;
    friend bool operator==(const AwaitCall&, const AwaitCall&) = default;
  };
  struct HeartbeatDue {
    SessionId session{};
    friend bool operator==(const HeartbeatDue&, const HeartbeatDue&) = default;
  };

  using Inbox = sim::Inbox<LoadPage, ReadMemory, Completion, AwaitGrant, AwaitCall, HeartbeatDue>;

  Container(Context& ctx, Config config, Ports ports);
  Process run();
  Process on(LoadPage request, ReplyTo<PageServed> reply_to);
  MemoryRead on(const ReadMemory&) { return {account_.memory_mb()}; }
  void on(const Completion& completion);
  void on(const AwaitGrant& await, ReplyTo<Granted> reply_to) { grants_.await(await.number, reply_to); }
  void on(const AwaitCall& await, ReplyTo<CallOver> reply_to) { calls_.await(await.number, reply_to); }
  void on(const HeartbeatDue& due);

  /// The messages in hand, for a walk.
  [[nodiscard]] std::vector<MessageId> message_ids() const;
  /// The messages whose commands the agent is thinking about at this moment.
  [[nodiscard]] std::vector<MessageId> thinking() const;
  [[nodiscard]] bool is_ready() const { return is_ready_; }
  [[nodiscard]] const policies::ResourceAccount& resources() const { return account_; }

 private:
  struct Work {
    enum class State { waiting, thinking, finished, interrupted, failed };
    ReceivedMessage<Command> received;
    State state = State::waiting;
    std::uint64_t call = 0;
  };

  /// The messages of one session that are worked on together.
  struct Batch {
    std::size_t queue = 0;
    std::vector<Work> works;
    TimerId heartbeat{};
  };

  // container_start.cpp
  Task<> start_up();
  Task<> import_agent_once();

  // container_work.cpp
  Process consume(std::size_t queue);
  Task<> work_on(std::size_t queue, SessionId session, std::vector<ReceivedMessage<Command>> messages);
  Batch& open_batch(std::size_t queue, SessionId session, std::vector<ReceivedMessage<Command>> messages);
  void leak(std::size_t messages_count);
  void close_batch(SessionId session);
  Task<> think(Batch& batch);
  Task<CallEnd> call_model(Work& work);
  Task<> apply(SessionId session, const Batch& batch);
  Task<> switch_tree(SessionId session);
  [[nodiscard]] Duration sample(policies::GitStep step);
  Task<> hand_over(const Batch& batch);

  // container_interrupts.cpp
  Process consume_interrupts();
  [[nodiscard]] bool stop_command(const Interrupt& interrupt);

  // container.cpp
  Task<> take(policies::ConcurrencyLimit& limit);
  void give_back(policies::ConcurrencyLimit& limit);
  Task<> compute(Duration cpu_time);
  void note_resources();

  Context& ctx_;
  Config config_;
  Ports ports_;
  policies::ColdStartPlan plan_;
  policies::WorkingTree tree_;
  policies::ResourceAccount account_;
  policies::Cache<SessionId, bool> pages_;
  policies::ConcurrencyLimit places_;       ///< messages that are worked on
  policies::ConcurrencyLimit tree_lock_;    ///< whoever uses the working tree
  policies::ConcurrencyLimit cores_;        ///< work on a core
  policies::ConcurrencyLimit import_lock_;  ///< the first command imports the agent's library, others wait for it
  Rendezvous<Granted> grants_;
  Rendezvous<CallOver> calls_;
  std::map<SessionId, Batch> batches_;
  bool is_ready_ = false;
  bool has_imported_agent_ = false;
  RandomStream& start_rng_;
  RandomStream& network_rng_;
  RandomStream& git_rng_;
  RandomStream& cpu_rng_;
  RandomStream& leak_rng_;
  Tally& tree_switch_;
  Counter& stale_deletes_;
  Counter& failed_commands_;
  Gauge& memory_;
  Gauge& memory_per_session_;
  Gauge& cpu_;
};

}  // namespace sim::actors
