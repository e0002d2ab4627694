#include "models/sessions/platform.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sim::models::sessions {

namespace {

/// The ports of one container, and what it is made of. A value, so that the orchestrator can start it again and again.
struct ContainerBlueprint {
  actors::Container::Config config;
  actors::Container::Ports ports;
};

ContainerBlueprint blueprint(const Config& config, std::uint32_t number) {
  ContainerBlueprint blueprint;
  blueprint.config = config.container;
  blueprint.config.number = number;
  blueprint.config.receive_count_max = config.batch_by_session ? 10 : 1;
  blueprint.config.visibility_timeout = config.queue.rules.visibility_timeout;
  return blueprint;
}

}  // namespace

Platform::Platform(Simulation& simulation, const Config& config, Extent extent)
    : simulation_(simulation),
      extent_(extent),
      drain_limit_(config.drain_limit),
      ledger_(simulation.spawn<actors::Ledger>("ledger", actors::Ledger::Config{})),
      monitor_(simulation.spawn<actors::PerformanceMonitor>(
          "monitor", config.monitor,
          simulation.spawn<actors::MetricsPublisher>("metrics-publisher", actors::MetricsPublisher::Config{}))),
      registry_(simulation.spawn<actors::RegistryTable>("registry", config.registry)),
      language_model_(simulation.spawn<actors::LanguageModel>("language-model", config.language_model)) {
  spawn_queues(config);
  spawn_orchestrator(config);
  spawn_clients(config);
  spawn_faults(config);
}

bool Platform::start() {
  for (std::uint32_t session = 0; session < extent_.sessions_count; ++session) {
    simulation_.send(orchestrator_, actors::RouteSession{SessionId{session}});
  }
  return run_until([this] { return simulation_.get(orchestrator_).ready_count() == extent_.containers_count; },
                   start_limit, 100ms);
}

void Platform::drain() {
  simulation_.run_for(Duration{0});  // what was just said is in the ledger once its clients have heard it
  run_until([this] { return ledger().open_count() == 0; }, drain_limit_, 1s);
}

void Platform::say(std::uint32_t session, actors::Say say, Duration delay) {
  simulation_.send(clients_[session], std::move(say), delay);
}

std::optional<Ref<actors::Container>> Platform::container(std::uint32_t number) const {
  const Ref<actors::Container> container{simulation_.get(orchestrator_).container(number)};
  return simulation_.alive(container) ? std::optional(container) : std::nullopt;
}

std::vector<Ref<actors::Container>> Platform::containers() const {
  std::vector<Ref<actors::Container>> containers;
  for (std::uint32_t number = 0; number < extent_.containers_count; ++number) {
    if (const auto container = this->container(number)) {
      containers.push_back(*container);
    }
  }
  return containers;
}

std::vector<MessageId> Platform::commands_in_progress() const {
  std::vector<MessageId> commands;
  for (const Ref<actors::Container> container : containers()) {
    const auto thinking = simulation_.get(container).thinking();
    commands.insert(commands.end(), thinking.begin(), thinking.end());
  }
  return commands;
}

const policies::OutcomeLedger& Platform::ledger() const { return simulation_.get(ledger_).entries(); }

std::set<MessageId> Platform::walk() const {
  std::set<MessageId> found;
  const auto add = [&found](const std::vector<MessageId>& messages) { found.insert(messages.begin(), messages.end()); };
  for (const Ref<CommandQueue> queue : command_queues_) {
    if (simulation_.alive(queue)) {
      add(simulation_.get(queue).message_ids());
    }
  }
  for (const Ref<actors::Container> container : containers()) {
    add(simulation_.get(container).message_ids());
  }
  for (const Ref<actors::SessionClient> client : clients_) {
    add(simulation_.get(client).messages_being_sent());
  }
  return found;
}

std::uint64_t Platform::check_accounts() const { return ledger().check_identity(walk()); }

