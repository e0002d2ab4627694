#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "actors/calls/call_error.hpp"
#include "libsim/time.hpp"

namespace sim::actors {

/// An operation of a provider's interface, such as "create a customer"; numbered by the model.
enum class ApiOperation : std::uint32_t {};

/// A call of a client, with all its attempts; numbered by whoever makes it.
enum class ApiCallId : std::uint64_t {};

/// What a provider answers to one attempt.
struct ApiReply {
  std::optional<calls::CallError> error;  ///< nothing: it succeeded

  friend bool operator==(const ApiReply&, const ApiReply&) = default;
};

[[nodiscard]] inline std::optional<calls::CallError> call_error(const ApiReply& reply) { return reply.error; }

/// One attempt, from a client to a provider.
struct ApiRequest {
  using Reply = ApiReply;

  ApiOperation operation{};
  ApiCallId call{};

  friend bool operator==(const ApiRequest&, const ApiRequest&) = default;
};

/// How a call ended, after all attempts.
struct ApiCallEnded {
  std::optional<calls::CallError> error;  ///< nothing: it was answered
  Duration took{};

  friend bool operator==(const ApiCallEnded&, const ApiCallEnded&) = default;
};

/// Asks a client to make a call.
struct MakeApiCall {
  using Reply = ApiCallEnded;

  ApiOperation operation{};
  ApiCallId call{};

  friend bool operator==(const MakeApiCall&, const MakeApiCall&) = default;
};

/// Tells a monitor how long an operation took.
struct RecordOperation {
  std::string operation;
  Duration took{};
  bool succeeded = true;

  friend bool operator==(const RecordOperation&, const RecordOperation&) = default;
};

/// A monitor finds an operation above its threshold, or back within it.
struct ThresholdEvent {
  std::string operation;
  bool is_exceeded = true;
  Duration value{};  ///< what was compared with the threshold
  Duration threshold{};

  friend bool operator==(const ThresholdEvent&, const ThresholdEvent&) = default;
};

}  // namespace sim::actors
