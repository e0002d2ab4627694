#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "actors/monitoring/monitor_messages.hpp"
#include "libsim/sim.hpp"
#include "models/workflow/messages.hpp"

namespace sim::models::workflow {

/// The log of the platform: when each step of each session was done. When a session has gone all the way, its stages
/// are handed to the monitor.
class WorkflowLog {
 public:
  struct Config {};
  using Inbox = sim::Inbox<StepDone, RequestAnswered>;

  struct Record {
    std::array<std::optional<Time>, steps_count> at{};  ///< of the latest attempt
    std::optional<bool> accepted;
    std::optional<Time> answered_at;  ///< when the platform accepted or refused it
    std::optional<Time> deployed_at;  ///< the first time that the site was synced
    std::uint32_t attempts = 0;       ///< how often the dispatcher began to work on it

    [[nodiscard]] bool is_complete() const { return at.back().has_value(); }
    /// Between the steps `first` and `last`, both done.
    [[nodiscard]] Duration between(Step first, Step last) const;
    /// From the request to the deployment, if there was one.
    [[nodiscard]] std::optional<Duration> response() const;
  };

  WorkflowLog(Context& ctx, Config config, Port<actors::RecordMetric> monitor);
  void on(const StepDone& done);
  void on(const RequestAnswered& answered);

  /// In the order of the requests.
  [[nodiscard]] const std::map<MessageId, Record>& records() const { return records_; }

 private:
  void publish(const Record& record);

  Context& ctx_;
  Port<actors::RecordMetric> monitor_;
  std::map<MessageId, Record> records_;
  std::vector<Tally*> stages_;
  Tally& total_;
  Gauge& open_;
};

}  // namespace sim::models::workflow
