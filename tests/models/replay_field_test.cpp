#include <catch2/catch.hpp>

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "models/replay/command.hpp"

// What people reported of other programs, tried on replay: see tests/data/field/README.md.

namespace {

using Lines = std::vector<std::string>;

struct Call {
  int status = 0;
  Lines out;
  std::string err;
};

Call replay_file(const std::string& component, const std::string& file, Lines more = {}) {
  more.insert(more.begin(), {"--component", component, "--trace", file, "--quiet"});
  std::ostringstream out;
  std::ostringstream err;
  const int status = sim::models::replay::run(more, out, err);
  Lines lines;
  std::istringstream stream(out.str());
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return {status, lines, err.str()};
}

std::string field_file(const std::string& name) { return LIBSIM_TEST_DATA "/data/field/" + name; }

Call replay_case(const std::string& component, const std::string& name, const Lines& more = {}) {
  return replay_file(component, field_file(name), more);
}

Call replay_rows(const std::string& component, const Lines& rows, const Lines& more = {}) {
  const auto path = std::filesystem::temp_directory_path() / fmt::format("replay-field-{}.csv", ::getpid());
  std::ofstream file(path);
  for (const std::string& row : rows) {
    file << row << '\n';
  }
  file.close();
  Call call = replay_file(component, path.string(), more);
  std::filesystem::remove(path);
  return call;
}

/// The rows without their first field, and without the line of the header.
Lines without_time(const Lines& rows) {
  Lines rest;
  for (std::size_t row = 1; row < rows.size(); ++row) {
    rest.push_back(rows[row].substr(rows[row].find(',') + 1));
  }
  return rest;
}

/// The last field of each row below the header.
Lines results(const Lines& rows) {
  Lines last;
  for (std::size_t row = 1; row < rows.size(); ++row) {
    last.push_back(rows[row].substr(rows[row].rfind(',') + 1));
  }
  return last;
}

}  // namespace

TEST_CASE("a time to live of 0 is none, as in lru-cache", "[replay][field]") {
  const Lines expected = {"time_s,op,key,hit,evicted_key", "0,put,a,,", "1,get,a,true,", "2,get,a,true,"};
  CHECK(replay_case("cache", "cache-ops.csv", {"--ttl", "0"}).out == expected);
  CHECK(replay_case("cache", "cache-ops.csv", {"--ttl", "0s"}).out == expected);
  CHECK(replay_case("cache", "cache-ops.csv", {"--ttl", "forever"}).out == expected);
}

TEST_CASE("lives, idle times and waits of 0 in a pool have no end, as in HikariCP", "[replay][field]") {
  const Lines expected = {"time_s,acquired_s,released_s,result", "0,0,0.2,acquired", "1,1,1.2,acquired",
                          "2,2,2.2,acquired"};
  for (const std::string flag : {"--max_lifetime", "--idle_timeout", "--connection_timeout"}) {
    for (const std::string value : {"0", "0s", "forever"}) {
      CAPTURE(flag, value);
      const Call call = replay_case("connection_pool", "pool-three.csv", {flag, value});
      CHECK(call.status == 0);
      CHECK(call.out == expected);
    }
  }
}

TEST_CASE("a connection timeout of 0 waits as long as it takes", "[replay][field]") {
  const Call call = replay_rows("connection_pool", {"time_s,hold_s", "0,1000000", "1,1"},
                                {"--maximum_pool_size", "1", "--connection_timeout", "0"});
  CHECK(results(call.out) == Lines{"acquired", "acquired"});
}

TEST_CASE("a growing wait of a breaker that is bounded by 0 has no bound", "[replay][field]") {
  const Call call = replay_case("circuit_breaker", "breaker-three.csv", {"--wait_duration_max", "0s"});
  CHECK(call.status == 0);
  CHECK(results(call.out) == Lines{"closed", "closed", "closed"});
}

