#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "libsim/testing.hpp"
#include "models/users/experiment.hpp"
#include "tests/models/documented_parameters.hpp"
#include "tests/models/scenario_runs.hpp"

using namespace sim;
using sim::testing::Parameters;

namespace {

const std::vector<std::string> scenarios = {"full_workflow", "read_heavy", "write_heavy",
                                            "ramp_up",       "sustained",  "spike"};

constexpr sim::testing::RunsOf run{models::users::experiment};

/// The mean of a metric over seeds 1 to 5, which all settings share.
double mean_of(const std::string& scenario, const std::string& metric, const Parameters& parameters) {
  double sum = 0;
  for (std::uint64_t seed = 1; seed <= 5; ++seed) {
    sum += run(scenario, parameters, seed).value(metric);
  }
  return sum / 5;
}

}  // namespace

TEST_CASE("the same seed gives the same users, another seed others", "[users]") {
  for (const std::string& scenario : scenarios) {
    INFO(scenario);
    const auto first = run(scenario);
    CHECK(first == run(scenario));
    CHECK(first.totals.fingerprint != run(scenario, {}, 2).totals.fingerprint);
  }
}

TEST_CASE("without trouble every request is answered completely and every write is committed", "[users]") {
  for (const std::string& scenario : scenarios) {
    INFO(scenario);
    const auto result = run(scenario, {{"database.error_probability", "0"}, {"agents.failure_probability", "0"}});
    CHECK(result.warnings.empty());
    CHECK(result.value("requests_sent") == result.value("requests_complete"));
    CHECK(result.value("requests_sent") > 0);
    CHECK(result.value("writes_accepted") == result.value("writes_committed"));
  }
}

TEST_CASE("users do as much as the guide says: a workflow each, 50 reads each, 20 writes each", "[users]") {
  const auto workflows = run("full_workflow");
  // Per user the page, five stages, the result; each stage writes once; pages read 4 records, stages 2, results 1.
  CHECK(workflows.value("requests_sent") == 100 * 7);
  CHECK(workflows.value("writes_accepted") == 100 * 5);
  CHECK(workflows.find("cache_hit_rate")->samples == 100 * (4 + 5 * 2 + 1));
  CHECK(run("read_heavy").value("requests_sent") == 100 * 50);
  CHECK(run("write_heavy").value("requests_sent") == 100 * 20);
}

TEST_CASE("concurrent users are as many as were seen at once", "[users]") {
  CHECK(run("full_workflow", {{"users", "37"}}).value("concurrent_users") == 37);
  CHECK(run("full_workflow", {{"users", "1"}}).value("concurrent_users") == 1);
  // Users who come one by one over a long time meet few others.
  CHECK(run("ramp_up", {{"ramp_up.duration", "10min"}, {"user.think_time", "1h"}}).value("concurrent_users") < 5);
  CHECK(run("sustained", {{"sustained.users", "20"}}).value("concurrent_users") == 20);
}

TEST_CASE("a cache makes reads faster and spares the database", "[users]") {
  CHECK(mean_of("read_heavy", "reads_per_second", {{"cache", "on"}}) >
        1.3 * mean_of("read_heavy", "reads_per_second", {{"cache", "off"}}));
  const auto short_lived = run("read_heavy", {{"cache.ttl", "50ms"}});
  CHECK(short_lived.value("cache_hit_rate") < run("read_heavy").value("cache_hit_rate") - 10);
  const auto small = run("read_heavy", {{"cache.entries_max", "20"}});
  CHECK(small.value("cache_hit_rate") < run("read_heavy").value("cache_hit_rate") - 10);
}

TEST_CASE("queries that are shared spare the database", "[users]") {
  const auto waits = [](const char* shares) {
    return run("read_heavy", {{"cache.shares_queries", shares}}).find("pool_wait_p95")->samples;
  };
  CHECK(waits("on") < waits("off"));
}

TEST_CASE("a pool lends as many connections as it has, and a small one makes queries wait", "[users]") {
  for (const char* size : {"1", "5", "10"}) {
    CHECK(run("read_heavy", {{"cache", "off"}, {"pool.size", size}}).value("pool_in_use_max") == std::stod(size));
  }
  // One connection at a time does a query of 6.8 ms and 0.6 ms of CPU time in the mean: some 135 reads per second, each
  // with those that share it.
  const auto one = run("read_heavy", {{"cache", "off"}, {"cache.shares_queries", "off"}, {"pool.size", "1"}});
  CHECK(one.value("reads_per_second") > 110);
  CHECK(one.value("reads_per_second") < 150);
}

