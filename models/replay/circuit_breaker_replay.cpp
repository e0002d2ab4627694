#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <optional>
#include <queue>
#include <tuple>
#include <utility>

#include "actors/circuit_breaker/circuit_breaker.hpp"
#include "models/replay/component.hpp"

namespace sim::models::replay {

namespace {

using policies::CircuitBreaker;
using policies::OutcomeWindow;

CircuitBreaker::Config breaker_preset(std::string_view preset) {
  if (preset == "resilience4j") {
    return CircuitBreaker::resilience4j();
  }
  if (preset == "polly") {
    return CircuitBreaker::polly();
  }
  if (preset == "opossum") {
    return CircuitBreaker::opossum();
  }
  if (preset == "gobreaker") {
    return CircuitBreaker::gobreaker();
  }
  return {};
}

void describe_opening(harness::Parameters& parameters, CircuitBreaker::Config& config) {
  parameters
      .add("opens_on", config.opens_on,
           {{"rate", CircuitBreaker::OpensOn::rate},
            {"consecutive_failures", CircuitBreaker::OpensOn::consecutive_failures},
            {"cumulative_failures", CircuitBreaker::OpensOn::cumulative_failures}})
      .meaning("what opens it: rates over a window, failures in a row, or failures in sum")
      .source("docs/components/circuit_breaker.md");
  parameters.add("failure_threshold", config.failure_threshold)
      .unit("failures")
      .range(1, 1'000'000)
      .meaning("consecutive or cumulative failures; the last of them opens")
      .source("usual for breakers that count");
  parameters.add("failure_rate_threshold", config.failure_rate_threshold)
      .unit("percent")
      .range(0, 100)
      .meaning("failed calls of the window; 0: not watched")
      .source("resilience4j, CircuitBreakerConfig");
  parameters.add("slow_call_rate_threshold", config.slow_call_rate_threshold)
      .unit("percent")
      .range(0, 100)
      .meaning("slow calls of the window; 0: not watched")
      .source("resilience4j, CircuitBreakerConfig");
  parameters
      .add("rate_bound", config.rate_bound,
           {{"inclusive", CircuitBreaker::Bound::inclusive}, {"strict", CircuitBreaker::Bound::strict}})
      .meaning("whether a rate that is just met opens")
      .source("resilience4j: inclusive; opossum: strict");
  parameters.add("slow_call_duration_threshold", config.slow_call_duration_threshold)
      .range(1ns, 24h)
      .meaning("a call that took longer is slow")
      .source("resilience4j, CircuitBreakerConfig");
  parameters.add("minimum_number_of_calls", config.minimum_number_of_calls)
      .unit("calls")
      .range(1, 1'000'000)
      .meaning("fewer calls in the window are not judged")
      .source("resilience4j, CircuitBreakerConfig");
  parameters
      .add("judged_after", config.judged_after,
           {{"every_result", CircuitBreaker::JudgedAfter::every_result},
            {"failures", CircuitBreaker::JudgedAfter::failures}})
      .meaning("after which results the rates are compared")
      .source("resilience4j: every result; opossum: failures");
  parameters
      .add("call_volume", config.call_volume,
           {{"results", CircuitBreaker::CallVolume::results}, {"arrivals", CircuitBreaker::CallVolume::arrivals}})
      .meaning("what the rates are fractions of; arrivals need a time-based window")
      .source("opossum: arrivals, rejected ones included");
}

void describe_window(harness::Parameters& parameters, CircuitBreaker::Config& config) {
  parameters
      .add("sliding_window_type", config.sliding_window_type,
           {{"count_based", OutcomeWindow::Type::count_based}, {"time_based", OutcomeWindow::Type::time_based}})
      .meaning("the last so many results, or those of the last so many buckets")
      .source("resilience4j, CircuitBreakerConfig");
  parameters.add("sliding_window_size", config.sliding_window_size)
      .unit("results or buckets")
      .range(1, 1'000'000)
      .meaning("length of the window")
      .source("resilience4j, CircuitBreakerConfig");
  parameters.add("sliding_window_bucket_width", config.sliding_window_bucket_width)
      .range(1ms, 24h)
      .meaning("of a time-based window")
      .source("resilience4j: 1 s");
  parameters
      .add("clears_window", config.clears_window,
           {{"on_close", CircuitBreaker::ClearsWindow::on_close},
            {"on_open", CircuitBreaker::ClearsWindow::on_open},
            {"never", CircuitBreaker::ClearsWindow::never}})
      .meaning("when the window starts anew")
      .source("resilience4j: on closing; opossum: never");
  parameters.add("count_interval", config.count_interval)
      .range(0s, 8760h)
      .meaning("closed, counts and window start anew with the first call or result later than this; 0: never")
      .source("sony/gobreaker, Settings.Interval: 0");
  parameters.add("half_open_results_in_window", config.half_open_results_in_window)
      .meaning("half-open results count in the window, too")
      .source("opossum, cockatiel: on");
  parameters
      .add("late_results", config.late_results,
           {{"ignored", CircuitBreaker::LateResults::ignored},
            {"window_only", CircuitBreaker::LateResults::window_only},
            {"as_current", CircuitBreaker::LateResults::as_current}})
      .meaning("results of calls admitted before the last change of state")
      .source("docs/components/circuit_breaker.md");
}

void describe_recovery(harness::Parameters& parameters, CircuitBreaker::Config& config) {
  parameters.add("wait_duration_in_open_state", config.wait_duration_in_open_state)
      .range(1ms, 24h)
      .meaning("how long it stays open")
      .source("resilience4j, CircuitBreakerConfig");
  parameters
      .add("wait_bound", config.wait_bound,
           {{"inclusive", CircuitBreaker::Bound::inclusive}, {"strict", CircuitBreaker::Bound::strict}})
      .meaning("whether a call at the very end of the wait is admitted")
      .source("cockatiel: inclusive; resilience4j: strict");
  parameters.add("wait_duration_multiplier", config.wait_duration_multiplier)
      .range(1, 100)
      .meaning("for each further opening in a row")
      .source("1: the wait does not grow");
  parameters.add("wait_duration_max", config.wait_duration_max)
      .range(1ms, 8760h)
      .zero_is_forever()
      .meaning("bound of the growing wait")
      .source("none");
  parameters.add("automatic_transition_from_open_to_half_open", config.automatic_transition_from_open_to_half_open)
      .meaning("half-open by itself when the wait is over, not with the next call")
      .source("resilience4j: off; opossum: on");
  parameters
      .add("half_open_decision", config.half_open_decision,
           {{"rate", CircuitBreaker::HalfOpenDecision::rate},
            {"successes", CircuitBreaker::HalfOpenDecision::successes}})
      .meaning("what ends half-open: the rates over its results, or successes")
      .source("resilience4j: rate; opossum, cockatiel: successes");
  parameters.add("permitted_calls_in_half_open", config.permitted_calls_in_half_open)
      .unit("calls")
      .range(1, 1'000'000)
      .meaning("deciding by rate: altogether; by successes: at once")
      .source("resilience4j, CircuitBreakerConfig");
  parameters.add("success_threshold", config.success_threshold)
      .unit("successes")
      .range(1, 1'000'000)
      .meaning("deciding by successes: so many close it")
      .source("opossum, cockatiel: 1");
  parameters.add("max_wait_duration_in_half_open_state", config.max_wait_duration_in_half_open_state)
      .range(0s, 8760h)
      .meaning("undecided for so long: open again; 0: no limit")
      .source("resilience4j, CircuitBreakerConfig");
}

constexpr std::array<std::string_view, 4> outcome_words = {"ok", "fail", "timeout", "ignored"};

CircuitBreaker::Outcome outcome_of(std::string_view word) {
  return word == "ok"        ? CircuitBreaker::Outcome::success
         : word == "fail"    ? CircuitBreaker::Outcome::failure
         : word == "timeout" ? CircuitBreaker::Outcome::timeout
                             : CircuitBreaker::Outcome::ignored;
}

bool is_failure(std::string_view word) { return word == "fail" || word == "timeout"; }

/// A call that goes on, with the row that it came from.
struct Going {
  Time ends_at{};
  std::size_t row = 0;
  CircuitBreaker::Ticket ticket{};

