#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <optional>
#include <span>
#include <vector>

#include "actors/faults/fault.hpp"
#include "actors/retry/error_class.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// What becomes of the requests to a service that is slow, errs, hangs, breaks down, or is made to by faults.
///
/// A request comes with the draws for its fate, the same number whatever happens, so that another setting changes
/// nothing but what it is meant to. It begins at once or waits in line, takes its latency, and is answered or fails.
/// What is due by itself happens before whatever else happens at the same time. Every call takes the time, which never
/// goes back (asserted), and returns what there is to tell the callers.
class FailingService {
 public:
  /// Chosen by the caller; returned with the answer.
  enum class RequestId : std::uint64_t {};

  /// A share of all requests that fail in one way. The shares exclude each other.
  struct ErrorShare {
    ErrorClass error_class = ErrorClass::server_error;
    double probability = 0;

    friend bool operator==(const ErrorShare&, const ErrorShare&) = default;
  };

  /// A stretch of time, its end not included, in which what begins is slower and fails more often.
  struct Brownout {
    Time starts_at{};
    Duration duration{};
    double latency_factor = 1;
    double error_probability = 0;  ///< besides `errors`
    ErrorClass error_class = ErrorClass::server_error;

    friend bool operator==(const Brownout&, const Brownout&) = default;
  };

  /// A stretch of time, its end not included, in which what begins is never answered.
  struct Hang {
    Time starts_at{};
    Duration duration{};

    friend bool operator==(const Hang&, const Hang&) = default;
  };

  struct Config {
    std::vector<ErrorShare> errors = {};   ///< at most 1 together
    double error_latency_factor = 1;       ///< of requests that fail; 0: at once
    double hang_probability = 0;           ///< of never being answered
    Duration hang_duration = 60s;          ///< how long a request that hangs keeps its place
    std::vector<Brownout> brownouts = {};  ///< where they overlap both count
    std::vector<Hang> hangs = {};
    std::uint32_t concurrent_requests_max = 0;  ///< in progress; 0: no limit
    std::uint32_t waiting_max = 0xffffffff;     ///< in line; more are rejected

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// The draws for one request: its latency, and two uniform ones from [0, 1).
  struct Draws {
    Duration latency{};
    double error = 0;
    double hang = 0;
  };

  struct Action {
    enum class Kind {
      answer,   ///< it succeeded
      fail,     ///< as `error`
      give_up,  ///< it hung, has lost its place, and is never answered
    };
    Kind kind = Kind::answer;
    RequestId request{};
    Duration took{};  ///< since it arrived
    ErrorClass error = ErrorClass::connection_failed;

    friend bool operator==(const Action&, const Action&) = default;
  };
  /// In the order in which they happened; valid until the next call that is not const.
  using Actions = std::span<const Action>;

  struct Statistics {
    std::uint64_t arrived_count = 0;
    std::uint64_t answered_count = 0;
    std::array<std::uint64_t, 6> failed_counts{};  ///< by error class
    std::uint64_t hung_count = 0;                  ///< never answered, and gone from their place
    std::uint32_t in_progress_max = 0;

    [[nodiscard]] std::uint64_t failed_count(ErrorClass error_class) const {
      return failed_counts[static_cast<std::size_t>(error_class)];
    }
    [[nodiscard]] std::uint64_t failed_count() const;

    friend bool operator==(const Statistics&, const Statistics&) = default;
  };

  explicit FailingService(Config config);

  /// Lets time pass.
  Actions advance(Time now);

  /// When `advance` will next do something; nothing while nothing is in progress, or it is paused.
  [[nodiscard]] std::optional<Time> next_change_at() const;

  /// Refused (`connection_failed`) while it is down, `rejected` when the line is full; otherwise begun or in line.
  Actions arrive(Time now, RequestId request, const Draws& draws);

  /// Breaks down, or is repaired. What is in progress and in line fails as `connection_failed`.
  Actions set_up(Time now, bool is_up);

  Actions apply(Time now, ActiveFaults::Number number, const Fault& fault);
  Actions end_fault(Time now, ActiveFaults::Number number);

  /// The kinds of faults that it takes, besides the kill of its actor.
  [[nodiscard]] static constexpr FaultKinds faults() {
    return {FaultKind::down, FaultKind::pause, FaultKind::slow, FaultKind::errors, FaultKind::capacity};
  }

  [[nodiscard]] bool is_up() const { return is_up_ && !faults_.effect().is_down; }
  [[nodiscard]] std::uint32_t in_progress() const { return static_cast<std::uint32_t>(in_progress_.size()); }
  [[nodiscard]] std::uint32_t waiting() const { return static_cast<std::uint32_t>(waiting_.size()); }
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  struct Waiting {
    RequestId request{};
    Time arrived_at{};
    Draws draws;
  };

  struct InProgress {
    Duration due{};  ///< in time of work: since the start, pauses left out
    std::uint64_t sequence = 0;
    RequestId request{};
    Time arrived_at{};
    std::optional<ErrorClass> error;
    bool hangs = false;
  };
  static bool is_later(const InProgress& first, const InProgress& second);

  void begin_call(Time now);
  void finish_first();
  void begin_waiting();
  void begin(const Waiting& request);
  void after_fault(bool was_paused);
  void fail_all();
  void fail(RequestId request, Time arrived_at, ErrorClass error);
  [[nodiscard]] std::uint32_t limit() const;
  [[nodiscard]] bool hangs(double uniform01) const;
  [[nodiscard]] std::optional<ErrorClass> error(double uniform01) const;
  [[nodiscard]] Duration latency(const Draws& draws, bool fails) const;
  [[nodiscard]] Duration work_time() const;

  Config config_;
  Time now_{};
  bool is_up_ = true;
  ActiveFaults faults_;
  Duration paused_time_{};  ///< of pauses that are over
  Time paused_since_{};
  std::deque<Waiting> waiting_;
  std::vector<InProgress> in_progress_;  ///< a heap, the earliest first
  std::uint64_t last_sequence_ = 0;
  std::vector<Action> actions_;
  Statistics statistics_;
};

}  // namespace sim::policies