double Platform::queue_depth_integral_messages_s() const {
  double integral = 0;
  for (const auto& [actor, gauge] : simulation_.metrics().gauges("queue_depth_messages")) {
    integral += actor.starts_with("session-queue-") ? gauge.integral() : 0;
  }
  return integral;
}

void Platform::spawn_queues(const Config& config) {
  dead_letters_ = simulation_.spawn<CommandQueue>(dead_letter_queue, CommandQueue::Config{}, CommandQueue::Ports{});
  for (std::uint32_t session = 0; session < extent_.sessions_count; ++session) {
    command_queues_.push_back(simulation_.spawn<CommandQueue>(fmt::format("session-queue-{}", session), config.queue,
                                                              CommandQueue::Ports{ledger_, dead_letters_}));
  }
  for (std::uint32_t container = 0; container < extent_.containers_count; ++container) {
    interrupt_queues_.push_back(simulation_.spawn<InterruptQueue>(fmt::format("interrupt-queue-{}", container),
                                                                  InterruptQueue::Config{}, InterruptQueue::Ports{}));
  }
}

void Platform::spawn_orchestrator(const Config& config) {
  std::vector<ContainerBlueprint> blueprints;
  for (std::uint32_t container = 0; container < extent_.containers_count; ++container) {
    blueprints.push_back(blueprint(config, container));
    blueprints.back().ports.interrupts = interrupt_queues_[container];
    blueprints.back().ports.interrupt_deletes = interrupt_queues_[container];
    blueprints.back().ports.language_model = language_model_;
    blueprints.back().ports.monitor = monitor_;
  }
  actors::Orchestrator::Config orchestrator = config.orchestrator;
  orchestrator.containers_count = extent_.containers_count;
  for (std::uint32_t session = 0; session < extent_.sessions_count; ++session) {
    orchestrator.container_of_session.push_back(container_of(session));
    ContainerBlueprint& home = blueprints[container_of(session)];
    home.config.sessions.push_back(SessionId{session});
    home.ports.commands.emplace_back(command_queues_[session]);
    home.ports.command_deletes.emplace_back(command_queues_[session]);
    home.ports.command_visibility.emplace_back(command_queues_[session]);
  }
  const auto spawn_container = [blueprints = std::move(blueprints)](Context& ctx, std::uint32_t number) {
    ContainerBlueprint made_of = blueprints[number];
    made_of.ports.orchestrator = Ref<actors::Orchestrator>{ctx.id()};
    const auto container = ctx.spawn<actors::Container>(fmt::format("container-{}", number), std::move(made_of.config),
                                                        std::move(made_of.ports));
    return actors::Orchestrator::Spawned{container.id, container, container};
  };
  orchestrator_ = simulation_.spawn<actors::Orchestrator>("orchestrator", std::move(orchestrator), spawn_container,
                                                          actors::Orchestrator::Ports{registry_, registry_, monitor_});
}

void Platform::spawn_clients(const Config& config) {
  for (std::uint32_t session = 0; session < extent_.sessions_count; ++session) {
    actors::SessionClient::Config client = config.client;
    client.session = SessionId{session};
    clients_.push_back(simulation_.spawn<actors::SessionClient>(
        fmt::format("client-{}", session), std::move(client),
        actors::SessionClient::Ports{orchestrator_, command_queues_[session], interrupt_queues_[container_of(session)],
                                     ledger_, ledger_, monitor_}));
  }
}

void Platform::spawn_faults(const Config& config) {
  if (config.faults.rows().empty()) {
    return;
  }
  faults_count_ = config.faults.rows().size();
  auto targets = fault_targets(config);
  auto& language_model = targets.at("language-model");
  language_model = actors::fault_target(language_model_, language_model.takes);
  simulation_.spawn<actors::FaultInjector>("fault-injector",
                                           actors::FaultInjector::Config{config.faults, std::move(targets)});
}

}  // namespace sim::models::sessions