TEST_CASE("forever is a value only where a parameter says so", "[replay][field]") {
  const Call call = replay_case("connection_pool", "pool-three.csv", {"--creation_time", "forever"});
  CHECK(call.status == 2);
  CHECK(call.out.empty());
  CHECK(call.err ==
        "replay: --creation_time forever: expected a duration from 0s to 1h, such as 250ms, 1.5s or 2h (ns, "
        "us, ms, s, min, h, d)\n");
  CHECK(replay_case("connection_pool", "pool-three.csv", {"--max_lifetime", "ever"}).err ==
        "replay: --max_lifetime ever: expected a duration from 1us to 365d, such as 250ms, 1.5s or 2h (ns, us, ms, s, "
        "min, h, d), or forever, as which 0 counts\n");
}

TEST_CASE("forever is one of several values to compare", "[replay][field]") {
  const Call call = replay_case("cache", "cache-ops.csv", {"--ttl", "500ms,forever"});
  CHECK(call.out == Lines{"configuration,time_s,op,key,hit,evicted_key", "ttl=500ms,0,put,a,,",
                          "ttl=500ms,1,get,a,false,", "ttl=500ms,2,get,a,false,", "ttl=forever,0,put,a,,",
                          "ttl=forever,1,get,a,true,", "ttl=forever,2,get,a,true,"});
}

TEST_CASE("five permits an hour are one in 720 s for each bucket", "[replay][field]") {
  for (const std::string algorithm : {"token_bucket", "leaky_bucket", "gcra"}) {
    CAPTURE(algorithm);
    // 0.00138889 · 720 = 1.0000008 permits; the next 0.0000008 short of one come in within 719.9992 s.
    const Call call = replay_case("rate_limiter", "five-per-hour.csv",
                                  {"--algorithm", algorithm, "--refill_rate", "0.00138889", "--capacity", "1"});
    CHECK(call.out[1] == "0,true,0");
    CHECK(call.out[2] == "720,true,0");
    CHECK(call.out[3].starts_with("1000,false,439.999"));
  }
}

TEST_CASE("a pool replays the same dated or in seconds, whatever the seconds count from", "[replay][field]") {
  const Lines slow = {"--creation_time", "3s", "--connection_timeout", "2s"};
  const Call dated = replay_case("connection_pool", "pool-dated-short.csv", slow);
  const Call in_seconds = replay_case("connection_pool", "pool-seconds-short.csv", slow);
  CHECK(results(dated.out) == Lines{"acquired", "acquired"});
  CHECK(results(in_seconds.out) == results(dated.out));
  CHECK(dated.out[1] == "2019-02-05 16:36:48.5,1549384608.5,1549384608.7,acquired");
  CHECK(in_seconds.out[1] == "5.5,5.5,5.7,acquired");
}

TEST_CASE("a dated trace does not replace connections since 1970", "[replay][field]") {
  std::ostringstream out;
  std::ostringstream err;
  CHECK(sim::models::replay::run({"--component", "connection_pool", "--trace", field_file("pool-dated.csv"),
                                  "--max_lifetime", "60s", "--maximum_pool_size", "5"},
                                 out, err) == 0);
  // 22.2 s of trace, a minute of life: the five that there were.
  const std::string summary = err.str();
  CHECK(summary.substr(summary.find_last_not_of(" \n")) == "5\n");
}

TEST_CASE("every component gives the same answers when all times are later by the same", "[replay][field]") {
  const auto answers = [](const std::string& component, const std::string& columns, const std::string& cells,
                          const Lines& more, bool is_late) {
    const Lines times = is_late ? Lines{"2024-05-10 00:00:17.25", "2024-05-10 00:00:17.5", "2024-05-10 01:00:18+01:00",
                                        "2024-05-10 00:00:50Z"}
                                : Lines{"0", "0.25", "0.75", "32.75"};
    Lines rows = {"time_s" + columns};
    for (const std::string& time : times) {
      rows.push_back(time + cells);
    }
    return without_time(replay_rows(component, rows, more).out);
  };
  const auto check_same = [&](const std::string& component, const std::string& columns, const std::string& cells,
                              const Lines& more) {
    CAPTURE(component, more);
    const Lines early = answers(component, columns, cells, more, false);
    CHECK(early.size() == 4);
    CHECK(answers(component, columns, cells, more, true) == early);
  };
  check_same("circuit_breaker", ",outcome", ",fail",
             {"--sliding_window_type", "time_based", "--sliding_window_size", "1", "--minimum_number_of_calls", "2"});
  check_same("rate_limiter", "", "", {"--algorithm", "fixed_window", "--limit", "2", "--window", "1s"});
  check_same("rate_limiter", "", "", {"--algorithm", "token_bucket", "--limit", "1", "--starts_full", "off"});
  check_same("cache", ",op,key", ",get,a", {"--ttl", "10s", "--fill-on-miss"});
}

