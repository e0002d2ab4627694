#include "models/users/config.hpp"
#include "models/users/parameter_sources.hpp"

namespace sim::models::users {

namespace {

using harness::Parameters;

void describe_users(Parameters& parameters, Config& config) {
  User::Habits& habits = config.habits;
  parameters.add("users", config.users_count)
      .unit("users")
      .range(1, 10'000)
      .meaning("users at once; not of sustained")
      .source(guide);
  parameters.add("user.timeout", habits.timeout)
      .range(1ms, 1h)
      .meaning("how long a user waits for the answer to a request")
      .source("a common default of HTTP clients");
  parameters.add("user.honours_retry_after", habits.honours_retry_after)
      .meaning("send a throttled request again after the time that the application asked for")
      .source("HTTP 429 with Retry-After, RFC 6585");
  parameters.add("user.think_time", habits.think_time)
      .meaning("between two workflows of a user")
      .source("assumed: looks at the result");
  parameters.add("workflow.stages", habits.stages_count)
      .unit("stages")
      .range(1, 100)
      .meaning("stages of a workflow, each with an agent and a write; one page before and one read after them")
      .source(assumed);
  parameters.add("workflow.records_per_page", habits.records_per_page)
      .unit("records")
      .range(1, ApiRequest::records_max)
      .meaning("records that opening a workflow reads")
      .source("assumed: profile, company, case, history");
  parameters.add("workflow.records_per_stage", habits.records_per_stage)
      .unit("records")
      .range(1, ApiRequest::records_max)
      .meaning("records that a stage reads")
      .source(assumed);
  parameters.add("records", habits.popularity.keys)
      .unit("records")
      .range(1, 1'000'000)
      .meaning("records that users share")
      .source("assumed: one customer's companies, templates and benchmarks");
  parameters.add("records.popularity_exponent", habits.popularity.exponent)
      .range(0, 3)
      .meaning("how uneven their popularity is; 0: all alike")
      .source("Breslau and others, INFOCOM 1999: 0.64 to 0.83");
}

void describe_network(Parameters& parameters, Config& config) {
  parameters.add("network.latency", config.network.latency)
      .meaning("one way between user and application")
      .source("assumed: users in the region of the application, some on mobile networks");
  parameters.add("network.loss_probability", config.network.rules.loss_probability)
      .range(0, 1)
      .meaning("of each request and answer; what is lost is noticed by the timeout")
      .source("0: TCP repeats what it loses");
  parameters.add("network.bandwidth_mbit_s", config.application.bandwidth_mbit_s)
      .unit("Mbit/s")
      .range(0.1, 1e6)
      .meaning("of the application's network card, outwards")
      .source("assumed: lasting bandwidth of a cloud instance of 4 cores");
  parameters.add("network.record_kb", config.application.record_kb)
      .unit("KB")
      .range(0, 1e6)
      .meaning("mean size of a record in an answer and in the cache; exponentially distributed in answers")
      .source("assumed: JSON of a business case");
  parameters.add("network.answer_kb", config.application.answer_kb)
      .unit("KB")
      .range(0, 1e6)
      .meaning("size of an answer besides its records")
      .source("assumed: headers and envelope");
  parameters.add("network.peak_window", config.application.bandwidth_window)
      .range(1ms, 1h)
      .meaning("window over which the peak of the bandwidth is taken")
      .source(assumed);
}

void describe_application(Parameters& parameters, Config& config) {
  auto& application = config.application;
  parameters.add("application.cores", config.application_cores)
      .unit("cores")
      .range(1, 1'024)
      .meaning("cores of the application, shared by all requests")
      .source("assumed: four processes of one core");
  parameters.add("application.cpu_time", application.cpu_time)
      .meaning("CPU time of a request: authentication, routing, JSON")
      .source("assumed: web frameworks serve about 1000 such requests per second and core");
  parameters.add("application.stage_cpu_time", application.stage_cpu_time)
      .meaning("CPU time of a stage besides: prompt assembly, parsing of the result")
      .source(assumed);
  parameters.add("application.memory_base_mb", application.memory.memory_base_mb)
      .unit("MB")
      .range(1, 1e6)
      .meaning("memory of the idle application")
      .source("assumed: four Node processes of 60 MB");
  parameters.add("application.memory_per_user_mb", application.memory.memory_per_session_mb)
      .unit("MB")
      .range(0, 1e4)
      .meaning("memory for each user seen")
      .source("assumed: session, rate limit, connection");
  parameters.add("application.memory_per_request_mb", application.memory.memory_per_message_mb)
      .unit("MB")
      .range(0, 1e4)
      .meaning("memory while a request is in progress")
      .source(assumed);
  parameters.add("rate_limit", application.limits_rate).meaning("a token bucket for each user").source(guide);
  parameters.add("rate_limit.burst", application.rate_limit.capacity)
      .unit("requests")
      .range(1, 1'000'000)
      .meaning("tokens of a full bucket")
      .source(assumed);
  parameters.add("rate_limit.per_second", application.rate_limit.refill_tokens)
      .unit("requests")
      .range(1, 1'000'000)
      .meaning("tokens that come in per second")
      .source("assumed: far above what a person does");
  parameters.add("fallback.partial", application.answers_partially)
      .meaning("show a page when some of its records cannot be read")
      .source(guide);
}

void describe_agents(Parameters& parameters, Config& config) {
  parameters.add("agents.latency", config.agents.latency)
      .meaning("one agent at work")
      .source("guide: slow agents take more than 200 ms, with a target of 500 ms; assumed tail");
  parameters.add("agents.failure_probability", config.agents.behaviour.errors.front().probability)
      .range(0, 1)
      .meaning("share of runs that fail")
      .source("assumed: overload errors of a public service");
  parameters.add("agents.concurrent_max", config.agents.behaviour.concurrent_requests_max)
      .unit("runs")
      .range(1, 100'000)
      .meaning("agents at work at once; more wait in line")
      .source("assumed: quota of an account");
  parameters.add("agents.timeout", config.application.agent_timeout.timeout)
      .range(1ms, 1h)
      .meaning("how long the application waits for one run")
      .source(assumed);
  parameters.add("agents.attempts_max", config.application.agent_retry.schedule.attempts_max)
      .unit("attempts")
      .range(1, 100)
      .meaning("runs of an agent until the stage fails, the first one included")
      .source("guide: succeeds after 3 attempts");
}

}  // namespace

void describe(harness::Parameters& parameters, Config& config) {
  describe_users(parameters, config);
  describe_network(parameters, config);
  describe_application(parameters, config);
  describe_agents(parameters, config);
  describe_storage(parameters, config);
  describe_scenarios(parameters, config);
}

}  // namespace sim::models::users
