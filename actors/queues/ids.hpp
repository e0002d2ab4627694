#pragma once

#include <cstdint>

namespace sim {

/// One message of a client, unique in a simulation. Every copy of it (a redelivery, a retransmission) has the same id.
enum class MessageId : std::uint64_t {};

/// One chat session, unique in a simulation.
enum class SessionId : std::uint64_t {};

}  // namespace sim
