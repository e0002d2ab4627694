#include "models/workflow/platform.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace sim::models::workflow {

Platform::Platform(Simulation& simulation, const Config& config)
    : simulation_(simulation),
      drain_limit_(config.drain_limit),
      publish_interval_(config.monitor.publish_interval),
      warm_min_(config.fleet.pool.warm_min) {
  ledger_ = simulation_.spawn<actors::Ledger>("ledger", actors::Ledger::Config{});
  spawn_publishing(config);
  spawn_fleet(config);
  spawn_mail(config);
  spawn_faults(config);
}

bool Platform::start() {
  return run_until([&] { return containers().count(policies::ContainerPool::State::idle) >= warm_min_; }, start_limit);
}

MessageId Platform::request(std::string client, Instruction instruction, Duration delay) {
  const MessageId session{++last_session_};
  simulation_.send(authors_, WriteEmail{{session, std::move(client), instruction}}, delay);
  last_request_at_ = std::max(last_request_at_, simulation_.now() + delay);
  return session;
}

void Platform::drain() {
  const Duration until_requested = std::max(last_request_at_ - simulation_.now(), Duration{0});
  run_until([&] { return ledger().sent_count() == last_session_ && ledger().open_count() == 0; },
            until_requested + drain_limit_);
}

void Platform::publish_metrics() {
  simulation_.run_for(publish_interval_);
  run_until([&] { return publisher().buffered() == 0 && publisher().in_batch() == 0; }, drain_limit_, 1s);
}

void Platform::record(std::string metric, double value) {
  simulation_.send(monitor_, actors::RecordMetric{std::move(metric), value});
}

const std::map<MessageId, WorkflowLog::Record>& Platform::records() const { return simulation_.get(log_).records(); }

const policies::ContainerPool& Platform::containers() const { return simulation_.get(fleet_).pool(); }

const TaskSampler& Platform::sampler() const { return simulation_.get(sampler_); }

const actors::BatchPublisher::Batcher& Platform::publisher() const { return simulation_.get(publisher_).batcher(); }

const policies::PerformanceMonitor& Platform::figures() const { return simulation_.get(monitor_).figures(); }

const policies::OutcomeLedger& Platform::ledger() const { return simulation_.get(ledger_).entries(); }

std::uint64_t Platform::check_accounts() const {
  std::set<MessageId> found = simulation_.get(authors_).on_the_way();
  for (const MessageId session : simulation_.get(queue_).message_ids()) {
    found.insert(session);
  }
  for (const MessageId session : simulation_.get(dispatcher_).sessions()) {
    found.insert(session);
  }
  return ledger().check_identity(found);
}

void Platform::spawn_publishing(const Config& config) {
  metrics_service_ = simulation_.spawn<actors::MetricsService>("metrics-service", config.metrics_service);
  publisher_ = simulation_.spawn<actors::BatchPublisher>("publisher", config.publisher, metrics_service_);
  monitor_ = simulation_.spawn<actors::PerformanceMonitor>("reporter", config.monitor, publisher_);
  log_ = simulation_.spawn<WorkflowLog>("log", WorkflowLog::Config{}, monitor_);
}

void Platform::spawn_fleet(const Config& config) {
  language_model_ = simulation_.spawn<actors::LanguageModel>("language-model", config.language_model);
  object_store_ = simulation_.spawn<actors::Server>("object-store", config.object_store);
  git_host_ = simulation_.spawn<actors::Server>("git-host", config.git_host);
  SiteContainer::Ports ports{{}, language_model_, object_store_, git_host_, log_};
  const auto spawn_container = [container = config.container, ports](Context& ctx, std::uint64_t number) {
    SiteContainer::Config numbered = container;
    numbered.number = number;
    SiteContainer::Ports wired = ports;
    wired.fleet = Ref<Fleet>{ctx.id()};
    const auto spawned = ctx.spawn<SiteContainer>(fmt::format("container-{}", number), std::move(numbered), wired);
    return Fleet::Spawned{spawned.id, spawned, spawned, spawned};
  };
  fleet_ = simulation_.spawn<Fleet>("fleet", config.fleet, spawn_container);
  sampler_ = simulation_.spawn<TaskSampler>("sampler", config.sampler, fleet_, monitor_);
}

void Platform::spawn_mail(const Config& config) {
  const auto dead_letters =
      simulation_.spawn<EmailQueue>("dead-letter-queue", EmailQueue::Config{}, EmailQueue::Ports{});
  queue_ = simulation_.spawn<EmailQueue>("email-queue", config.queue, EmailQueue::Ports{ledger_, dead_letters, {}, {}});
  Dispatcher::Config dispatcher = config.dispatcher;
  dispatcher.visibility_timeout = config.queue.rules.visibility_timeout;
  dispatcher.api_latency = config.api_latency;
  dispatcher_ = simulation_.spawn<Dispatcher>("dispatcher", std::move(dispatcher),
                                              Dispatcher::Ports{queue_, queue_, queue_, fleet_, log_, ledger_});
  const auto intake = simulation_.spawn<actors::Server>("mail-intake", config.intake);
  MailGateway::Config gateway = config.gateway;
  gateway.api_latency = config.api_latency;
  const auto mail =
      simulation_.spawn<MailGateway>("mail-gateway", std::move(gateway), MailGateway::Ports{intake, queue_, log_});
  authors_ = simulation_.spawn<Authors>("authors", config.authors, Authors::Ports{mail, ledger_, ledger_, log_, log_});
}

void Platform::spawn_faults(const Config& config) {
  if (config.faults.rows().empty()) {
    return;
  }
  faults_count_ = config.faults.rows().size();
  auto targets = fault_targets(config);
  auto& language_model = targets.at("language-model");
  language_model = actors::fault_target(language_model_, language_model.takes);
  auto& metrics_service = targets.at("metrics-service");
  metrics_service = actors::fault_target(metrics_service_, metrics_service.takes);
  simulation_.spawn<actors::FaultInjector>("fault-injector",
                                           actors::FaultInjector::Config{config.faults, std::move(targets)});
}

}  // namespace sim::models::workflow
