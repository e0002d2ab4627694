#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "actors/load/zipf_keys.hpp"
#include "libsim/harness/experiment/parameters.hpp"
#include "libsim/harness/experiment/work_estimate.hpp"
#include "models/agents/actors/agent.hpp"
#include "models/agents/actors/agent_orchestrator.hpp"
#include "models/agents/actors/security_gate.hpp"

namespace sim::models::agents {

/// The three agents of the model, by their number at the orchestrator.
enum class Kind : std::uint8_t { fast, medium, slow };

inline constexpr std::array<Kind, 3> all_kinds = {Kind::fast, Kind::medium, Kind::slow};

/// Everything that can be set about the agents, their orchestrator and those who call them.
struct Config {
  actors::Agent::Config fast = {.setup_time = lognormal_p50_p99(4ms, 16ms), .work_time = lognormal_p50_p99(12ms, 60ms)};
  actors::Agent::Config medium = {.setup_time = lognormal_p50_p99(15ms, 60ms),
                                  .work_time = lognormal_p50_p99(85ms, 300ms)};
  actors::Agent::Config slow = {.setup_time = lognormal_p50_p99(40ms, 160ms),
                                .work_time = lognormal_p50_p99(260ms, 900ms)};
  double failure_probability = 0;

  std::uint32_t workers_count = 10;  ///< shared by all agents
  std::uint32_t queue_max = 1'000;   ///< calls in the line of the workers

  actors::AgentOrchestrator::Config orchestrator = {};  ///< its cache and its batching follow from what is below
  bool cache = false;
  policies::CacheConfig cache_rules = {.entries_max = 1'000, .ttl = 5min};
  bool batching = false;
  policies::WriteBatcher::Config batch_rules = {
      .batch_size_max = 10, .flush_interval = 20ms, .concurrent_batches_max = 0};

  bool security = false;  ///< in all scenarios; `secure` sets it for itself
  actors::SecurityGate::Config gate = {};
  std::uint32_t security_threads_count = 4;
  double invalid_token_share = 0;
  double invalid_content_share = 0;

  Duration client_timeout = 30s;
  std::uint32_t loop_invocations_count = 100;  ///< of fast, medium, slow, and twice of secure

  struct Secure {
    Kind agent = Kind::medium;
  } secure;

  struct Mix {
    std::uint32_t invocations_count = 1'000;
    double medium_share = 0.35;
    double slow_share = 0.05;
    Distribution between_invocations = exponential(50ms);
    ZipfKeys::Config inputs = {.keys = 500, .exponent = 1.0};
  } mix;

  struct Teams {
    std::uint32_t rounds_count = 30;
  } teams;

  struct Concurrent {
    std::uint32_t invocations_count = 100;
    Kind agent = Kind::medium;
  } concurrent;
};

[[nodiscard]] const actors::Agent::Config& config_of(const Config& config, Kind kind);

[[nodiscard]] Expected<void> validate(const Config& config);

/// About how many events a scenario has.
[[nodiscard]] std::optional<harness::WorkEstimate> estimate(std::string_view scenario, const Config& config);

/// Declares every parameter, bound to the members of `config`.
void describe(harness::Parameters& parameters, Config& config);

}  // namespace sim::models::agents
