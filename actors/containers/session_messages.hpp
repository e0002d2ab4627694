#pragma once

#include <cstdint>
#include <string>

#include "actors/queues/ids.hpp"
#include "libsim/kernel/port.hpp"
#include "libsim/time.hpp"

/// What clients, session queues and containers say to each other.
namespace sim::actors {

/// A client has taken note of how its command ended.
struct CommandEndReceived {
  friend bool operator==(const CommandEndReceived&, const CommandEndReceived&) = default;
};

/// The end of a command, told to its client. May come twice: queues deliver at least once.
struct CommandEnded {
  using Reply = CommandEndReceived;
  MessageId message{};
  bool interrupted = false;  ///< what was done until the interrupt is kept and committed

  friend bool operator==(const CommandEnded&, const CommandEnded&) = default;
};

/// What a client wants done in its session. The body of a message in a session queue.
struct Command {
  MessageId message{};
  SessionId session{};
  std::string command_id;
  std::string instruction;
  bool edits_files = true;           ///< a remark that asks for no change leaves the site as it is
  std::uint32_t context_tokens = 0;  ///< 0 together with generated_tokens: unknown
  std::uint32_t generated_tokens = 0;
  Port<CommandEnded> client;

  friend bool operator==(const Command&, const Command&) = default;
};

/// An interrupt has arrived at its container.
struct InterruptAcknowledged {
  MessageId message{};
  bool stopped_command = false;  ///< false: the command was not in progress any more

  friend bool operator==(const InterruptAcknowledged&, const InterruptAcknowledged&) = default;
};

/// Asks a container to stop a command that is in progress. The body of a message in an interrupt queue.
struct Interrupt {
  MessageId message{};
  SessionId session{};
  Port<InterruptAcknowledged> client;

  friend bool operator==(const Interrupt&, const Interrupt&) = default;
};

/// How a client's message ended, for the script that made the client say it.
struct Said {
  enum class End { answered, interrupted, timed_out };
  End end = End::timed_out;
  Duration message_time{};  ///< send to reply; the client's timeout when there was none

  friend bool operator==(const Said&, const Said&) = default;
};

/// Makes a client send a command. The reply comes when the command has ended, or after the client's timeout.
struct Say {
  using Reply = Said;
  std::string instruction;
  bool edits_files = true;
  std::uint32_t context_tokens = 0;
  std::uint32_t generated_tokens = 0;

  friend bool operator==(const Say&, const Say&) = default;
};

/// Makes a client interrupt one of its commands.
struct StopCommand {
  MessageId message{};

  friend bool operator==(const StopCommand&, const StopCommand&) = default;
};

}  // namespace sim::actors