TEST_CASE("a bulkhead replays the same when all times are later by the same", "[replay][field]") {
  const Lines one = {"--max_concurrent_calls", "1"};
  const Lines early = results(replay_rows("bulkhead", {"time_s,hold_s", "0,1", "0.5,1", "1,1"}, one).out);
  CHECK(early == Lines{"acquired", "rejected", "acquired"});
  CHECK(results(replay_rows("bulkhead", {"time_s,hold_s", "1e9,1", "1000000000.5,1", "1000000001,1"}, one).out) ==
        early);
}

TEST_CASE("connections of one age do not end together under the defaults of HikariCP", "[replay][field]") {
  const Lines slow = {"--preset", "hikari", "--creation_time", "3s", "--connection_timeout", "1s"};
  const Lines all(21, "acquired");
  CHECK(results(replay_case("connection_pool", "pool-at-1800s.csv", slow).out) == all);
  // The same requests of a pool that began half an hour before them.
  Lines rows = {"time_s,hold_s", "0,0.05"};
  for (int second = 1700; second <= 1810; ++second) {
    rows.push_back(fmt::format("{},0.05", second));
  }
  CHECK(results(replay_rows("connection_pool", rows, slow).out) == Lines(112, "acquired"));
  Lines together = slow;
  together.insert(together.end(), {"--lifetime_spread", "0"});
  Lines three_lost(112, "acquired");
  // All ten end at 1800 s, before the request of that second; new ones are ready at 1803 s, when the request of 1802 s
  // has waited for a second.
  three_lost[101] = three_lost[102] = three_lost[103] = "timed_out";
  CHECK(results(replay_rows("connection_pool", rows, together).out) == three_lost);
}

TEST_CASE("work without bound is refused with the parameter that asks for it", "[replay][field]") {
  const auto refused = [](const Call& call, const std::string& beginning) {
    CHECK(call.status == 2);
    CHECK(call.out.empty());
    CHECK_THAT(call.err, Catch::StartsWith("replay: " + beginning));
  };
  refused(replay_case("connection_pool", "pool-at-1800s.csv", {"--max_lifetime", "1us"}),
          "--max_lifetime 1us: this makes ");
  refused(
      replay_rows("circuit_breaker", {"time_s,outcome", "0,fail", "1000000,ok"},
                  {"--preset", "opossum", "--wait_duration_in_open_state", "1ms",
                   "--max_wait_duration_in_half_open_state", "1ms"}),
      "--max_wait_duration_in_half_open_state 1ms: this makes 1000000000 changes of state over the trace: expected at "
      "most 10 million, or --long\n");
}

TEST_CASE("replay does more than ten million steps for those who insist", "[replay][field]") {
  // Undecided for a millisecond, open for another: 5,500,000 times each in 11,000 s.
  const Lines endless = {
      "--preset", "opossum", "--wait_duration_in_open_state", "1ms", "--max_wait_duration_in_half_open_state",
      "1ms",      "--long"};
  CHECK(replay_rows("circuit_breaker", {"time_s,outcome", "0,fail", "11000,ok"}, endless).status == 0);
}

