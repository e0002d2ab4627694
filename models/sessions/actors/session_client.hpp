#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "actors/containers/orchestration_messages.hpp"
#include "actors/containers/session_messages.hpp"
#include "actors/monitoring/ledger_messages.hpp"
#include "actors/monitoring/monitor_messages.hpp"
#include "actors/queues/queue_messages.hpp"
#include "libsim/sim.hpp"

namespace sim::actors {

/// The user's side of one chat session: sends commands one after the other in the order in which they are said, waits
/// for their ends, and sends interrupts.
///
/// A command whose end comes after the timeout still ends in the ledger; `Said` and the records tell that it was late.
class SessionClient {
 public:
  struct Config {
    SessionId session{};
    Duration timeout = 60s;
    Distribution api_latency = lognormal_p50_p99(15ms, 80ms);  ///< one call of the orchestrator or of a queue
    bool sends_in_order = true;       ///< off: every send on a connection of its own, so that one may overtake another
    bool body_has_command_id = true;  ///< off: equal instructions are equal bodies, and the queue drops the second
  };

  struct Ports {
    Port<RouteSession> orchestrator;
    Port<SendMessage<Command>> commands;
    Port<SendMessage<Interrupt>> interrupts;
    Port<LedgerSent> ledger_sent;
    Port<LedgerEnded> ledger_ended;
    Port<RecordMetric> monitor;
  };

  /// What became of one command, as its client saw it.
  struct Record {
    enum class End { open, answered, interrupted };
    MessageId message{};
    Time sent_at{};
    End end = End::open;
    Time ended_at{};

    friend bool operator==(const Record&, const Record&) = default;
  };

  struct PatienceOver {
    MessageId message{};
    friend bool operator==(const PatienceOver&, const PatienceOver&) = default;
  };
  using Inbox = sim::Inbox<Say, StopCommand, CommandEnded, InterruptAcknowledged, PatienceOver>;

  SessionClient(Context& ctx, Config config, Ports ports);
  void on(const Say& say, ReplyTo<Said> reply_to);
  Process on(StopCommand stop);
  CommandEndReceived on(const CommandEnded& end);
  void on(const InterruptAcknowledged& acknowledged);
  void on(const PatienceOver& over);

  /// Every command said so far, in that order.
  [[nodiscard]] const std::vector<Record>& records() const { return records_; }
  /// Commands that no queue has confirmed yet.
  [[nodiscard]] std::vector<MessageId> messages_being_sent() const;
  /// Pairs of commands that were answered in another order than that of sending.
  [[nodiscard]] std::uint64_t order_violations_count() const { return order_violations_count_; }

 private:
  struct Asker {
    ReplyTo<Said> reply_to;
    TimerId patience{};
  };

  Process send_outbox();
  Process send_alone(Command command);
  Task<> send(Command command);
  void tell_asker(MessageId message, Said said);
  void count_order_violations(std::size_t answered);

  Context& ctx_;
  Config config_;
  Ports ports_;
  RandomStream& network_rng_;
  std::vector<Record> records_;
  std::map<MessageId, std::size_t> record_of_;
  std::map<MessageId, Asker> askers_;
  std::map<MessageId, Command> being_sent_;
  std::deque<Command> outbox_;
  bool is_sending_ = false;
  std::vector<std::size_t> answered_;  ///< positions in `records_` of what was answered, in ascending order
  std::uint64_t order_violations_count_ = 0;
  Tally& message_time_;
  Counter& repeated_ends_;
  Counter& interrupts_acknowledged_;
  Counter& commands_stopped_;
};

}  // namespace sim::actors
