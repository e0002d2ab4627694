#include <catch2/catch.hpp>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>

#include "actors/rate_limit/rate_limiter.hpp"
#include "libsim/random/distribution.hpp"
#include "libsim/statistics/batch_means.hpp"
#include "libsim/statistics/interval.hpp"
#include "libsim/text/csv_file.hpp"

using namespace sim;
using namespace sim::policies;

namespace {

Time at(Duration since_start) { return Time{} + since_start; }

CsvFile opened(const std::string& file) {
  auto csv = CsvFile::open(LIBSIM_TEST_DATA "/data/rate_limiter/" + file, 1 << 20);
  REQUIRE(csv);
  return std::move(*csv);
}

/// Replays the requests `i,t_ms,tokens,result,content_after`; how many there were.
int replay(TokenBucket limiter, const std::string& file) {
  CsvFile csv = opened(file);
  int steps = 0;
  for (; csv.next_row().value(); ++steps) {
    INFO(file << ", request " << csv.field(0));
    const Time now = at(csv.whole_number(1).value() * 1ms);
    const auto permits = static_cast<std::uint32_t>(csv.whole_number(2).value());
    REQUIRE((limiter.acquire(now, permits).allowed ? "allowed" : "rejected") == csv.field(3));
    REQUIRE(limiter.tokens() == Approx(csv.number(4).value()).margin(1e-9));
  }
  return steps;
}

double parameter(std::string_view parameters, std::string_view name) {
  const std::size_t found = (";" + std::string(parameters)).find(";" + std::string(name) + "=");
  REQUIRE(found != std::string::npos);
  return std::stod(std::string(parameters.substr(found + name.size() + 1)));
}

/// A row of cases.csv.
struct Case {
  std::string parameters;
  double expected = 0;

  double operator[](std::string_view name) const { return parameter(parameters, name); }
};

Case read_case(std::string_view id) {
  CsvFile csv = opened("cases.csv");
  while (csv.next_row().value()) {
    if (csv.field(0) == id) {
      return {std::string(csv.field(3)), csv.number(5).value()};
    }
  }
  FAIL("cases.csv has no " << id);
  return {};
}

std::uint32_t whole(double value) { return static_cast<std::uint32_t>(value); }

constexpr int poisson_requests = 2'000'000;

/// The share of Poisson arrivals that a limiter refuses, with the interval of its batch means.
Interval share_refused(RateLimiter limiter, double lambda_per_s, std::uint64_t seed) {
  RandomStream random({seed, 0, "clients", 0, "arrivals"});
  const Distribution gap = exponential(from_seconds(1 / lambda_per_s));
  BatchMeans refused;
  Time now{};
  for (int request = 0; request < poisson_requests; ++request) {
    now += gap.sample(random);
    refused.add(limiter.acquire(now).allowed ? 0 : 1);
  }
  return refused.result({.warm_up_share = 0.02}).value().interval;
}

}  // namespace

TEST_CASE("the token bucket does what that of npm limiter did, step by step", "[rate_limiter][trajectory]") {
  REQUIRE(replay(TokenBucket{TokenBucket::limiter_token_bucket(5, 10, 1s)}, "limiter_tokenbucket_scripted.csv") == 12);
  TokenBucket::Config filled = TokenBucket::limiter_token_bucket(10, 20, 1s);
  filled.starts_full = true;
  REQUIRE(replay(TokenBucket{filled}, "limiter_tokenbucket_random.csv") == 1000);
}

TEST_CASE("the fixed window does what rate-limiter-flexible did, step by step", "[rate_limiter][trajectory]") {
  FixedWindow::Config config = FixedWindow::rate_limiter_flexible();
  config.limit = 5;
  FixedWindow limiter{config};
  CsvFile csv = opened("rlf_memory_fixed.csv");
  int steps = 0;
  for (; csv.next_row().value(); ++steps) {
    INFO("request " << csv.field(0));
    const Time now = at(csv.whole_number(1).value() * 1ms);
    const RateDecision decision = limiter.acquire(now);
    REQUIRE((decision.allowed ? "allowed" : "rejected") == csv.field(2));
    REQUIRE(limiter.consumed() == static_cast<std::uint64_t>(csv.whole_number(3).value()));
    REQUIRE(limiter.window_ends_at() - now == csv.whole_number(5).value() * 1ms);
    REQUIRE((decision.allowed || decision.retry_after == csv.whole_number(5).value() * 1ms));
  }
  REQUIRE(steps == 600);
}

TEST_CASE("a token bucket refuses of Poisson arrivals what an M/D/1/b queue loses", "[rate_limiter][theory]") {
  for (const std::string_view id : {"A-RATE-01", "A-RATE-03"}) {
    const Case row = read_case(id);
    const RateLimiter::Config config{.limit = whole(row["r"]), .window = 1s, .burst = whole(row["b"])};
    const Interval refused = share_refused(RateLimiter{config}, row["lambda"], 1);
    INFO(id << ": " << refused.mean << " +- " << refused.half_width << ", expected " << row.expected);
    REQUIRE(std::abs(z_score(refused, row.expected)) < 4);
    REQUIRE(refused.half_width < 0.01 * row.expected);
  }
}

TEST_CASE("a fixed window accepts of Poisson arrivals the mean of what fits in", "[rate_limiter][theory]") {
  for (const std::string_view id : {"A-RATE-05", "A-RATE-07", "A-RATE-09"}) {
    const Case row = read_case(id);
    const RateLimiter::Config config{.algorithm = RateLimiter::Algorithm::fixed_window,
                                     .limit = whole(row["limit"]),
                                     .window = from_seconds(row["window"])};
    const Interval refused = share_refused(RateLimiter{config}, row["lambda"], 1);
    INFO(id << ": " << 1 - refused.mean << " +- " << refused.half_width << ", expected " << row.expected);
    REQUIRE(std::abs(z_score(refused, 1 - row.expected)) < 4);
    REQUIRE(refused.half_width < 0.002);
  }
}

TEST_CASE("a full token bucket admits b + rT of saturating demand, the last at T", "[rate_limiter][theory]") {
  const Case row = read_case("A-RATE-11");
  TokenBucket limiter{{.capacity = whole(row["b"]), .refill_tokens = whole(row["r"]), .refill_period = 1s}};
  std::uint32_t admitted = 0;
  Time last_admitted{};
  for (Time now{}; now <= at(from_seconds(row["T"])); now += 1ms) {
    while (admitted < 1000 && limiter.acquire(now).allowed) {
      ++admitted;
      last_admitted = now;
    }
  }
  REQUIRE(admitted == row.expected);
  REQUIRE(last_admitted == at(from_seconds(row["T"])));
}

TEST_CASE("a fixed window lets twice its limit through at a boundary", "[rate_limiter][theory]") {
  const Case row = read_case("A-RATE-13");
  const Duration window = from_seconds(row["window"]);
  FixedWindow limiter{{.limit = whole(row["limit"]), .window = window}};
  std::uint32_t admitted = 0;
  for (const Time now : {at(window - 1ns), at(window), at(2 * window - 2ns)}) {  // less than one window
    while (admitted < 1000 && limiter.acquire(now).allowed) {
      ++admitted;
    }
  }
  REQUIRE(admitted == row.expected);
}
