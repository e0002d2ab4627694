#include "models/replay/command.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <ostream>
#include <utility>

#include "libsim/harness/cli/build_info.hpp"
#include "libsim/harness/cli/command_line.hpp"
#include "libsim/harness/cli/terminal.hpp"
#include "libsim/text/nearest_name.hpp"
#include "libsim/text/quoting.hpp"
#include "libsim/text/text_table.hpp"
#include "models/replay/component.hpp"

namespace sim::models::replay {

namespace {

using harness::Terminal;

constexpr std::size_t configurations_max = 1000;

/// One value for each parameter that was given.
struct Configuration {
  std::string name;  ///< the parameters that differ, as in `limit=10`; empty when there is only one
  std::vector<std::pair<std::string, std::string>> values;
};

struct Request {
  const ComponentKind* kind = nullptr;
  std::string preset;
  std::string trace;
  bool quiet = false;
  bool is_long = false;  ///< without a limit of the work
  std::vector<Configuration> configurations;
};

template <class Names>
std::vector<std::string> texts(const Names& names) {
  return {names.begin(), names.end()};
}

std::vector<std::string> kind_names() {
  std::vector<std::string> names;
  for (const ComponentKind& kind : component_kinds()) {
    names.emplace_back(kind.name);
  }
  return names;
}

/// The value of a flag that decides which other flags there are; an empty text when it is not given.
std::string given_early(const std::vector<std::string>& arguments, const std::string& flag) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == flag && i + 1 < arguments.size()) {
      return arguments[i + 1];
    }
    if (arguments[i].starts_with(flag + "=")) {
      return arguments[i].substr(flag.size() + 1);
    }
  }
  return {};
}

bool has(const std::vector<std::string>& arguments, const std::string& flag) {
  return std::find(arguments.begin(), arguments.end(), flag) != arguments.end();
}

Expected<const ComponentKind*> find_kind(const std::string& name) {
  const auto& kinds = component_kinds();
  const auto found = std::find_if(kinds.begin(), kinds.end(), [&](const auto& kind) { return kind.name == name; });
  if (found == kinds.end()) {
    return unexpected(fmt::format("--component{}: expected {}{}", name.empty() ? "" : " " + shown(name),
                                  harness::one_of(kind_names()), did_you_mean(name, kind_names())));
  }
  return &*found;
}

Expected<void> check_preset(const ComponentKind& kind, const std::string& preset) {
  if (preset.empty() || std::find(kind.presets.begin(), kind.presets.end(), preset) != kind.presets.end()) {
    return {};
  }
  return unexpected(kind.presets.empty()
                        ? fmt::format("--preset {}: {} has no presets", shown(preset), kind.name)
                        : fmt::format("--preset {}: expected {}", shown(preset), harness::one_of(texts(kind.presets))));
}

std::vector<harness::FlagSpec> flags_of(Component& component) {
  std::vector<harness::FlagSpec> flags = {
      {"component"}, {"preset"}, {"trace", "FILE.csv"}, {"quiet", "", false}, {"long", "", false}};
  for (const auto& parameter : component.parameters().all()) {
    flags.push_back({.name = parameter->name()});
  }
  return flags;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts;
  for (std::size_t begin = 0;;) {
    const std::size_t comma = text.find(',', begin);
    parts.push_back(text.substr(begin, comma - begin));
    if (comma == std::string::npos) {
      return parts;
    }
    begin = comma + 1;
  }
}

/// Every combination of the values given, the first parameter varying slowest.
Expected<std::vector<Configuration>> combinations(const std::vector<harness::GivenFlag>& given, Component& component) {
  std::vector<Configuration> all(1);
  for (const harness::GivenFlag& flag : given) {
    if (component.parameters().find(flag.name) == nullptr) {
      continue;
    }
    const std::vector<std::string> values = split(flag.value);
    if (all.size() * values.size() > configurations_max) {
      return unexpected(fmt::format("--{} {}: expected at most {} configurations in all", flag.name, shown(flag.value),
                                    configurations_max));
    }
    std::vector<Configuration> next;
    for (const Configuration& configuration : all) {
      for (const std::string& value : values) {
        Configuration one = configuration;
        one.values.emplace_back(flag.name, value);
        if (values.size() > 1) {
          one.name += fmt::format("{}{}={}", one.name.empty() ? "" : " ", flag.name, value);
        }
        next.push_back(std::move(one));
      }
    }
    all = std::move(next);
  }
  return all;
}

Expected<Request> read_request(std::vector<std::string> arguments) {
  // A switch of the trace rather than of the cache, and written like one.
  std::replace(arguments.begin(), arguments.end(), std::string("--fill-on-miss"), std::string("--fill_on_miss=on"));
  Request request;
  const auto kind = find_kind(given_early(arguments, "--component"));
  if (!kind) {
    return tl::unexpected(kind.error());
  }
  request.kind = *kind;
  request.preset = given_early(arguments, "--preset");
  if (const auto known = check_preset(**kind, request.preset); !known) {
    return tl::unexpected(known.error());
  }
  const auto component = request.kind->make(request.preset);
  const auto given = harness::parse_command_line(arguments, flags_of(*component));
  if (!given) {
    return tl::unexpected(given.error());
  }
  for (const harness::GivenFlag& flag : *given) {
    request.trace = flag.name == "trace" ? flag.value : request.trace;
    request.quiet = request.quiet || flag.name == "quiet";
    request.is_long = request.is_long || flag.name == "long";
  }
  if (request.trace.empty()) {
    return unexpected("--trace: expected --trace FILE.csv");
  }
  auto configurations = combinations(*given, *component);
  if (!configurations) {
    return tl::unexpected(configurations.error());
  }
  request.configurations = std::move(*configurations);
  return request;
}

