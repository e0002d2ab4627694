#include "models/cold_start_parameters.hpp"
#include "models/workflow/config.hpp"
#include "models/workflow/publishing_parameters.hpp"

namespace sim::models::workflow {

namespace {

using harness::Parameters;

constexpr const char* sqs = "Amazon SQS API reference, CreateQueue";

void describe_mail(Parameters& parameters, Config& config) {
  parameters.add("mail.transit", config.authors.transit)
      .meaning("from the author's mail server to the platform")
      .source("assumed: one hop between two providers");
  parameters.add("mail.servers", config.intake.station.servers)
      .unit("e-mails")
      .range(1, 100'000)
      .meaning("e-mails that are received and scanned at once")
      .source("assumed: connections of a small inbound mail service");
  parameters.add("mail.capacity", config.intake.station.capacity)
      .unit("e-mails")
      .range(1, 1'000'000)
      .meaning("e-mails received, scanned and waiting; more are refused")
      .source(assumed);
  parameters.add("mail.scan", config.intake.service_time)
      .meaning("receive an e-mail, scan it, apply the receipt rules")
      .source("assumed: virus and spam scan of a small e-mail");
  parameters.add("mail.refusal_probability", config.gateway.refusal_probability)
      .range(0, 1)
      .meaning("share of e-mails that are refused by a temporary error")
      .source("assumed: three nines");
  parameters.add("api.latency", config.api_latency)
      .meaning("one call of the queue")
      .source("SQS calls within a region take 10 to 20 ms at the median; assumed tail");
}

void describe_queue(Parameters& parameters, Config& config) {
  auto& rules = config.queue.rules;
  parameters.add("queue.visibility_timeout", rules.visibility_timeout)
      .range(1s, 12h)
      .meaning("how long a received message stays invisible without a heartbeat")
      .source("assumed; SQS allows 0 s to 12 h");
  parameters.add("queue.max_receive_count", rules.max_receive_count)
      .unit("receives")
      .range(0, 1'000)
      .meaning("receives before a message goes to the dead-letter queue; 0: never")
      .source("assumed; SQS allows 1 to 1000");
  parameters.add("queue.message_retention_period", rules.message_retention_period)
      .range(60s, 336h)
      .meaning("how long the queue keeps a message")
      .source(sqs);
  parameters.add("queue.delay", rules.delay)
      .range(0s, 15min)
      .meaning("delay before a message can be received")
      .source(sqs);
  parameters.add("queue.duplicate_probability", rules.duplicate_probability)
      .range(0, 1)
      .meaning("share of deliveries that happen once more")
      .source("assumed: a standard queue delivers at least once, seldom more");
  parameters.add("dispatcher.long_poll", config.dispatcher.long_poll)
      .range(1s, 20s)
      .meaning("how long a receive waits for a message")
      .source("longest that SQS allows");
  parameters.add("dispatcher.parse", config.dispatcher.parse)
      .meaning("read the e-mail from its store, find project and branch")
      .source("assumed: two reads of a store and one of a table");
  parameters.add("dispatcher.heartbeats", config.dispatcher.heartbeats)
      .meaning("extend the visibility of messages whose sessions run")
      .source("a session takes longer than the visibility timeout");
  parameters.add("dispatcher.heartbeat_interval", config.dispatcher.heartbeat_interval)
      .range(1s, 1h)
      .meaning("time between two extensions")
      .source("a third of the visibility timeout");
  parameters.add("dispatcher.retry_delay", config.dispatcher.retry_delay)
      .range(0s, 12h)
      .meaning("until the message of a failed session is visible again")
      .source(assumed);
}

void describe_fleet(Parameters& parameters, Config& config) {
  auto& pool = config.fleet.pool;
  parameters.add("containers.max", pool.containers_max)
      .unit("containers")
      .range(1, 10'000)
      .meaning("containers at most, starting and stopping ones too")
      .source("assumed: the burst of the test plan, whose notes ask for raised limits");
  parameters.add("containers.warm_min", pool.warm_min)
      .unit("containers")
      .range(0, 10'000)
      .meaning("idle containers that are kept ready; 0: scales to zero")
      .source("test plan: services are scaled to 0");
  parameters.add("containers.keep_alive", pool.keep_alive)
      .range(0s, 24h)
      .or_forever()
      .meaning("a container that was idle for this long is stopped; 0: at once, as in OpenWhisk")
      .source(assumed);
  parameters.add("containers.concurrency", pool.concurrency)
      .unit("sessions")
      .range(1, 1'000)
      .meaning("sessions in one container at once")
      .source("assumed: one agent and one working tree per container");
  parameters.add("containers.restart_delay", pool.start_back_off.initial_delay)
      .range(0s, 1h)
      .meaning("before the second start after a failed one, doubled from failure to failure; the first is at once")
      .source("Kubernetes documentation, Pod Lifecycle");
  parameters.add("containers.restart_delay_max", pool.start_back_off.delay_max)
      .range(0s, 24h)
      .meaning("the longest such delay, however many starts have failed")
      .source("Kubernetes documentation, Pod Lifecycle");
  parameters.add("containers.stop", config.container.stop_time)
      .meaning("from the decision to stop a container to its end")
      .source("assumed; Amazon ECS waits for 30 s at most");
  parameters.add("container.start_failure_probability", config.container.start_failure_probability)
      .range(0, 1)
      .meaning("share of starts that fail, which shows at their end")
      .source("assumed: image pulls and health checks that fail");
}

void describe_start(Parameters& parameters, SiteContainer::Config& container) {
  auto& plan = container.start_plan;
  parameters.add("start.parallel_initialisation", plan.parallel_initialisation)
      .meaning("start git, web server and queue connections side by side")
      .source(assumed);
  parameters.add("start.precompiled", plan.precompiled).meaning("the image holds compiled code").source(assumed);
  parameters.add("start.cached_dependencies", plan.cached_dependencies)
      .meaning("the image holds the installed packages")
      .source(assumed);
  parameters.add("start.light_image", plan.light_image)
      .meaning("use the light base image of 50 MB, not the standard one of 390 MB")
      .source("node:18-alpine and node:18, compressed");
  parameters.add("start.application_mb", plan.application_mb)
      .unit("MB")
      .range(0, 10'000)
      .meaning("compressed size of what the image adds to its base")
      .source("assumed: agent, git, command line of the cloud");
  parameters.add("start.dependencies_mb", plan.dependencies_mb)
      .unit("MB")
      .range(0, 10'000)
      .meaning("compressed size of the packages of the site, in the image when they are cached there")
      .source("assumed: a static site generator with its plugins");
  describe_cold_start(parameters, container.start_times);
}

void describe_resources(Parameters& parameters, SiteContainer::Config& container) {
  auto& resources = container.resources;
  parameters.add("container.cpu_cores", resources.cpu_cores)
      .unit("cores")
      .range(1, 64)
      .meaning("cores of a container")
      .source("assumed: a task of 2 vCPU and 4 GB");
  parameters.add("container.background_cores", resources.background_cores)
      .unit("cores")
      .range(0, 1)
      .meaning("busy cores of an idle container: preview server, polling")
      .source(assumed);
  parameters.add("container.memory_base_mb", resources.memory_base_mb)
      .unit("MB")
      .range(1, 65'536)
      .meaning("memory of an idle container")
      .source("assumed: two Node processes");
  parameters.add("container.memory_per_session_mb", resources.memory_per_message_mb)
      .unit("MB")
      .range(0, 65'536)
      .meaning("memory of the agent while a session runs")
      .source("assumed: one Node process with its tools");
  parameters.add("container.memory_build_mb", container.build_memory_mb)
      .unit("MB")
      .range(0, 65'536)
      .meaning("memory of a build while it runs")
      .source("assumed: a static site generator that handles images");
  parameters.add("container.memory_limit_mb", resources.memory_limit_mb)
      .unit("MB")
      .range(1, 262'144)
      .meaning("a container that needs more is killed, with its sessions")
      .source("assumed: a task of 2 vCPU and 4 GB");
}

void describe_agent(Parameters& parameters, Config& config) {
  auto& agent = config.container.agent;
  parameters.add("sessions.always_edit", config.always_edit)
      .meaning("treat every instruction as an edit, also those that are remarks by their text")
      .source("off: cold_warm, sustained and burst send remarks (\"Load test session 7\"), as the test plan does");
  parameters.add("agent.start_cpu", agent.start_cpu)
      .meaning("CPU time to start the agent and read the project")
      .source("assumed: a command-line program of Node");
  parameters.add("agent.remark_turns", agent.remark_turns)
      .unit("turns")
      .range(1, 1'000)
      .meaning("mean turns, each a model call and its tools, for an instruction that asks for nothing in particular")
      .source("assumed: look around, answer");
  parameters.add("agent.edit_turns", agent.edit_turns)
      .unit("turns")
      .range(1, 1'000)
      .meaning("mean turns for a change such as \"Add performance test banner\"")
      .source("assumed: search, read, edit, check");
  parameters.add("agent.complex_page_turns", agent.complex_page_turns)
      .unit("turns")
      .range(1, 1'000)
      .meaning("mean turns for \"Create complex page with many components\"")
      .source(assumed);
  parameters.add("agent.tool_cpu", agent.tool_cpu)
      .meaning("CPU time of the tools of a turn")
      .source("assumed: search, read and edit files");
  parameters.add("agent.call_timeout", agent.call_timeout)
      .range(1s, 1h)
      .meaning("how long the agent waits for the model")
      .source(assumed);
  parameters.add("agent.attempts_max", agent.retry.attempts_max)
      .unit("attempts")
      .range(1, 100)
      .meaning("attempts of a model call, the first one included; then the session fails")
      .source("botocore, standard retry mode");
  parameters.add("agent.retry_delay", agent.retry.initial_delay)
      .range(0s, 1h)
      .meaning("before the second attempt at most, doubled from attempt to attempt, with full jitter")
      .source("botocore, standard retry mode");
  parameters.add("agent.retry_delay_max", agent.retry.delay_max)
      .range(0s, 24h)
      .meaning("the longest delay before an attempt, however many there were")
      .source("botocore, standard retry mode");
  auto& model = config.language_model;
  parameters.add("language_model.latency", model.latency)
      .meaning("one call")
      .source("assumed: 1 s to the first token, then about 200 tokens at 60 per second");
  parameters.add("language_model.failure_probability", model.failure_probability)
      .range(0, 1)
      .meaning("share of calls that fail")
      .source("assumed: overload errors of a public service");
  parameters.add("language_model.concurrent_requests_max", model.concurrent_requests_max)
      .unit("requests")
      .range(1, 1'000'000)
      .meaning("calls in progress at once; more wait in line")
      .source("assumed: quota of an account");
}

void describe_publication(Parameters& parameters, Config& config) {
  auto& container = config.container;
  parameters.add("git.checkout", container.checkout)
      .meaning("fetch and check out the branch of a client, when the container last had another's")
      .source("assumed: a site of a few thousand files");
  parameters.add("build.cpu", container.build_cpu)
      .meaning("CPU time of a build, on one core")
      .source("assumed: a site of 60 pages with images");
  parameters.add("sync.list", container.sync_list)
      .meaning("compare the build with what the object store has")
      .source(assumed);
  parameters.add("sync.files", container.files_count)
      .unit("files")
      .range(0, 1'000'000)
      .meaning("files that a build changes")
      .source("assumed: a banner changes every page");
  parameters.add("sync.uploads_at_once", container.uploads_at_once)
      .unit("files")
      .range(1, 1'000)
      .meaning("files that are uploaded together")
      .source("AWS CLI, s3 max_concurrent_requests");
  parameters.add("object_store.upload", config.object_store.service_time)
      .meaning("time of the slowest of the files that are uploaded together")
      .source("assumed: small objects take 50 to 150 ms each, the slowest of ten longer");
  parameters.add("git.commit_cpu", container.commit_cpu)
      .meaning("CPU time of add and commit, hooks included")
      .source(assumed);
  parameters.add("git_host.servers", config.git_host.station.servers)
      .unit("pushes")
      .range(1, 100'000)
      .meaning("pushes that the git host works on at once for this account; others wait")
      .source(assumed);
  parameters.add("git_host.push", config.git_host.service_time)
      .meaning("one push")
      .source("assumed: connection, pack, hooks of the host");
  parameters.add("git_host.failure_probability", container.push_failure_probability)
      .range(0, 1)
      .meaning("share of pushes that are refused")
      .source(assumed);
  parameters.add("git_host.retry_delay", container.push_retry_delay)
      .range(0s, 1h)
      .meaning("before a push is tried again")
      .source(assumed);
  parameters.add("git_host.attempts_max", container.push_attempts_max)
      .unit("attempts")
      .range(1, 100)
      .meaning("attempts to push, the first one included; then the session fails")
      .source(assumed);
}

void describe_scenarios(Parameters& parameters, Config& config) {
  parameters.add("drain.limit", config.drain_limit)
      .range(0s, 48h)
      .meaning(
          "how long a scenario waits for open sessions when the last was requested; a session that is never deployed "
          "counts with it")
      .source("long enough for every retry of the defaults");
  parameters.add("cold_warm.cold", config.cold_warm.cold_count)
      .unit("sessions")
      .range(1, 1'000)
      .meaning("sessions that find no container")
      .source(document);
  parameters.add("cold_warm.warm", config.cold_warm.warm_count)
      .unit("sessions")
      .range(1, 1'000)
      .meaning("sessions that find one")
      .source(document);
  parameters.add("cold_warm.pause", config.cold_warm.pause)
      .range(0s, 1h)
      .meaning("after the deployment of a warm one")
      .source(document);
  parameters.add("sustained.sessions_per_minute", config.sustained.sessions_per_minute)
      .unit("1/min")
      .range(1, 10'000)
      .meaning("sessions, evenly spread over each minute")
      .source(document);
  parameters.add("sustained.minutes", config.sustained.minutes)
      .unit("min")
      .range(1, 1'440)
      .meaning("how long they come")
      .source(document);
  parameters.add("sustained.deadline", config.sustained.deadline)
      .range(1s, 24h)
      .meaning("a session that is deployed later has not succeeded")
      .source(document);
  parameters.add("burst.sessions", config.burst.sessions_count)
      .unit("sessions")
      .range(1, 10'000)
      .meaning("sessions at the same instant")
      .source(document);
  parameters.add("burst.deadline", config.burst.deadline)
      .range(1s, 24h)
      .meaning("how long the burst waits for deployments")
      .source(document);
  parameters.add("resources.sessions", config.resources.sessions_count)
      .unit("sessions")
      .range(1, 1'000)
      .meaning("large sessions")
      .source(document);
  parameters.add("resources.pause", config.resources.pause)
      .range(0s, 1h)
      .meaning("between the requests of two of them")
      .source(document);
}

}  // namespace

void describe(Parameters& parameters, Config& config) {
  describe_mail(parameters, config);
  describe_queue(parameters, config);
  describe_fleet(parameters, config);
  describe_start(parameters, config.container);
  describe_resources(parameters, config.container);
  describe_agent(parameters, config);
  describe_publication(parameters, config);
  describe_publishing(parameters, config);
  describe_scenarios(parameters, config);
}

}  // namespace sim::models::workflow
