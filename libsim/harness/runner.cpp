#include "libsim/harness/runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <iostream>
#include <memory>
#include <optional>

#include "libsim/harness/atomic_folder.hpp"
#include "libsim/harness/content_hash.hpp"
#include "libsim/harness/determinism_check.hpp"
#include "libsim/harness/event_stream.hpp"
#include "libsim/harness/heap_shuffle.hpp"
#include "libsim/harness/invocation.hpp"
#include "libsim/harness/listing.hpp"
#include "libsim/harness/log_file.hpp"
#include "libsim/harness/progress.hpp"
#include "libsim/harness/quoting.hpp"
#include "libsim/harness/replication_set.hpp"
#include "libsim/harness/report_csv.hpp"
#include "libsim/harness/report_json.hpp"
#include "libsim/harness/report_table.hpp"
#include "libsim/harness/results_folder.hpp"
#include "libsim/harness/sampler.hpp"
#include "libsim/harness/scenario_outcome.hpp"
#include "libsim/harness/stream_process.hpp"
#include "libsim/harness/study/baseline.hpp"
#include "libsim/harness/study/study.hpp"
#include "libsim/harness/study/study_flags.hpp"
#include "libsim/harness/study/study_results.hpp"
#include "libsim/harness/study/study_runner.hpp"
#include "libsim/harness/terminal.hpp"
#include "libsim/harness/wall_clock.hpp"

namespace sim::harness {

namespace {

/// One call of the program.
class Runner {
 public:
  Runner(const Experiment& experiment, std::ostream& out, std::ostream& err, const Environment& environment)
      : experiment_(experiment), out_(out), err_(err), environment_(environment) {}

  ExitStatus run(const std::vector<std::string>& arguments) {
    if (!environment_.event_stream.empty()) {
      return stream_events(arguments);
    }
    auto invocation = Invocation::read(experiment_, arguments);
    if (!invocation) {
      return refuse(invocation.error());
    }
    invocation_ = std::move(*invocation);
    if (invocation_->is_listing()) {
      return print_listing();
    }
    if (auto checked = check_study_flags(options(), invocation_->flags()); !checked) {
      return refuse(checked.error());
    }
    if (options().check_determinism) {
      return check_determinism(arguments);
    }
    return options().study.is_study() ? run_a_study(arguments) : run_scenarios(arguments);
  }

  /// What ran to its end, judged.
  [[nodiscard]] std::vector<ScenarioOutcome> take_outcomes() { return std::move(outcomes_); }

 private:
  [[nodiscard]] const Options& options() const { return invocation_->options(); }
  [[nodiscard]] const Parameters& parameters() const { return invocation_->setup().parameters(); }
  [[nodiscard]] bool colours() const { return environment_.out_is_terminal && !environment_.no_color; }

  ExitStatus refuse(const Error& error) {
    err_ << Page("{}: {}\n", experiment_.name(), error.message);
    return ExitStatus::bad_input;
  }

  ExitStatus report_failure(const ScenarioFailure& failure) {
    const auto reproducing = invocation_->reproducing_arguments(failure.scenario(), failure.replication());
    if (failure.is_refusal()) {
      return refuse({fmt::format("{} ({})", failure.what(), shell_quoted(reproducing))});
    }
    report_failure(failure.what(), reproducing);
    return ExitStatus::run_failed;
  }

  void report_failure(const std::string& what, const std::vector<std::string>& reproducing) {
    std::vector<std::string> words{environment_.program};
    words.insert(words.end(), reproducing.begin(), reproducing.end());
    err_ << Page("{}: {}\nreproduce: {}\n", experiment_.name(), what, shell_quoted(words));
  }

  ExitStatus print_listing() {
    if (options().help) {
      out_ << help_text(experiment_, invocation_->flags(), parameters(), environment_.program);
    } else if (options().version) {
      out_ << version_text(experiment_);
    } else if (options().list_parameters) {
      out_ << parameter_list(parameters(), options().format);
    } else {
      out_ << scenario_list(experiment_, options().format);
    }
    return ExitStatus::targets_met;
  }

  ExitStatus check_determinism(const std::vector<std::string>& arguments) {
    std::vector<std::string> passed_on;
    for (const auto& argument : arguments) {
      if (argument != "--check-determinism") {
        passed_on.push_back(argument);
      }
    }
    const auto report = compare_two_processes(environment_.executable, passed_on);
    if (!report) {
      return refuse(report.error());
    }
    out_ << report->text;
    return report->deterministic ? ExitStatus::targets_met : ExitStatus::run_failed;
  }

  /// The other end of `check_determinism`.
  ExitStatus stream_events(const std::vector<std::string>& arguments) {
    const auto request = parse_stream_request(environment_.event_stream);
    const HeapShuffle shuffle(request.layout);
    EventStream stream(request.descriptor);
    auto invocation = Invocation::read(experiment_, arguments);
    if (!invocation) {
      return refuse(invocation.error());
    }
    invocation_ = std::move(*invocation);
    try {
      std::uint64_t events = 0;
      std::vector<std::uint64_t> fingerprints;
      for (const std::size_t scenario : invocation_->scenarios()) {
        stream.begin_scenario(experiment_.scenarios()[scenario].name);
        const auto result = replicate(scenario, &stream, {}).value();
        events += result.totals.events;
        fingerprints.push_back(result.totals.fingerprint);
      }
      stream.finish(events, combined_fingerprint(fingerprints));
    } catch (const ScenarioFailure& failure) {
      stream.fail(one_line(failure.what()));
    }
    return ExitStatus::targets_met;
  }

