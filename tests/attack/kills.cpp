// Attacks what a study takes back from its store. Studies are killed at random moments, run out of disk, or find their
// store damaged, and go on; their inputs change while they run, or are forged. Whatever happens, the results that are
// given in the end are those of a study that ran undisturbed, byte for byte, and nothing is left over. See
// campaign.hpp.

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <utility>

#include "libsim/text/quoting.hpp"
#include "tests/attack/campaign.hpp"
#include "tests/attack/hostile.hpp"
#include "tests/attack/results.hpp"
#include "tests/attack/shell.hpp"
#include "tests/attack/studies.hpp"

namespace {

using namespace attack;
namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr std::uint64_t attempts_by_default = 3'000;

/// One attempt, and what it has found.
class Disturbance {
 public:
  Disturbance(const fs::path& binaries, sim::RandomStream& random, const fs::path& scratch)
      : binaries_(binaries), random_(random), scratch_(scratch) {}

  Attempt attempt() {
    switch (random_.below(8)) {
      case 0:
        damage_the_store();
        break;
      case 1:
        change_the_input();
        break;
      case 2:
        take_a_forged_input();
        break;
      case 3:
        fill_the_disk();
        break;
      default:
        interrupt();
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

  /// The study to its end, undisturbed, beside the expected results.
  void require_alike(const Program& program, const Results& expected, const std::string& after) {
    const Ended ended = run_in("study", program);
    if (const auto unlike = difference(results_of(ended, scratch_ / "study"), expected); !unlike.empty()) {
      find(program, fmt::format("after {} results are as before: {}; {}", after, unlike, sim::one_line(ended.err)));
    }
    if (const auto left = leftover_in(scratch_ / "study"); !left.empty()) {
      find(program, fmt::format("after {} nothing is left over: {}", after, left));
    }
  }

  Results undisturbed(const Program& program) {
    const Ended ended = run_in("alone", program);
    expected_s_ = ended.wall_s;
    if (ended.signal != 0 || ended.status < 0 || ended.status == 2 || ended.status == 3) {
      find(program, fmt::format("a study ends with its results: {}: {}", ended.text(), sim::one_line(ended.err)));
    }
    return results_of(ended, scratch_ / "alone");
  }

  /// The program behind one of the ways to end before its time, and what that is called.
  std::pair<Program, std::string> interrupted(Program program) {
    const auto bytes = static_cast<std::uint64_t>(std::exp(random_.uniform01() * std::log(60'000.0)));
    const auto at_ms = static_cast<std::int64_t>(1000.0 * expected_s_ * 1.1 * random_.uniform01());
    switch (random_.below(5)) {
      case 0:
        return {behind(fmt::format("exec prlimit --fsize={0}:{0} \"$@\"", bytes), program), "SIGXFSZ"};
      case 1:
        return {behind(fmt::format("trap '' XFSZ; exec prlimit --fsize={0}:{0} \"$@\"", bytes), program),
                "a limit of the size of files"};
      case 2:
        return {behind(fmt::format("exec timeout -s {} {:.3f} \"$@\"", random_.chance(0.5) ? "TERM" : "INT",
                                   static_cast<double>(at_ms) / 1000.0),
                       program),
                "SIGTERM or SIGINT"};
      default:
        program.limits.wall = milliseconds(1 + at_ms);
        return {program, "SIGKILL"};
    }
  }

  /// An end by one of the signals above is the end that was asked for; whatever else must be said on one line.
  void require_orderly_end(const Program& program, const Ended& ended, const std::string& how) {
    const bool asked_for = ended.timed_out || ended.signal == SIGXFSZ || ended.status == 124;
    const bool ended_itself = ended.signal == 0 && ended.status >= 0 && ended.status <= 4;
    if (!asked_for && !ended_itself) {
      find(program, fmt::format("{} ends a program in order: {}: {}", how, ended.text(), sim::one_line(ended.err)));
    }
    if (ended_itself && (ended.status == 2 || ended.status == 3) && ended.err.empty()) {
      find(program, fmt::format("{} is said", how));
    }
  }

  void interrupt() {
    const Program program = some_study(binaries_, random_);
    const Results expected = undisturbed(program);
    std::string how;
    for (std::uint64_t kill = 0, kills = 1 + random_.below(3); kill < kills; ++kill) {
      const auto [killed, name] = interrupted(program);
      require_orderly_end(killed, run_in("study", killed), name);
      how += (how.empty() ? "" : ", ") + name;
    }
    require_alike(program, expected, how);
  }

  /// A disk with room for some of the results only.
  void fill_the_disk() {
    const Program program = some_study(binaries_, random_);
    const Program full =
        behind(fmt::format("mkdir -p out && mount -t tmpfs -o size={}k none out || exit 77; exec \"$@\"",
                           4 * (1 + random_.below(16))),
               program);
    const Program apart = behind("exec unshare -m \"$@\"", full);
    const Ended ended = run_in("study", apart);
    if (ended.status == 77 || ended.err.starts_with("unshare")) {
      return;
    }
    require_orderly_end(apart, ended, "a full disk");
    if (ended.status == 2 || ended.status == 3) {
      return;
    }
    const Results expected = undisturbed(program);
    if (ended.status != expected.status || ended.out != expected.out) {
      find(apart, "a full disk is said, or results are as before");
    }
  }

  /// Some bytes of the store change; what the program then takes back is right, or it says what it cannot use.
  void damage_the_store() {
    const Program program = some_study(binaries_, random_);
    const Results expected = undisturbed(program);
    run_in("study", program);
    const std::string damaged = damage_a_file();
    if (damaged.empty()) {
      return;
    }
    const Ended ended = run_in("study", program);
    const bool said = (ended.err + ended.out).find("store") != std::string::npos;
    if (ended.status == 2 && said) {
      return;
    }
    Results results = results_of(ended, scratch_ / "study");
    if (!said) {
      find(program, fmt::format("a store that was repaired says so: {}", damaged));
    }
    results.out = expected.out;  // has the note
    if (const auto unlike = difference(results, expected);
        !unlike.empty() && unlike.find("manifest") == std::string::npos) {
      find(program, fmt::format("a damaged store gives back what was written or nothing: {}: {}", damaged, unlike));
    }
  }

  std::string damage_a_file() {
    std::vector<std::string> files;
    for (const auto& [path, content] : snapshot(scratch_ / "study" / "out")) {
      if (path.find("/store/") != std::string::npos && content != "(folder)" && content.size() > 10) {
        files.push_back(path);
      }
    }
    if (files.empty()) {
      return {};
    }
    const std::string& path = one_of(files, random_);
    std::string content = read_file(scratch_ / "study" / "out" / path);
    const std::size_t place = random_.below(content.size());
    if (random_.chance(0.3)) {
      content.resize(place);
    } else {
      content[place] = static_cast<char>(content[place] ^ (1U << random_.below(8)));
    }
    write_file(scratch_ / "study" / "out" / path, content);
    return fmt::format("{} at byte {}", path, place);
  }

  /// The results for each content of the file, each in a folder of its own.
  std::vector<Results> results_of_contents(const StudyOfFile& study) {
    std::vector<Results> results;
    for (const auto& content : study.contents) {
      const std::string folder = fmt::format("alone{}", results.size());
      write_file(scratch_ / folder / study.file, content);
      const Ended ended = run_in(folder, study.program);
      expected_s_ = ended.wall_s;
      results.push_back(results_of(ended, scratch_ / folder));
    }
    return results;
  }

  /// The file is overwritten while the study runs: the results are those of one content or of the other, and nothing in
  /// the store belongs to both.
  void change_the_input() {
    const StudyOfFile study = some_study_of_a_file(binaries_, random_);
    const auto expected = results_of_contents(study);
    write_file(scratch_ / "study" / study.file, study.contents[0]);
    write_file(scratch_ / "study" / "other", study.contents[1]);
    const double at_s = expected_s_ * random_.uniform01();
    const Program changed =
        behind(fmt::format("\"$@\" & sleep {:.3f}; cat other >{}; wait $!", at_s, study.file), study.program);
    const Ended ended = run_in("study", changed);
    // Half a file may have been read, and is refused then.
    const bool of_one = ended.status == 2 || (ended.out == expected[0].out && ended.status == expected[0].status) ||
                        (ended.out == expected[1].out && ended.status == expected[1].status);
    if (!of_one) {
      find(changed, fmt::format("an input is read once: {}: {}", ended.text(), sim::one_line(ended.err)));
    }
    require_of_contents(study, expected, "a change of the input");
  }

  /// After a study of one content comes one of another with the same checksum.
  void take_a_forged_input() {
    const StudyOfFile study = some_study_of_a_file(binaries_, random_);
    require_of_contents(study, results_of_contents(study), "a study of another file with the same name and checksum");
  }

  void require_of_contents(const StudyOfFile& study, const std::vector<Results>& expected, const std::string& after) {
    for (std::size_t index = 0; index < expected.size(); ++index) {
      write_file(scratch_ / "study" / study.file, study.contents[index]);
      const Ended ended = run_in("study", study.program);
      if (ended.out != expected[index].out || ended.status != expected[index].status) {
        Results results{ended.status, ended.out, expected[index].files};
        find(study.program,
             fmt::format("after {} results are as alone: {}", after, difference(results, expected[index])));
      }
    }
  }

  const fs::path& binaries_;
  sim::RandomStream& random_;
  const fs::path& scratch_;
  Attempt attempt_;
  double expected_s_ = 1.0;
};

}  // namespace

int main(int argc, char** argv) {
  const auto options = read_options({argv + 1, argv + argc});
  if (!options) {
    return 2;
  }
  return campaign("kills", *options, attempts_by_default, [&](sim::RandomStream& random, const fs::path& scratch) {
    return Disturbance(options->binaries, random, scratch).attempt();
  });
}
