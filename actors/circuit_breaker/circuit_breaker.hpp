#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "actors/circuit_breaker/outcome_window.hpp"
#include "libsim/time.hpp"

namespace sim::policies {

/// Stops calling something that fails, and tries it again after a while.
///
/// Closed: calls pass and are judged by their results. Open: calls are rejected until the wait is over. Half-open: a
/// few calls pass, and their results decide between closed and open. `forced_open` and `disabled` are left by hand
/// only. Every admitted call holds a ticket, which is given back once, by `record` or by `release`. Every call takes
/// the time, which must never go back. Changes that are due by themselves happen before whatever else happens at the
/// same time. Source: see the presets; the pattern is that of Nygard, "Release It!", 2007.
class CircuitBreaker {
 public:
  enum class State { closed, open, half_open, forced_open, disabled };

  /// `timeout` is a failure that is also counted apart; `ignored` is neither a success nor a failure.
  enum class Outcome { success, failure, timeout, ignored };

  enum class OpensOn {
    consecutive_failures,  ///< a success sets the count to zero
    cumulative_failures,   ///< no success while closed lowers the count
    rate                   ///< of failures or of slow calls in the window
  };

  /// Whether a bound that is met exactly counts as passed.
  enum class Bound { inclusive, strict };

  /// After which results of a closed breaker the rates are compared with their thresholds.
  enum class JudgedAfter { every_result, failures };

  /// What the rates are fractions of: the results in the window, or (as opossum does) the calls that arrived in it,
  /// rejected and unfinished ones included.
  enum class CallVolume { results, arrivals };

  /// What ends the half-open state: the rates over its results, with the thresholds of the closed state, or so many
  /// successes, while any failure opens again.
  enum class HalfOpenDecision { rate, successes };

  /// When the window and the counts of failures start anew. `never`: they go on where they stood.
  enum class ClearsWindow { on_close, on_open, never };

  /// What becomes of the result of a call that was admitted before the latest change of state.
  enum class LateResults {
    ignored,      ///< nothing, as in sony/gobreaker with its generations
    window_only,  ///< it is judged as in the closed state, half-open or not, but decides no half-open state (cockatiel)
    as_current    ///< as though the call had been admitted in the present state (resilience4j, Polly, opossum)
  };

  struct Config {
    OpensOn opens_on = OpensOn::rate;
    std::uint32_t failure_threshold = 5;          ///< consecutive or cumulative failures; the last of them opens
    double failure_rate_threshold = 50;           ///< percent; 0: not watched
    double slow_call_rate_threshold = 100;        ///< percent; 0: not watched
    Bound rate_bound = Bound::inclusive;          ///< of both rates
    Duration slow_call_duration_threshold = 60s;  ///< a call is slow when it took longer
    std::uint32_t minimum_number_of_calls = 100;  ///< fewer are not judged; in a count-based window at most its size
    JudgedAfter judged_after = JudgedAfter::every_result;
    CallVolume call_volume = CallVolume::results;  ///< `arrivals` needs a time-based window

    OutcomeWindow::Type sliding_window_type = OutcomeWindow::Type::count_based;
    std::uint32_t sliding_window_size = 100;  ///< results, or buckets
    Duration sliding_window_bucket_width = 1s;
    OutcomeWindow::BucketStart sliding_window_bucket_start = OutcomeWindow::BucketStart::on_grid;
    ClearsWindow clears_window = ClearsWindow::on_close;
    /// Closed, the window and the counts start anew with the first call or result later than this; 0: never. Results
    /// of calls from before then come late.
    Duration count_interval = 0s;
    bool half_open_results_in_window = false;  ///< also the one that closes, after the window was cleared
    LateResults late_results = LateResults::ignored;

    Duration wait_duration_in_open_state = 60s;
    double wait_duration_multiplier = 1;   ///< for each opening in a row; a close ends the row
    Duration wait_duration_max = forever;  ///< for the multiplier
    std::vector<Duration> wait_durations;  ///< of the openings in a row, the last repeats; replaces the three above
    Bound wait_bound = Bound::inclusive;   ///< whether a call at the very end of the wait is admitted
    bool automatic_transition_from_open_to_half_open = false;  ///< false: the next call makes the change

