#include <catch2/catch.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <unistd.h>

#include "libsim/text/csv_file.hpp"
#include "models/replay/command.hpp"

namespace {

using Lines = std::vector<std::string>;

struct Call {
  int status = 0;
  Lines out;
  Lines err;
};

Lines lines_of(const std::string& text) {
  Lines lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) {
    lines.push_back(line);
  }
  return lines;
}

Call replay(const Lines& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  const int status = sim::models::replay::run(arguments, out, err);
  return {status, lines_of(out.str()), lines_of(err.str())};
}

/// A trace in a file of its own.
class TraceFile {
 public:
  explicit TraceFile(const Lines& lines) : path_(std::filesystem::temp_directory_path() / name()) {
    std::ofstream file(path_);
    for (const std::string& line : lines) {
      file << line << '\n';
    }
  }
  TraceFile(const TraceFile&) = delete;
  TraceFile& operator=(const TraceFile&) = delete;
  ~TraceFile() { std::filesystem::remove(path_); }

  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  static std::string name() {
    static int count = 0;
    return fmt::format("replay-{}-{}.csv", ::getpid(), ++count);
  }
  std::filesystem::path path_;
};

Call replay(const std::string& component, const Lines& trace, Lines more = {}) {
  const TraceFile file(trace);
  more.insert(more.begin(), {"--component", component, "--trace", file.path()});
  return replay(more);
}

/// A trajectory that a real library recorded: its rows by column name.
class Recorded {
 public:
  explicit Recorded(const std::string& name) {
    auto file = sim::CsvFile::open(std::string(LIBSIM_TEST_DATA) + "/data/" + name, 10'000'000);
    REQUIRE(file);
    while (file->next_row().value()) {
      std::vector<std::string> row;
      for (std::size_t i = 0; i < file->columns().size(); ++i) {
        row.emplace_back(file->field(i));
      }
      rows_.push_back(std::move(row));
    }
    columns_ = file->columns();
  }
  [[nodiscard]] std::size_t size() const { return rows_.size(); }
  [[nodiscard]] const std::string& at(std::size_t row, const std::string& column) const {
    const auto place = std::find(columns_.begin(), columns_.end(), column) - columns_.begin();
    return rows_.at(row).at(static_cast<std::size_t>(place));
  }
  [[nodiscard]] std::string seconds(std::size_t row, const std::string& column) const {
    const std::string& text = at(row, column);
    const long milliseconds = std::stol(text);
    std::string seconds = fmt::format("{}.{:03}", milliseconds / 1000, milliseconds % 1000);
    seconds.erase(seconds.find_last_not_of('0') + 1);
    return seconds.ends_with('.') ? seconds.substr(0, seconds.size() - 1) : seconds;
  }

