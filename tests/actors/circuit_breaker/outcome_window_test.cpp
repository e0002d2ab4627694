#include "actors/circuit_breaker/outcome_window.hpp"

#include <rapidcheck.h>

#include <catch2/catch.hpp>
#include <optional>
#include <vector>

#include "libsim/failure.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

using Type = OutcomeWindow::Type;
using BucketStart = OutcomeWindow::BucketStart;

Time at(Duration since_start) { return Time{} + since_start; }

constexpr OutcomeWindow::Result success{};
constexpr OutcomeWindow::Result failure{.is_failure = true};

OutcomeWindow three_seconds(BucketStart bucket_start) {
  return OutcomeWindow{{.type = Type::time_based, .size = 3, .bucket_width = 1s, .bucket_start = bucket_start}};
}

std::uint32_t results_at(OutcomeWindow window, Duration since_start) {
  window.advance(at(since_start));
  return window.counts().results();
}

}  // namespace

TEST_CASE("a count-based window of three keeps the last three results, however long ago", "[outcome_window]") {
  OutcomeWindow window{{.type = Type::count_based, .size = 3}};
  window.record(failure, at(0s));
  window.record(success, at(1s));
  window.record(success, at(2s));
  REQUIRE(window.counts() == OutcomeWindow::Counts{.successes = 2, .failures = 1});
  window.record(failure, at(24h));  // the failure of 0 s leaves
  REQUIRE(window.counts() == OutcomeWindow::Counts{.successes = 2, .failures = 1});
  window.record(failure, at(24h));  // the success of 1 s leaves
  REQUIRE(window.counts() == OutcomeWindow::Counts{.successes = 1, .failures = 2});
  window.advance(at(48h));
  REQUIRE(window.counts() == OutcomeWindow::Counts{.successes = 1, .failures = 2});
}

TEST_CASE("a timeout is also a failure, a slow call also what it came to, a rejection also an arrival",
          "[outcome_window]") {
  OutcomeWindow window = three_seconds(BucketStart::on_grid);
  window.record_arrival(false, at(0s));
  window.record_arrival(true, at(0s));
  window.record({.is_failure = true, .is_timeout = true}, at(0s));
  window.record({.is_slow = true}, at(0s));
  REQUIRE(window.counts() == OutcomeWindow::Counts{2, 1, 1, 1, 1, 1});
  REQUIRE(window.counts().results() == 2);
}

TEST_CASE("a bucket on the grid leaves as a whole, three seconds after it began", "[outcome_window]") {
  OutcomeWindow window = three_seconds(BucketStart::on_grid);
  window.record(failure, at(0s));
  window.record(success, at(900ms));  // the same bucket, [0 s, 1 s)
  window.record(success, at(1s));     // the next one
  REQUIRE(results_at(window, 3s - 1ns) == 3);
  REQUIRE(results_at(window, 3s) == 1);
  REQUIRE(results_at(window, 4s - 1ns) == 1);
  REQUIRE(results_at(window, 4s) == 0);
}

TEST_CASE("the grid of buckets is anchored at the start", "[outcome_window]") {
  OutcomeWindow window{{.type = Type::time_based, .size = 3, .bucket_width = 1s}, at(700ms)};
  window.record(failure, at(1600ms));  // in [0.7 s, 1.7 s)
  window.record(failure, at(1700ms));  // in [1.7 s, 2.7 s)
  REQUIRE(results_at(window, 3700ms - 1ns) == 2);
  REQUIRE(results_at(window, 3700ms) == 1);
  REQUIRE(results_at(window, 4700ms) == 0);
}

TEST_CASE("a bucket may also begin with its first entry", "[outcome_window]") {
  OutcomeWindow window = three_seconds(BucketStart::at_first_entry);
  window.record(failure, at(900ms));
  window.record(success, at(1900ms - 1ns));  // the same bucket, [0.9 s, 1.9 s)
  window.record(success, at(1900ms));        // the next one
  REQUIRE(results_at(window, 3900ms - 1ns) == 3);
  REQUIRE(results_at(window, 3900ms) == 1);
  REQUIRE(results_at(window, 4900ms) == 0);
}

