#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "actors/circuit_breaker/circuit_breaker.hpp"
#include "libsim/text/csv_file.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using Breaker = CircuitBreaker;

/// How a library writes the states of its breaker in the column of events.
struct Spelling {
  std::string closed, open, half_open;

  [[nodiscard]] const std::string& of(Breaker::State state) const {
    return state == Breaker::State::closed ? closed : state == Breaker::State::open ? open : half_open;
  }
};

const Spelling upper_case{"CLOSED", "OPEN", "HALF_OPEN"};
const Spelling opossum_events{"close", "open", "halfOpen"};

Breaker::Outcome outcome_of(std::string_view operation) {
  return operation == "ok"     ? Breaker::Outcome::success
         : operation == "fail" ? Breaker::Outcome::failure
                               : Breaker::Outcome::timeout;
}

/// One recorded breaker, replayed. `observed` is what happened since the step began, as the recording spells it.
class Replay {
 public:
  Replay(Breaker::Config config, Spelling events) : breaker_(std::move(config)), events_(std::move(events)) {}

  /// Lets time pass from change to change, as timers do.
  void advance(Time now) {
    observed_.clear();
    while (breaker_.next_change_at() && *breaker_.next_change_at() <= now) {
      const auto before = breaker_.statistics().transitions_count;
      noting_changes([&] { breaker_.advance(*breaker_.next_change_at()); });
      REQUIRE(breaker_.statistics().transitions_count > before);
    }
    noting_changes([&] { breaker_.advance(now); });
  }

  std::string call(std::string_view operation, Time now) {
    std::optional<Breaker::Ticket> ticket;
    noting_changes([&] { ticket = breaker_.try_acquire(now); });
    if (!ticket) {
      return "rejected";
    }
    noting_changes([&] { breaker_.record(*ticket, outcome_of(operation), 0s, now); });
    return std::string(operation);
  }

  [[nodiscard]] const std::string& observed() const { return observed_; }
  [[nodiscard]] std::string state(Time now) const { return upper_case.of(breaker_.state(now)); }
  [[nodiscard]] const Breaker& breaker() const { return breaker_; }

 private:
  template <class Action>
  void noting_changes(Action action) {
    const auto before = breaker_.statistics().transitions_count;
    action();
    if (breaker_.statistics().transitions_count != before) {
      REQUIRE(breaker_.statistics().transitions_count == before + 1);
      const Breaker::Transition& change = *breaker_.last_transition();
      observed_ += (observed_.empty() ? "" : ";") + events_.of(change.to) + "@" +
                   std::to_string(change.at.time_since_epoch() / 1ms);
    }
  }

  Breaker breaker_;
  Spelling events_;
  std::string observed_;
};

CsvFile open_recording(const std::string& file) {
  auto opened = CsvFile::open(LIBSIM_TEST_DATA "/data/circuit_breaker/" + file, 1'000'000);
  REQUIRE(opened);
  return std::move(*opened);
}

std::string text(const CsvFile& csv, std::string_view column) {
  const auto found = csv.column(column);
  REQUIRE(found);
  return std::string(csv.field(*found));
}

std::int64_t number(const CsvFile& csv, std::string_view column) {
  const auto found = csv.whole_number(*csv.column(column));
  REQUIRE(found);
  return *found;
}

Time time_of(const CsvFile& csv) { return Time{} + number(csv, "t_ms") * 1ms; }

/// What a recording says about the counts after a step, as far as it says anything.
using CheckCounts = void (*)(const CsvFile&, const Breaker&);

void check_nothing(const CsvFile&, const Breaker&) {}

void check_opossum_counts(const CsvFile& csv, const Breaker& breaker) {
  REQUIRE(breaker.window_counts().arrivals == number(csv, "win_fires"));
  REQUIRE(breaker.window_counts().successes == number(csv, "win_successes"));
  REQUIRE(breaker.window_counts().failures == number(csv, "win_failures"));
  REQUIRE(breaker.window_counts().timeouts == number(csv, "win_timeouts"));
  REQUIRE(breaker.window_counts().rejected == number(csv, "win_rejects"));
}

/// Replays a whole recording of sequential calls; the number of steps that agreed in every column.
int replay_sequential(const std::string& file, const Breaker::Config& config, const Spelling& events,
                      const std::string& events_column, CheckCounts check_counts) {
  CsvFile csv = open_recording(file);
  Replay replay(config, events);
  int steps = 0;
  while (csv.next_row().value()) {
    const Time now = time_of(csv);
    INFO(file << " step " << text(csv, "step"));
    replay.advance(now);
    REQUIRE(replay.state(now) == text(csv, "state_before"));
    REQUIRE(replay.call(text(csv, "op"), now) == text(csv, "result"));
    REQUIRE(replay.state(now) == text(csv, "state_after"));
    REQUIRE(replay.observed() == text(csv, events_column));
    check_counts(csv, replay.breaker());
    ++steps;
  }
  return steps;
}

