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

/// The arguments but for the place of a log, which may well be a file that is there already.
Texts without_log(const Texts& arguments) {
  Texts others;
  for (std::size_t at = 0; at < arguments.size(); ++at) {
    if (arguments[at] == "--log") {
      ++at;
    } else if (!arguments[at].starts_with("--log=")) {
      others.push_back(arguments[at]);
    }
  }
  return others;
}

/// Files in `in/` that the program was given to read, also by a link.
Texts inputs_of(const Program& program, const Snapshot& before) {
  Texts inputs;
  const Texts arguments = without_log(program.arguments);
  const auto is_given = [&](const std::string& path) {
    return std::any_of(arguments.begin(), arguments.end(),
                       [&](const auto& argument) { return argument.find(path) != std::string::npos; });
  };
  constexpr std::string_view link = "-> ";
  for (const auto& [path, content] : before) {
    if (path.starts_with("in/") && is_given(path)) {
      inputs.push_back(content.starts_with(link) ? "in/" + content.substr(link.size()) : path);
    }
  }
  return inputs;
}

void require_inputs(const Program& program, const Snapshot& before, const Snapshot& after, Texts& broken) {
  for (const auto& path : inputs_of(program, before)) {
    const auto is = before.find(path);
    const auto found = after.find(path);
    if (is != before.end() && (found == after.end() || found->second != is->second)) {
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