Expected<std::unique_ptr<Component>> make(const Request& request, const Configuration& configuration,
                                          harness::SampleFiles& files) {
  auto component = request.kind->make(request.preset);
  for (const auto& [name, value] : configuration.values) {
    const std::string where = fmt::format("--{} {}", name, shown(value));
    if (const auto set = harness::set_parameter(*component->parameters().find(name), value, files, where); !set) {
      return tl::unexpected(set.error());
    }
  }
  if (const auto valid = component->validate(); !valid) {
    return tl::unexpected(valid.error());
  }
  return component;
}

Page help(const ComponentKind& kind) {
  TextTable table({{"parameter"}, {"default"}, {"meaning"}});
  const auto component = kind.make({});
  for (const auto& parameter : component->parameters().all()) {
    const std::string range(parameter->range_text());
    table.add({"--" + parameter->name(),
               parameter->default_text() + (parameter->unit().empty() ? "" : " " + parameter->unit()) +
                   (range.empty() ? "" : " (" + range + ")"),
               parameter->meaning()});
  }
  const Page presets = kind.presets.empty() ? Page() : Page("\n  --preset {}", harness::one_of(texts(kind.presets)));
  return Page("\n{}: {}{}\n{}", kind.name, kind.summary, presets, table.text(2));
}

void print_help(Terminal& out, const std::string& component) {
  out << Page(
      "replay: what a component would have done with a recorded trace\n\n"
      "usage: replay --component COMPONENT --trace FILE.csv [--preset LIBRARY] [--PARAMETER VALUE[,VALUE]...]...\n\n"
      "Prints the trajectory as CSV, and a summary on the standard error unless --quiet is given. A parameter with\n"
      "several values compares them: every combination is a configuration, named in the first column. What would "
      "take\n"
      "more than about a minute is refused unless --long is given.\n");
  for (const ComponentKind& kind : component_kinds()) {
    if (component.empty() || component == kind.name) {
      out << help(kind);
    }
  }
}

void print_summary(Terminal& err, const std::vector<Configuration>& configurations,
                   const std::vector<Summary>& summaries) {
  std::vector<TextTable::Column> columns = {{"configuration"}};
  for (const auto& entry : summaries.front()) {
    columns.push_back({entry.first, TextTable::Align::right});
  }
  TextTable table(columns);
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    std::vector<TextTable::Cell> cells = {configurations[i].name};
    for (const auto& entry : summaries[i]) {
      cells.emplace_back(entry.second);
    }
    table.add(std::move(cells));
  }
  err << table.text(0);
}

Expected<void> answer(const Request& request, Terminal& out, Terminal& err, const harness::Environment& environment) {
  harness::SampleFiles files;
  std::vector<std::unique_ptr<Component>> components;
  for (const Configuration& configuration : request.configurations) {
    auto component = make(request, configuration, files);
    if (!component) {
      return tl::unexpected(component.error());
    }
    components.push_back(std::move(*component));
  }
  const auto trace = read_trace(files.files(), request.trace, *components.front());
  if (!trace) {
    return tl::unexpected(trace.error());
  }
  for (const auto& component : components) {
    if (const auto bounded = component->can_be_run(*trace); !bounded && !request.is_long) {
      return tl::unexpected(bounded.error());
    }
  }
  if (environment.out_file && files.files().overwritten_by(*environment.out_file)) {
    return unexpected(
        fmt::format("--trace {}: is where the standard output goes: expected another file", shown_path(request.trace)));
  }
  std::vector<std::string> header = components.front()->header();
  if (components.size() > 1) {
    header.insert(header.begin(), "configuration");
  }
  out << Page::of_lines(csv_row(header));
  std::vector<Summary> summaries;
  for (std::size_t i = 0; i < components.size(); ++i) {
    const std::string& configuration = request.configurations[i].name;
    const std::string first = configuration.empty() ? "" : csv_field(configuration) + ",";
    summaries.push_back(components[i]->replay(
        *trace, [&](const std::vector<std::string>& row) { out << Page::of_lines(first + csv_row(row)); }));
  }
  if (!request.quiet) {
    print_summary(err, request.configurations, summaries);
  }
  return {};
}

int run_command(const std::vector<std::string>& arguments, Terminal& out, Terminal& err,
                const harness::Environment& environment) {
  constexpr int wrong_usage = 2;
  const auto done = [&]() -> Expected<void> {
    if (has(arguments, "--help")) {
      print_help(out, given_early(arguments, "--component"));
      return {};
    }
    return read_request(arguments).and_then(
        [&](const Request& request) { return answer(request, out, err, environment); });
  }();
  if (!done) {
    err << Page("replay: {}\n", done.error().message);
    return wrong_usage;
  }
  return 0;
}

}  // namespace

int run(const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err,
        const harness::Environment& environment) {
  constexpr int failed = 3;
  Terminal output(out);
  Terminal errors(err);
  try {
    const int status = run_command(arguments, output, errors, environment);
    if (!out.flush()) {
      errors << Page("replay: the standard output cannot be written\n");
      return failed;
    }
    return status;
  } catch (const std::exception& failure) {
    errors << Page("replay: {}\n", one_line(failure.what()));
    return failed;
  }
}

}  // namespace sim::models::replay