  /// Who watches the events sees all of them in the order of the replications.
  [[nodiscard]] Expected<ScenarioResult> replicate(std::size_t scenario, EventSink* events,
                                                   const ExtensionProgress& progress) {
    SamplingPlan plan = sampling_plan(options());
    const bool in_order = events != nullptr;
    plan.jobs = in_order ? 1 : plan.jobs;
    const bool is_stored = !in_order && plan.replications > 1;
    ReplicationSet set = replication_set(experiment_, *invocation_, scenario, is_stored ? program() : std::string{},
                                         Detail::all, events);
    if (auto sampled = sample({&set}, plan, invocation_->targets().rows, progress); !sampled) {
      return tl::unexpected(sampled.error());
    }
    if (set.failure()) {
      throw ScenarioFailure(*set.failure());
    }
    ScenarioResult result = set.result(plan.interval_confidence());
    const auto lines = imprecise_lines(plan, result, invocation_->targets().rows);
    result.warnings.insert(result.warnings.end(), lines.begin(), lines.end());
    return result;
  }

  /// A hash of the program whose replications are stored; without one nothing is.
  [[nodiscard]] const std::string& program() {
    if (!program_) {
      program_ = program_hash(environment_.executable).value_or(std::string{});
    }
    return *program_;
  }

  ExitStatus run_a_study(const std::vector<std::string>& arguments) {
    const std::filesystem::path parent = std::filesystem::path(options().out) / experiment_.name();
    if (auto writable = check_writable(parent); !writable) {
      return refuse({fmt::format("{}: {}", invocation_->place_of("out"), writable.error().message)});
    }
    const WallClock clock;
    const RunDescription description = describe(arguments);
    const auto report = [&] {
      Progress progress(err_.stream(), environment_.err_is_terminal && !options().quiet);
      Study study(experiment_, *invocation_, program(), progress);
      return run_study(study);
    }();
    if (!report) {
      return refuse(report.error());
    }
    const auto folder = write_study(description, *report, *invocation_, clock.seconds());
    if (!folder) {
      return refuse(folder.error());
    }
    out_ << study_output(description, *report, *invocation_, *folder);
    for (const auto& [label, failure, reproducing] : report->failures) {
      report_failure(fmt::format("at {}: {}", label, failure.what()), reproducing);
    }
    return report->status;
  }

  ExitStatus run_scenarios(const std::vector<std::string>& arguments) {
    if (auto writable = check_writable(std::filesystem::path(options().out) / experiment_.name()); !writable) {
      return refuse({fmt::format("{}: {}", invocation_->place_of("out"), writable.error().message)});
    }
    if (auto known = check_metrics(); !known) {
      return refuse(known.error());
    }
    std::unique_ptr<LogFile> log;
    if (!options().log.empty()) {
      auto opened = LogFile::open(*invocation_);
      if (!opened) {
        return refuse(opened.error());
      }
      log = std::move(*opened);
    }
    const RunDescription description = describe(arguments);
    const auto failure = execute_all(log.get(), description.config_hash);
    if (log != nullptr) {
      note(log->finish());
    }
    if (!failure) {
      return refuse(failure.error());
    }
    if (*failure && (*failure)->is_refusal()) {
      return report_failure(**failure);  // late, but nothing is written
    }
    return finish(description, *failure);
  }

  /// A metric that no scenario reports is a mistake; which ones there are is known after one replication of each.
  Expected<void> check_metrics() {
    if (options().metrics.empty()) {
      return {};
    }
    Progress nobody(err_.stream(), false);
    const Study study(experiment_, *invocation_, program(), nobody);
    return study.point({}).and_then(
        [&](const std::unique_ptr<StudyPoint>& point) { return study.check_metrics(*point); });
  }

  /// Judges, writes and prints what ran to its end.
  ExitStatus finish(const RunDescription& description, const std::optional<ScenarioFailure>& failure) {
    if (auto judged = judge_all(); !judged) {
      note(judged.error().message);
      return failure                            ? report_failure(*failure)
             : invocation_->targets().from_user ? ExitStatus::bad_input
                                                : ExitStatus::run_failed;
    }
    if (!options().baseline.empty() && !failure) {
      // Before anything is written: the baseline may lie where the results go.
      auto compared =
          compare_with_baseline(options().baseline, outcomes_, sampling_plan(options()).interval_confidence());
      if (!compared) {
        return refuse(compared.error());
      }
      baseline_ = std::move(*compared);
      if (options().format != OutputFormat::table || options().quiet) {
        note(baseline_.regressed ? one_line(baseline_.text.text()) : "");
      }
    }
    for (const auto& outcome : outcomes_) {
      if (auto written = write_results(description, outcome, parameters()); !written) {
        return refuse(written.error());
      }
    }
    print(description);
    return failure ? report_failure(*failure) : status();
  }