Breaker::Config opossum(Duration rolling_count_timeout, std::uint32_t volume_threshold, Duration reset_timeout) {
  Breaker::Config config = Breaker::opossum();
  config.sliding_window_bucket_width = rolling_count_timeout / config.sliding_window_size;
  config.minimum_number_of_calls = volume_threshold;
  config.wait_duration_in_open_state = reset_timeout;
  return config;
}

int replay_opossum(const std::string& file, const Breaker::Config& config) {
  return replay_sequential(file, config, opossum_events, "events", check_opossum_counts);
}

int replay_cockatiel(const std::string& file, const Breaker::Config& config) {
  return replay_sequential(file, config, upper_case, "state_changes", check_nothing);
}

}  // namespace

TEST_CASE("the breaker does what opossum did when exactly half of the calls failed, step by step",
          "[circuit_breaker][trajectory]") {
  REQUIRE(replay_opossum("opossum_exact50.csv", opossum(10s, 0, 1s)) == 10);
}

TEST_CASE("the breaker does what opossum did without a volume threshold, step by step",
          "[circuit_breaker][trajectory]") {
  REQUIRE(replay_opossum("opossum_scripted_vt0.csv", opossum(10s, 0, 1s)) == 22);
}

TEST_CASE("the breaker does what opossum did with a volume threshold of 5, step by step",
          "[circuit_breaker][trajectory]") {
  REQUIRE(replay_opossum("opossum_scripted_vt5.csv", opossum(1s, 5, 2s)) == 33);
}

TEST_CASE("the breaker does what opossum did in 1200 random calls, step by step", "[circuit_breaker][trajectory]") {
  REQUIRE(replay_opossum("opossum_random_a.csv", opossum(1s, 10, 1s)) == 1200);
}

TEST_CASE("the breaker does what cockatiel did after three consecutive failures, step by step",
          "[circuit_breaker][trajectory]") {
  REQUIRE(replay_cockatiel("cockatiel_consecutive3.csv", Breaker::cockatiel_consecutive(3, 5s)) == 18);
}

TEST_CASE("the breaker does what cockatiel did with the last ten results, step by step",
          "[circuit_breaker][trajectory]") {
  REQUIRE(replay_cockatiel("cockatiel_count10.csv", Breaker::cockatiel_count(50, 10, 5, 1s)) == 26);
}

TEST_CASE("the breaker does what cockatiel did in 1200 random calls, step by step", "[circuit_breaker][trajectory]") {
  REQUIRE(replay_cockatiel("cockatiel_random_consecutive5.csv", Breaker::cockatiel_consecutive(5, 1s)) == 1200);
}

namespace {

/// Replays calls that overlap; the number of steps that agreed.
int replay_overlapping(const std::string& file, const Breaker::Config& config, CheckCounts check_counts) {
  CsvFile csv = open_recording(file);
  Breaker breaker{config};
  std::map<std::int64_t, Breaker::Ticket> tickets;
  int steps = 0;
  while (csv.next_row().value()) {
    const Time now = time_of(csv);
    const std::int64_t call = number(csv, "call");
    const std::string operation = text(csv, "op");
    INFO(file << " step " << text(csv, "step") << ": " << operation << " " << call);
    if (operation == "acquire") {
      const auto ticket = breaker.try_acquire(now);
      REQUIRE((ticket ? "admitted" : "rejected") == text(csv, "result"));
      if (ticket) {
        tickets[call] = *ticket;
      }
    } else {
      breaker.record(tickets.at(call), outcome_of(operation), 0s, now);
    }
    REQUIRE(upper_case.of(breaker.state(now)) == text(csv, "state_after"));
    check_counts(csv, breaker);
    ++steps;
  }
  REQUIRE(breaker.statistics().late_count > 0);
  return steps;
}

}  // namespace

TEST_CASE("the breaker does what opossum did with overlapping calls and timeouts, step by step",
          "[circuit_breaker][trajectory]") {
  REQUIRE(replay_overlapping("opossum_concurrent.csv", opossum(1s, 3, 500ms), check_opossum_counts) == 914);
}

TEST_CASE("the breaker does what cockatiel did with overlapping calls, step by step", "[circuit_breaker][trajectory]") {
  const Breaker::Config consecutive = Breaker::cockatiel_consecutive(3, 500ms);
  REQUIRE(replay_overlapping("cockatiel_concurrent_consecutive3.csv", consecutive, check_nothing) == 900);
  const Breaker::Config count = Breaker::cockatiel_count(50, 8, 4, 500ms);
  REQUIRE(replay_overlapping("cockatiel_concurrent_count8.csv", count, check_nothing) == 900);
}
