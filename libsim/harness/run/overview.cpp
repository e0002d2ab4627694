#include "libsim/harness/run/overview.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string_view>

#include "libsim/harness/cli/standard_output.hpp"
#include "libsim/harness/cli/terminal.hpp"
#include "libsim/harness/judge/verdict.hpp"
#include "libsim/harness/run/runner.hpp"
#include "libsim/text/number_text.hpp"
#include "libsim/text/quoting.hpp"
#include "libsim/text/text_table.hpp"

namespace sim::harness {

namespace {

using Arguments = std::vector<std::string>;

const std::vector<std::string> common_flags{"seed", "replications", "out",         "targets", "strict",
                                            "long", "quiet",        "fingerprint", "help"};

std::string flag_name(const std::string& argument) {
  return argument.substr(2, argument.find('=') == std::string::npos ? std::string::npos : argument.find('=') - 2);
}

bool has_flag(const Arguments& arguments, std::string_view name) {
  return std::any_of(arguments.begin(), arguments.end(), [&](const std::string& argument) {
    return argument.starts_with("--") && flag_name(argument) == name;
  });
}

/// The first flag that not every experiment takes.
Expected<void> check_flags(const Arguments& arguments) {
  for (const std::string& argument : arguments) {
    if (argument.starts_with("--") &&
        std::find(common_flags.begin(), common_flags.end(), flag_name(argument)) == common_flags.end()) {
      return unexpected(fmt::format("{}: expected a flag that every experiment takes: --{}", one_line(argument),
                                    fmt::join(common_flags, ", --")));
    }
  }
  return {};
}

Page overview_help(const std::vector<Experiment>& experiments, const std::string& program) {
  Page text("Runs every scenario of every experiment and prints one table.\n\nusage: {} [--{}]\n\nexperiments:\n",
            program, joined(common_flags, "] [--"));
  for (const Experiment& experiment : experiments) {
    text += Page("  {:12} {}\n", experiment.name(), experiment.summary());
  }
  return text + Page("\nEach of them is a program of its own, whose --help explains these flags and its parameters.\n");
}

/// How grave an exit status is: a broken run counts more than wrong input, that more than a missed target, that more
/// than anything else.
int gravity(int status) {
  switch (status) {
    case static_cast<int>(ExitStatus::targets_met):
      return 0;
    case static_cast<int>(ExitStatus::target_missed):
      return 2;
    case static_cast<int>(ExitStatus::bad_input):
      return 3;
    case static_cast<int>(ExitStatus::run_failed):
      return 4;
    default:
      return 1;
  }
}

class Overview {
 public:
  void add(const ScenarioOutcome& outcome) {
    const VerdictCounts counts = count_verdicts({outcome});
    all_.met += counts.met;
    all_.degraded += counts.degraded;
    all_.missed += counts.missed;
    all_.inconclusive += counts.inconclusive;
    const RunTotals& totals = outcome.result.totals;
    wall_s_ += outcome.wall_s;
    const std::string& experiment = outcome.result.experiment;
    table_.add({experiment == last_experiment_ ? "" : experiment, outcome.result.scenario, number(counts.met),
                number(counts.degraded), number(counts.missed), fingerprint_text(totals.fingerprint),
                fmt::format("{} s", short_text(to_seconds(totals.virtual_time))),
                fmt::format("{:.0f} ms", outcome.wall_s * 1000)});
    last_experiment_ = experiment;
    ++scenarios_;
    for (const JudgedTarget& judged : outcome.targets) {
      if (judged.verdict != Verdict::met) {
        open_ += Page("{} {}: {} {}, {} {}, target {} {}\n", experiment, outcome.result.scenario, judged.target.metric,
                      to_text(judged.verdict), short_text(judged.estimate.mean), judged.target.unit,
                      to_text(judged.target.relation), short_text(judged.target.target));
      }
    }
  }

