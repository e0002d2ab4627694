#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "actors/load/zipf_keys.hpp"
#include "libsim/sim.hpp"
#include "models/users/messages.hpp"

namespace sim::models::users {

/// One user, who does one thing after the other: workflows, reads or writes.
class User {
 public:
  enum class Activity { workflows, reads, writes };

  /// How a user behaves in every scenario.
  struct Habits {
    std::uint32_t stages_count = 5;             ///< of a workflow
    std::uint32_t records_per_page = 4;         ///< that opening a workflow reads
    std::uint32_t records_per_stage = 2;        ///< that a stage reads
    Duration timeout = 30s;                     ///< of a request
    bool honours_retry_after = true;            ///< sends a throttled request again, when told to
    Distribution think_time = exponential(1s);  ///< between two workflows
    ZipfKeys::Config popularity = {.keys = 2'000, .exponent = 0.8};
  };

  struct Config {
    std::uint32_t number = 0;
    Activity activity = Activity::workflows;
    Duration starts_after{};
    std::uint64_t repetitions_max = 1;
    Duration no_start_after = forever;  ///< counted from the start of the simulation
    Habits habits;
  };

  enum class End : std::uint8_t { complete, cached, partial, throttled, failed, timed_out };

  struct Request {
    Time sent_at{};
    Operation operation = Operation::read_record;
    std::optional<End> end;  ///< nothing while it is open
    Time ended_at{};
  };

  struct Workflow {
    Time started_at{};
    std::optional<Time> ended_at;  ///< nothing while it is in progress
    std::uint32_t steps_completed = 0;
    bool completed = false;  ///< without a failed step
  };

  using Inbox = sim::Inbox<>;

  /// `popularity` of the shared records outlives all runs; it is the same for all users.
  User(Context& ctx, Config config, const ZipfKeys& popularity, Port<ApiRequest> network);
  Process run();

  [[nodiscard]] const std::vector<Request>& requests() const { return requests_; }
  [[nodiscard]] const std::vector<Workflow>& workflows() const { return workflows_; }
  /// Operations that succeeded, with a request or more each, and those that were begun.
  [[nodiscard]] std::uint64_t operations_begun() const { return operations_begun_; }
  [[nodiscard]] std::uint64_t operations_succeeded() const { return operations_succeeded_; }
  [[nodiscard]] bool is_done() const { return is_done_; }

 private:
  Task<> run_workflow();
  Task<bool> operate(ApiRequest request);
  Task<ApiAnswer> send(ApiRequest request);
  [[nodiscard]] ApiRequest read(Operation operation, std::uint32_t records_count);
  [[nodiscard]] RecordKey popular_record();
  [[nodiscard]] RecordKey own_record();

  Context& ctx_;
  Config config_;
  const ZipfKeys& popularity_;
  Port<ApiRequest> network_;
  std::vector<Request> requests_;
  std::vector<Workflow> workflows_;
  std::uint64_t operations_begun_ = 0;
  std::uint64_t operations_succeeded_ = 0;
  std::uint64_t own_records_ = 0;
  bool is_done_ = false;
  RandomStream& record_rng_;
  RandomStream& think_rng_;
};

}  // namespace sim::models::users
