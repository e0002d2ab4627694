#include "models/cold_start_parameters.hpp"
#include "models/sessions/config.hpp"
#include "models/sessions/scenario_parameters.hpp"

namespace sim::models::sessions {

namespace {

using harness::Parameters;

constexpr const char* sqs = "Amazon SQS API reference, CreateQueue";

void describe_platform(Parameters& parameters, Config& config) {
  parameters.add("sessions", config.sessions_count)
      .unit("sessions")
      .range(1, 10'000)
      .meaning("chat sessions in the scenarios load and hourly")
      .source(document);
  parameters.add("containers", config.containers_count)
      .unit("containers")
      .range(1, 1'000)
      .meaning("containers that share these sessions, each with its project")
      .source(document);
  parameters.add("drain.limit", config.drain_limit)
      .range(0s, 48h)
      .meaning("how long a scenario waits for open messages at its end")
      .source("long enough for every retry of the defaults");
  parameters.add("messages.always_edit", config.always_edit)
      .meaning("treat every message as a command that edits files, also those that are remarks by their text")
      .source("off: switching, burst, kill and soak send remarks (\"Switch test 7\"), as the test plan does");
}

void describe_client(Parameters& parameters, actors::SessionClient::Config& client) {
  parameters.add("client.timeout", client.timeout)
      .range(1s, 24h)
      .meaning("a message without reply for this long counts as failed, and as this long")
      .source("definition of the targets");
  parameters.add("client.api_latency", client.api_latency)
      .meaning("one call of the orchestrator or of a queue")
      .source("SQS calls within a region take 10 to 20 ms at the median; assumed tail");
  parameters.add("client.sends_in_order", client.sends_in_order)
      .meaning("send the next message of a session when the queue has confirmed the one before")
      .source("off: connections race, and the order of sending is lost before the queue");
  parameters.add("client.body_has_command_id", client.body_has_command_id)
      .meaning("put the command id into the body that content-based deduplication hashes")
      .source("off: the same words within 5 min are taken for a duplicate");
}

void describe_queue(Parameters& parameters, Config& config) {
  auto& rules = config.queue.rules;
  parameters.add("queue.visibility_timeout", rules.visibility_timeout)
      .range(0s, 12h)
      .meaning("how long a received message stays invisible without a heartbeat")
      .source(sqs);
  parameters.add("queue.max_receive_count", rules.max_receive_count)
      .unit("receives")
      .range(0, 1'000)
      .meaning("receives before a message goes to the dead-letter queue; 0: never")
      .source("assumed; SQS allows 1 to 1000");
  parameters.add("queue.message_retention_period", rules.message_retention_period)
      .range(60s, 336h)
      .meaning("how long a queue keeps a message")
      .source(sqs);
  parameters.add("queue.delay", rules.delay)
      .range(0s, 15min)
      .meaning("delay before a message can be received")
      .source(sqs);
  parameters.add("queue.deduplication_interval", rules.deduplication_interval)
      .range(0s, 24h)
      .meaning("how long the queue recognises a repeated body")
      .source("Amazon SQS developer guide, FIFO queues");
  parameters.add("queue.long_poll", config.container.long_poll)
      .range(1s, 20s)
      .meaning("how long a receive waits for a message")
      .source("longest that SQS allows");
  parameters.add("queue.heartbeats", config.container.heartbeats)
      .meaning("extend the visibility of messages that are worked on")
      .source("a command may take longer than the visibility timeout");
  parameters.add("queue.heartbeat_interval", config.container.heartbeat_interval)
      .range(1s, 1h)
      .meaning("time between two extensions")
      .source("a third of the visibility timeout");
}

void describe_container(Parameters& parameters, Config& config) {
  auto& container = config.container;
  parameters.add("container.concurrency", container.concurrency)
      .unit("messages")
      .range(1, 1'000)
      .meaning("messages that a container works on at once")
      .source("one per session of a container: queue groups serve a session one by one, model calls are mere waiting");
  parameters.add("container.batch_by_session", config.batch_by_session)
      .meaning("receive up to 10 messages of a session together; one switch, commit and build for all of them")
      .source("test plan, BatchProcessor");
  parameters.add("container.cpu_cores", container.resources.cpu_cores)
      .unit("cores")
      .range(1, 64)
      .meaning("cores of a container")
      .source("assumed: a task of 2 vCPU and 8 GB");
  parameters.add("container.background_cores", container.resources.background_cores)
      .unit("cores")
      .range(0, 1)
      .meaning("busy cores of an idle container: preview server, polling")
      .source(assumed);
  parameters.add("container.memory_base_mb", container.resources.memory_base_mb)
      .unit("MB")
      .range(1, 65'536)
      .meaning("memory of a container without sessions")
      .source("assumed: two Node processes, of the application and of the preview server");
  parameters.add("container.memory_per_session_mb", container.resources.memory_per_session_mb)
      .unit("MB")
      .range(0, 65'536)
      .meaning("memory per session")
      .source("assumed: chat history, file index");
  parameters.add("container.memory_per_message_mb", container.resources.memory_per_message_mb)
      .unit("MB")
      .range(0, 65'536)
      .meaning("memory while a message (or batch) is worked on")
      .source("assumed: one agent process");
  parameters.add("container.memory_limit_mb", container.resources.memory_limit_mb)
      .unit("MB")
      .range(1, 262'144)
      .meaning("a container that needs more fails and is started again")
      .source("assumed: a task of 2 vCPU and 8 GB");
  parameters.add("container.leak_per_message_mb", container.leak_per_message_mb)
      .unit("MB")
      .range(0, 1'024)
      .meaning("mean memory that a message leaves behind, exponentially distributed")
      .source("assumed: history and caches that nobody clears");
}

void describe_start_plan(Parameters& parameters, policies::ColdStartPlan::Config& plan) {
  parameters.add("start.parallel_initialisation", plan.parallel_initialisation)
      .meaning("start git, web server and queue connections side by side")
      .source("test plan, OptimizedContainer");
  parameters.add("start.precompiled", plan.precompiled)
      .meaning("the image holds compiled code")
      .source("test plan, OptimizedContainer");
  parameters.add("start.cached_dependencies", plan.cached_dependencies)
      .meaning("the image holds the installed packages")
      .source("test plan, OptimizedContainer");
  parameters.add("start.light_image", plan.light_image)
      .meaning("use the light base image")
      .source("test plan, OptimizedContainer");
  parameters.add("start.lazy_loading", plan.lazy_loading)
      .meaning("import the agent's library at the first command instead of at the start")
      .source("test plan, OptimizedContainer");
  parameters.add("start.light_base_image_mb", plan.light_base_image_mb)
      .unit("MB")
      .range(1, 10'000)
      .meaning("compressed size of the light base image")
      .source("node:18-alpine has about 50 MB");
  parameters.add("start.standard_base_image_mb", plan.standard_base_image_mb)
      .unit("MB")
      .range(1, 10'000)
      .meaning("compressed size of the standard base image")
      .source("node:18 has about 390 MB");
  parameters.add("start.application_mb", plan.application_mb)
      .unit("MB")
      .range(0, 10'000)
      .meaning("compressed size of the application and git in the image")
      .source(assumed);
  parameters.add("start.dependencies_mb", plan.dependencies_mb)
      .unit("MB")
      .range(0, 10'000)
      .meaning("compressed size of the packages, in the image when they are cached there")
      .source(assumed);
}

void describe_start_times(Parameters& parameters, policies::ColdStartTimes& times) {
  describe_cold_start(parameters, times);
  parameters.add("start.agent_import", times.agent_import)
      .meaning("import the agent's library, at the start or at the first command")
      .source(assumed);
}

void describe_work(Parameters& parameters, actors::Container::Config& container) {
  auto& times = container.work_times;
  parameters.add("tree.cache_git_status", container.working_tree.cache_git_status)
      .meaning("remember whether the tree has changes instead of asking git before each switch")
      .source("test plan, CacheManager");
  parameters.add("tree.status", times.git_status)
      .meaning("git status")
      .source("assumed: a site of a few thousand files");
  parameters.add("tree.stash", times.git_stash).meaning("git stash").source("assumed, as above");
  parameters.add("tree.fetch", times.git_fetch)
      .meaning("fetch the branch of a session, the first time in a container")
      .source("assumed, as above");
  parameters.add("tree.checkout", times.git_checkout).meaning("git checkout").source("assumed, as above");
  parameters.add("work.agent_cpu", times.agent_cpu)
      .meaning("CPU time of the agent per command")
      .source("assumed: prompt assembly, tool calls");
  parameters.add("work.commit_cpu", times.commit_cpu).meaning("CPU time of write and commit").source(assumed);
  parameters.add("work.build_cpu", times.build_cpu)
      .meaning("CPU time of the incremental build after an edit")
      .source("assumed: one changed page of a static site");
  parameters.add("container.api_latency", container.api_latency)
      .meaning("one call of a queue by a container")
      .source("as client.api_latency");
  parameters.add("container.reply_latency", container.reply_latency)
      .meaning("from container to client")
      .source("assumed: through a gateway to a browser");
}

void describe_language_model(Parameters& parameters, Config& config) {
  auto& model = config.language_model;
  parameters.add("language_model.latency", model.latency)
      .meaning("a small edit such as \"Create test file 7.txt\", when token counts are unknown")
      .source("assumed: 0.5 s to the first token, then about 100 tokens at 60 per second");
  parameters.add("language_model.short_latency", model.short_latency)
      .meaning("the answer to a remark that asks for nothing, such as \"Switch test 7\"")
      .source("assumed: 0.5 s to the first token, then about 20 tokens at 60 per second");
  parameters.add("language_model.overhead", model.overhead)
      .meaning("of a call with known token counts: network and queueing within the service")
      .source(assumed);
  parameters.add("language_model.prefill_tokens_per_s", model.prefill_tokens_per_s)
      .unit("1/s")
      .range(1, 1e9)
      .meaning("rate at which the context is read")
      .source("assumed: a large model on current accelerators");
  parameters.add("language_model.decode_tokens_per_s", model.decode_tokens_per_s)
      .unit("1/s")
      .range(0.1, 1e9)
      .meaning("rate at which an answer is written")
      .source("assumed: common among hosted large models");
  parameters.add("language_model.failure_probability", model.failure_probability)
      .range(0, 1)
      .meaning("share of calls that fail; the command is then received again")
      .source("assumed: overload errors of a public service");
  parameters.add("language_model.concurrent_requests_max", model.concurrent_requests_max)
      .unit("requests")
      .range(1, 1'000'000)
      .meaning("calls in progress at once; more wait in line")
      .source("assumed: quota of an account");
  parameters.add("language_model.timeout", config.container.model_timeout)
      .range(1s, 1h)
      .meaning("how long a container waits for an answer")
      .source(assumed);
}

void describe_orchestration(Parameters& parameters, Config& config) {
  auto& orchestrator = config.orchestrator;
  parameters.add("registry.cache", orchestrator.use_registry_cache)
      .meaning("keep an LRU cache before the table that maps sessions to containers")
      .source("test plan, CacheManager");
  parameters.add("registry.cache_entries_max", orchestrator.registry_cache.entries_max)
      .unit("entries")
      .range(1, 1'000'000)
      .meaning("room of that cache")
      .source("test plan, CacheManager");
  parameters.add("registry.cache_ttl", orchestrator.registry_cache.ttl)
      .range(1ms, 24h)
      .zero_is_forever()
      .meaning("age up to which an entry counts")
      .source("test plan, CacheManager");
  parameters.add("registry.read_latency", config.registry.read_latency)
      .meaning("one read of the table")
      .source("DynamoDB: single-digit milliseconds; assumed tail");
  parameters.add("registry.write_latency", config.registry.write_latency)
      .meaning("one write of the table")
      .source("DynamoDB: single-digit milliseconds; assumed tail");
  parameters.add("orchestrator.detection_delay", orchestrator.detection_delay)
      .meaning("from the end of a container until the orchestrator acts on it")
      .source("assumed: delivery of a task state event");
  parameters.add("restart.on_failure", orchestrator.restart.restart_on_failure)
      .meaning("start a failed container again at once; off: when the next message needs it")
      .source(assumed);
  parameters.add("restart.initial_delay", orchestrator.restart.initial_delay)
      .range(0s, 1h)
      .meaning("delay before the first restart")
      .source(assumed);
  parameters.add("restart.multiplier", orchestrator.restart.multiplier)
      .range(1, 100)
      .meaning("growth of the delay from failure to failure")
      .source("Kubernetes documentation, Pod Lifecycle");
  parameters.add("restart.delay_max", orchestrator.restart.delay_max)
      .range(0s, 24h)
      .meaning("cap of the delay")
      .source(assumed);
  parameters.add("restart.reset_after", orchestrator.restart.reset_after)
      .range(0s, 24h)
      .meaning("a run this long makes the next failure the first again")
      .source("Kubernetes documentation, Pod Lifecycle");
  parameters.add("restart.restarts_max", orchestrator.restart.restarts_max)
      .unit("restarts")
      .range(0, 1'000'000)
      .meaning("restarts in a row before giving up; 0: no limit")
      .source(assumed);
  parameters.add("monitor.publish_interval", config.monitor.publish_interval)
      .range(1s, 24h)
      .meaning("time between two hand-overs of the figures to the publisher")
      .source("assumed: standard resolution of a metrics service");
}

void describe_prices(Parameters& parameters, Config::Prices& prices) {
  constexpr const char* fargate = "AWS Fargate, Linux on x86, on demand, us-east-1 (2024)";
  parameters.add("price.vcpu_hour", prices.vcpu_hour_usd)
      .unit("USD")
      .range(0, 1'000)
      .meaning("one core of a container for an hour")
      .source(fargate);
  parameters.add("price.gb_hour", prices.gb_hour_usd)
      .unit("USD")
      .range(0, 1'000)
      .meaning("one GB of the memory limit of a container for an hour")
      .source(fargate);
  parameters.add("price.million_requests", prices.million_requests_usd)
      .unit("USD")
      .range(0, 1'000'000)
      .meaning("one million calls of the queues")
      .source("Amazon SQS, FIFO queues, us-east-1 (2024)");
}

}  // namespace

void describe(Parameters& parameters, Config& config) {
  describe_platform(parameters, config);
  describe_client(parameters, config.client);
  describe_queue(parameters, config);
  describe_container(parameters, config);
  describe_start_plan(parameters, config.container.start_plan);
  describe_start_times(parameters, config.container.start_times);
  describe_work(parameters, config.container);
  describe_language_model(parameters, config);
  describe_orchestration(parameters, config);
  describe_prices(parameters, config.prices);
  describe_scenarios(parameters, config);
}

}  // namespace sim::models::sessions
