#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "actors/faults/fault_injector.hpp"
#include "actors/language_model/language_model.hpp"
#include "actors/monitoring/metrics_service.hpp"
#include "actors/monitoring/performance_monitor.hpp"
#include "actors/queues/batch_publisher.hpp"
#include "actors/queues/message_queue.hpp"
#include "actors/queues/standard_queue.hpp"
#include "actors/server/server.hpp"
#include "libsim/harness/experiment/parameters.hpp"
#include "libsim/harness/experiment/work_estimate.hpp"
#include "models/workflow/actors/dispatcher.hpp"
#include "models/workflow/actors/fleet.hpp"
#include "models/workflow/actors/mail.hpp"
#include "models/workflow/actors/site_container.hpp"
#include "models/workflow/actors/task_sampler.hpp"

namespace sim::models::workflow {

using EmailQueue = actors::MessageQueue<SessionRequest, policies::StandardQueue>;

/// Everything that can be set about the way from an e-mail to a published site, and about the scenarios.
struct Config {
  Duration drain_limit = 1h;  ///< how long a scenario waits for open sessions at its end
  bool always_edit = false;   ///< every instruction asks for an edit, also those that are remarks by their text
  Distribution api_latency = lognormal_p50_p99(15ms, 80ms);

  Authors::Config authors;
  actors::Server::Config intake;
  MailGateway::Config gateway;
  EmailQueue::Config queue;
  Dispatcher::Config dispatcher;
  Fleet::Config fleet;
  SiteContainer::Config container;
  actors::LanguageModel::Config language_model;
  actors::Server::Config object_store;
  actors::Server::Config git_host;
  TaskSampler::Config sampler;
  actors::PerformanceMonitor::Config monitor;
  actors::BatchPublisher::Config publisher;
  actors::MetricsService::Config metrics_service;

  struct ColdWarm {
    std::uint32_t cold_count = 3;
    std::uint32_t warm_count = 5;
    Duration pause = 2s;  ///< after the deployment of a warm one
  } cold_warm;

  struct Sustained {
    std::uint32_t sessions_per_minute = 10;
    std::uint32_t minutes = 2;
    Duration deadline = 120s;
  } sustained;

  struct Burst {
    std::uint32_t sessions_count = 20;
    Duration deadline = 180s;
  } burst;

  struct Resources {
    std::uint32_t sessions_count = 5;
    Duration pause = 10s;
  } resources;

  policies::FaultSchedule faults;  ///< times count from the start of a scenario

  Config();
};

/// What faults may be aimed at: `language-model`, `metrics-service`, and `container-1` to the last of `containers.max`,
/// by the order of their starts, which can only be killed.
[[nodiscard]] actors::FaultInjector::Targets fault_targets(const Config& config);

/// Declares every parameter, bound to `config`.
void describe(harness::Parameters& parameters, Config& config);

/// Refuses values that contradict each other.
[[nodiscard]] Expected<void> validate(const Config& config);

/// About how many events a scenario has.
[[nodiscard]] std::optional<harness::WorkEstimate> estimate(std::string_view scenario, const Config& config);

}  // namespace sim::models::workflow
