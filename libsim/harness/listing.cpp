#include "libsim/harness/listing.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "libsim/harness/build_info.hpp"
#include "libsim/harness/csv_file.hpp"
#include "libsim/harness/text_table.hpp"

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

/// Value and range of a parameter as in `2 messages (1 … 1000)`.
std::string default_and_range(const Parameter& parameter) {
  const std::string unit = parameter.unit().empty() ? "" : " " + parameter.unit();
  const std::string range = parameter.range_text().empty() ? "" : fmt::format(" ({})", parameter.range_text());
  return fmt::format("{}{}{}", parameter.default_text(), unit, range);
}

std::string without_title(const std::string& table) { return table.substr(table.find('\n') + 1); }

std::string parameter_table(const Parameters& parameters) {
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
  return all.dump(2) + "\n";
}

}  // namespace

std::string help_text(const Experiment& experiment, const Parameters& flags, const Parameters& parameters,
                      const std::string& program) {
  TextTable scenarios({{"scenario"}, {"summary"}});
  for (const auto& [name, summary] : experiment.scenarios()) {
    scenarios.add({name, summary});
  }
  TextTable flag_table({{"flag"}, {"meaning"}});
  for (const auto& flag : flags.all()) {
    flag_table.add({flag_with_value(*flag), flag_meaning(*flag)});
  }
  TextTable parameter_table({{"parameter"}, {"default"}, {"meaning"}});
  for (const auto& parameter : parameters.all()) {
    parameter_table.add({"--" + parameter->name(), default_and_range(*parameter), parameter->meaning()});
  }
  std::string text =
      fmt::format("{}: {}\n\nusage: {} [flags] [--PARAMETER VALUE]...\n\nscenarios\n{}\nflags\n{}", experiment.name(),
                  experiment.summary(), program, without_title(scenarios.text(2)), without_title(flag_table.text(2)));
  if (!parameters.all().empty()) {
    text += fmt::format("\nparameters, also as keys of the INI file\n{}", without_title(parameter_table.text(2)));
  }
  return text +
         "\nexit status\n  0 no target missed · 1 a target missed · 2 wrong usage or input · 3 the run failed (a "
         "bug)\n";
}

std::string parameter_list(const Parameters& parameters, OutputFormat format) {
  switch (format) {
    case OutputFormat::csv:
      return parameter_csv(parameters);
    case OutputFormat::json:
      return parameter_json(parameters);
    case OutputFormat::table:
      break;
  }
  return parameter_table(parameters);
}

std::string scenario_list(const Experiment& experiment, OutputFormat format) {
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
      return csv;
    case OutputFormat::json:
      return json.dump(2) + "\n";
    case OutputFormat::table:
      break;
  }
  return table.text(0);
}

std::string version_text(const Experiment& experiment) {
  return fmt::format("{} (libsim {}, {})\n", experiment.name(), version(), compiler());
}

}  // namespace sim::harness