    HalfOpenDecision half_open_decision = HalfOpenDecision::rate;
    std::uint32_t permitted_calls_in_half_open = 10;     ///< deciding by rate: altogether; by successes: at once
    std::uint32_t success_threshold = 1;                 ///< deciding by successes
    Duration max_wait_duration_in_half_open_state = 0s;  ///< undecided for so long: open again; 0: no limit

    friend bool operator==(const Config&, const Config&) = default;
  };

  /// resilience4j 2: failure rate 50 % or slow-call rate 100 % of the last 100 calls, 60 s, 10 calls in half-open.
  /// Source: CircuitBreakerConfig.java, CircuitBreakerStateMachine.java. For its time-based window set the type.
  [[nodiscard]] static Config resilience4j();

  /// Polly 8: failure ratio 0.1 of at least 100 calls in 30 s (ten buckets of 3 s), break of 5 s, one probe.
  /// Source: CircuitBreakerStrategyOptions, CircuitStateController, RollingHealthMetrics.
  [[nodiscard]] static Config polly();

  /// opossum 8: more than 50 % of the calls fired in 10 s (ten buckets of 1 s) failed, 30 s by timer, one probe.
  /// Source: lib/circuit.js, lib/status.js.
  [[nodiscard]] static Config opossum();

  /// sony/gobreaker 1: more than five failures in a row open, the first call after 60 s is the probe; it counts in
  /// intervals if `count_interval` is set. Source: gobreaker.go, Settings and CircuitBreaker.
  [[nodiscard]] static Config gobreaker();

  /// cockatiel 3, ConsecutiveBreaker: `failures` in a row open, the first call `half_open_after` later is the probe.
  /// Source: CircuitBreakerPolicy.ts, ConsecutiveBreaker.ts; neither number has a default there.
  [[nodiscard]] static Config cockatiel_consecutive(std::uint32_t failures, Duration half_open_after);

  /// cockatiel 3, CountBreaker: more than `threshold` percent of the last `size` calls failed, once there are
  /// `minimum_number_of_calls` (0: as many as `size`). Source: CountBreaker.ts.
  [[nodiscard]] static Config cockatiel_count(double threshold, std::uint32_t size,
                                              std::uint32_t minimum_number_of_calls, Duration half_open_after);

  /// The proof that a call was admitted, and in which stretch of time between two changes of state.
  enum class Ticket : std::uint64_t {};

  struct Transition {
    Time at{};
    State from{};
    State to{};

    friend bool operator==(const Transition&, const Transition&) = default;
  };

  /// Since the constructor. `failures_count` includes the timeouts; `late_count` are results that came after a change
  /// of state or of the interval.
  struct Statistics {
    std::uint64_t permitted_count = 0;
    std::uint64_t rejected_count = 0;
    std::uint64_t successes_count = 0;
    std::uint64_t failures_count = 0;
    std::uint64_t timeouts_count = 0;
    std::uint64_t slow_count = 0;
    std::uint64_t ignored_count = 0;
    std::uint64_t late_count = 0;
    std::uint64_t opened_count = 0;
    std::uint64_t transitions_count = 0;

    friend bool operator==(const Statistics&, const Statistics&) = default;
  };

  /// Starts closed. `start` anchors the buckets of a time-based window.
  explicit CircuitBreaker(Config config, Time start = Time{});

  /// A ticket when the call may go ahead; nothing when it is rejected.
  [[nodiscard]] std::optional<Ticket> try_acquire(Time now);

  /// Ends a call with what it came to and how long it took.
  void record(Ticket ticket, Outcome outcome, Duration duration, Time now);

  /// Ends a call that came to nothing, as a cancelled one does: its place in the half-open state is free again.
  void release(Ticket ticket);

  /// Lets time pass: changes of state that are due, results that leave the window.
  void advance(Time now);