  friend bool operator>(const Going& one, const Going& other) {
    return std::tie(one.ends_at, one.row) > std::tie(other.ends_at, other.row);
  }
};

/// What the breaker did with a call. The state after it is that at its end.
struct Answer {
  bool permitted = false;
  CircuitBreaker::State before{};
  CircuitBreaker::State after{};
};

/// One run. What ends at the time of a call ends before it.
class BreakerRun {
 public:
  BreakerRun(const CircuitBreaker::Config& config, const Trace& trace) : trace_(trace), breaker_(config) {}

  Summary run(const RowWriter& write) {
    for (std::size_t row = 0; row < trace_.rows.size(); ++row) {
      end_calls(trace_.rows[row].at);
      call(row);
    }
    end_calls(Time::max());
    for (std::size_t row = 0; row < trace_.rows.size(); ++row) {
      write(row_of(trace_.rows[row], answers_[row]));
    }
    return summary();
  }

 private:
  static std::vector<std::string> row_of(const TraceRow& row, const Answer& answer) {
    return {std::string(row.time_text), std::string(row.word), bool_text(answer.permitted),
            std::string(to_text(answer.before)), std::string(to_text(answer.after))};
  }

  void call(std::size_t row) {
    const TraceRow& traced = trace_.rows[row];
    breaker_.advance(traced.at);
    note_state();
    const CircuitBreaker::State before = breaker_.state(traced.at);
    const auto ticket = breaker_.try_acquire(traced.at);
    note_state();
    answers_.push_back({ticket.has_value(), before, breaker_.state(traced.at)});
    ok_rejected_ += !ticket && traced.word == "ok" ? 1 : 0;
    failures_rejected_ += !ticket && is_failure(traced.word) ? 1 : 0;
    if (ticket && traced.span == Duration{0}) {
      end({traced.at, row, *ticket});
    } else if (ticket) {
      going_.push({traced.at + traced.span, row, *ticket});
    }
  }

