#include "tests/harness/toy_law.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdlib>
#include <filesystem>

#include "tests/harness/harness_call.hpp"

namespace toy {

namespace {

constexpr const char* count_variable = "TOY_LAW_RUNS";
constexpr const char* kill_variable = "TOY_LAW_KILL_AFTER";

struct LawConfig {
  std::uint32_t x = 10;
  double y = 1;
  double z = 1;
  double noise = 1;
  sim::Duration pause = std::chrono::seconds(1);
  std::uint32_t failing_x = 0;
  std::uint32_t failing_from = 0;
};

double draw(const sim::harness::ScenarioRun& run, const std::string& purpose) {
  sim::RandomStream stream(
      {.seed = run.seed(), .replication = run.replication(), .actor = "law", .incarnation = 0, .purpose = purpose});
  return stream.standard_normal();
}

/// A line for `RunCount`. Written at once, so that lines of several threads and processes do not mix.
void count_run(const char* scenario, const LawConfig& config, std::uint32_t replication) {
  if (const char* file = std::getenv(count_variable)) {
    const std::string line = fmt::format("{} x={} replication {}\n", scenario, config.x, replication);
    const int descriptor = ::open(file, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
    sim::check(::write(descriptor, line.data(), line.size()) == static_cast<ssize_t>(line.size()),
               "the run is counted");
    ::close(descriptor);
  }
}

/// The process is gone in the middle of its work, as by `kill -9`.
void kill_when_told() {
  static std::atomic<int> runs{0};
  const char* after = std::getenv(kill_variable);
  if (after != nullptr && ++runs > std::atoi(after)) {
    ::kill(::getpid(), SIGKILL);
  }
}

void line(sim::harness::ScenarioRun& run, const LawConfig& config) {
  kill_when_told();
  count_run("line", config, run.replication());
  sim::check(config.x != config.failing_x || run.replication() < config.failing_from, "the law holds");
  const double x = config.x;
  const double wait = 20 - x + config.noise * draw(run, "wait");
  run.report("wait", "s", wait);
  run.report("delay", "ms", 1000 * wait);
  run.report("load", "percent", 5 * x + config.noise * draw(run, "load"));
  run.report("cost", "usd", 2 * x + config.y);
  run.report_share("good", 50, 50);
  run.report("exact", "count", x);
  run.report("sometimes", "count", run.replication() == 3 ? 1 : 0);
  run.report_interval("batches", "s", {.mean = 7, .standard_error = 0.5 / 2.093024054, .samples = 20}, 400);
}

void plane(sim::harness::ScenarioRun& run, const LawConfig& config) {
  count_run("plane", config, run.replication());
  const double x = config.x;
  run.report("height", "m", 10 * x + 3 * config.y + 0.5 * x * config.z);
  if (config.z == 7) {
    run.report("bent", "m", std::min(x, 10.0) + config.noise * draw(run, fmt::format("own {}", config.x)));
  }
  run.report("mixed", "m", x + config.noise * (draw(run, "wait") + draw(run, fmt::format("own {}", config.x))));
}

void describe_law(sim::harness::Parameters& parameters, LawConfig& config) {
  parameters.add("x", config.x).range(1, 100).meaning("x").source("free");
  parameters.add("y", config.y).range(0, 1000).meaning("y").source("free");
  parameters.add("z", config.z).range(0, 1000).meaning("z").source("free");
  parameters.add("noise", config.noise).range(0, 1000).meaning("spread of the noise").source("free");
  parameters.add("pause", config.pause)
      .range(std::chrono::seconds(0), std::chrono::hours(1))
      .meaning("has no influence")
      .source("free");
  parameters.add("failing.x", config.failing_x).range(0, 100).meaning("where the law fails").source("a bug");
  parameters.add("failing.from", config.failing_from).range(0, 1000).meaning("from when on").source("a bug");
}

sim::Expected<void> validate_law(const LawConfig& config) {
  return config.x == 99 && config.y > 5 ? sim::unexpected("x = 99: expected y of at most 5") : sim::Expected<void>{};
}

}  // namespace

sim::harness::Experiment law() {
  return sim::harness::Definition<LawConfig>{
      .name = "toy_law",
      .summary = "metrics that are known beforehand",
      .describe = describe_law,
      .scenarios = {{"line", "a line", line}, {"plane", "a plane", plane}},
      .validate = validate_law,
      .targets_csv =
          "experiment,scenario,metric,unit,op,target,critical,source,definition\n"
          "toy_law,line,wait,s,<,8,,a wish,\n"};
}

double noise_of(std::uint64_t seed, std::uint32_t replication) {
  sim::RandomStream stream(
      {.seed = seed, .replication = replication, .actor = "law", .incarnation = 0, .purpose = "wait"});
  return stream.standard_normal();
}

RunCount::RunCount() {
  static int objects = 0;
  file_ = (std::filesystem::temp_directory_path() / fmt::format("libsim-runs-{}-{}", ::getpid(), ++objects)).string();
  write_file(file_, "");
  ::setenv(count_variable, file_.c_str(), 1);
}

RunCount::~RunCount() {
  ::unsetenv(count_variable);
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
}

std::size_t RunCount::runs() const { return lines().size(); }

std::vector<std::string> RunCount::lines() const { return lines_of(read_file(file_)); }

}  // namespace toy