TEST_CASE("read replicas take the reads off the primary", "[users]") {
  const Parameters many = {{"cache", "off"}, {"pool.size", "50"}, {"database.query_cpu_time", "exponential(2ms)"}};
  Parameters alone = many;
  alone.emplace_back("database.replicas", "0");
  CHECK(run("read_heavy", many).value("primary_cpu_mean") == 0);
  CHECK(run("read_heavy", alone).value("primary_cpu_mean") > 30);
  // Two cores do 1000 such queries per second, the four of two replicas 2000.
  CHECK(mean_of("read_heavy", "reads_per_second", many) > 1.3 * mean_of("read_heavy", "reads_per_second", alone));
}

TEST_CASE("batches need fewer statements, and queued writes answer before the commit", "[users]") {
  const auto direct = run("write_heavy", {{"writes", "direct"}});
  const auto batched = run("write_heavy", {{"writes", "batched"}});
  const auto queued = run("write_heavy", {{"writes", "queued"}});
  CHECK(direct.value("write_statements") == 2000);
  CHECK(batched.value("write_statements") < 500);
  CHECK(batched.value("writes_per_second") > 1.3 * direct.value("writes_per_second"));
  CHECK(queued.value("response_p95") < batched.value("response_p95"));
  CHECK(queued.value("writes_committed") == 2000);
  // Only what is committed when the last user has an answer counts.
  const auto slow =
      run("write_heavy", {{"writes", "queued"}, {"database.write_latency", "200ms"}, {"writes.waiting_max", "10000"}});
  CHECK(slow.value("writes_committed") == 2000);
  CHECK(slow.value("writes_per_second") * slow.value("duration") < 1900);
}

TEST_CASE("a full write queue turns writes away", "[users]") {
  const auto result =
      run("write_heavy",
          {{"writes", "queued"}, {"writes.waiting_max", "60"}, {"writes.concurrent_max", "1"}, {"pool.size", "1"}});
  CHECK(result.value("requests_failed") > 0);
  CHECK(result.value("writes_accepted") == 2000 - result.value("requests_failed"));
}

TEST_CASE("a token bucket per user slows down those who obey it and fails the others", "[users]") {
  const Parameters tight = {{"rate_limit.burst", "5"}, {"rate_limit.per_second", "10"}};
  const auto obedient = run("read_heavy", tight);
  // 50 reads take 5 tokens of the full bucket and 45 that come in at 10 per second: 4.5 s at least.
  CHECK(obedient.value("duration") > 4.5);
  CHECK(obedient.value("duration") < 5.5);
  CHECK(obedient.value("success_rate") == 100);
  CHECK(obedient.value("requests_throttled") > 0);
  Parameters stubborn = tight;
  stubborn.emplace_back("user.honours_retry_after", "off");
  CHECK(run("read_heavy", stubborn).value("success_rate") < 50);
  stubborn.emplace_back("rate_limit", "off");
  CHECK(run("read_heavy", stubborn).value("success_rate") == 100);
}

TEST_CASE("a workflow ends at its first failed step, and agents are tried again", "[users]") {
  const Parameters once = {{"agents.attempts_max", "1"}, {"agents.failure_probability", "0.2"}};
  const auto result = run("full_workflow", once);
  // Five stages: 0.8^5 = 33 %.
  CHECK(result.value("success_rate") > 20);
  CHECK(result.value("success_rate") < 46);
  CHECK(result.value("requests_failed") == 100 - result.value("success_rate"));
  CHECK(result.value("response_p95") == Approx(30));  // a failed workflow counts with the timeout of a request
  CHECK(run("full_workflow", {{"agents.failure_probability", "0.2"}}).value("success_rate") > 90);
}

TEST_CASE("an agent that is slower than its timeout fails the stage", "[users]") {
  const auto result = run("full_workflow", {{"agents.latency", "20s"}, {"agents.concurrent_max", "1000"}});
  CHECK(result.value("success_rate") == 0);
  CHECK(result.value("requests_timed_out") == 100);  // three attempts of 10 s each, and users wait for 30 s
}

