#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <vector>

#include "actors/monitoring/ledger_messages.hpp"
#include "actors/queues/queue_messages.hpp"
#include "libsim/sim.hpp"
#include "models/workflow/messages.hpp"

namespace sim::models::workflow {

/// Reads the queue and has each session run in a container. A message stays in the queue, kept invisible by heartbeats,
/// until its session has ended well; then it is deleted. After a failure it becomes visible again a little later.
/// A message that is delivered twice runs once.
class Dispatcher {
 public:
  struct Config {
    Duration long_poll = 20s;
    std::uint32_t receive_count_max = 10;
    Duration visibility_timeout = 60s;  ///< what a heartbeat extends to
    bool heartbeats = true;
    Duration heartbeat_interval = 20s;
    Duration retry_delay = 5s;  ///< until the message of a failed session is visible again
    Distribution api_latency = lognormal_p50_p99(15ms, 80ms);
    Distribution parse = lognormal_p50_p99(300ms, 1200ms);  ///< read the e-mail, find its project and branch

    friend bool operator==(const Config&, const Config&) = default;
  };
  struct Ports {
    Port<actors::ReceiveMessages<SessionRequest>> receives;
    Port<actors::DeleteMessage> deletes;
    Port<actors::ChangeMessageVisibility> visibility;
    Port<RunSession> fleet;
    Port<StepDone> log;
    Port<actors::LedgerEnded> ledger;
  };
  struct HeartbeatDue {
    static constexpr std::string_view message_name = "Dispatcher::HeartbeatDue";
    MessageId session{};
    friend bool operator==(const HeartbeatDue&, const HeartbeatDue&) = default;
  };
  using Inbox = sim::Inbox<HeartbeatDue>;

  Dispatcher(Context& ctx, Config config, Ports ports);
  Process run();
  void on(const HeartbeatDue& due);

  /// The sessions that it works on.
  [[nodiscard]] std::vector<MessageId> sessions() const;

 private:
  struct Work {
    policies::SqsReceiptHandle receipt_handle{};
    TimerId heartbeat{};
  };

  void take(const actors::ReceivedMessage<SessionRequest>& message);
  Process work_on(SessionRequest request);
  Process remove(policies::SqsReceiptHandle receipt_handle);
  void set_heartbeat(MessageId session, Work& work);

  Context& ctx_;
  Config config_;
  Ports ports_;
  std::map<MessageId, Work> in_progress_;
  std::set<MessageId> done_;
  RandomStream& network_rng_;
  RandomStream& parse_rng_;
  Counter& duplicates_;
  Counter& failed_attempts_;
  Counter& stale_deletes_;
};

}  // namespace sim::models::workflow
