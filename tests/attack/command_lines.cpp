// Attacks the programs through their command lines and input files: flags from their own lists, values of their ranges
// and hostile ones, files that are damaged, linked, piped, or that are outputs at the same time. What must hold for any
// of them is the contract (contract.hpp); see also campaign.hpp.

#include <fmt/format.h>

#include <algorithm>
#include <csignal>

#include "tests/attack/attacked_files.hpp"
#include "tests/attack/campaign.hpp"
#include "tests/attack/command_line_maker.hpp"
#include "tests/attack/contract.hpp"
#include "tests/attack/hostile.hpp"
#include "tests/attack/shell.hpp"

namespace {

using namespace attack;
namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

constexpr std::uint64_t attempts_by_default = 30'000;

Limits limits() { return {.wall = std::chrono::seconds(240), .address_space_bytes = std::uint64_t{6} << 30}; }

bool mentions(const Texts& arguments, std::string_view text) {
  return std::any_of(arguments.begin(), arguments.end(),
                     [&](const auto& argument) { return argument.find(text) != std::string::npos; });
}

/// How long a study of many runs takes is the user's choice; a single run has a limit.
bool may_be_long(const Texts& arguments) {
  const Texts studies{"--replications", "--sweep",    "--sample",    "--find-",
                      "--compare",      "--minimize", "--precision", "--sensitivity"};
  return std::any_of(studies.begin(), studies.end(), [&](const auto& flag) { return mentions(arguments, flag); });
}

void note(Attempt& attempt, const Program& program, const Ended& ended, const Texts& broken) {
  ++attempt.programs_run;
  const bool ran_too_long = ended.timed_out || ended.signal == SIGXCPU;
  if (ran_too_long && may_be_long(program.arguments)) {
    return;
  }
  for (const auto& promise : broken) {
    attempt.broken.push_back(fmt::format("{}\n  {}", promise, program.command_line()));
  }
}

void run_plainly(Attempt& attempt, const Program& program) {
  const Snapshot before = snapshot(program.folder);
  const Ended ended = run(program);
  const Snapshot after = snapshot(program.folder);
  const bool full = mentions(program.arguments, "/dev/full");
  note(attempt, program, ended,
       full && ended.status == 3 ? broken_on_full_disk(program, ended, before, after)
                                 : broken_promises(program, ended, before, after));
}

/// Standard output goes to a disk that is full.
void run_on_full_disk(Attempt& attempt, const Program& program) {
  const Snapshot before = snapshot(program.folder);
  const Program full = behind("exec \"$@\" >/dev/full", program);
  const Ended ended = run(full);
  // The settings ask for quiet, too.
  const bool quiet = mentions(program.arguments, "quiet") || mentions(program.arguments, "settings.ini");
  note(attempt, full, ended, quiet ? Texts{} : broken_on_full_disk(program, ended, before, snapshot(program.folder)));
}

/// The first input file comes through a pipe, which can be read only once; the program ends as with the file.
void run_with_pipe(Attempt& attempt, const Program& plain) {
  const auto piped = std::find_if(plain.arguments.begin(), plain.arguments.end(), [](const auto& argument) {
    return argument.find("in/") != std::string::npos && argument.ends_with(".csv");
  });
  if (piped == plain.arguments.end() || mentions(plain.arguments, "--log") || mentions(plain.arguments, "--check")) {
    return run_plainly(attempt, plain);
  }
  Program program = plain;
  if (program.file.filename() != "replay" && !mentions(program.arguments, "--replications")) {
    program.arguments.emplace_back("--replications=2");
  }
  const Ended from_file = run(program);
  const auto at = piped->find("in/");
  const std::string file = piped->substr(at);
  Program changed = program;
  changed.arguments[static_cast<std::size_t>(piped - plain.arguments.begin())] = piped->substr(0, at) + "/dev/fd/3";
  std::replace(changed.arguments.begin(), changed.arguments.end(), std::string("out"), std::string("out_of_pipe"));
  const Program through_pipe = behind("exec \"$@\" 3< <(cat " + file + ")", changed);
  const Ended from_pipe = run(through_pipe);
  const bool alike = from_pipe.status == from_file.status && from_pipe.signal == from_file.signal;
  note(attempt, through_pipe, from_pipe,
       alike || from_file.status == 2 ? Texts{}
                                      : Texts{fmt::format("a pipe is read like a file: {}, with the file {}",
                                                          from_pipe.text(), from_file.text())});
}

Attempt attack_once(const std::vector<AttackedProgram>& programs, sim::RandomStream& random, const fs::path& scratch) {
  write_inputs(scratch / "in", random);
  const AttackedProgram& attacked = one_of(programs, random);
  const Program program{.file = attacked.thing.program,
                        .arguments = made_command_line(attacked, random),
                        .folder = scratch,
                        .limits = limits()};
  Attempt attempt;
  const double way = random.uniform01();
  if (way < 0.08) {
    run_on_full_disk(attempt, program);
  } else if (way < 0.25) {
    run_with_pipe(attempt, program);
  } else {
    run_plainly(attempt, program);
  }
  return attempt;
}

}  // namespace

int main(int argc, char** argv) {
  const auto options = read_options({argv + 1, argv + argc});
  if (!options) {
    return 2;
  }
  const auto programs =
      attacked_programs(options->binaries, fs::path(LIBSIM_TEST_DATA) / "attack" / "traces", options->only);
  return campaign(
      "command_lines", *options, attempts_by_default,
      [&](sim::RandomStream& random, const fs::path& scratch) { return attack_once(programs, random, scratch); });
}
