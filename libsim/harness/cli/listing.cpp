#include "libsim/harness/cli/listing.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "libsim/harness/cli/build_info.hpp"
#include "libsim/text/csv_file.hpp"
#include "libsim/text/json_text.hpp"
#include "libsim/text/text_table.hpp"

namespace sim::harness {

namespace {

std::string flag_with_value(const Parameter& flag) {
  return flag.kind() == "switch" ? fmt::format("--{}", flag.name())
                                 : fmt::format("--{} {}", flag.name(), flag.placeholder());
}

std::string flag_meaning(const Parameter& flag) {
  const bool has_default = flag.kind() != "switch" && !flag.default_text().empty();
  return has_default ? fmt::format("{} (default {})", flag.meaning(), flag.default_text()) : flag.meaning();
}

/// With default and range, as in `messages at once (default 2 messages; 1 … 1000)`.
std::string parameter_meaning(const Parameter& parameter) {
  const std::string unit = parameter.unit().empty() ? "" : " " + parameter.unit();
  const std::string by_default =
      parameter.default_text().empty() ? "" : fmt::format("default {}{}", parameter.default_text(), unit);
  const std::string separator = by_default.empty() || parameter.range_text().empty() ? "" : "; ";
  const std::string bounds = by_default + separator + parameter.range_text();
  return bounds.empty() ? parameter.meaning() : fmt::format("{} ({})", parameter.meaning(), bounds);
}

Page parameter_table(const Parameters& parameters) {
  TextTable table({{"parameter"}, {"default"}, {"unit"}, {"range"}, {"meaning"}, {"source"}});
  for (const auto& parameter : parameters.all()) {
    table.add({parameter->name(), parameter->default_text(), parameter->unit(), parameter->range_text(),
               parameter->meaning(), parameter->source()});
  }
  return table.text(0);
}

std::string parameter_csv(const Parameters& parameters) {
  std::string text = "name,kind,default,unit,range,meaning,source\n";
  for (const auto& parameter : parameters.all()) {
    text += csv_row({parameter->name(), std::string(parameter->kind()), parameter->default_text(), parameter->unit(),
                     parameter->range_text(), parameter->meaning(), parameter->source()});
  }
  return text;
}

std::string parameter_json(const Parameters& parameters) {
  auto all = nlohmann::ordered_json::array();
  for (const auto& parameter : parameters.all()) {
    all.push_back({{"name", parameter->name()},
                   {"kind", parameter->kind()},
                   {"default", parameter->default_text()},
                   {"unit", parameter->unit()},
                   {"range", parameter->range_text()},
                   {"meaning", parameter->meaning()},
                   {"source", parameter->source()}});
  }
  return json_text(all);
}

}  // namespace

Page help_text(const Experiment& experiment, const Parameters& flags, const Parameters& parameters,
               const std::string& program) {
  constexpr std::size_t width = 100;
  TextTable scenarios({{"scenario"}, {"summary"}});
  for (const auto& [name, summary] : experiment.scenarios()) {
    scenarios.add({name, summary});
  }
  TextTable flag_table({{"flag"}, {"meaning"}});
  for (const auto& flag : flags.all()) {
    flag_table.add({flag_with_value(*flag), flag_meaning(*flag)});
  }
  TextTable parameter_table({{"parameter"}, {"meaning"}});
  for (const auto& parameter : parameters.all()) {
    parameter_table.add({"--" + parameter->name(), parameter_meaning(*parameter)});
  }
  Page text("{}: {}\n\nusage: {} [flags] [--PARAMETER VALUE]...\n\nscenarios\n{}\nflags\n{}", experiment.name(),
            experiment.summary(), program, scenarios.rows_within(width, 2), flag_table.rows_within(width, 2));
  if (!parameters.all().empty()) {
    text += Page("\nparameters, also as keys of the INI file\n{}", parameter_table.rows_within(width, 2));
  }
  return text + Page(
                    "\nexit status\n"
                    "  0  no target missed\n"
                    "  1  a target missed\n"
                    "  2  wrong usage or input\n"
                    "  3  the run failed (a bug)\n"
                    "  4  inconclusive: too few replications to decide\n");
}

Page parameter_list(const Parameters& parameters, OutputFormat format) {
  switch (format) {
    case OutputFormat::csv:
      return Page::of_lines(parameter_csv(parameters));
    case OutputFormat::json:
      return Page::of_lines(parameter_json(parameters));
    case OutputFormat::table:
      break;
  }
  return parameter_table(parameters);
}

Page scenario_list(const Experiment& experiment, OutputFormat format) {
  TextTable table({{"scenario"}, {"summary"}});
  std::string csv = "scenario,summary\n";
  auto json = nlohmann::ordered_json::array();
  for (const auto& [name, summary] : experiment.scenarios()) {
    table.add({name, summary});
    csv += csv_row({name, summary});
    json.push_back({{"scenario", name}, {"summary", summary}});
  }
  switch (format) {
    case OutputFormat::csv:
      return Page::of_lines(csv);
    case OutputFormat::json:
      return Page::of_lines(json_text(json));
    case OutputFormat::table:
      break;
  }
  return table.text(0);
}

Page version_text(const Experiment& experiment) {
  return Page("{} (libsim {}, {})\n", experiment.name(), version(), compiler());
}

}  // namespace sim::harness
