// Attacks the promise that a command gives the same results everywhere: the same run in other environments, beside runs
// of the same process id, with streams that are closed, and with a fraction of the memory per replication. See
// campaign.hpp.

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "libsim/text/quoting.hpp"
#include "tests/attack/campaign.hpp"
#include "tests/attack/hostile.hpp"
#include "tests/attack/range_run.hpp"
#include "tests/attack/results.hpp"
#include "tests/attack/shell.hpp"

namespace {

using namespace attack;
namespace fs = std::filesystem;
using Texts = std::vector<std::string>;

constexpr std::uint64_t attempts_by_default = 10'000;

/// Something in the surroundings of a program that must not matter: a line of shell, or a variable.
struct Surrounding {
  std::string shell_line;
  std::string variable = {};
  std::string value = {};
};

const std::vector<Surrounding>& surroundings() {
  static const std::vector<Surrounding> all{
      {"", "LC_ALL", "de_DE.UTF-8"},
      {"", "LC_ALL", "tr_TR.UTF-8"},
      {"", "LC_ALL", "C"},
      {"", "LANG", "\xFF"},
      {"", "TZ", "Asia/Kathmandu"},
      {"", "TZ", "\xC2\x9B:no/such"},
      {"", "MALLOC_PERTURB_", "165"},
      {"", "MALLOC_ARENA_MAX", "1"},
      {"", "MALLOC_TOP_PAD_", "1"},
      {"", "GLIBC_TUNABLES", "glibc.malloc.tcache_count=0:glibc.malloc.mmap_threshold=4096"},
      {"", "GLIBC_TUNABLES", "glibc.cpu.hwcaps=-AVX2,-AVX,-FMA"},
      {"", "COLUMNS", "1"},
      {"", "TERM", "\x1B[31m"},
      {"", "NO_COLOR", "1"},
      {"", "POSIXLY_CORRECT", "1"},
      {"", "TMPDIR", "/no/such/folder"},
      {"unset HOME PATH USER; exec \"$@\""},
      {"exec /usr/bin/env -i \"$@\""},
      {"umask 077; exec \"$@\""},
      {"umask 000; exec \"$@\""},
      {"exec \"$@\" <&-"},
      {"exec \"$@\" 9>&1"},
      {"ulimit -s 1024; exec \"$@\""},
      {"ulimit -s unlimited; exec \"$@\""},
      {"ulimit -n 32; exec \"$@\""},
      {"exec setarch -R \"$@\""},
      {"exec taskset -c 0 \"$@\""},
      {"exec nice -n 19 \"$@\""},
      {"trap '' HUP PIPE XFSZ; exec \"$@\""},
      {"ln -s \"$1\" ./another_name; shift; exec ./another_name \"$@\""}};
  return all;
}

class Environments {
 public:
  Environments(const Options& options, const std::vector<SweptThing>& things, sim::RandomStream& random,
               const fs::path& scratch)
      : options_(options), things_(things), random_(random), scratch_(scratch) {}

  Attempt attempt() {
    const double way = random_.uniform01();
    if (way < 0.1) {
      close_the_output();
    } else if (way < 0.25) {
      run_side_by_side();
    } else if (way < 0.3) {
      grow();
    } else if (way < 0.4) {
      write_nowhere();
    } else {
      run_elsewhere();
    }
    return attempt_;
  }

 private:
  Ended run_in(const std::string& folder, Program program) {
    ++attempt_.programs_run;
    program.folder = scratch_ / folder;
    fs::create_directories(program.folder);
    return run(program);
  }

  void find(const Program& program, const std::string& promise) {
    attempt_.broken.push_back(fmt::format("{}\n  {}", promise, program.command_line()));
  }

