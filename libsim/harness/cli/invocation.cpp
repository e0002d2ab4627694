#include "libsim/harness/cli/invocation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <string_view>

#include "libsim/failure.hpp"
#include "libsim/harness/cli/build_info.hpp"
#include "libsim/harness/cli/config_hash.hpp"
#include "libsim/harness/cli/settings.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::harness {

namespace {

/// Flags that have no influence on what a single scenario does.
constexpr std::array<std::string_view, 24> irrelevant_to_a_failure{
    "scenario",       "seed",       "replications", "check-determinism", "quiet",    "format",   "strict",
    "jobs",           "confidence", "precision",    "replications-max",  "metric",   "baseline", "no-cache",
    "sweep",          "sample",     "where",        "compare",           "find-max", "find-min", "minimize",
    "pareto-against", "subject-to", "sensitivity"};

bool is_relevant_to_a_failure(const std::string& flag) {
  return std::find(irrelevant_to_a_failure.begin(), irrelevant_to_a_failure.end(), flag) ==
         irrelevant_to_a_failure.end();
}

/// A flaw of a table that came with the program is no error of the user.
TargetTable own_targets(const Experiment& experiment) {
  const bool has_own = !experiment.targets_csv().empty();
  auto table = has_own ? parse_targets(experiment.name() + " (built in)", experiment.targets_csv())
                       : parse_targets("targets.csv (built in)", std::string(built_in_targets_csv()));
  if (!table) {
    throw AssertionFailure(table.error().message);
  }
  return std::move(*table);
}

}  // namespace

Invocation::Invocation(const Experiment& experiment, const InputFiles& files)
    : experiment_(experiment),
      setup_(experiment.set_up()),
      flag_files_(files.sharing()),
      parameter_files_(files.sharing()) {
  declare_flags(flags_, options_,
                {.arrivals = experiment.arrival_columns().has_value(), .faults = experiment.takes_faults()});
}

Expected<std::unique_ptr<Invocation>> Invocation::read(const Experiment& experiment,
                                                       const std::vector<std::string>& arguments) {
  return read(experiment, arguments, InputFiles{});
}

Expected<std::unique_ptr<Invocation>> Invocation::read(const Experiment& experiment,
                                                       const std::vector<std::string>& arguments,
                                                       const InputFiles& files) {
  std::unique_ptr<Invocation> invocation(new Invocation(experiment, files));
  if (auto done = invocation->read_all(arguments); !done) {
    return tl::unexpected(std::move(done.error()));
  }
  return invocation;
}

Expected<void> Invocation::read_all(const std::vector<std::string>& arguments) {
  auto given = read_settings(arguments, flags_, setup_->parameters(), parameter_files_);
  if (!given) {
    return tl::unexpected(std::move(given.error()));
  }
  given_ = std::move(*given);
  if (options_.log.empty() && !options_.log_filter.empty()) {
    return unexpected(fmt::format("{}: requires --log FILE", place_of("log-filter")));
  }
  return choose_scenarios()
      .and_then([&] { return take_arrivals(); })
      .and_then([&] { return take_faults(); })
      .and_then([&] { return setup_->read_files(parameter_files_); })
      .and_then([&] { return setup_->validate(); })
      .and_then([&] { return check_lengths(); })
      .and_then([&] { return take_compared(); })
      .and_then([&] { return take_targets(); });
}

Expected<void> Invocation::choose_scenarios() {
  if (options_.scenario == "all") {
    scenarios_.resize(experiment_.scenarios().size());
    std::iota(scenarios_.begin(), scenarios_.end(), std::size_t{0});
    return {};
  }
  const auto index = experiment_.scenario_index(options_.scenario);
  if (!index) {
    return unexpected(fmt::format("{}: {}", place_of("scenario"), index.error().message));
  }
  scenarios_ = {*index};
  return {};
}

Expected<void> Invocation::check_lengths() const {
  for (const std::size_t scenario : scenarios_) {
    const auto estimate = options_.is_long ? std::nullopt : setup_->estimate(scenario);
    auto checked = estimate ? check_length(experiment_.scenarios()[scenario].name, *estimate) : Expected<void>{};
    if (!checked) {
      return checked;
    }
  }
  return {};
}

