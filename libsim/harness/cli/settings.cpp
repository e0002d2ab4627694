#include "libsim/harness/cli/settings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "libsim/text/ini_file.hpp"
#include "libsim/text/nearest_name.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::harness {

namespace {

/// Flags that say what to do this time rather than how to run: they have no place in a file.
constexpr std::array<std::string_view, 18> command_line_only{
    "config",   "check-determinism", "list-parameters", "list-scenarios",
    "help",     "version",           "sweep",           "sample",
    "where",    "compare",           "find-max",        "find-min",
    "minimize", "pareto-against",    "subject-to",      "sensitivity",
    "baseline", "no-cache"};

bool is_command_line_only(const std::string& name) {
  return std::find(command_line_only.begin(), command_line_only.end(), name) != command_line_only.end();
}

/// A switch of the harness stands alone; a switch of a model has a value, so that it can be switched off.
bool is_bare_switch(const Parameters& flags, const std::string& name) {
  const Parameter* flag = flags.find(name);
  return flag != nullptr && flag->kind() == "switch";
}

std::vector<FlagSpec> specs(const Parameters& flags, const Parameters& parameters) {
  std::vector<FlagSpec> specs;
  for (const auto& flag : flags.all()) {
    specs.push_back({.name = flag->name(),
                     .placeholder = flag->placeholder(),
                     .takes_value = !is_bare_switch(flags, flag->name()),
                     .repeats = flag->kind() == "list"});
  }
  for (const auto& parameter : parameters.all()) {
    specs.push_back({parameter->name(), parameter->placeholder(), true});
  }
  return specs;
}

std::vector<std::string> ini_keys(const Parameters& flags, const Parameters& parameters) {
  std::vector<std::string> keys = parameters.names();
  for (const auto& name : flags.names()) {
    if (!is_command_line_only(name)) {
      keys.push_back(name);
    }
  }
  return keys;
}

Parameter& find(const Parameters& flags, const Parameters& parameters, const std::string& name) {
  Parameter* flag = flags.find(name);
  return flag != nullptr ? *flag : *parameters.find(name);
}

Expected<void> apply_file(const std::string& path, const Parameters& flags, const Parameters& parameters,
                          SampleFiles& files) {
  // The settings count by their values, not as a file.
  auto settings = files.files().sharing();
  const auto entries = read_ini_file(settings, path);
  if (!entries) {
    return tl::unexpected(entries.error());
  }
  const auto keys = ini_keys(flags, parameters);
  for (const auto& entry : *entries) {
    const std::string where =
        fmt::format("{}:{}: {} = {}", shown_path(path), entry.line, shown(entry.key), shown(entry.value));
    if (is_command_line_only(entry.key)) {
      return unexpected(fmt::format("{}: expected on the command line only", where));
    }
    if (std::find(keys.begin(), keys.end(), entry.key) == keys.end()) {
      return unexpected(fmt::format("{}: unknown key{}", where, did_you_mean(entry.key, keys)));
    }
    if (auto set = set_parameter(find(flags, parameters, entry.key), entry.value, files, where); !set) {
      return set;
    }
  }
  return {};
}

Expected<void> apply_flag(const GivenFlag& given, const Parameters& flags, const Parameters& parameters,
                          SampleFiles& files) {
  const std::string text = is_bare_switch(flags, given.name) ? "on" : given.value;
  const std::string where = fmt::format("--{} {}", given.name, shown(given.value));
  return set_parameter(find(flags, parameters, given.name), text, files, where);
}

}  // namespace

Expected<std::vector<GivenFlag>> read_settings(const std::vector<std::string>& arguments, const Parameters& flags,
                                               const Parameters& parameters, SampleFiles& files) {
  auto given = parse_command_line(arguments, specs(flags, parameters));
  if (!given) {
    return given;
  }
  const auto config =
      std::find_if(given->begin(), given->end(), [](const auto& flag) { return flag.name == "config"; });
  if (config != given->end()) {
    const auto applied = apply_flag(*config, flags, parameters, files).and_then([&] {
      return apply_file(config->value, flags, parameters, files);
    });
    if (!applied) {
      return tl::unexpected(applied.error());
    }
  }
  for (const auto& flag : *given) {
    if (auto applied = apply_flag(flag, flags, parameters, files); !applied) {
      return tl::unexpected(std::move(applied.error()));
    }
  }
  return given;
}

}  // namespace sim::harness
