#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "actors/calls/guarded_port.hpp"
#include "actors/calls/retry.hpp"
#include "actors/calls/timeout.hpp"
#include "actors/database/database_messages.hpp"
#include "libsim/statistics/time_weighted.hpp"
#include "models/resilience/actors/caller.hpp"

namespace sim::models::resilience {

/// Counts the attempts, and makes an answer that tells of a failure the error of its attempt.
class FailedAnswers {
 public:
  static constexpr std::string_view name = "answers";
  struct Config {};

  explicit FailedAnswers(const calls::LayerSetup<Config>&) {}

  template <class Next>
  Task<typename Next::Outcome> call(Next next, calls::CallScope scope) {
    ++attempts_count_;
    auto outcome = co_await next(scope);
    if (outcome && !outcome->succeeded) {
      co_return tl::unexpected(calls::CallError{outcome->error, {}});
    }
    co_return outcome;
  }

  [[nodiscard]] std::uint64_t attempts_count() const { return attempts_count_; }

 private:
  std::uint64_t attempts_count_ = 0;
};

/// A workflow application that queries its database, one query after the other, and keeps a record of each.
class DatabaseUser {
 public:
  struct Config {
    calls::Retry::Config retry;
    calls::Timeout::Config attempt_timeout;
    Distribution pause = exponential(200ms);  ///< between two queries
  };
  enum class Kind : std::uint8_t { read, write };
  struct Query {
    Kind kind = Kind::read;
    std::uint32_t count = 1;
  };
  struct Ports {
    Port<actors::DatabaseRead> read{};
    Port<actors::DatabaseWrite> write{};
  };
  /// What a record of a call does not say.
  struct Details {
    std::uint64_t attempts = 0;
    std::uint32_t node = 0;  ///< that answered
  };
  using Inbox = sim::Inbox<Query>;

  DatabaseUser(Context& ctx, const Config& config, Ports ports);
  Process on(Query query);

  [[nodiscard]] const std::vector<CallRecord>& records() const { return records_; }
  [[nodiscard]] const std::vector<Details>& details() const { return details_; }
  [[nodiscard]] bool is_idle() const { return open_count_ == 0; }
  [[nodiscard]] std::uint64_t open_count() const { return open_count_; }
  /// Area under their number, in queries × seconds.
  [[nodiscard]] double open_integral() const { return open_level_.integral(ctx_.now()); }

 private:
  using Outcome = Expected<actors::DatabaseAnswer, calls::CallError>;
  template <class M>
  using GuardedQuery = calls::GuardedPort<M, calls::Retry, calls::Timeout, FailedAnswers>;

  [[nodiscard]] std::uint64_t attempts_count() const;
  void note(const Outcome& outcome, std::uint64_t attempts);

  Context& ctx_;
  Distribution pause_;
  GuardedQuery<actors::DatabaseRead> read_;
  GuardedQuery<actors::DatabaseWrite> write_;
  RandomStream& pause_rng_;
  std::uint64_t open_count_ = 0;
  TimeWeighted open_level_;
  std::vector<CallRecord> records_;
  std::vector<Details> details_;
};

}  // namespace sim::models::resilience