  /// When `advance` will next change the state; nothing when only a call can.
  [[nodiscard]] std::optional<Time> next_change_at() const;

  /// The end of the wait of an open breaker; nothing in any other state.
  [[nodiscard]] std::optional<Time> wait_ends_at() const;

  /// The state at `now`, which may lie ahead: changes that are due by then by themselves are taken into account.
  [[nodiscard]] State state(Time now) const;

  /// Sets the state by hand. Open starts a wait; closed ends the row of openings. The present state: nothing happens.
  void transition_to(State state, Time now);

  /// The window as of the latest time given, and the results of the present half-open state.
  [[nodiscard]] const OutcomeWindow::Counts& window_counts() const { return window_.counts(); }
  [[nodiscard]] const OutcomeWindow::Counts& half_open_counts() const { return half_open_results_; }

  /// Percent of the volume in the window; nothing when there are fewer than `minimum_number_of_calls`.
  [[nodiscard]] std::optional<double> failure_rate() const;
  [[nodiscard]] std::optional<double> slow_call_rate() const;

  [[nodiscard]] std::uint32_t consecutive_failures() const { return consecutive_failures_; }
  [[nodiscard]] std::uint32_t cumulative_failures() const { return cumulative_failures_; }
  /// Admitted calls that have not ended.
  [[nodiscard]] std::uint64_t in_flight() const { return in_flight_; }
  [[nodiscard]] const std::optional<Transition>& last_transition() const { return last_transition_; }
  [[nodiscard]] const Statistics& statistics() const { return statistics_; }
  [[nodiscard]] const Config& config() const { return config_; }

 private:
  /// A state and how long it lasts by itself; `Time::max()` is for ever.
  struct Phase {
    State state = State::closed;
    Time ends_at = Time::max();
    Time wait_ends_at = Time::max();
    std::uint32_t openings_in_a_row = 0;
  };

  [[nodiscard]] Duration wait_duration(std::uint32_t openings_in_a_row) const;
  [[nodiscard]] Phase open_phase(const Phase& before, Time at) const;
  [[nodiscard]] Phase half_open_phase(const Phase& before, Time at) const;
  [[nodiscard]] Phase phase_after(const Phase& phase) const;
  void enter(const Phase& phase, Time at);
  void clear_window();
  [[nodiscard]] Time interval_end(Time start) const;
  void begin_interval_if_due(Time now);

  [[nodiscard]] bool is_wait_over(Time now) const;
  [[nodiscard]] bool admits() const;
  [[nodiscard]] bool is_counting() const;
  [[nodiscard]] std::uint32_t volume() const;
  [[nodiscard]] std::optional<double> percent_of_volume(std::uint32_t part) const;
  void end_call(Ticket ticket, bool has_result);
  void count_result(OutcomeWindow::Result result);
  void add_to_window(OutcomeWindow::Result result, Time now);
  void judge_window(OutcomeWindow::Result result, Time now);
  void judge_half_open(OutcomeWindow::Result result, Time now);
  [[nodiscard]] std::optional<State> half_open_verdict() const;
  [[nodiscard]] bool is_threshold_passed() const;
  [[nodiscard]] bool is_rate_passed(const OutcomeWindow::Counts& counts, std::uint32_t volume) const;

  Config config_;
  std::uint32_t minimum_number_of_calls_;
  std::uint32_t half_open_results_needed_;
  Time now_;
  Phase phase_;
  Time interval_ends_at_;
  std::uint64_t epoch_ = 0;  ///< number of changes of state and of intervals; tickets carry it
  std::uint64_t in_flight_ = 0;
  std::uint32_t half_open_permits_taken_ = 0;
  std::uint32_t consecutive_failures_ = 0;
  std::uint32_t cumulative_failures_ = 0;
  OutcomeWindow::Counts half_open_results_;
  OutcomeWindow window_;
  std::optional<Transition> last_transition_;
  Statistics statistics_;
};

/// As in `half_open`.
[[nodiscard]] std::string_view to_text(CircuitBreaker::State state);

}  // namespace sim::policies
