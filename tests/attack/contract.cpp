#include "tests/attack/contract.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libsim/text/quoting.hpp"
#include "tests/attack/hostile.hpp"
#include "tests/attack/printable.hpp"

namespace attack {

namespace {

using Texts = std::vector<std::string>;

void require_printable(std::string_view text, std::string_view where, Texts& broken) {
  if (const auto at = first_unprintable(text, "\n")) {
    broken.push_back(fmt::format("{} is printable: {}", where, bytes_around(text, *at)));
  }
}

/// As much as a reader of a log looks at: what was wrong is shown in part where it is longer.
constexpr std::size_t refusal_bytes_max = 4'000;

void require_refusal(const Ended& ended, Texts& broken) {
  if (ended.err.size() > refusal_bytes_max) {
    broken.push_back(fmt::format("a refusal has at most {} bytes: {}", refusal_bytes_max, ended.err.size()));
  }
  const bool one_line = std::count(ended.err.begin(), ended.err.end(), '\n') == 1 && ended.err.ends_with('\n');
  if (!one_line) {
    broken.push_back(fmt::format("a refusal is one line: {}", sim::one_line(ended.err)));
  }
  if (!ended.out.empty()) {
    broken.push_back(fmt::format("a refusal prints no results: {}", sim::one_line(ended.out)));
  }
}

/// Where the arguments ask for a log, which may well be a file that is there already; empty: nowhere.
std::string log_in(const Texts& arguments) {
  constexpr std::string_view flag = "--log";
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    if (arguments[at] == flag && at + 1 < arguments.size()) {
      return arguments[at + 1];
    }
    if (arguments[at].starts_with("--log=")) {
      return arguments[at].substr(flag.size() + 1);
    }
  }
  return {};
}

/// The file that a path in the folder leads to.
std::string target_of(const std::string& path, const Snapshot& files) {
  constexpr std::string_view link = "-> ";
  const auto found = files.find(path);
  return found != files.end() && found->second.starts_with(link) ? "in/" + found->second.substr(link.size()) : path;
}

/// Whether the arguments name a file more often than the log alone does, also by a link.
bool is_read(const Texts& arguments, const std::string& log, const std::string& path, const Snapshot& files) {
  return std::any_of(files.begin(), files.end(), [&](const auto& file) {
    const auto& name = file.first;
    const auto times = std::count_if(arguments.begin(), arguments.end(),
                                     [&](const auto& argument) { return argument.find(name) != std::string::npos; });
    return target_of(name, files) == path && times > (name == log ? 1 : 0);
  });
}

void require_inputs(const Program& program, const Snapshot& before, const Snapshot& after, Texts& broken) {
  const std::string log = log_in(program.arguments);
  const std::string logged = target_of(log, before);
  for (const auto& [path, content] : before) {
    const bool may_change = path == logged && !is_read(program.arguments, log, path, before);
    const auto found = after.find(path);
    if (path.starts_with("in/") && !may_change && (found == after.end() || found->second != content)) {
      broken.push_back(fmt::format("inputs stay as they are: {} was changed", path));
    }
  }
}

bool has_formula(const std::string& csv) {
  const std::string cell(formula.substr(0, 5));
  return csv.starts_with(cell) || csv.starts_with('"' + cell) || csv.find("\n" + cell) != std::string::npos ||
         csv.find("," + cell) != std::string::npos || csv.find(",\"" + cell) != std::string::npos ||
         csv.find("\n\"" + cell) != std::string::npos;
}

void require_clean_files(const Snapshot& before, const Snapshot& after, Texts& broken) {
  for (const auto& [path, content] : after) {
    if (before.contains(path)) {
      continue;
    }
    require_printable(content, path, broken);
    if (path.ends_with(".csv") && has_formula(content)) {
      broken.push_back(fmt::format("no cell is a formula: {}", path));
    }
    if (path.find("/.") != std::string::npos) {
      broken.push_back(fmt::format("nothing is left over: {}", path));
    }
  }
}

Texts broken_by_end(const Ended& ended) {
  const bool allowed = ended.signal == 0 && !ended.timed_out &&
                       (ended.status == 0 || ended.status == 1 || ended.status == 2 || ended.status == 4);
  return allowed
             ? Texts{}
             : Texts{fmt::format("a program ends with 0, 1, 2 or 4: {}: {}", ended.text(), sim::one_line(ended.err))};
}

Texts broken_by_output(const Program& program, const Ended& ended, const Snapshot& before, const Snapshot& after) {
  Texts broken;
  require_printable(ended.out, "the standard output", broken);
  require_printable(ended.err, "the standard error", broken);
  if (has_formula(ended.out)) {
    broken.emplace_back("no cell is a formula: the standard output");
  }
  require_inputs(program, before, after, broken);
  require_clean_files(before, after, broken);
  return broken;
}

}  // namespace

Texts broken_promises(const Program& program, const Ended& ended, const Snapshot& before, const Snapshot& after) {
  Texts broken = broken_by_end(ended);
  const Texts more = broken_by_output(program, ended, before, after);
  broken.insert(broken.end(), more.begin(), more.end());
  if (ended.status == 2) {
    require_refusal(ended, broken);
    if (const std::string written = first_difference(before, after); !written.empty()) {
      broken.push_back(
          fmt::format("a refusal has written nothing: {} differs: {}", sim::shown(written), sim::one_line(ended.err)));
    }
  }
  return broken;
}

Texts broken_on_full_disk(const Program& program, const Ended& ended, const Snapshot& before, const Snapshot& after) {
  Texts broken = broken_by_output(program, ended, before, after);
  if (ended.signal != 0 || ended.timed_out || (ended.status != 2 && ended.status != 3)) {
    broken.push_back(fmt::format("output that cannot be written ends with 2 or 3: {}", ended.text()));
  }
  return broken;
}

}  // namespace attack
