#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "actors/containers/container.hpp"
#include "actors/containers/orchestrator.hpp"
#include "actors/containers/registry_table.hpp"
#include "actors/faults/fault_injector.hpp"
#include "actors/language_model/language_model.hpp"
#include "actors/monitoring/performance_monitor.hpp"
#include "actors/queues/message_queue.hpp"
#include "libsim/harness/experiment/arrivals.hpp"
#include "libsim/harness/experiment/parameters.hpp"
#include "libsim/harness/experiment/work_estimate.hpp"
#include "models/sessions/actors/preview_visitor.hpp"
#include "models/sessions/actors/session_client.hpp"

namespace sim::models::sessions {

/// Everything that can be set about the multi-session container platform and its scenarios.
struct Config {
  std::uint32_t sessions_count = 100;
  std::uint32_t containers_count = 10;
  Duration drain_limit = 1h;  ///< how long a scenario waits for open messages at its end
  bool always_edit = false;   ///< every message asks for an edit, also those that are remarks by their text
  bool batch_by_session = true;

  actors::SessionClient::Config client;
  actors::MessageQueue<actors::Command>::Config queue;
  actors::Container::Config container;
  actors::LanguageModel::Config language_model;
  actors::RegistryTable::Config registry;
  actors::Orchestrator::Config orchestrator;
  actors::PerformanceMonitor::Config monitor;
  actors::PreviewVisitor::Config preview;

  struct Hourly {
    Duration duration = 1h;
    std::uint32_t messages_count = 1000;
    std::uint32_t interrupts_count = 10;
    double arrivals_speed = 1;
    harness::Arrivals arrivals;
  } hourly;

  struct Switching {
    std::uint32_t messages_count = 50;
    std::uint32_t sessions_count = 10;
  } switching;

  struct Preview {
    std::uint32_t sessions_count = 10;
    Distribution message_pause = exponential(20s);
  } preview_messages;

  struct Burst {
    std::uint32_t messages_count = 100;
    Duration timeout = 15min;
  } burst;

  struct Soak {
    Duration duration = 30min;
    Duration pause = 5s;
    std::uint32_t messages_per_snapshot = 10;
  } soak;

  struct Prices {
    double vcpu_hour_usd = 0.04048;
    double gb_hour_usd = 0.004445;
    double million_requests_usd = 0.50;
  } prices;

  policies::FaultSchedule faults;  ///< times count from the start of a scenario, before its containers are ready

  Config();
};

/// What faults may be aimed at: `language-model`, and `container-0` to the last of `containers_count`, which can only
/// be killed.
[[nodiscard]] actors::FaultInjector::Targets fault_targets(const Config& config);

/// Declares every parameter, bound to `config`.
void describe(harness::Parameters& parameters, Config& config);

/// Refuses values that contradict each other.
[[nodiscard]] Expected<void> validate(const Config& config);

/// About how many events a scenario has.
[[nodiscard]] std::optional<harness::WorkEstimate> estimate(std::string_view scenario, const Config& config);

}  // namespace sim::models::sessions
