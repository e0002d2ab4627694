#include <string>
#include <utility>
#include <vector>

#include "models/agents/config.hpp"

namespace sim::models::agents {

namespace {

using harness::Parameters;

constexpr const char* guide = "performance guide of the application, agent invocation benchmarks";
constexpr const char* assumed = "assumed";

void describe_agent(Parameters& parameters, const std::string& name, actors::Agent::Config& agent, const char* setup,
                    const char* work) {
  parameters.add(name + ".setup_time", agent.setup_time)
      .meaning("of a call of the " + name + " agent: prepare its context, connect; once for a batch")
      .source(setup);
  parameters.add(name + ".work_time", agent.work_time).meaning("of the " + name + " agent on one input").source(work);
}

void describe_agents(Parameters& parameters, Config& config) {
  describe_agent(parameters, "fast", config.fast, "assumed: a quarter of a call",
                 "guide: fast agents take less than 50 ms; simple operations, 10 ms in its example");
  describe_agent(parameters, "medium", config.medium, "assumed: a sixth of a call",
                 "guide: medium agents take 50 to 200 ms; standard processing, database queries");
  describe_agent(parameters, "slow", config.slow, "assumed: an eighth of a call",
                 "guide: slow agents take more than 200 ms; complex analysis, external calls");
  parameters.add("failure_probability", config.failure_probability)
      .range(0, 1)
      .meaning("share of the inputs on which an agent fails")
      .source("guide: the agents of its benchmarks do not fail");
  parameters.add("workers", config.workers_count)
      .unit("workers")
      .range(1, 10'000)
      .meaning("calls that all agents together work on at once")
      .source("assumed: one worker pool of a small service");
  parameters.add("workers.queue_max", config.queue_max)
      .unit("calls")
      .range(0, 1'000'000)
      .meaning("calls that wait for a worker; more are rejected")
      .source(assumed);
}

void describe_orchestrator(Parameters& parameters, Config& config) {
  parameters.add("orchestrator.dispatch_time", config.orchestrator.dispatch_time)
      .meaning("of a call: find the agent, serialise the input; one call after the other")
      .source("assumed: an event loop");
  parameters.add("orchestrator.aggregation_time", config.orchestrator.aggregation_time)
      .meaning("to add one answer to those of a parallel team; on the same event loop")
      .source(assumed);
  parameters.add("client.timeout", config.client_timeout)
      .range(1ms, 1h)
      .meaning("an invocation without answer for this long has timed out, and counts as this long")
      .source(assumed);
}

void describe_cache(Parameters& parameters, Config& config) {
  parameters.add("cache", config.cache)
      .meaning("answer from a cache when an agent has had the same input before")
      .source("off: the guide lists it among its tips");
  parameters.add("cache.entries_max", config.cache_rules.entries_max)
      .unit("entries")
      .range(1, 10'000'000)
      .meaning("answers in the cache; the least recently used goes")
      .source(assumed);
  parameters.add("cache.ttl", config.cache_rules.ttl)
      .range(1ns, 24h)
      .zero_is_forever()
      .meaning("age up to which an answer counts")
      .source(assumed);
  parameters.add("cache.lookup_time", config.orchestrator.lookup_time)
      .meaning("to ask the cache, on the event loop")
      .source("assumed: a cache server in the same network");
}

void describe_batching(Parameters& parameters, Config& config) {
  parameters.add("batching", config.batching)
      .meaning("group inputs of the same agent; one dispatch and one setup for all of them")
      .source("off: the guide lists it among its tips");
  parameters.add("batching.size_max", config.batch_rules.batch_size_max)
      .unit("inputs")
      .range(1, 10'000)
      .meaning("inputs of a batch; a full one leaves at once")
      .source(assumed);
  parameters.add("batching.wait_max", config.batch_rules.flush_interval)
      .range(0ms, 1min)
      .meaning("longest wait of an input for a batch to fill")
      .source(assumed);
}

void describe_security(Parameters& parameters, Config& config) {
  parameters.add("security", config.security)
      .meaning("authenticate, validate and encrypt in all scenarios; secure compares both in any case")
      .source("off: the guide measures plain invocations, and the difference in one test");
  parameters.add("security.authentication_time", config.gate.authentication_time)
      .meaning("to verify a signed token and look up who it belongs to")
      .source("assumed: a signature check of about 100 us and a session look-up");
  parameters.add("security.validation_time", config.gate.validation_time)
      .meaning("to validate an input: schema, forbidden content")
      .source(assumed);
  parameters.add("security.encryption_time", config.gate.encryption_time)
      .meaning("to encrypt an input, and again an answer")
      .source("assumed: a few kilobytes and a key from a key service's cache");
  parameters.add("security.threads", config.security_threads_count)
      .unit("threads")
      .range(1, 1'000)
      .meaning("threads for these steps, shared by all invocations")
      .source("libuv: four threads by default");
  parameters.add("security.invalid_token_share", config.invalid_token_share)
      .range(0, 1)
      .meaning("share of the invocations whose token is not valid")
      .source("guide: the callers of its benchmarks are known");
  parameters.add("security.invalid_content_share", config.invalid_content_share)
      .range(0, 1)
      .meaning("share of the invocations whose input breaks the rules")
      .source("guide: the inputs of its benchmarks are valid");
}

void describe_scenarios(Parameters& parameters, Config& config) {
  const std::vector<std::pair<std::string, Kind>> kinds = {
      {"fast", Kind::fast}, {"medium", Kind::medium}, {"slow", Kind::slow}};
  parameters.add("loop.invocations", config.loop_invocations_count)
      .unit("invocations")
      .range(1, 1'000'000)
      .meaning("invocations of fast, medium and slow, and of secure once plain and once secure")
      .source(guide);
  parameters.add("secure.agent", config.secure.agent, kinds)
      .meaning("agent that secure invokes")
      .source("guide: 5000 ms for its plain invocations, 50 ms each if they are 100: a medium agent");
  parameters.add("mix.invocations", config.mix.invocations_count)
      .unit("invocations")
      .range(1, 1'000'000)
      .meaning("invocations of percentiles")
      .source("definition of the targets");
  parameters.add("mix.medium_share", config.mix.medium_share)
      .range(0, 1)
      .meaning("share of the medium agent in percentiles; what the other two leave belongs to the fast one")
      .source(assumed);
  parameters.add("mix.slow_share", config.mix.slow_share)
      .range(0, 1)
      .meaning("share of the slow agent in percentiles")
      .source(assumed);
  parameters.add("mix.between_invocations", config.mix.between_invocations)
      .meaning("time between two invocations of percentiles")
      .source("assumed: 20 per second, the least that the guide asks of its fast agents");
  parameters.add("mix.inputs", config.mix.inputs.keys)
      .unit("inputs")
      .range(1, 10'000'000)
      .meaning("different inputs of percentiles, by popularity after Zipf")
      .source(assumed);
  parameters.add("mix.inputs_exponent", config.mix.inputs.exponent)
      .range(0, 10)
      .meaning("exponent of that popularity; 0: all inputs are equally popular")
      .source("assumed: near 1, as for requests to web caches (Breslau and others, 1999)");
  parameters.add("team.rounds", config.teams.rounds_count)
      .unit("rounds")
      .range(1, 1'000'000)
      .meaning("rounds of parallel, each in sequence and in parallel")
      .source(assumed);
  parameters.add("concurrent.invocations", config.concurrent.invocations_count)
      .unit("invocations")
      .range(1, 1'000'000)
      .meaning("invocations of concurrent, all at once")
      .source(guide);
  parameters.add("concurrent.agent", config.concurrent.agent, kinds)
      .meaning("agent that concurrent invokes")
      .source("assumed: standard processing");
}

}  // namespace

void describe(Parameters& parameters, Config& config) {
  describe_agents(parameters, config);
  describe_orchestrator(parameters, config);
  describe_cache(parameters, config);
  describe_batching(parameters, config);
  describe_security(parameters, config);
  describe_scenarios(parameters, config);
}

}  // namespace sim::models::agents