  [[nodiscard]] Page text() const {
    return table_.text(0) + (open_.empty() ? Page() : Page("\n") + open_) +
           Page("\n{} scenarios, {} targets: {} met, {} degraded, {} missed · {:.2f} s\n", scenarios_, all_.all(),
                all_.met, all_.degraded, all_.missed, wall_s_);
  }

 private:
  static std::string number(std::size_t count) { return count == 0 ? "·" : std::to_string(count); }

  TextTable table_{{{"system"},
                    {"scenario"},
                    {"met", TextTable::Align::right},
                    {"degraded", TextTable::Align::right},
                    {"missed", TextTable::Align::right},
                    {"fingerprint"},
                    {"virtual time", TextTable::Align::right},
                    {"wall time", TextTable::Align::right}}};
  Page open_;  // a line for each target that is not met
  std::string last_experiment_;
  std::size_t scenarios_ = 0;
  VerdictCounts all_;
  double wall_s_ = 0;
};

/// One run for each experiment, all of which have checked their input.
class AllRuns {
 public:
  AllRuns(const std::vector<Experiment>& experiments, const Arguments& arguments, std::ostream& out, std::ostream& err,
          const Environment& environment) {
    const InputFiles files;
    for (const Experiment& experiment : experiments) {
      // The manifest of a scenario says how to repeat just this one, with the program that lies beside this.
      Environment of_experiment = environment;
      of_experiment.program = std::filesystem::path(environment.program).replace_filename(experiment.name()).string();
      runs_.push_back(std::make_unique<PreparedRun>(experiment, arguments, out, err, of_experiment, files));
      if (runs_.back()->ended()) {
        refused_ = static_cast<int>(*runs_.back()->ended());
        return;
      }
    }
  }

  /// Ends at the first run that is wrong or broken.
  int run(Overview& overview) {
    if (refused_) {
      return *refused_;
    }
    int status = static_cast<int>(ExitStatus::targets_met);
    for (const auto& run : runs_) {
      const int one = run->run();
      status = gravity(one) > gravity(status) ? one : status;
      if (gravity(one) >= gravity(static_cast<int>(ExitStatus::bad_input))) {
        return status;
      }
      for (const ScenarioOutcome& outcome : run->take_outcomes()) {
        overview.add(outcome);
      }
    }
    return status;
  }

 private:
  std::vector<std::unique_ptr<PreparedRun>> runs_;
  std::optional<int> refused_;
};

int run_checked(const std::vector<Experiment>& experiments, const Arguments& arguments, std::ostream& out,
                std::ostream& err, const Environment& environment) {
  if (auto known = check_flags(arguments); !known) {
    Terminal(err) << Page("all: {}\n", known.error().message);
    return static_cast<int>(ExitStatus::bad_input);
  }
  if (has_flag(arguments, "help")) {
    Terminal(out) << overview_help(experiments, environment.program);
    return static_cast<int>(ExitStatus::targets_met);
  }
  Arguments quiet = arguments;
  if (!has_flag(arguments, "quiet")) {
    quiet.emplace_back("--quiet");
  }
  Overview overview;
  const int status = AllRuns(experiments, quiet, out, err, environment).run(overview);
  if (!has_flag(arguments, "quiet") && gravity(status) < gravity(static_cast<int>(ExitStatus::bad_input))) {
    Terminal(out) << overview.text();
  }
  return status;
}

}  // namespace

int run_all(const std::vector<Experiment>& experiments, int argc, const char* const* argv) {
  guard_standard_streams();
  const Environment environment = environment_of_process(argc, argv);
  const Arguments arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return run_all(experiments, arguments, std::cout, std::cerr, environment);
}

int run_all(const std::vector<Experiment>& experiments, const Arguments& arguments, std::ostream& out,
            std::ostream& err, const Environment& environment) {
  const int status = run_checked(experiments, arguments, out, err, environment);
  if (auto printed = finish_output(out); !printed) {
    Terminal(err) << Page("all: {}\n", printed.error().message);
    return status_without_output(status);
  }
  return status;
}

}  // namespace sim::harness