 private:
  Lines columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace

TEST_CASE("replay of a breaker shows each call with the state before and after it", "[replay]") {
  const Call call =
      replay("circuit_breaker", {"time_s,outcome", "0,fail", "1,fail", "2,ok", "11.5,ok", "12,ok"},
             {"--opens_on", "consecutive_failures", "--failure_threshold", "2", "--wait_duration_in_open_state", "10s",
              "--half_open_decision", "successes", "--success_threshold", "2", "--permitted_calls_in_half_open", "1"});
  CHECK(call.status == 0);
  CHECK(call.out == Lines{"time_s,outcome,permitted,state_before,state_after", "0,fail,true,closed,closed",
                          "1,fail,true,closed,open", "2,ok,false,open,open", "11.5,ok,true,open,half_open",
                          "12,ok,true,half_open,closed"});
  REQUIRE(call.err.size() == 2);
  CHECK_THAT(call.err[1], Catch::Contains("10.5 s"));  // open from 1 s to 11.5 s
}

TEST_CASE("calls with a duration count when they end, the ends at a time before the calls of that time", "[replay]") {
  const Call call = replay(
      "circuit_breaker", {"time_s,outcome,duration_s", "0,fail,2", "1,ok,0.5", "2,ok,0", "3,ok,0"},
      {"--opens_on", "consecutive_failures", "--failure_threshold", "1", "--wait_duration_in_open_state", "1min"});
  CHECK(call.out == Lines{"time_s,outcome,permitted,state_before,state_after", "0,fail,true,closed,open",
                          "1,ok,true,closed,closed", "2,ok,false,open,open", "3,ok,false,open,open"});
}

TEST_CASE("replay gives what cockatiel did", "[replay]") {
  const Recorded recorded("circuit_breaker/cockatiel_random_consecutive5.csv");
  Lines trace = {"time_s,outcome"};
  for (std::size_t row = 0; row < recorded.size(); ++row) {
    trace.push_back(recorded.seconds(row, "t_ms") + (recorded.at(row, "op") == "ok" ? ",ok" : ",fail"));
  }
  const Call call = replay("circuit_breaker", trace,
                           {"--opens_on", "consecutive_failures", "--failure_threshold", "5",
                            "--wait_duration_in_open_state", "1s", "--half_open_decision", "successes",
                            "--permitted_calls_in_half_open", "1", "--half_open_results_in_window", "on"});
  REQUIRE(call.out.size() == recorded.size() + 1);
  const auto lower = [](std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
  };
  std::size_t rejected = 0;
  for (std::size_t row = 0; row < recorded.size(); ++row) {
    const bool was_rejected = recorded.at(row, "result") != recorded.at(row, "op");
    rejected += was_rejected ? 1 : 0;
    CHECK(call.out[row + 1] == fmt::format("{},{},{},{}", trace[row + 1], was_rejected ? "false" : "true",
                                           lower(recorded.at(row, "state_before")),
                                           lower(recorded.at(row, "state_after"))));
  }
  CHECK(rejected > 0);
}

TEST_CASE("replay gives what lru-cache did", "[replay]") {
  const Recorded recorded("lru_cache/lru_zipf_N20_C5.csv");
  Lines trace = {"time_s,op,key"};
  for (std::size_t row = 0; row < recorded.size(); ++row) {
    trace.push_back("0,get," + recorded.at(row, "key"));
  }
  const Call call = replay("cache", trace, {"--entries_max", "5", "--fill-on-miss"});
  REQUIRE(call.out.size() == recorded.size() + 1);
  CHECK(call.out[0] == "time_s,op,key,hit,evicted_key");
  for (std::size_t row = 0; row < recorded.size(); ++row) {
    const std::string hit = recorded.at(row, "result") == "hit" ? "true" : "false";
    CHECK(call.out[row + 1] == trace[row + 1] + "," + hit + "," + recorded.at(row, "evicted_key"));
  }
}

TEST_CASE("replay gives what rate-limiter-flexible did", "[replay]") {
  const Recorded recorded("rate_limiter/rlf_memory_fixed.csv");
  Lines trace = {"time_s"};
  for (std::size_t row = 0; row < recorded.size(); ++row) {
    trace.push_back(recorded.seconds(row, "t_ms"));
  }
  const Call call = replay("rate_limiter", trace,
                           {"--algorithm", "fixed_window", "--limit", "5", "--window", "1s",
                            "--window_opens_with_request", "on", "--rejected_requests_count", "on"});
  REQUIRE(call.out.size() == recorded.size() + 1);
  std::size_t allowed = 0;
  for (std::size_t row = 0; row < recorded.size(); ++row) {
    const bool was_allowed = recorded.at(row, "result") == "allowed";
    allowed += was_allowed ? 1 : 0;
    INFO(row << ": " << call.out[row + 1]);
    CHECK((call.out[row + 1].find(",true,") != std::string::npos) == was_allowed);
  }
  CHECK((allowed > 0 && allowed < recorded.size()));
}

TEST_CASE("replay gives what the bulkhead of cockatiel did", "[replay]") {
  const Recorded recorded("bulkhead/cockatiel_bulkhead_2_3.csv");
  Lines trace = {"time_s,hold_s"};
  for (std::size_t row = 0; row < recorded.size(); ++row) {
    trace.push_back(recorded.seconds(row, "t_submit") + "," + recorded.seconds(row, "latency"));
  }
  const Call call = replay("bulkhead", trace,
                           {"--max_concurrent_calls", "2", "--max_wait_duration", "24h", "--max_waiting_calls", "3"});
  REQUIRE(call.out.size() == recorded.size() + 1);
  for (std::size_t row = 0; row < recorded.size(); ++row) {
    const std::string submitted = recorded.seconds(row, "t_submit");
    const std::string expected = recorded.at(row, "result") == "ok"
                                     ? fmt::format("{},{},{},acquired", submitted, recorded.seconds(row, "t_start"),
                                                   recorded.seconds(row, "t_end"))
                                     : submitted + ",,,rejected";
    CHECK(call.out[row + 1] == expected);
  }
}

TEST_CASE("replay of a pool: requests wait for connections in their order, or in vain", "[replay]") {
  const Call call = replay(
      "connection_pool", {"time_s,hold_s", "0,5", "1,10", "2,1", "3,1", "9,1"},
      {"--maximum_pool_size", "1", "--minimum_idle", "0", "--connection_timeout", "4s", "--creation_time", "0.5s"});
  // The connection is ready at 0.5 s and comes back at 5.5 s: too late for the request of 1 s, whose 4 s end at 5 s.
  CHECK(call.out == Lines{"time_s,acquired_s,released_s,result", "0,0.5,5.5,acquired", "1,,,timed_out",
                          "2,5.5,6.5,acquired", "3,6.5,7.5,acquired", "9,9,10,acquired"});
}

TEST_CASE("several values of a parameter are compared, every combination under its name", "[replay]") {
  const Call call = replay("rate_limiter", {"time_s", "0", "0"},
                           {"--algorithm", "fixed_window,gcra", "--limit", "1,2", "--window", "10s"});
  CHECK(call.out == Lines{"configuration,time_s,allowed,retry_after_s", "algorithm=fixed_window limit=1,0,true,0",
                          "algorithm=fixed_window limit=1,0,false,10", "algorithm=fixed_window limit=2,0,true,0",
                          "algorithm=fixed_window limit=2,0,true,0", "algorithm=gcra limit=1,0,true,0",
                          "algorithm=gcra limit=1,0,false,10", "algorithm=gcra limit=2,0,true,0",
                          "algorithm=gcra limit=2,0,true,0"});
  CHECK(call.err.size() == 5);  // a title and a line per configuration
}

TEST_CASE("a bucket is described by its capacity and its refill rate", "[replay]") {
  const Call call = replay("rate_limiter", {"time_s,permits", "0,3", "0.5,1", "1,2", "2,9"},
                           {"--algorithm", "token_bucket", "--capacity", "3", "--refill_rate", "2", "--quiet"});
  CHECK(call.out == Lines{"time_s,allowed,retry_after_s", "0,true,0", "0.5,true,0", "1,false,0.5", "2,false,never"});
  CHECK(call.err.empty());
}

TEST_CASE("wrong input to replay is one line, exit status 2, and nothing on the standard output", "[replay]") {
  const TraceFile good({"time_s,outcome", "0,ok"});
  const TraceFile backwards({"time_s,outcome", "1,ok", "0.5,ok"});
  const TraceFile odd({"time_s,outcome", "0,okay"});
  const TraceFile empty({"time_s,outcome"});
  const TraceFile other({"when,outcome", "0,ok"});
  const std::string breaker = "--component=circuit_breaker";
  const std::vector<std::pair<Lines, std::string>> cases = {
      {{}, "--component: expected circuit_breaker, rate_limiter, cache, connection_pool or bulkhead"},
      {{"--component", "cash"},
       "--component cash: expected circuit_breaker, rate_limiter, cache, connection_pool or bulkhead; did you mean "
       "cache?"},
      {{breaker}, "--trace: expected --trace FILE.csv"},
      {{breaker, "--trace", "/nowhere.csv"}, "/nowhere.csv: cannot be read: No such file or directory"},
      {{breaker, "--preset", "hystrix"}, "--preset hystrix: expected resilience4j, polly, opossum or gobreaker"},
      {{"--component", "cache", "--preset", "x"}, "--preset x: cache has no presets"},
      {{breaker, "--trace", good.path(), "--failure_threshold", "0"},
       "--failure_threshold 0: expected a whole number from 1 to 1000000 (failures)"},
      {{breaker, "--trace", good.path(), "--failure_threshold", "1,x"},
       "--failure_threshold x: expected a whole number from 1 to 1000000 (failures)"},
      {{breaker, "--trace", good.path(), "--failure_treshold", "1"},
       "--failure_treshold 1: unknown flag; did you mean --failure_threshold?"},
      {{breaker, "--trace", good.path(), "--call_volume", "arrivals"},
       "--call_volume arrivals: expected with --sliding_window_type time_based"},
      {{breaker, "--trace", backwards.path()},
       backwards.path() + ":3: column 1 (time_s): 0.5: expected a time not before that of the row above, 1"},
      {{breaker, "--trace", odd.path()},
       odd.path() + ":2: column 2 (outcome): okay: expected ok, fail, timeout or ignored"},
      {{breaker, "--trace", empty.path()}, empty.path() + ": has no rows: expected at least one below the header"},
      {{breaker, "--trace", other.path()}, other.path() + ": column time_s is missing: the header has when, outcome"}};
  for (const auto& [arguments, message] : cases) {
    const Call call = replay(arguments);
    CHECK(call.status == 2);
    CHECK(call.out.empty());
    CHECK(call.err == Lines{"replay: " + message});
  }
}

TEST_CASE("the help of replay names each parameter with its default and range", "[replay]") {
  const Call call = replay({"--help", "--component", "cache"});
  CHECK(call.status == 0);
  CHECK(call.err.empty());
  const std::string text = fmt::format("{}", fmt::join(call.out, "\n"));
  CHECK_THAT(text, Catch::Contains("--entries_max") && Catch::Contains("100 entries (1 … 1000000000)") &&
                       Catch::Contains("lru or fifo") && !Catch::Contains("--failure_threshold"));
  const Call breaker = replay({"--help", "--component", "circuit_breaker"});
  CHECK_THAT(fmt::format("{}", fmt::join(breaker.out, "\n")),
             Catch::Contains("--wait_duration_max") && Catch::Contains("forever (1ms … 365d, 0 or forever)") &&
                 !Catch::Contains("9223372036"));
}