Expected<void> Invocation::take_arrivals() {
  if (options_.arrivals.empty()) {
    return {};
  }
  return flag_files_.read(options_.arrivals, data_bytes_max)
      .and_then([&](const InputFile& file) { return read_arrivals(file, *experiment_.arrival_columns()); })
      .map([&](Arrivals arrivals) { setup_->store(std::move(arrivals)); });
}

Expected<void> Invocation::take_faults() {
  if (options_.faults.empty()) {
    return {};
  }
  return flag_files_.read(options_.faults, settings_bytes_max).and_then([&](const InputFile& file) {
    return setup_->read_faults(file);
  });
}

/// Files to compare are read before anything runs; what is wrong in them the points say.
Expected<void> Invocation::take_compared() {
  if (options_.study.compare.size() == 2) {
    for (const auto& file : options_.study.compare) {
      if (auto read = flag_files_.read(file, settings_bytes_max); !read) {
        return tl::unexpected(std::move(read.error()));
      }
    }
  }
  return {};
}

Expected<void> Invocation::take_targets() {
  if (options_.targets.empty()) {
    targets_ = own_targets(experiment_);
  } else {
    auto table = read_targets(flag_files_, options_.targets);
    if (!table) {
      return tl::unexpected(std::move(table.error()));
    }
    targets_ = std::move(*table);
  }
  const auto experiments = targets_.experiments();
  targets_.rows = targets_.of_experiment(experiment_.name());
  auto checked = check_targets(experiments);
  if (!checked && !targets_.from_user) {
    throw AssertionFailure(checked.error().message);
  }
  return checked;
}

Expected<void> Invocation::check_targets(const std::set<std::string>& experiments) const {
  if (targets_.from_user && experiments.empty()) {
    return unexpected(fmt::format("{}: has no targets: expected a row for each", shown_path(targets_.source)));
  }
  if (targets_.from_user && targets_.rows.empty()) {
    return unexpected(fmt::format("{}: has targets for {}: expected some for {}", shown_path(targets_.source),
                                  one_line(fmt::format("{}", fmt::join(experiments, ", "))), experiment_.name()));
  }
  for (const auto& target : targets_.rows) {
    if (const auto index = experiment_.scenario_index(target.scenario); !index) {
      return unexpected(fmt::format("{}: {}", target.place, index.error().message));
    }
  }
  return {};
}

std::string Invocation::place_of(const std::string& flag) const {
  const bool on_command_line =
      std::any_of(given_.begin(), given_.end(), [&](const GivenFlag& given) { return given.name == flag; });
  const std::string value = shown_path(flags_.find(flag)->text());
  return options_.config.empty() || on_command_line
             ? fmt::format("--{} {}", flag, value)
             : fmt::format("{}: {} = {}", shown_path(options_.config), flag, value);
}

std::vector<InputHash> Invocation::inputs_of(const std::vector<std::pair<std::string, std::string>>& flags) const {
  std::vector<InputHash> inputs;
  for (const auto& [path, hash] : parameter_files_.files().hashes()) {
    inputs.push_back({"", path, hash});
  }
  for (const auto& [flag, path] : flags) {
    if (!path.empty()) {
      inputs.push_back({flag, path, flag_files_.hashes().at(path)});
    }
  }
  return inputs;
}

std::vector<InputHash> Invocation::run_inputs() const {
  return inputs_of({{"arrivals", options_.arrivals}, {"faults", options_.faults}});
}

std::vector<InputHash> Invocation::inputs() const {
  std::vector<std::pair<std::string, std::string>> flags{
      {"arrivals", options_.arrivals}, {"faults", options_.faults}, {"targets", options_.targets}};
  if (options_.study.compare.size() == 2) {
    flags.emplace_back("compare", options_.study.compare[0]);
    flags.emplace_back("compare", options_.study.compare[1]);
  }
  return inputs_of(flags);
}

