#pragma once

#include <array>
#include <cstdint>
#include <optional>

#include "actors/calls/call_error.hpp"
#include "actors/retry/error_class.hpp"
#include "libsim/kernel/port.hpp"
#include "libsim/time.hpp"

/// What the users, the application and its database say to each other.
namespace sim::models::users {

/// A record of the application. The lower numbers are records that users share, the most popular first; those above
/// are of one user each.
enum class RecordKey : std::uint64_t {};

enum class Operation : std::uint8_t { read_record, write_record, open_workflow, run_stage };

/// How a request was answered.
enum class AnswerKind : std::uint8_t {
  complete,
  cached,     ///< complete, but with an old answer because the database failed
  partial,    ///< some of its records are missing
  throttled,  ///< over the rate limit
  failed,
};

struct ApiAnswer {
  AnswerKind kind = AnswerKind::complete;
  Duration retry_after{};  ///< of a throttled request

  friend bool operator==(const ApiAnswer&, const ApiAnswer&) = default;
};

/// One request of a user.
struct ApiRequest {
  using Reply = ApiAnswer;
  static constexpr std::size_t records_max = 8;

  std::uint32_t user = 0;
  Operation operation = Operation::read_record;
  std::uint32_t reads_count = 0;  ///< of `reads`
  std::array<RecordKey, records_max> reads{};
  RecordKey written{};  ///< by `write_record` and `run_stage`

  friend bool operator==(const ApiRequest&, const ApiRequest&) = default;
};

/// The end of a query, a stored write or an agent: well, or not.
struct Answer {
  bool succeeded = true;
  policies::ErrorClass error = policies::ErrorClass::server_error;  ///< when it did not
  std::uint64_t version = 0;  ///< of a read: up to which write its node had all; of a statement: its last row

  friend bool operator==(const Answer&, const Answer&) = default;
};

[[nodiscard]] inline std::optional<calls::CallError> call_error(const Answer& answer) {
  return answer.succeeded ? std::nullopt : std::optional(calls::CallError{answer.error, {}});
}

/// One statement over a pooled connection.
struct Query {
  using Reply = Answer;

  bool is_write = false;
  std::uint32_t rows = 1;  ///< of a write

  friend bool operator==(const Query&, const Query&) = default;
};

/// A record was committed as this place in the log of the database.
struct RecordCommitted {
  RecordKey record{};
  std::uint64_t version = 0;

  friend bool operator==(const RecordCommitted&, const RecordCommitted&) = default;
};

/// Stores one record.
struct StoreRecord {
  using Reply = Answer;

  RecordKey record{};
  Port<RecordCommitted> tell = {};  ///< hears of the commit, before the answer if that waits for it

  friend bool operator==(const StoreRecord&, const StoreRecord&) = default;
};

/// Runs an agent, a service outside of the application.
struct RunAgent {
  using Reply = Answer;

  friend bool operator==(const RunAgent&, const RunAgent&) = default;
};

}  // namespace sim::models::users