TEST_CASE("a bug that shows in replay ends it with exit status 3 and one line", "[replay][field]") {
  class FailingBuffer final : public std::streambuf {
    int_type overflow(int_type) override { throw std::runtime_error("broken\nbadly"); }
  } buffer;
  std::ostream out(&buffer);
  out.exceptions(std::ios::badbit);
  std::ostringstream err;
  CHECK(sim::models::replay::run({"--component", "cache", "--trace", field_file("cache-ops.csv"), "--quiet"}, out,
                                 err) == 3);
  CHECK(err.str() == "replay: broken\\nbadly\n");
}

TEST_CASE("an output that cannot be written is no success of replay", "[replay][field]") {
  std::ofstream full("/dev/full");
  std::ostringstream err;
  CHECK(sim::models::replay::run({"--component", "cache", "--trace", field_file("cache-ops.csv"), "--quiet"}, full,
                                 err) == 3);
  CHECK(err.str() == "replay: the standard output cannot be written\n");
}

TEST_CASE("ignored outcomes count neither as successes nor as failures", "[replay][field]") {
  const Lines two_in_a_row = {"--opens_on", "consecutive_failures", "--failure_threshold", "2"};
  // An ignored one does not end a row of failures, either.
  CHECK(
      results(replay_rows("circuit_breaker", {"time_s,outcome", "0,fail", "1,ignored", "2,fail", "3,ok"}, two_in_a_row)
                  .out) == Lines{"closed", "closed", "open", "open"});
  CHECK(results(
            replay_rows("circuit_breaker", {"time_s,outcome", "0,fail", "1,ok", "2,fail", "3,ok"}, two_in_a_row).out) ==
        Lines{"closed", "closed", "closed", "closed"});
}

TEST_CASE("a breaker with an interval forgets its failures, as gobreaker does", "[replay][field]") {
  const Lines rows = {"time_s,outcome", "0,fail", "5,fail", "11,fail", "12,fail"};
  const Lines cumulative = {"--opens_on", "cumulative_failures", "--failure_threshold", "3"};
  CHECK(results(replay_rows("circuit_breaker", rows, cumulative).out) == Lines{"closed", "closed", "open", "open"});
  Lines interval = cumulative;
  interval.insert(interval.end(), {"--count_interval", "10s"});
  CHECK(results(replay_rows("circuit_breaker", rows, interval).out) == Lines{"closed", "closed", "closed", "closed"});
}

TEST_CASE("a cache replays keys without times or operations", "[replay][field]") {
  CHECK(replay_rows("cache", {"key", "a", "b", "a"}, {"--fill-on-miss", "--entries_max", "2"}).out ==
        Lines{"time_s,op,key,hit,evicted_key", ",get,a,false,", ",get,b,false,", ",get,a,true,"});
  CHECK(replay_rows("cache", {"op,key", "put,a", "get,a"}).out ==
        Lines{"time_s,op,key,hit,evicted_key", ",put,a,,", ",get,a,true,"});
}

TEST_CASE("traces without a header, with other separators or in milliseconds are refused as what they are",
          "[replay][field]") {
  const auto refusal = [](const std::string& component, const Lines& rows) {
    const Call call = replay_rows(component, rows);
    CHECK(call.status == 2);
    CHECK(call.out.empty());
    return call.err.substr(call.err.find(".csv") + 4);
  };
  CHECK(refusal("cache", {"0,put,a", "1,get,a"}) ==
        ":1: 0,put,a: expected a header that names the columns, such as key\n");
  CHECK(refusal("circuit_breaker", {"0,ok", "1,fail"}) ==
        ":1: 0,ok: expected a header that names the columns, such as time_s,outcome\n");
  CHECK(refusal("rate_limiter", {"0", "1"}) == ":1: 0: expected a header that names the columns, such as time_s\n");
  CHECK(refusal("bulkhead", {"time_s;hold_s", "1;2"}) ==
        ":1: the fields are separated by semicolons: expected commas\n");
  const Call call = replay_case("circuit_breaker", "epoch-milliseconds.csv");
  CHECK_THAT(call.err, Catch::Contains("this looks like milliseconds since 1970, 1671829514.123 in seconds"));
}