/// What counts both for the results of a scenario and for those of a study.
Configuration Invocation::configuration() const {
  Configuration configuration{.parameters = setup_->parameters().values(), .flags = {}, .inputs = inputs()};
  const auto add = [&](bool counts, const std::string& flag) {
    if (counts) {
      configuration.flags.emplace_back(flag, flags_.find(flag)->text());
    }
  };
  add(options_.confidence != confidence_default, "confidence");
  add(!options_.metrics.empty(), "metric");
  add(options_.fingerprint != FingerprintOf::names, "fingerprint");
  return configuration;
}

ContentHash Invocation::config_hash() const {
  auto configuration = this->configuration();
  for (const auto& [counts, flag] :
       {std::pair(options_.replications > 1, "replications"), std::pair(options_.precision > 0, "precision"),
        std::pair(options_.precision > 0, "replications-max")}) {
    if (counts) {
      configuration.flags.emplace_back(flag, flags_.find(flag)->text());
    }
  }
  return harness::config_hash(configuration);
}

ContentHash Invocation::study_hash() const {
  auto configuration = this->configuration();
  for (const char* flag : {"scenario", "sweep", "sample", "where", "compare", "find-min", "find-max", "subject-to",
                           "minimize", "pareto-against", "sensitivity"}) {
    configuration.flags.emplace_back(flag, flags_.find(flag)->text());
  }
  return harness::config_hash(configuration);
}

std::vector<std::string> Invocation::reproducing_arguments(const std::string& scenario,
                                                           std::uint32_t replication) const {
  std::vector<std::string> arguments{"--scenario", scenario, "--seed", std::to_string(options_.seed)};
  if (replication > 0 || options_.replications > 1) {
    arguments.insert(arguments.end(), {"--replications", std::to_string(replication + 1)});
  }
  const auto given = given_arguments();
  arguments.insert(arguments.end(), given.begin(), given.end());
  return arguments;
}

std::vector<std::string> Invocation::given_arguments() const {
  std::vector<std::string> arguments;
  for (const auto& [name, value] : given_) {
    const Parameter* flag = flags_.find(name);
    if (flag != nullptr && flag->kind() == "switch" && is_relevant_to_a_failure(name)) {
      arguments.push_back("--" + name);
    } else if (is_relevant_to_a_failure(name)) {
      // In one word, so that a value may begin with dashes.
      arguments.push_back(value.starts_with("--") ? fmt::format("--{}={}", name, value) : "--" + name);
      if (!value.starts_with("--")) {
        arguments.push_back(value);
      }
    }
  }
  return arguments;
}

Expected<std::vector<std::string>> Invocation::arguments_with(
    const std::vector<std::pair<std::string, std::string>>& parameters, const std::string& config) const {
  std::vector<std::string> arguments{"--scenario", options_.scenario, "--seed", std::to_string(options_.seed)};
  const auto given = given_arguments();
  arguments.insert(arguments.end(), given.begin(), given.end());
  for (const auto& parameter : parameters) {
    const auto& name = parameter.first;
    const auto& value = parameter.second;
    const auto same = std::find_if(given_.begin(), given_.end(), [&](const auto& flag) { return flag.name == name; });
    if (same != given_.end()) {
      return unexpected(fmt::format("--{} {}: the study gives this parameter its values", name, shown(same->value)));
    }
    arguments.push_back(fmt::format("--{}={}", name, value));
  }
  if (!config.empty()) {
    arguments.push_back(fmt::format("--config={}", config));
  }
  return arguments;
}

Expected<void> Invocation::try_values(const std::vector<std::pair<std::string, std::string>>& parameters) {
  for (const auto& [name, value] : parameters) {
    const std::string where = fmt::format("--{} {}", name, shown(value));
    if (auto set = set_parameter(*setup_->parameters().find(name), value, parameter_files_, where); !set) {
      return set;
    }
  }
  return setup_->read_files(parameter_files_).and_then([&] { return setup_->validate(); });
}

bool Invocation::is_listing() const {
  return options_.help || options_.version || options_.list_parameters || options_.list_scenarios;
}

}  // namespace sim::harness