  /// A scenario under its defaults, alone or replicated.
  Program some_program() {
    const SweptThing& thing = one_of(things_, random_);
    Program program{.file = thing.program, .arguments = thing.choice, .folder = {}};
    if (thing.is_component) {
      return program;
    }
    program.arguments.insert(program.arguments.end(),
                             {"--out", "out", "--seed", std::to_string(1 + random_.below(1'000'000))});
    if (random_.chance(0.4)) {
      program.arguments.insert(program.arguments.end(), {"--replications", std::to_string(2 + random_.below(3))});
    }
    if (random_.chance(0.3)) {
      program.arguments.insert(program.arguments.end(), {"--fingerprint", "payload"});
    }
    return program;
  }

  void run_elsewhere() {
    const Program program = some_program();
    const Results expected = results_of(run_in("here", program), scratch_ / "here");
    Program elsewhere = program;
    if (program.arguments.front() != "--component" && random_.chance(0.5)) {
      elsewhere.arguments.insert(elsewhere.arguments.end(), {"--jobs", std::to_string(1 + random_.below(8))});
    }
    for (std::uint64_t count = 1 + random_.below(3); count > 0; --count) {
      const Surrounding& surrounding = one_of(surroundings(), random_);
      if (!surrounding.variable.empty()) {
        elsewhere.environment[surrounding.variable] = surrounding.value;
      } else if (elsewhere.file != "/bin/bash") {
        elsewhere = behind(surrounding.shell_line, elsewhere);
      }
    }
    const Ended ended = run_in("elsewhere", elsewhere);
    const auto unlike = difference(results_of(ended, scratch_ / "elsewhere"), expected);
    if (!unlike.empty()) {
      find(elsewhere, fmt::format("results are the same everywhere: {}; {}", unlike, sim::one_line(ended.err)));
    }
  }

  /// Nobody hears what is printed, and it does not end in a file instead.
  void close_the_output() {
    const Program program = some_program();
    const Results expected = results_of(run_in("here", program), scratch_ / "here");
    const bool both = random_.chance(0.3);
    const Program closed = behind(both ? "exec \"$@\" >&- 2>&-" : "exec \"$@\" >&-", program);
    const Ended ended = run_in("closed", closed);
    if (ended.signal != 0 || (ended.status != 2 && ended.status != 3)) {
      find(closed, fmt::format("a closed standard output is said: {}", ended.text()));
    }
    for (const auto& [path, content] : results_of(ended, scratch_ / "closed").files) {
      const auto known = expected.files.find(path);
      if (known == expected.files.end() || known->second != content) {
        find(closed, fmt::format("what is printed does not end in a file: {}", path));
      }
    }
  }

  /// A folder where nothing can be written is refused in one line.
  void write_nowhere() {
    const Program program = some_program();
    if (program.arguments.front() == "--component") {
      return;
    }
    static const Texts obstacles{"touch out", "mkdir out && mount -o bind,ro . . && cd \"$PWD\"", "ln -s out out",
                                 "mkdir -p there && ln -s there/no/such out"};
    const Program nowhere = behind(
        "unshare -m true && exec unshare -m bash -c '" + one_of(obstacles, random_) + " && exec \"$0\" \"$@\"' \"$@\"",
        program);
    const Ended ended = run_in("nowhere", nowhere);
    if (ended.err.find("unshare") != std::string::npos || ended.err.find("mount") != std::string::npos) {
      return;
    }
    const bool one_line = std::count(ended.err.begin(), ended.err.end(), '\n') == 1;
    const bool wrote = !ended.out.empty() && ended.status != 2 && ended.status != 3;
    if (ended.signal != 0 || (!wrote && (ended.status != 2 || !one_line))) {
      find(nowhere, fmt::format("a folder that cannot be written is refused in one line: {}: {}", ended.text(),
                                sim::one_line(ended.err)));
    }
  }

