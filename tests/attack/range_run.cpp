#include "tests/attack/range_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "libsim/text/quoting.hpp"

namespace attack {

namespace fs = std::filesystem;

namespace {

using Texts = std::vector<std::string>;

constexpr std::uint64_t memory_bytes_max = std::uint64_t{4} << 30;

Limits limits() {
  // Above the bound that is checked, so that it is seen by how much a run passes it: 2 GiB for stacks and arenas.
  return {.address_space_bytes = memory_bytes_max + (std::uint64_t{2} << 30)};
}

std::string output_of(const fs::path& program, Texts arguments) {
  const Program question{.file = program, .arguments = std::move(arguments), .folder = {}};
  const Ended answer = run(question);
  if (answer.status != 0) {
    throw std::runtime_error(fmt::format("{}: {}\n{}", question.command_line(), answer.text(), answer.err));
  }
  return answer.out;
}

Texts scenario_names(const fs::path& program) {
  Texts names;
  for (const auto& scenario : nlohmann::json::parse(output_of(program, {"--list-scenarios", "--format", "json"}))) {
    names.push_back(scenario.at("scenario"));
  }
  return names;
}

void add_experiment(const fs::path& program, std::vector<SweptThing>& things) {
  const auto parameters = parameters_in_json(output_of(program, {"--list-parameters", "--format", "json"}));
  for (const std::string& scenario : scenario_names(program)) {
    things.push_back({program, {"--scenario", scenario}, scenario, parameters});
  }
}

void add_components(const fs::path& program, const fs::path& traces, std::vector<SweptThing>& things) {
  for (const std::string component : {"circuit_breaker", "rate_limiter", "cache", "connection_pool", "bulkhead"}) {
    const auto parameters = parameters_in_help(output_of(program, {"--component", component, "--help"}));
    const fs::path trace = traces / (component + ".csv");
    things.push_back({program, {"--component", component, "--trace", trace.string()}, component, parameters, true});
  }
}

Texts arguments_of(const RangeRun& run) {
  Texts arguments = run.thing->choice;
  for (const auto& [name, value] : run.values) {
    arguments.push_back(fmt::format("--{}={}", name, value));
  }
  return arguments;
}

bool names(const Ended& ended, const std::pair<std::string, std::string>& parameter) {
  const auto& [name, value] = parameter;
  const bool as_file = ended.err.find(fmt::format(": {}: ", value)) != std::string::npos;
  return as_file || ended.err.find(name) != std::string::npos;
}

/// What a refusal owes: one line that names one of the parameters, or the file that one of them names, and nothing
/// else. What shows only in the run names what lets it go on.
Texts broken_by_refusal(const RangeRun& run, const Ended& ended) {
  const bool one_line = std::count(ended.err.begin(), ended.err.end(), '\n') == 1 && ended.err.ends_with('\n');
  if (!one_line || !ended.out.empty()) {
    return {fmt::format("a refusal is one line on the standard error alone: {}", sim::one_line(ended.err))};
  }
  const bool named =
      std::any_of(run.values.begin(), run.values.end(), [&](const auto& value) { return names(ended, value); });
  const bool found_out = ended.err.find("--long") != std::string::npos;
  return named || found_out ? Texts{}
                            : Texts{fmt::format("a refusal names its parameter: {}", sim::one_line(ended.err))};
}

void check_metric(const nlohmann::json& metric, const std::string& scenario, Texts& broken) {
  const std::string name = fmt::format("{} of {}", metric.at("metric").get<std::string>(), scenario);
  const auto& value = metric.at("value");
  const bool is_something = !value.is_null() && metric.at("samples") != 0;
  for (const auto& target : metric.at("targets")) {
    if (!is_something && target.at("verdict") != "missed") {
      broken.push_back(fmt::format("{}: a target on nothing is {}", name, target.at("verdict").get<std::string>()));
    }
  }
  if (value.is_null()) {
    return;
  }
  const std::string unit = metric.at("unit");
  if (unit == "percent" && (value < 0 || value > 100)) {
    broken.push_back(fmt::format("{}: a share of {} percent", name, value.dump()));
  }
  if ((unit == "s" || unit == "ms") && value < 0) {
    broken.push_back(fmt::format("{}: a time of {} {}", name, value.dump(), unit));
  }
}

Texts broken_by_results(const Ended& ended) {
  Texts broken;
  try {
    for (const auto& scenario : nlohmann::json::parse(ended.out).at("scenarios")) {
      for (const auto& metric : scenario.at("metrics")) {
        check_metric(metric, scenario.at("scenario"), broken);
      }
      for (const std::string warning : scenario.at("warnings")) {
        if (warning.find("violated") != std::string::npos) {
          broken.push_back(warning);
        }
      }
    }
  } catch (const nlohmann::json::exception& error) {
    broken.push_back(fmt::format("the results cannot be read: {}", error.what()));
  }
  return broken;
}

/// A trajectory and its summary hold numbers and times that are not negative.
Texts broken_by_trajectory(const Ended& ended) {
  for (const std::string* text : {&ended.out, &ended.err}) {
    for (const char* impossible : {",-", " -", "nan", "inf"}) {
      if (const auto at = text->find(impossible); at != std::string::npos) {
        return {fmt::format("an impossible figure: {}", sim::one_line(text->substr(at, 40)))};
      }
    }
  }
  return {};
}

}  // namespace

Program RangeRun::program(const fs::path& scratch) const {
  Program program{.file = thing->program, .arguments = arguments_of(*this), .folder = scratch, .limits = limits()};
  if (!thing->is_component) {
    program.arguments.insert(program.arguments.end(), {"--format", "json", "--quiet", "--out", scratch.string()});
  }
  return program;
}

std::string RangeRun::command_line() const {
  return Program{.file = fs::proximate(thing->program), .arguments = arguments_of(*this), .folder = {}}.command_line();
}

std::vector<SweptThing> swept_things(const fs::path& binaries, const fs::path& traces, const std::string& only) {
  std::vector<SweptThing> things;
  for (const std::string experiment :
       {"agents", "queueing", "resilience", "services", "sessions", "stress", "users", "value_tree", "workflow"}) {
    if (only.empty() || only == experiment) {
      add_experiment(binaries / experiment, things);
    }
  }
  if (only.empty() || only == "replay") {
    add_components(binaries / "replay", traces, things);
  }
  return things;
}

Texts broken_promises(const RangeRun& run, const Ended& ended) {
  if (ended.timed_out || ended.signal != 0) {
    return {ended.text()};
  }
  if (ended.memory_bytes > memory_bytes_max) {
    return {fmt::format("{} MiB of memory", ended.memory_bytes >> 20)};
  }
  if (ended.status == 2) {
    return broken_by_refusal(run, ended);
  }
  if (ended.status != 0 && ended.status != 1 && ended.status != 4) {
    return {fmt::format("{}: {}", ended.text(), sim::one_line(ended.err.substr(0, ended.err.find('\n'))))};
  }
  return run.thing->is_component ? broken_by_trajectory(ended) : broken_by_results(ended);
}

}  // namespace attack
