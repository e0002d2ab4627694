#include "libsim/harness/experiment/experiment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "libsim/failure.hpp"
#include "libsim/harness/cli/options.hpp"
#include "libsim/text/nearest_name.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::harness {

namespace {

bool is_word(std::string_view text) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz0123456789_-";
  return !text.empty() && text.find_first_not_of(letters) == std::string_view::npos && text.front() != '-';
}

/// Names of experiments and scenarios become folders and words of a command line.
void check_names(const Experiment& experiment) {
  check(is_word(experiment.name()), "the name of an experiment is lower-case letters, digits, _ and -");
  check(!experiment.scenarios().empty(), "an experiment has at least one scenario");
  std::set<std::string> seen{"all"};
  for (const auto& scenario : experiment.scenarios()) {
    check(is_word(scenario.name),
          fmt::format("the scenario name \"{}\" is lower-case letters, digits, _ and -", scenario.name));
    check(seen.insert(scenario.name).second, fmt::format("the scenario name {} is free", scenario.name));
  }
}

void check_parameters(const Parameters& parameters) {
  parameters.check_declarations();
  Options options;
  Parameters flags;
  declare_flags(flags, options, {.arrivals = true, .faults = true});
  for (const auto& flag : flags.names()) {
    check(parameters.find(flag) == nullptr, fmt::format("parameter {} has a name that no flag has", flag));
  }
}

}  // namespace

std::vector<std::string> Experiment::scenario_names() const {
  std::vector<std::string> names;
  for (const auto& scenario : scenarios_) {
    names.push_back(scenario.name);
  }
  return names;
}

Expected<std::size_t> Experiment::scenario_index(std::string_view scenario) const {
  const auto names = scenario_names();
  const auto found = std::find(names.begin(), names.end(), scenario);
  if (found == names.end()) {
    const std::string near = did_you_mean(scenario, names);
    return unexpected(fmt::format("unknown scenario {}{}", shown(scenario),
                                  near.empty() ? fmt::format("; expected all, {}", one_of(names)) : near));
  }
  return static_cast<std::size_t>(found - names.begin());
}

std::unique_ptr<Setup> Experiment::set_up() const {
  check_names(*this);
  auto setup = set_up_();
  check_parameters(setup->parameters());
  return setup;
}

}  // namespace sim::harness