TEST_CASE("reads from replicas may be outdated, those from the primary never are", "[users]") {
  CHECK(run("sustained").value("outdated_reads") > 1);
  CHECK(run("sustained", {{"database.reads", "primary"}}).value("outdated_reads") == 0);
  CHECK(run("sustained", {{"cache.after_write", "store"}}).value("outdated_reads") == 0);
  CHECK(run("sustained", {{"database.replication_lag", "0s"}}).value("outdated_reads") == 0);
}

TEST_CASE("answers take as long as the bandwidth of the network card allows", "[users]") {
  const auto narrow = run("read_heavy", {{"network.bandwidth_mbit_s", "50"}});
  CHECK(narrow.value("bandwidth_mean") < 50);
  CHECK(narrow.value("bandwidth_mean") > 40);
  CHECK(narrow.value("duration") > 2 * run("read_heavy").value("duration"));
  CHECK(run("read_heavy").value("bandwidth_max") > 100);
  // The inputs of stages stay in the application: a record of 8 KB for the page and one for the result of each of 100
  // users are 12.8 Mbit in the mean.
  const auto workflows =
      run("full_workflow",
          {{"network.answer_kb", "0"}, {"workflow.records_per_page", "1"}, {"workflow.records_per_stage", "8"}});
  CHECK(workflows.value("bandwidth_mean") * workflows.value("duration") > 10);
  CHECK(workflows.value("bandwidth_mean") * workflows.value("duration") < 16);
}

TEST_CASE("more cores of the application use less of each, and memory follows requests and users", "[users]") {
  CHECK(run("read_heavy", {{"application.cores", "16"}}).value("application_cpu_mean") <
        run("read_heavy").value("application_cpu_mean"));
  const auto workflows = run("full_workflow", {{"network.record_kb", "0"}});
  // 250 MB, 0.5 MB for each of 100 users and 2 MB for each of 100 requests in progress; nothing in the cache.
  CHECK(workflows.value("concurrent_requests_max") == 100);
  CHECK(workflows.value("application_memory_max") == Approx(250 + 50 + 200));
}

TEST_CASE("a spike makes workflows slower while it lasts", "[users]") {
  const Parameters few_agents = {{"agents.concurrent_max", "20"}};
  const auto result = run("spike", few_agents);
  CHECK(result.value("response_p95_spike") > 1.5 * result.value("response_p95_before"));
  CHECK(result.value("response_p95_after") < result.value("response_p95_spike"));
}

TEST_CASE("a spike without further users says so", "[users]") {
  const auto result = run("spike", {{"users", "10"}});
  REQUIRE(result.warnings.size() == 1);
  CHECK_THAT(result.warnings[0], Catch::StartsWith("no spike"));
  CHECK(result.value("concurrent_users") <= 10);
}

TEST_CASE("a run that takes too long is cut off and says so", "[users]") {
  const auto result = run("sustained", {{"run.limit", "5s"}});
  REQUIRE(result.warnings.size() == 1);
  CHECK_THAT(result.warnings[0], Catch::StartsWith("cut off at 5s"));
  CHECK(result.value("requests_open") > 0);
}

TEST_CASE("a first delay above the former cap is waited for when its longest is raised, by agents too", "[users]") {
  const Parameters failing = {{"agents.failure_probability", "1"}, {"agents.attempts_max", "2"}, {"users", "1"}};
  Parameters patient = failing;
  patient.insert(patient.end(), {{"query.retry_delay", "20s"}, {"query.retry_delay_max", "1min"}});
  CHECK(run("full_workflow", patient).value("duration") > run("full_workflow", failing).value("duration") + 1);
}

TEST_CASE("the documentation of users lists every parameter with its default", "[users][docs]") {
  CHECK(sim::testing::undocumented_parameters(models::users::experiment()) == std::vector<std::string>{});
}

TEST_CASE("values of users that contradict each other are refused by name", "[users]") {
  CHECK_THROWS_WITH(run("spike", {{"spike.duration", "1min"}}), Catch::Contains("--spike.duration 60s"));
  CHECK_THROWS_WITH(run("write_heavy", {{"writes.waiting_max", "10"}}), Catch::Contains("--writes.waiting_max 10"));
  CHECK_THROWS_WITH(run("read_heavy", {{"query.retry_delay", "3s"}}),
                    Catch::Contains("--query.retry_delay 3s: expected at most --query.retry_delay_max, which is 2s"));
}