  void end_calls(Time until) {
    while (!going_.empty() && going_.top().ends_at <= until) {
      const Going going = going_.top();
      going_.pop();
      end(going);
    }
  }

  void end(const Going& going) {
    const TraceRow& traced = trace_.rows[going.row];
    breaker_.advance(going.ends_at);
    note_state();
    breaker_.record(going.ticket, outcome_of(traced.word), traced.span, going.ends_at);
    note_state();
    answers_[going.row].after = breaker_.state(going.ends_at);
    end_ = std::max(end_, going.ends_at);
  }

  void note_state() {
    const auto& change = breaker_.last_transition();
    if (!change || change == noted_) {
      return;
    }
    open_ += noted_ && noted_->to == CircuitBreaker::State::open ? change->at - noted_->at : Duration{0};
    noted_ = change;
  }

  Summary summary() {
    const auto& counts = breaker_.statistics();
    const std::uint64_t calls = trace_.rows.size();
    end_ = std::max(end_, trace_.rows.back().at);
    if (noted_ && noted_->to == CircuitBreaker::State::open) {
      open_ += end_ - noted_->at;
    }
    return {{"calls", fmt::to_string(calls)},
            {"permitted", fmt::to_string(counts.permitted_count)},
            {"rejected", fmt::to_string(counts.rejected_count)},
            {"failures seen", fmt::to_string(counts.failures_count)},
            {"failures spared", fmt::to_string(failures_rejected_)},
            {"successes forgone", fmt::to_string(ok_rejected_)},
            {"opened", fmt::to_string(counts.opened_count)},
            {"open", seconds_text(open_) + " s"},
            {"state at the end", std::string(to_text(breaker_.state(end_)))}};
  }

  const Trace& trace_;
  CircuitBreaker breaker_;
  std::priority_queue<Going, std::vector<Going>, std::greater<>> going_;
  std::optional<CircuitBreaker::Transition> noted_;
  Duration open_{};
  Time end_{};
  std::uint64_t failures_rejected_ = 0;
  std::uint64_t ok_rejected_ = 0;
  std::vector<Answer> answers_;  // one per row
};

class CircuitBreakerReplay final : public Component {
 public:
  explicit CircuitBreakerReplay(std::string_view preset) : config_(breaker_preset(preset)) {
    describe_opening(parameters_, config_);
    describe_window(parameters_, config_);
    describe_recovery(parameters_, config_);
  }

  [[nodiscard]] std::vector<Column> columns() const override {
    return {{"time_s"}, {"outcome"}, {"duration_s", false}};
  }
  [[nodiscard]] Expected<void> read(const CsvFile& file, const std::vector<int>& places, Trace& /*trace*/,
                                    TraceRow& row) const override {
    const auto word = read_word(file, places[1], outcome_words);
    if (!word) {
      return tl::unexpected(word.error());
    }
    row.word = *word;
    if (places[2] >= 0) {
      const auto span = read_seconds(file, places[2]);
      if (!span) {
        return tl::unexpected(span.error());
      }
      row.span = *span;
    }
    return {};
  }
  [[nodiscard]] std::vector<std::string> header() const override {
    return {"time_s", "outcome", "permitted", "state_before", "state_after"};
  }
  [[nodiscard]] Expected<void> validate() const override {
    if (config_.call_volume == CircuitBreaker::CallVolume::arrivals &&
        config_.sliding_window_type == OutcomeWindow::Type::count_based) {
      return unexpected("--call_volume arrivals: expected with --sliding_window_type time_based");
    }
    const bool uses_rate = config_.opens_on == CircuitBreaker::OpensOn::rate ||
                           config_.half_open_decision == CircuitBreaker::HalfOpenDecision::rate;
    if (uses_rate && config_.failure_rate_threshold == 0 && config_.slow_call_rate_threshold == 0) {
      return unexpected("--failure_rate_threshold 0 and --slow_call_rate_threshold 0: expected one above 0");
    }
    return {};
  }
  /// A breaker that nobody calls goes round between open and half-open by itself.
  [[nodiscard]] Expected<void> can_be_run(const Trace& trace) const override {
    const Duration undecided = config_.max_wait_duration_in_half_open_state;
    if (!config_.automatic_transition_from_open_to_half_open || undecided == 0s) {
      return {};
    }
    const double wait_s = to_seconds(std::min(config_.wait_duration_in_open_state, config_.wait_duration_max));
    return check_work("max_wait_duration_in_half_open_state", undecided, "changes of state",
                      2 * span_s(trace) / (wait_s + to_seconds(undecided)));
  }

  [[nodiscard]] Summary replay(const Trace& trace, const RowWriter& write) const override {
    return BreakerRun(config_, trace).run(write);
  }

 private:
  CircuitBreaker::Config config_;
};

}  // namespace

std::unique_ptr<Component> make_circuit_breaker(std::string_view preset) {
  return std::make_unique<CircuitBreakerReplay>(preset);
}

}  // namespace sim::models::replay
