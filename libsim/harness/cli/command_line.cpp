#include "libsim/harness/cli/command_line.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/program_options/errors.hpp>
#include <boost/program_options/options_description.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/value_semantic.hpp>

#include "libsim/files/input_limits.hpp"
#include "libsim/text/nearest_name.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::harness {

namespace {

namespace po = boost::program_options;

po::options_description describe(const std::vector<FlagSpec>& known) {
  po::options_description description;
  for (const auto& flag : known) {
    if (flag.repeats) {
      description.add_options()(flag.name.c_str(), po::value<std::vector<std::string>>()->multitoken());
    } else if (flag.takes_value) {
      description.add_options()(flag.name.c_str(), po::value<std::string>());
    } else {
      description.add_options()(flag.name.c_str(), "");
    }
  }
  return description;
}

std::string name_of(const std::string& argument) {
  const auto begin = argument.find_first_not_of('-');
  return begin == std::string::npos ? std::string{} : argument.substr(begin, argument.find('=', begin) - begin);
}

std::string suggestion(const std::string& argument, const std::vector<FlagSpec>& known) {
  std::vector<std::string> names;
  for (const auto& flag : known) {
    names.push_back(flag.name);
  }
  return did_you_mean(name_of(argument), names, "--");
}

/// A flag with its value as the user wrote them.
std::string as_given(const std::string& option, const std::vector<std::string>& arguments) {
  const auto at = std::find_if(arguments.begin(), arguments.end(),
                               [&](const auto& argument) { return argument.substr(0, argument.find('=')) == option; });
  if (at == arguments.end()) {
    return shown(option);
  }
  const bool has_value = *at == option && std::next(at) != arguments.end() && !std::next(at)->starts_with("--");
  return has_value ? shown(*at) + " " + shown(*std::next(at)) : shown(*at);
}

Expected<void> check_arguments(const std::vector<std::string>& arguments) {
  // Enough for a flag and its largest value in one argument.
  constexpr std::size_t argument_bytes_max = value_bytes_max + 1024;
  for (std::size_t index = 0; index < arguments.size(); ++index) {
    if (arguments[index] == "--") {
      return unexpected("--: expected a flag, which has a name behind the dashes");
    }
    if (arguments[index].size() > argument_bytes_max) {
      const bool stands_apart = index > 0 && !arguments[index].starts_with("--");
      const std::string flag = stands_apart ? shown(arguments[index - 1]) + " " : "";
      return unexpected(fmt::format("{}{}: expected at most {} bytes", flag, shown(arguments[index]), value_bytes_max));
    }
  }
  return {};
}

FlagSpec spec_of(const std::string& name, const std::vector<FlagSpec>& known) {
  const auto found = std::find_if(known.begin(), known.end(), [&](const FlagSpec& flag) { return flag.name == name; });
  return found == known.end() ? FlagSpec{.name = name} : *found;
}

tl::unexpected<Error> wrong_syntax(const FlagSpec& flag, const std::vector<std::string>& arguments) {
  return flag.takes_value ? unexpected(fmt::format("--{}: has no value: expected --{} {}", shown(flag.name),
                                                   shown(flag.name), flag.placeholder))
                          : unexpected(fmt::format("{}: expected --{}, a switch that takes no value",
                                                   as_given("--" + flag.name, arguments), shown(flag.name)));
}

Expected<std::vector<po::option>> split(const std::vector<std::string>& arguments, const std::vector<FlagSpec>& known) {
  using Style = po::command_line_style::style_t;
  const auto description = describe(known);
  const int style = Style::allow_long | Style::long_allow_adjacent | Style::long_allow_next;
  try {
    return po::command_line_parser(arguments).options(description).style(style).run().options;
  } catch (const po::unknown_option& unknown) {
    const std::string option = unknown.get_option_name();
    return unexpected(fmt::format("{}: unknown flag{}", as_given(option, arguments), suggestion(option, known)));
  } catch (const po::invalid_command_line_syntax& wrong) {
    return wrong_syntax(spec_of(name_of(wrong.get_option_name()), known), arguments);
  } catch (const po::error& error) {
    return unexpected(shown(error.what()));
  }
}

/// The values of one occurrence of a flag, each as a flag of its own.
Expected<std::vector<GivenFlag>> read_flag(const po::option& option, const std::vector<FlagSpec>& known) {
  if (option.position_key >= 0 || option.string_key.empty()) {
    const std::string argument = option.value.empty() ? std::string{} : option.value.front();
    return unexpected(fmt::format("{}: expected a flag, which begins with --{}", shown(argument),
                                  argument.starts_with("-") ? suggestion(argument, known) : ""));
  }
  const std::string& name = option.string_key;
  const std::string first = option.value.empty() ? std::string{} : option.value.front();
  const bool stands_apart = option.original_tokens.size() > 1;
  if (stands_apart && first.starts_with("--")) {
    return unexpected(fmt::format("--{}: has no value, as {} is the next flag: expected --{} {}", name, shown(first),
                                  name, spec_of(name, known).placeholder));
  }
  std::vector<GivenFlag> flags{{name, first}};
  for (std::size_t index = 1; index < option.value.size(); ++index) {
    flags.push_back({name, option.value[index]});
  }
  return flags;
}

std::vector<GivenFlag>::const_iterator find_flag(const std::vector<GivenFlag>& given, const std::string& name) {
  return std::find_if(given.begin(), given.end(), [&](const GivenFlag& flag) { return flag.name == name; });
}

std::string as_text(const GivenFlag& flag) {
  return flag.value.empty() ? "--" + flag.name : fmt::format("--{} {}", flag.name, shown(flag.value));
}

}  // namespace

Expected<std::vector<GivenFlag>> parse_command_line(const std::vector<std::string>& arguments,
                                                    const std::vector<FlagSpec>& known) {
  if (auto checked = check_arguments(arguments); !checked) {
    return tl::unexpected(checked.error());
  }
  const auto options = split(arguments, known);
  if (!options) {
    return tl::unexpected(options.error());
  }
  std::vector<GivenFlag> given;
  for (const auto& option : *options) {
    auto flags = read_flag(option, known);
    if (!flags) {
      return tl::unexpected(flags.error());
    }
    const auto earlier = find_flag(given, option.string_key);
    if (earlier != given.end() && !spec_of(option.string_key, known).repeats) {
      return unexpected(fmt::format("{}: given already, as {}", as_text(flags->front()), as_text(*earlier)));
    }
    given.insert(given.end(), flags->begin(), flags->end());
  }
  return given;
}

}  // namespace sim::harness