TEST_CASE("a cleared window has nothing left to drop", "[outcome_window]") {
  for (const Type type : {Type::count_based, Type::time_based}) {
    OutcomeWindow window{{.type = type, .size = 2}};
    window.record(failure, at(0s));
    window.record(failure, at(0s));
    window.clear();
    window.record(success, at(0s));
    window.record(success, at(1s));
    window.advance(at(2s) - 1ns);
    REQUIRE(window.counts() == OutcomeWindow::Counts{.successes = 2});
  }
}

TEST_CASE("a window without room, without width or for results only says so", "[outcome_window]") {
  REQUIRE_THROWS_AS(OutcomeWindow({.size = 0}), AssertionFailure);
  REQUIRE_THROWS_AS(OutcomeWindow({.bucket_width = 0s}), AssertionFailure);
  REQUIRE_THROWS_AS(OutcomeWindow({.size = 2, .bucket_width = forever}), AssertionFailure);
  OutcomeWindow window{{.type = Type::count_based}};
  REQUIRE_THROWS_AS(window.record_arrival(false, at(0s)), AssertionFailure);
}

namespace {

struct Entry {
  Duration pause{};
  OutcomeWindow::Result result;
};

const auto any_entry = rc::gen::build<Entry>(
    rc::gen::set(&Entry::pause, rc::gen::map(rc::gen::inRange(0, 25), [](int tenths) { return tenths * 100ms; })),
    rc::gen::set(&Entry::result, rc::gen::build<OutcomeWindow::Result>(
                                     rc::gen::set(&OutcomeWindow::Result::is_failure, rc::gen::arbitrary<bool>()),
                                     rc::gen::set(&OutcomeWindow::Result::is_slow, rc::gen::arbitrary<bool>()))));

struct Logged {
  Time at;
  OutcomeWindow::Result result;
};

OutcomeWindow::Counts recount(const std::vector<Logged>& log) {
  OutcomeWindow::Counts counts;
  for (const Logged& entry : log) {
    counts += OutcomeWindow::counts_of(entry.result);
  }
  return counts;
}

/// Entries of the log that belong to the buckets which began less than `span` before `now`.
std::vector<Logged> recent(const std::vector<Logged>& log, BucketStart bucket_start, Duration width, Duration span,
                           Time now) {
  std::vector<Logged> kept;
  std::optional<Time> bucket;
  for (const Logged& entry : log) {
    if (bucket_start == BucketStart::on_grid) {
      bucket = Time{} + (entry.at.time_since_epoch() / width) * width;
    } else if (!bucket || entry.at - *bucket >= width) {
      bucket = entry.at;
    }
    if (now - *bucket < span) {
      kept.push_back(entry);
    }
  }
  return kept;
}

}  // namespace

TEST_CASE("the totals of a count-based window are those of a recount of the log", "[outcome_window][property]") {
  REQUIRE(rc::check("count-based", [] {
    const auto size = *rc::gen::inRange<std::uint32_t>(1, 12);
    OutcomeWindow window{{.type = Type::count_based, .size = size}};
    std::vector<Logged> log;
    for (const Entry& entry : *rc::gen::container<std::vector<Entry>>(any_entry)) {
      log.push_back({at(0s), entry.result});
      window.record(entry.result, at(0s));
      const std::size_t first = log.size() - std::min<std::size_t>(size, log.size());
      RC_ASSERT(window.counts() == recount({log.begin() + static_cast<std::ptrdiff_t>(first), log.end()}));
    }
  }));
}

TEST_CASE("the totals of a time-based window are those of a recount of the log", "[outcome_window][property]") {
  REQUIRE(rc::check("time-based", [] {
    const auto size = *rc::gen::inRange<std::uint32_t>(1, 8);
    const auto width = *rc::gen::element<Duration>(300ms, 1s, 1100ms);
    const auto bucket_start = *rc::gen::element(BucketStart::on_grid, BucketStart::at_first_entry);
    OutcomeWindow window{{.type = Type::time_based, .size = size, .bucket_width = width, .bucket_start = bucket_start}};
    std::vector<Logged> log;
    Time now{};
    for (const Entry& entry : *rc::gen::container<std::vector<Entry>>(any_entry)) {
      now += entry.pause;
      window.advance(now);
      RC_ASSERT(window.counts() == recount(recent(log, bucket_start, width, width * size, now)));
      log.push_back({now, entry.result});
      window.record(entry.result, now);
      RC_ASSERT(window.counts() == recount(recent(log, bucket_start, width, width * size, now)));
    }
  }));
}
