#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>

#include "actors/calls/guarded_port.hpp"
#include "actors/calls/retry.hpp"
#include "actors/calls/timeout.hpp"
#include "actors/containers/resource_account.hpp"
#include "actors/rate_limit/token_bucket.hpp"
#include "actors/retry/fallback.hpp"
#include "actors/server/service_messages.hpp"
#include "libsim/sim.hpp"
#include "models/users/messages.hpp"
#include "models/users/record_reader.hpp"

namespace sim::models::users {

/// The workflow application: lets a request in at its user's rate, takes CPU time, reads, runs agents, writes, and
/// sends the answer through the network card.
class Application {
 public:
  struct Config {
    Distribution cpu_time = lognormal_p50_p99(1ms, 5ms);          ///< of any request
    Distribution stage_cpu_time = lognormal_p50_p99(10ms, 50ms);  ///< of a stage besides: prompt and result
    bool limits_rate = true;
    policies::TokenBucket::Config rate_limit = {.capacity = 100, .refill_tokens = 50};  ///< of each user
    bool answers_partially = true;
    RecordReader::Config reading;
    calls::Timeout::Config agent_timeout = {10s};
    calls::Retry::Config agent_retry;
    policies::ResourceAccount::Config memory = {
        .memory_base_mb = 250, .memory_per_session_mb = 0.5, .memory_per_message_mb = 2, .memory_limit_mb = 4096};
    double record_kb = 8;               ///< mean size of a record, exponentially distributed
    double answer_kb = 1;               ///< of everything else in an answer
    double bandwidth_mbit_s = 1e3;      ///< of the network card, outwards
    Duration bandwidth_window = 100ms;  ///< over which the peak of the bandwidth is taken
  };

  struct Ports {
    Port<Query> reads;
    Port<StoreRecord> writes;
    Port<RunAgent> agents;
    Port<actors::ServiceRequest> cpu;
    Port<actors::ServiceRequest> network_card;
  };

  using Inbox = sim::Inbox<ApiRequest, RecordCommitted>;

  Application(Context& ctx, const Config& config, Ports ports);
  Process on(ApiRequest request, ReplyTo<ApiAnswer> reply_to);
  void on(const RecordCommitted& commit) { reader_.on_commit(commit); }

  [[nodiscard]] std::uint32_t requests_in_progress() const { return in_progress_; }

 private:
  /// The records of a request: how many were read, and whether all of these are up to date.
  struct Records {
    std::uint32_t found = 0;
    bool any_old = false;
  };

  [[nodiscard]] std::optional<Duration> refusal(std::uint32_t user);
  Task<ApiAnswer> work(ApiRequest request);
  Task<ApiAnswer> open_workflow(ApiRequest request);
  Task<ApiAnswer> run_stage(ApiRequest request);
  Task<ApiAnswer> write(RecordKey record);
  Task<Records> read_all(ApiRequest request);
  Task<> use_cpu(Duration time);
  Task<> transmit(double kilobytes);
  void arrive(std::uint32_t user);
  void leave();
  void show_memory();

  Context& ctx_;
  Config config_;
  Ports ports_;
  RecordReader reader_;
  calls::GuardedPort<RunAgent, calls::Retry, calls::Timeout> agents_;
  std::map<std::uint32_t, policies::TokenBucket> buckets_;  ///< by user
  std::set<std::uint32_t> sessions_;                        ///< users seen so far
  policies::ResourceAccount account_;
  std::uint32_t in_progress_ = 0;
  std::uint64_t window_ = 0;
  double window_kilobytes_ = 0;
  RandomStream& cpu_rng_;
  RandomStream& stage_cpu_rng_;
  RandomStream& size_rng_;
  Counter& bytes_;
  Counter& throttled_;
  Counter& partial_;
  Gauge& requests_;
  Gauge& memory_;
  Gauge& bandwidth_;
};

}  // namespace sim::models::users
