#pragma once

#include <fmt/format.h>

#include <map>
#include <utility>
#include <vector>

#include "actors/containers/container.hpp"
#include "actors/monitoring/ledger.hpp"
#include "actors/queues/message_queue.hpp"

namespace sim::testing {

/// Answers model calls: after a while, at once, never, or with a failure.
class StubModel {
 public:
  struct Config {
    Duration latency = 3s;
    std::uint32_t failures_count = 0;  ///< so many calls fail, then all succeed
  };
  using Inbox = sim::Inbox<actors::Complete>;

  StubModel(Context& ctx, Config config) : ctx_(ctx), config_(config) {}
  void on(const actors::Complete& request) {
    const bool fails = calls_count++ < config_.failures_count;
    ctx_.send_after(config_.latency, request.caller, actors::Completion{request.call, !fails});
  }

  std::uint32_t calls_count = 0;

 private:
  Context& ctx_;
  Config config_;
};

/// Remembers which commands ended, how and when.
class StubClient {
 public:
  struct End {
    std::uint64_t message = 0;
    Time at{};
    bool interrupted = false;

    friend bool operator==(const End&, const End&) = default;
  };
  struct Config {};
  using Inbox = sim::Inbox<actors::CommandEnded, actors::InterruptAcknowledged>;

  StubClient(Context& ctx, Config) : ctx_(ctx) {}
  actors::CommandEndReceived on(const actors::CommandEnded& end) {
    ends.push_back({static_cast<std::uint64_t>(end.message), ctx_.now(), end.interrupted});
    return {};
  }
  void on(const actors::InterruptAcknowledged& acknowledged) { acknowledgements.push_back(acknowledged); }

  std::vector<End> ends;
  std::vector<actors::InterruptAcknowledged> acknowledgements;

 private:
  Context& ctx_;
};

/// Remembers when the container was ready.
class StubOrchestrator {
 public:
  struct Config {};
  using Inbox = sim::Inbox<actors::ContainerReady>;

  StubOrchestrator(Context& ctx, Config) : ctx_(ctx) {}
  void on(const actors::ContainerReady&) { ready_at.push_back(ctx_.now()); }

  std::vector<Time> ready_at;

 private:
  Context& ctx_;
};

/// Every time constant, so that each moment can be computed: ready after 5 s placement, 1.2 times 10 s image and 2 s
/// web server, that is at 19 s. A first command then takes 10 ms receive, 300 ms fetch, 1 s import, 100 ms agent, the
/// model call, 100 ms checkout, 50 ms commit, 200 ms build and 20 ms reply.
inline actors::Container::Config constant_times() {
  actors::Container::Config config;
  config.start_times = {.placement = constant(5s),
                        .image_pull_per_100mb = constant(10s),
                        .dependency_install = constant(30s),
                        .compile = constant(8s),
                        .git = constant(1s),
                        .web_server = constant(2s),
                        .queue_connections = constant(500ms),
                        .agent_import = constant(1s)};
  config.work_times = {.git_status = constant(40ms),
                       .git_stash = constant(60ms),
                       .git_fetch = constant(300ms),
                       .git_checkout = constant(100ms),
                       .agent_cpu = constant(100ms),
                       .commit_cpu = constant(50ms),
                       .build_cpu = constant(200ms),
                       .page_render_cpu = constant(80ms)};
  config.api_latency = constant(10ms);
  config.reply_latency = constant(20ms);
  config.leak_per_message_mb = 0;
  return config;
}

inline constexpr Time container_ready_at = Time{} + 19s;

/// One container with its queues, and stubs for everything else.
struct ContainerBench {
  using CommandQueue = actors::MessageQueue<actors::Command>;
  using InterruptQueue = actors::MessageQueue<actors::Interrupt>;

  explicit ContainerBench(actors::Container::Config container_config = constant_times(), std::size_t sessions_count = 1,
                          StubModel::Config model_config = {}, policies::FifoQueue::Config rules = {})
      : config(std::move(container_config)),
        model(simulation.spawn<StubModel>("model", model_config)),
        client(simulation.spawn<StubClient>("client", StubClient::Config{})),
        orchestrator(simulation.spawn<StubOrchestrator>("orchestrator", StubOrchestrator::Config{})),
        interrupts(simulation.spawn<InterruptQueue>("interrupts", InterruptQueue::Config{}, InterruptQueue::Ports{})) {
    for (std::size_t session = 0; session < sessions_count; ++session) {
      queues.push_back(simulation.spawn<CommandQueue>(fmt::format("queue-{}", session), CommandQueue::Config{rules},
                                                      CommandQueue::Ports{}));
      config.sessions.push_back(SessionId{session});
    }
    spawn_container();
  }

  void spawn_container() {
    actors::Container::Ports ports;
    ports.orchestrator = orchestrator;
    for (const Ref<CommandQueue> queue : queues) {
      ports.commands.emplace_back(queue);
      ports.command_deletes.emplace_back(queue);
      ports.command_visibility.emplace_back(queue);
    }
    ports.interrupts = interrupts;
    ports.interrupt_deletes = interrupts;
    ports.language_model = model;
    container = simulation.spawn<actors::Container>("container", config, ports);
  }

  void command(std::uint64_t id, std::size_t session, Time sent_at, bool edits_files = true) {
    const actors::Command body{.message = MessageId{id},
                               .session = SessionId{session},
                               .command_id = fmt::format("command-{}", id),
                               .instruction = "do it",
                               .edits_files = edits_files,
                               .client = client};
    simulation.send(queues[session],
                    actors::SendMessage<actors::Command>{.id = body.message,
                                                         .group = fmt::format("session-{}", session),
                                                         .body_text = body.command_id,
                                                         .deduplication_id = {},
                                                         .body = body},
                    sent_at - simulation.now());
  }

  void interrupt(std::uint64_t id, std::size_t session, Time sent_at) {
    simulation.send(
        interrupts,
        actors::SendMessage<actors::Interrupt>{.id = MessageId{id},
                                               .group = fmt::format("session-{}", session),
                                               .body_text = fmt::format("interrupt {}", id),
                                               .deduplication_id = {},
                                               .body = actors::Interrupt{MessageId{id}, SessionId{session}, client}},
        sent_at - simulation.now());
  }

  const std::vector<StubClient::End>& ends() { return simulation.get(client).ends; }

  Simulation simulation;
  actors::Container::Config config;
  Ref<StubModel> model;
  Ref<StubClient> client;
  Ref<StubOrchestrator> orchestrator;
  Ref<InterruptQueue> interrupts;
  std::vector<Ref<CommandQueue>> queues;
  Ref<actors::Container> container;
};

}  // namespace sim::testing
