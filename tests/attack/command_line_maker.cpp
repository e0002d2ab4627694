#include "tests/attack/command_line_maker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include "tests/attack/attacked_files.hpp"
#include "tests/attack/hostile.hpp"

namespace attack {

namespace {

namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

std::vector<HelpFlag> flags_in_help(const std::string& help) {
  std::vector<HelpFlag> flags;
  std::istringstream lines(help);
  for (std::string line; std::getline(lines, line) && !line.starts_with("parameters");) {
    if (line.starts_with("  --")) {
      const std::string flag = line.substr(4, line.find("  ", 4) - 4);
      const auto space = flag.find(' ');
      flags.push_back({flag.substr(0, space), space == std::string::npos ? "" : flag.substr(space + 1)});
    }
  }
  return flags;
}

std::vector<HelpFlag> flags_of(const SweptThing& thing) {
  if (thing.is_component) {
    return {{"preset", "LIBRARY"}, {"trace", "FILE.csv"}, {"quiet", ""}, {"help", ""}};
  }
  const Program help{.file = thing.program, .arguments = {"--help"}, .folder = {}};
  return flags_in_help(run(help).out);
}

/// Values that are right for a flag, small enough for a run of a second or two. Others have none.
Texts right_values(const std::string& flag, const SweptThing& thing, sim::RandomStream& random) {
  static const std::map<std::string, Texts> fixed{
      {"seed", {"7", "0", "18446744073709551615"}},
      {"replications", {"2", "3", "1"}},
      {"jobs", {"1", "3", "64"}},
      {"confidence", {"0.9", "0.5"}},
      {"precision", {"0.5", "0"}},
      {"replications-max", {"2", "5"}},
      {"metric", {"utilisation", "message_time_p99", "nothing_p50"}},
      {"sample", {"lhs:2", "lhs:3"}},
      {"subject-to", {"targets", "utilisation<90 %", "sojourn_mean < 5 s", "utilisation<90 \xC2\x9B"}},
      {"minimize", {"utilisation", "cost_usd"}},
      {"pareto-against", {"utilisation"}},
      {"sensitivity", {"one-at-a-time", "morris", "none"}},
      {"format", {"json", "csv", "table"}},
      {"log-filter", {"*", "clerk"}},
      {"fingerprint", {"payload", "names"}},
      {"preset", {"hikari", "resilience4j", "polly", "opossum", "generic_pool"}}};
  if (const auto known = fixed.find(flag); known != fixed.end()) {
    return known->second;
  }
  if (thing.parameters.empty()) {
    return {};
  }
  const SweptParameter& parameter = one_of(thing.parameters, random);
  const std::string value = random_value_of(parameter, random);
  const std::string other = random.chance(0.2) ? hostile_text(random) : random_value_of(parameter, random);
  return flag == "sweep"                            ? Texts{parameter.name + "=" + value + "," + other}
         : flag == "compare"                        ? Texts{parameter.name + "=" + value + "," + other}
         : flag == "where"                          ? Texts{parameter.name + " <= " + value}
         : flag == "find-min" || flag == "find-max" ? Texts{parameter.name}
                                                    : Texts{};
}

std::string input_file(const std::string& flag, sim::RandomStream& random) {
  static const std::map<std::string, std::string> usual{
      {"config", "settings.ini"},     {"targets", "targets.csv"}, {"arrivals", "arrivals.csv"},
      {"faults", "faults.csv"},       {"network", "network.csv"}, {"closed.network", "network.csv"},
      {"interarrivals", "times.csv"}, {"services", "times.csv"}};
  const auto known = usual.find(flag);
  if (known != usual.end() && random.chance(0.8)) {
    return "in/" + known->second;
  }
  static const Texts others{"in/link.csv", "in/loop.csv", "in/folder", "in", "/dev/null", "/dev/full"};
  return random.chance(0.5) ? "in/" + one_of(good_files(), random).name : one_of(others, random);
}

std::string output_file(sim::RandomStream& random) {
  static const Texts places{"out",       "out/log.txt", "log.txt",   "new/deeper/still", "in/link.csv", "in/loop.csv",
                            "in/folder", ".",           "/dev/full", "/dev/null",        "in/folder/x", ""};
  return random.chance(0.3) ? "in/" + one_of(good_files(), random).name : one_of(places, random);
}

std::string value_for(const HelpFlag& flag, const SweptThing& thing, sim::RandomStream& random) {
  if (random.chance(0.2)) {
    return hostile_text(random);
  }
  if (flag.name == "out" || flag.name == "log") {
    return output_file(random);
  }
  if (flag.placeholder.starts_with("FILE") || flag.placeholder == "DIR") {
    return input_file(flag.name, random);
  }
  const Texts values = right_values(flag.name, thing, random);
  return values.empty() ? hostile_text(random) : one_of(values, random);
}

std::string value_for(const SweptParameter& parameter, sim::RandomStream& random) {
  if (parameter.kind == "text" && random.chance(0.7)) {
    return input_file(parameter.name, random);
  }
  if (random.chance(0.3)) {
    return hostile_text(random);
  }
  const Texts bounds = bounds_of(parameter);
  return !bounds.empty() && random.chance(0.3) ? one_of(bounds, random) : random_value_of(parameter, random);
}

void add(Texts& arguments, const std::string& name, const std::string& value, sim::RandomStream& random) {
  if (random.chance(0.5)) {
    arguments.push_back("--" + name + "=" + value);
  } else {
    arguments.insert(arguments.end(), {"--" + name, value});
  }
}

/// One of the flags and parameters that name a file.
void add_file(Texts& arguments, const AttackedProgram& program, sim::RandomStream& random) {
  Texts names;
  for (const HelpFlag& flag : program.flags) {
    if (flag.placeholder.starts_with("FILE") && flag.name != "log") {
      names.push_back(flag.name);
    }
  }
  for (const SweptParameter& parameter : program.thing.parameters) {
    if (parameter.kind == "text") {
      names.push_back(parameter.name);
    }
  }
  if (!names.empty()) {
    const std::string& name = one_of(names, random);
    add(arguments, name, input_file(name, random), random);
  }
}

void damage(Texts& arguments, sim::RandomStream& random) {
  const auto at = arguments.begin() + static_cast<std::ptrdiff_t>(random.below(arguments.size()));
  switch (random.below(4)) {
    case 0:
      arguments.erase(at);
      break;
    case 1:
      arguments.insert(at, *at);
      break;
    case 2:
      arguments.insert(at, hostile_text(random));
      break;
    default:
      if (!at->empty()) {
        (*at)[random.below(at->size())] = static_cast<char>(1 + random.below(255));
      }
  }
}

/// Searches and precision go on until something is certain; not here.
void bound_work(Texts& arguments) {
  const auto asks = [&](std::string_view flag) {
    return std::any_of(arguments.begin(), arguments.end(), [&](const auto& text) { return text.starts_with(flag); });
  };
  if ((asks("--find-") || asks("--precision") || asks("--minimize")) && !asks("--replications-max")) {
    arguments.emplace_back("--replications-max=5");
  }
}

}  // namespace

std::vector<AttackedProgram> attacked_programs(const fs::path& binaries, const fs::path& traces,
                                               const std::string& only) {
  std::vector<AttackedProgram> programs;
  for (const SweptThing& thing : swept_things(binaries, traces, only)) {
    programs.push_back({thing, flags_of(thing)});
  }
  if (only.empty() || only == "all_experiments") {
    const SweptThing all{.program = binaries / "all_experiments", .choice = {}, .name = "all", .parameters = {}};
    programs.push_back({all, flags_of(all)});
  }
  return programs;
}

Texts made_command_line(const AttackedProgram& program, sim::RandomStream& random) {
  Texts arguments = program.thing.choice;
  if (program.thing.is_component) {
    arguments.back() = "in/" + program.thing.name + ".csv";
  } else {
    arguments.insert(arguments.end(), {"--out", "out"});
  }
  for (std::uint64_t count = random.below(3); count > 0 && !program.thing.parameters.empty(); --count) {
    const SweptParameter& parameter = one_of(program.thing.parameters, random);
    add(arguments, parameter.name, value_for(parameter, random), random);
  }
  for (std::uint64_t count = random.below(4); count > 0 && !program.flags.empty(); --count) {
    const HelpFlag& flag = one_of(program.flags, random);
    const auto given = std::find(arguments.begin(), arguments.end(), "--" + flag.name);
    if (flag.placeholder.empty()) {
      arguments.push_back("--" + flag.name);
    } else if (given == arguments.end() || given + 1 == arguments.end()) {
      add(arguments, flag.name, value_for(flag, program.thing, random), random);
    } else {
      *(given + 1) = value_for(flag, program.thing, random);
    }
  }
  if (random.chance(0.35) && !program.thing.is_component) {
    add_file(arguments, program, random);
  }
  if (random.chance(0.15)) {
    damage(arguments, random);
  }
  bound_work(arguments);
  return arguments;
}

}  // namespace attack
