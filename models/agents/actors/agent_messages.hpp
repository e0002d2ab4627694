#pragma once

#include <cstdint>
#include <vector>

#include "libsim/time.hpp"

/// What callers, the orchestrator, agents and the security gate say to each other.
namespace sim::actors {

enum class InvocationOutcome : std::uint8_t {
  answered,
  failed,    ///< the agent gave up on it
  rejected,  ///< there was no room in the line of the workers
  refused,   ///< by the security gate
};

/// What an agent is asked. Equal contents ask the same.
struct AgentInput {
  std::uint64_t content = 0;
  bool has_valid_token = true;    ///< who sends it is who it says it is
  bool has_valid_content = true;  ///< what it asks keeps to the rules

  friend bool operator==(const AgentInput&, const AgentInput&) = default;
};

struct Invoked {
  InvocationOutcome outcome = InvocationOutcome::answered;
  std::uint64_t answer = 0;  ///< of the agent, by number; the input of the next agent in a sequence
  bool from_cache = false;
  Duration waited{};  ///< for a worker
  Duration worked{};  ///< by the agent, on all of its batch

  friend bool operator==(const Invoked&, const Invoked&) = default;
};

/// Asks the orchestrator to invoke an agent, by its number.
struct InvokeAgent {
  using Reply = Invoked;
  std::uint32_t agent = 0;
  AgentInput input;

  friend bool operator==(const InvokeAgent&, const InvokeAgent&) = default;
};

struct TeamInvoked {
  std::vector<Invoked> invocations;  ///< in the order of the agents; a sequence ends at the first that is not answered

  friend bool operator==(const TeamInvoked&, const TeamInvoked&) = default;
};

/// Asks the orchestrator to invoke several agents: each with the answer of the one before, or all at once with the same
/// input.
struct InvokeTeam {
  using Reply = TeamInvoked;
  enum class Order : std::uint8_t { in_sequence, in_parallel };
  Order order = Order::in_sequence;
  std::vector<std::uint32_t> agents;
  AgentInput input;

  friend bool operator==(const InvokeTeam&, const InvokeTeam&) = default;
};

struct AgentWorked {
  std::vector<InvocationOutcome> outcomes;  ///< one for each input
  Duration waited{};
  Duration worked{};

  friend bool operator==(const AgentWorked&, const AgentWorked&) = default;
};

/// Asks an agent to work on one input, or on a batch of them.
struct WorkOnInputs {
  using Reply = AgentWorked;
  std::vector<AgentInput> inputs;

  friend bool operator==(const WorkOnInputs&, const WorkOnInputs&) = default;
};

struct InputChecked {
  bool is_accepted = true;

  friend bool operator==(const InputChecked&, const InputChecked&) = default;
};

/// Asks the security gate whether an input may pass: who sends it, then what it asks.
struct CheckInput {
  using Reply = InputChecked;
  AgentInput input;

  friend bool operator==(const CheckInput&, const CheckInput&) = default;
};

struct Encrypted {
  friend bool operator==(const Encrypted&, const Encrypted&) = default;
};

/// Asks the security gate to encrypt what goes to an agent or comes from it.
struct EncryptContent {
  using Reply = Encrypted;
  friend bool operator==(const EncryptContent&, const EncryptContent&) = default;
};

}  // namespace sim::actors
