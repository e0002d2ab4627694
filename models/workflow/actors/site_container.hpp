#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "actors/calls/turn_line.hpp"
#include "actors/containers/cold_start_plan.hpp"
#include "actors/containers/cold_start_times.hpp"
#include "actors/containers/rendezvous.hpp"
#include "actors/containers/resource_account.hpp"
#include "actors/language_model/language_model_messages.hpp"
#include "actors/retry/retry_schedule.hpp"
#include "actors/server/service_messages.hpp"
#include "libsim/sim.hpp"
#include "models/workflow/messages.hpp"

namespace sim::models::workflow {

/// A task in which an agent edits a site and publishes it: checkout, agent, build, sync to the object store, commit,
/// push. A cold start comes first. A task that needs more memory than it may have is killed, with its session.
class SiteContainer {
 public:
  /// How an agent works: turns of a model call and of tools that run on a core.
  struct Agent {
    Distribution start_cpu = lognormal_p50_p99(1500ms, 4s);
    double remark_turns = 2;  ///< means; at least one turn, the others by a Poisson law
    double edit_turns = 6;
    double complex_page_turns = 15;
    Distribution tool_cpu = lognormal_p50_p99(350ms, 2500ms);  ///< per turn
    Duration call_timeout = 60s;
    policies::RetrySchedule::Config retry = policies::RetrySchedule::aws_sdk();

    friend bool operator==(const Agent&, const Agent&) = default;
  };

  struct Config {
    std::uint64_t number = 0;
    /// Loads no library of the agent, a program of its own that each session starts.
    policies::ColdStartPlan::Config start_plan{.lazy_loading = true, .application_mb = 180, .dependencies_mb = 120};
    policies::ColdStartTimes start_times{};
    double start_failure_probability = 0.002;
    Distribution stop_time = lognormal_p50_p99(3s, 20s);
    policies::ResourceAccount::Config resources{
        .memory_per_session_mb = 0, .memory_per_message_mb = 450, .memory_limit_mb = 4096};
    Distribution checkout = lognormal_p50_p99(1200ms, 5s);
    Agent agent{};
    Distribution build_cpu = lognormal_p50_p99(11s, 28s);
    double build_memory_mb = 900;
    std::uint32_t files_count = 60;  ///< files that a build changes
    std::uint32_t uploads_at_once = 10;
    Distribution sync_list = lognormal_p50_p99(500ms, 2s);
    Distribution commit_cpu = lognormal_p50_p99(600ms, 2500ms);
    double push_failure_probability = 0.01;
    Duration push_retry_delay = 2s;
    std::uint32_t push_attempts_max = 3;

    friend bool operator==(const Config&, const Config&) = default;
  };

  struct Ports {
    Port<ContainerStarted> fleet;
    Port<actors::Complete> language_model;
    Port<actors::ServiceRequest> object_store;
    Port<actors::ServiceRequest> git_host;
    Port<StepDone> log;
  };

  struct CallOver {
    bool succeeded = false;
    friend bool operator==(const CallOver&, const CallOver&) = default;
  };
  struct AwaitCall {
    using Reply = CallOver;
    std::uint64_t number = 0;
    friend bool operator==(const AwaitCall&, const AwaitCall&) = default;
  };
  using Inbox = sim::Inbox<RunSession, StopContainer, ReadUsage, actors::Completion, AwaitCall>;

  SiteContainer(Context& ctx, Config config, Ports ports);
  Process run();
  Process on(RunSession run, ReplyTo<SessionEnded> reply_to);
  Process on(StopContainer);
  TaskUsage on(const ReadUsage&);
  void on(const actors::Completion& completion) { calls_.resolve(completion.call, {completion.succeeded}); }
  void on(const AwaitCall& await, ReplyTo<CallOver> reply_to) { calls_.await(await.number, reply_to); }

 private:
  Task<bool> publish(SessionRequest request);
  Task<bool> think(Instruction instruction);
  Task<bool> call_model();
  Task<bool> call_model_once();
  Task<> build();
  Task<> sync();
  Task<bool> push();
  Task<> compute(Duration cpu_time);
  [[nodiscard]] std::uint32_t draw_turns(Instruction instruction);
  void note(MessageId session, Step step) { ctx_.send(ports_.log, {session, step}); }
  [[nodiscard]] double memory_mb() const;
  void note_memory();

  Context& ctx_;
  Config config_;
  Ports ports_;
  policies::ColdStartPlan plan_;
  std::optional<policies::ResourceAccount> account_;  ///< once it is ready
  std::uint32_t builds_ = 0;
  std::string checked_out_;  ///< whose site
  calls::TurnLine cores_;
  actors::Rendezvous<CallOver> calls_;
  RandomStream& start_rng_;
  RandomStream& agent_rng_;
  RandomStream& build_rng_;
  RandomStream& sync_rng_;
  RandomStream& git_rng_;
  RandomStream& fault_rng_;
  Counter& model_retries_;
  Counter& push_retries_;
  Counter& out_of_memory_;
  Gauge& memory_;
};

}  // namespace sim::models::workflow