  /// Stops at the first scenario that fails. The error is that of the store.
  Expected<std::optional<ScenarioFailure>> execute_all(LogFile* log, const std::string& config_hash) {
    Progress progress(err_.stream(), environment_.err_is_terminal && !options().quiet);
    for (std::size_t position = 0; position < invocation_->scenarios().size(); ++position) {
      const std::size_t scenario = invocation_->scenarios()[position];
      const auto& [name, summary] = experiment_.scenarios()[scenario];
      if (log != nullptr) {
        log->events().begin_scenario(name);
      }
      const WallClock clock;
      try {
        const Printable what = progress_text(position);
        progress.show(what);
        auto result = replicate(scenario, log == nullptr ? nullptr : &log->events(),
                                [&](std::size_t done, std::size_t all) { progress.show(what, done, all); });
        if (!result) {
          return tl::unexpected(result.error());
        }
        auto folder = results_folder(options().out, *result, config_hash);
        auto closing = invocation_->setup().closing(*result);
        outcomes_.push_back({summary, std::move(*result), {}, std::move(folder), clock.seconds(), std::move(closing)});
      } catch (const ScenarioFailure& failure) {
        return std::optional(failure);
      }
    }
    return std::optional<ScenarioFailure>{};
  }

  [[nodiscard]] std::string progress_text(std::size_t position) const {
    const auto& scenarios = invocation_->scenarios();
    return fmt::format("{} {} · scenario {}/{}", experiment_.name(), experiment_.scenarios()[scenarios[position]].name,
                       position + 1, scenarios.size());
  }

  Expected<void> judge_all() {
    for (auto& outcome : outcomes_) {
      auto judged = judge_targets(outcome.result, invocation_->targets().rows);
      if (!judged) {
        return tl::unexpected(std::move(judged.error()));
      }
      outcome.targets = std::move(*judged);
    }
    return {};
  }

  [[nodiscard]] RunDescription describe(const std::vector<std::string>& arguments) const {
    std::vector<std::string> words{environment_.program};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return {.experiment = experiment_.name(),
            .command_line = shell_quoted(words),
            .config_hash = invocation_->config_hash(),
            .fingerprint_of = std::string(to_text(options().fingerprint)),
            .targets = invocation_->targets().source,
            .arrivals = options().arrivals,
            .faults = options().faults,
            .input_hashes = invocation_->input_hashes(),
            .started_at = WallClock::utc_text()};
  }

  void print(const RunDescription& description) {
    switch (options().format) {
      case OutputFormat::csv:
        out_ << Page::of_lines(report_csv(outcomes_, parameters()));
        return;
      case OutputFormat::json:
        out_ << Page::of_lines(report_json(description, outcomes_, parameters()));
        return;
      case OutputFormat::table:
        break;
    }
    if (outcomes_.empty() || options().quiet) {
      return;
    }
    out_ << Page("{} · seed {} · configuration {}\n\n", experiment_.name(), options().seed, description.config_hash);
    for (const auto& outcome : outcomes_) {
      out_ << scenario_table(outcome, colours());
    }
    out_ << baseline_.text << closing_line(outcomes_, colours());
  }

  void note(const Printable& text) {
    if (!text.empty()) {
      err_ << Page("{}: {}\n", experiment_.name(), text);
    }
  }

  [[nodiscard]] ExitStatus status() const {
    const auto counts = count_verdicts(outcomes_);
    if (counts.missed > 0 || baseline_.regressed || (options().strict && counts.degraded > 0)) {
      return ExitStatus::target_missed;
    }
    return counts.inconclusive > 0 ? ExitStatus::inconclusive : ExitStatus::targets_met;
  }

  const Experiment& experiment_;
  Terminal out_;
  Terminal err_;
  const Environment& environment_;
  std::unique_ptr<Invocation> invocation_;
  BaselineReport baseline_;
  std::optional<std::string> program_;  // a hash of the executable
  std::vector<ScenarioOutcome> outcomes_;
};

}  // namespace

int run(const Experiment& experiment, int argc, const char* const* argv) {
  const Environment environment = environment_of_process(argc, argv);
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  const int status = run(experiment, arguments, std::cout, std::cerr, environment);
  std::cout.flush();
  return status;
}

int run(const Experiment& experiment, const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err,
        const Environment& environment) {
  std::vector<ScenarioOutcome> outcomes;
  return run(experiment, arguments, out, err, environment, outcomes);
}

int run(const Experiment& experiment, const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err,
        const Environment& environment, std::vector<ScenarioOutcome>& outcomes) {
  try {
    Runner runner(experiment, out, err, environment);
    const ExitStatus status = runner.run(arguments);
    outcomes = runner.take_outcomes();
    return static_cast<int>(status);
  } catch (const std::exception& failure) {
    Terminal(err) << Page("{}: {}\n", experiment.name(), failure.what());
    return static_cast<int>(ExitStatus::run_failed);
  }
}

}  // namespace sim::harness
