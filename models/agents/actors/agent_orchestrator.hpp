#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "actors/cache/cache.hpp"
#include "actors/containers/rendezvous.hpp"
#include "actors/queues/write_batcher.hpp"
#include "actors/server/service_messages.hpp"
#include "libsim/sim.hpp"
#include "libsim/statistics/time_weighted.hpp"
#include "models/agents/actors/agent_messages.hpp"

namespace sim::actors {

/// Invokes agents: one, several in sequence, several in parallel, any number of invocations at once.
///
/// An invocation passes the security gate, if there is one, asks the response cache, if there is one, joins a batch, if
/// inputs are batched, is dispatched, and waits for the agent. Lookups, dispatches and the putting together of answers
/// share one event loop; a batch is dispatched once.
class AgentOrchestrator {
 public:
  struct Config {
    Distribution dispatch_time = lognormal_p50_p99(1ms, 5ms);
    Distribution aggregation_time = lognormal_p50_p99(500us, 2500us);  ///< of each answer of a parallel team
    std::optional<policies::CacheConfig> cache = {};
    Distribution lookup_time = lognormal_p50_p99(800us, 4ms);
    std::optional<policies::WriteBatcher::Config> batching = {};

    friend bool operator==(const Config&, const Config&) = default;
  };
  struct Security {
    Port<CheckInput> check;
    Port<EncryptContent> encrypt;
  };
  struct Ports {
    std::vector<Port<WorkOnInputs>> agents;
    Port<ServiceRequest> event_loop;
    std::optional<Security> security = {};  ///< nothing: plain invocation
  };
  struct BatchDue {
    std::uint32_t agent = 0;
    friend bool operator==(const BatchDue&, const BatchDue&) = default;
  };
  struct AwaitInvoked {
    using Reply = Invoked;
    std::uint64_t number = 0;
    friend bool operator==(const AwaitInvoked&, const AwaitInvoked&) = default;
  };
  using Inbox = sim::Inbox<InvokeAgent, InvokeTeam, BatchDue, AwaitInvoked>;

  AgentOrchestrator(Context& ctx, Config config, Ports ports);
  Process on(InvokeAgent request, ReplyTo<Invoked> reply_to);
  Process on(InvokeTeam request, ReplyTo<TeamInvoked> reply_to);
  void on(const BatchDue& due) { send_batches(due.agent); }
  void on(const AwaitInvoked& request, ReplyTo<Invoked> reply_to) { results_.await(request.number, reply_to); }

  [[nodiscard]] std::uint64_t in_progress() const { return in_progress_; }
  /// The most that were in progress at one time.
  [[nodiscard]] std::uint64_t in_progress_max() const { return in_progress_max_; }
  /// Area under the number of those who wait for an invocation or a team, in askers × seconds.
  [[nodiscard]] double asked_integral() const { return asked_.integral(ctx_.now()); }
  /// Nothing without a cache.
  [[nodiscard]] std::optional<policies::CacheStatistics> cache_statistics() const;

 private:
  using Key = std::pair<std::uint32_t, std::uint64_t>;  // agent, content
  using Write = policies::WriteBatcher::WriteId;

  struct Batched {
    policies::WriteBatcher batcher;
    std::map<Write, AgentInput> inputs;
  };

  [[nodiscard]] Task<Invoked> invoke(InvokeAgent request);
  [[nodiscard]] Task<Invoked> invoke_admitted(InvokeAgent request);
  [[nodiscard]] Task<Invoked> call_alone(InvokeAgent request);
  [[nodiscard]] Task<Invoked> call_in_batch(InvokeAgent request);
  [[nodiscard]] Task<AgentWorked> call(std::uint32_t agent, std::vector<AgentInput> inputs);
  [[nodiscard]] Task<> encrypt();
  [[nodiscard]] Task<> occupy_event_loop(Duration time);
  Process invoke_member(std::uint64_t number, InvokeAgent request);
  Process run_batch(std::uint32_t agent, std::vector<Write> writes);
  void send_batches(std::uint32_t agent);

  Context& ctx_;
  Config config_;
  Ports ports_;
  RandomStream& dispatch_rng_;
  RandomStream& lookup_rng_;
  RandomStream& aggregation_rng_;
  std::optional<policies::Cache<Key, std::uint64_t>> cache_;
  std::map<std::uint32_t, Batched> batches_;  ///< by agent
  Rendezvous<Invoked> results_;
  Tally& batch_size_;
  Counter& invocations_;
  std::uint64_t in_progress_ = 0;
  std::uint64_t in_progress_max_ = 0;
  TimeWeighted asked_;
  std::uint64_t last_job_ = 0;
};

}  // namespace sim::actors