  /// Two and more runs of one command at once, each as the same process number of its own system.
  void run_side_by_side() {
    Program program = some_program();
    if (program.arguments.front() == "--component") {
      return;
    }
    program.arguments.emplace_back("--no-cache");
    const Results expected = results_of(run_in("here", program), scratch_ / "here");
    const Program several = behind(
        "unshare -pf true || exit 77\n"
        "for i in 1 2 3 4; do (unshare -pf \"$@\" >$i.out 2>$i.err; echo $? >$i.status) & done; wait",
        program);
    const Ended ended = run_in("several", several);
    if (ended.status == 77) {
      return;
    }
    // A store has one owner at a time; the others are refused.
    Results together = results_of(ended, scratch_ / "several");
    for (const char* const number : {"1", "2", "3", "4"}) {
      const std::string status = read_file(scratch_ / "several" / (std::string(number) + ".status"));
      const std::string err = read_file(scratch_ / "several" / (std::string(number) + ".err"));
      if (status != "2\n" && status != std::to_string(expected.status) + "\n") {
        find(several, fmt::format("runs side by side do not disturb each other: status {}: {}", sim::one_line(status),
                                  sim::one_line(err)));
      }
    }
    together.status = expected.status;
    together.out = expected.out;
    if (const auto unlike = difference(together, expected); !unlike.empty()) {
      find(several, fmt::format("runs side by side leave the results of one: {}", unlike));
    }
    if (const auto left = leftover_in(scratch_ / "several" / "out"); !left.empty()) {
      find(several, fmt::format("runs side by side leave nothing over: {}", left));
    }
  }

  /// Memory of a study with many replications, and of one with many points, against one with few.
  void grow() {
    const auto replications = [](std::uint64_t count) {
      return std::vector<std::string>{"--replications", std::to_string(count)};
    };
    grow(200, 3'000, 4'096, "replications", replications);
    const auto points = [](std::uint64_t count) {
      return std::vector<std::string>{"--no-cache", "--replications", "2", "--sweep",
                                      fmt::format("capacity=1:{}:1", count)};
    };
    grow(600, 3'000, 4'096, "points", points);
  }

  void grow(std::uint64_t few, std::uint64_t many, std::uint64_t bytes_max, std::string_view what,
            const std::function<std::vector<std::string>(std::uint64_t)>& study) {
    const auto bytes_with = [&](std::uint64_t count) {
      Program program{.file = options_.binaries / "queueing",
                      .arguments = {"--scenario", "station", "--measured_jobs", "20", "--warm-up", "none", "--jobs",
                                    "1", "--quiet", "--out", "out"},
                      .folder = {}};
      const auto more = study(count);
      program.arguments.insert(program.arguments.end(), more.begin(), more.end());
      const auto ended = run_in(fmt::format("{}-{}", what, count), program);
      return std::pair(program, ended.memory_bytes);
    };
    // Linux counts to the peak of a process what its parent had when it was started, and that comes and goes here: what
    // really grows does so each time.
    constexpr int measurements = 3;
    Program program;
    std::uint64_t growth = 0;
    for (int measurement = 0; measurement < measurements; ++measurement) {
      const std::uint64_t small = bytes_with(few).second;
      const auto [largest, large] = bytes_with(many);
      if (large <= small + (many - few) * bytes_max) {
        return;
      }
      program = largest;
      growth = (large - small) / (many - few);
    }
    find(program, fmt::format("memory does not grow with {}: {} bytes for each", what, growth));
  }

  const Options& options_;
  const std::vector<SweptThing>& things_;
  sim::RandomStream& random_;
  const fs::path& scratch_;
  Attempt attempt_;
};

}  // namespace

int main(int argc, char** argv) {
  const auto options = read_options({argv + 1, argv + argc});
  if (!options) {
    return 2;
  }
  const auto things = swept_things(options->binaries, fs::path(LIBSIM_TEST_DATA) / "attack" / "traces", options->only);
  return campaign("environments", *options, attempts_by_default,
                  [&](sim::RandomStream& random, const fs::path& scratch) {
                    return Environments(*options, things, random, scratch).attempt();
                  });
}
