#include "libsim/harness/run/runner.hpp"

#include <fmt/format.h>

#include <exception>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <optional>

#include "libsim/files/content_hash.hpp"
#include "libsim/files/same_file.hpp"
#include "libsim/harness/cli/config_hash.hpp"
#include "libsim/harness/cli/invocation.hpp"
#include "libsim/harness/cli/listing.hpp"
#include "libsim/harness/cli/standard_output.hpp"
#include "libsim/harness/cli/terminal.hpp"
#include "libsim/harness/determinism/determinism_check.hpp"
#include "libsim/harness/determinism/event_stream.hpp"
#include "libsim/harness/determinism/heap_shuffle.hpp"
#include "libsim/harness/determinism/stream_process.hpp"
#include "libsim/harness/judge/baseline.hpp"
#include "libsim/harness/judge/metric_check.hpp"
#include "libsim/harness/report/atomic_folder.hpp"
#include "libsim/harness/report/report_csv.hpp"
#include "libsim/harness/report/report_json.hpp"
#include "libsim/harness/report/report_table.hpp"
#include "libsim/harness/report/results_folder.hpp"
#include "libsim/harness/report/scenario_outcome.hpp"
#include "libsim/harness/run/log_file.hpp"
#include "libsim/harness/run/progress.hpp"
#include "libsim/harness/run/replication_set.hpp"
#include "libsim/harness/run/sampler.hpp"
#include "libsim/harness/run/wall_clock.hpp"
#include "libsim/harness/study/study.hpp"
#include "libsim/harness/study/study_flags.hpp"
#include "libsim/harness/study/study_results.hpp"
#include "libsim/harness/study/study_runner.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::harness {

namespace {

/// Whether the program ends here, and how.
using Ended = std::optional<ExitStatus>;

}  // namespace

/// One call of the program: all input is checked by `prepare`, which writes nothing.
class PreparedRun::Runner {
 public:
  Runner(const Experiment& experiment, std::vector<std::string> arguments, std::ostream& out, std::ostream& err,
         Environment environment, InputFiles files)
      : experiment_(experiment),
        arguments_(std::move(arguments)),
        out_(out),
        err_(err),
        environment_(std::move(environment)),
        files_(std::move(files)) {}

  Ended prepare() {
    if (!environment_.event_stream.empty()) {
      return stream_events();
    }
    auto invocation = Invocation::read(experiment_, arguments_, files_);
    if (!invocation) {
      return refuse(invocation.error());
    }
    invocation_ = std::move(*invocation);
    if (invocation_->is_listing()) {
      return print_listing();
    }
    auto checked = check_study_flags(options(), invocation_->flags());
    if (checked && options().check_determinism) {
      return check_determinism();
    }
    checked = checked.and_then([&] { return check_outputs(); });
    if (checked && !options().study.is_study()) {
      checked =
          read_baseline().and_then([&] { return check_folders(); }).and_then([&] { return check_log(); }).and_then([&] {
            return check_metrics();
          });
    }
    return checked ? Ended{} : refuse(checked.error());
  }

  ExitStatus run() { return options().study.is_study() ? run_a_study() : run_scenarios(); }

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

  ExitStatus check_determinism() {
    if (const auto input = invocation_->files().unrepeatable()) {
      return refuse({fmt::format("--check-determinism: {} is no file that a second process could read again",
                                 shown_path(*input))});
    }
    std::vector<std::string> passed_on;
    for (const auto& argument : arguments_) {
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
  ExitStatus stream_events() {
    const auto request = parse_stream_request(environment_.event_stream);
    const HeapShuffle shuffle(request.layout);
    EventStream stream(request.descriptor);
    auto invocation = Invocation::read(experiment_, arguments_, files_);
    if (!invocation) {
      return refuse(invocation.error());
    }
    invocation_ = std::move(*invocation);
    try {
      std::uint64_t events = 0;
      std::vector<std::uint64_t> fingerprints;
      for (const std::size_t scenario : invocation_->scenarios()) {
        stream.begin_scenario(experiment_.scenarios()[scenario].name);
        ReplicationSet set = take_set(scenario, &stream);
        const auto result = replicate(set, true, {}).value();
        events += result.totals.events;
        fingerprints.push_back(result.totals.fingerprint);
      }
      stream.finish(events, combined_fingerprint(fingerprints));
    } catch (const ScenarioFailure& failure) {
      stream.fail(one_line(failure.what()));
    }
    return ExitStatus::targets_met;
  }

  /// Nothing that is written may destroy what was read, nor can be written at all for reasons that are known by now.
  Expected<void> check_outputs() {
    const auto& files = invocation_->files();
    const auto input = environment_.out_file ? files.overwritten_by(*environment_.out_file) : std::nullopt;
    if (input) {
      return unexpected(
          fmt::format("{}: is where the standard output goes: expected another file", shown_path(*input)));
    }
    const auto writable = check_writable(parent());
    if (!writable) {
      return unexpected(fmt::format("{}: {}", invocation_->place_of("out"), writable.error().message));
    }
    return {};
  }

  Expected<void> check_log() {
    if (options().log.empty()) {
      return {};
    }
    const auto refused = [&](const std::string& reason) {
      return unexpected(fmt::format("{}: {}: expected another file", invocation_->place_of("log"), reason));
    };
    if (const auto input = invocation_->files().overwritten_by(options().log)) {
      return refused(fmt::format("is the input {}", shown_path(*input)));
    }
    if (environment_.out_file && is_same_file(options().log, *environment_.out_file)) {
      return refused("is where the standard output goes");
    }
    for (const auto& folder : folders_) {
      if (is_within(options().log, folder)) {
        return refused(fmt::format("lies in {}, where this run writes", shown_path(folder.string())));
      }
    }
    return LogFile::check(*invocation_);
  }

  /// The folders that will be replaced, if they are there, hold results of the same configuration and no input.
  Expected<void> check_folders() {
    folders_ = {parent() / store_name};
    for (const std::size_t scenario : invocation_->scenarios()) {
      const auto place = place_of_run(experiment_, *invocation_, experiment_.scenarios()[scenario].name);
      if (auto checked = check_folder(place); !checked) {
        return checked;
      }
    }
    return {};
  }

  Expected<void> check_folder(const ResultsPlace& place) {
    const auto folder = results_folder(place);
    if (!folder) {
      return tl::unexpected(folder.error());
    }
    folders_.push_back(*folder);
    if (const auto input = invocation_->files().below(*folder)) {
      return unexpected(fmt::format("{}: holds the input {} and would be replaced: expected another --out",
                                    shown_path(folder->string()), shown_path(*input)));
    }
    return {};
  }

  Expected<void> read_baseline() {
    if (options().baseline.empty()) {
      return {};
    }
    if (sampling_plan(options()).replications < 2) {
      return unexpected("--baseline: requires --replications of 2 or more");
    }
    std::vector<ScenarioPlace> places;
    for (const std::size_t scenario : invocation_->scenarios()) {
      const std::string& name = experiment_.scenarios()[scenario].name;
      const auto folder = results_folder(place_of_run(experiment_, *invocation_, name));
      if (!folder) {
        return tl::unexpected(folder.error());
      }
      places.push_back({experiment_.name(), name, *folder});
    }
    auto files = invocation_->files().sharing();
    return Baseline::read(files, options().baseline, places).map([&](Baseline read) { baseline_ = std::move(read); });
  }

  /// A metric that no scenario reports is a mistake; which ones there are is known after one replication of each.
  Expected<void> check_metrics() {
    if (!names_metrics(*invocation_) && !baseline_) {
      return {};
    }
    std::vector<ScenarioReports> known;
    for (const std::size_t scenario : invocation_->scenarios()) {
      const WallClock clock;
      auto& prepared = prepared_[scenario];
      prepared.set.emplace(
          replication_set(experiment_, *invocation_, scenario, stored_program(), Detail::all, nullptr));
      const auto reports = prepared.set->first_reports();
      prepared.wall_s = clock.seconds();
      if (!reports) {
        return {};  // it will fail again, and then be reported
      }
      known.push_back({experiment_.scenarios()[scenario].name, *reports});
    }
    return check_named_metrics(*invocation_, experiment_, known).and_then([&] {
      return baseline_ ? baseline_->check_metrics(known) : Expected<void>{};
    });
  }

  [[nodiscard]] std::filesystem::path parent() const {
    return std::filesystem::path(options().out) / experiment_.name();
  }

  /// A set of replications, perhaps with a first one that was run already.
  [[nodiscard]] ReplicationSet take_set(std::size_t scenario, EventSink* events) {
    const auto prepared = prepared_.find(scenario);
    if (events == nullptr && prepared != prepared_.end() && prepared->second.set) {
      ReplicationSet set = std::move(*prepared->second.set);
      prepared->second.set.reset();
      return set;
    }
    const std::string program = events == nullptr ? stored_program() : std::string{};
    return replication_set(experiment_, *invocation_, scenario, program, Detail::all, events);
  }

  /// Empty where nothing is stored: a single replication is not worth it.
  [[nodiscard]] std::string stored_program() {
    return sampling_plan(options()).replications > 1 ? program() : std::string{};
  }

  /// Who watches the events sees all of them in the order of the replications.
  [[nodiscard]] Expected<ScenarioResult> replicate(ReplicationSet& set, bool in_order,
                                                   const ExtensionProgress& progress) {
    SamplingPlan plan = sampling_plan(options());
    plan.jobs = in_order ? 1 : plan.jobs;
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
      const auto hash = program_hash(environment_.executable);
      program_ = hash ? to_text(*hash) : std::string{};
    }
    return *program_;
  }

  ExitStatus run_a_study() {
    const ResultsPlace place = place_of_study(experiment_, *invocation_, study_kind(options().study));
    if (auto checked = check_folder(place); !checked) {
      return refuse(checked.error());
    }
    const WallClock clock;
    const RunDescription description = describe();
    StudyFolder filling(place);
    const auto report = [&] {
      Progress progress(err_.stream(), environment_.err_is_terminal && !options().quiet);
      Study study(experiment_, *invocation_, program(), filling, progress);
      return run_study(study);
    }();
    if (!report) {
      return refuse(report.error());
    }
    for (const auto& text : report->notes) {
      note(text);
    }
    const auto folder = finish_study(description, *report, *invocation_, clock.seconds(), filling);
    if (!folder) {
      return refuse(folder.error());
    }
    if (auto printed = print_study(description, *report, *invocation_, *folder, out_); !printed) {
      return refuse(printed.error());
    }
    for (const auto& [label, failure, reproducing] : report->failures) {
      report_failure(fmt::format("at {}: {}", label, failure.what()), reproducing);
    }
    return report->status;
  }

  ExitStatus run_scenarios() {
    std::unique_ptr<LogFile> log;
    if (!options().log.empty()) {
      auto opened = LogFile::open(*invocation_);
      if (!opened) {
        return refuse(opened.error());
      }
      log = std::move(*opened);
    }
    const RunDescription description = describe();
    const auto failure = execute_all(log.get());
    if (log != nullptr) {
      const auto logged = log->finish();
      if (!logged) {
        return refuse(logged.error());
      }
      note(*logged);
    }
    if (!failure) {
      return refuse(failure.error());
    }
    if (*failure && (*failure)->is_refusal()) {
      return report_failure(**failure);  // late, but nothing is written
    }
    return finish(description, *failure);
  }

  /// Judges, writes and prints what ran to its end.
  ExitStatus finish(const RunDescription& description, const std::optional<ScenarioFailure>& failure) {
    if (auto judged = judge_all(); !judged) {
      note(judged.error().message);
      return failure                            ? report_failure(*failure)
             : invocation_->targets().from_user ? ExitStatus::bad_input
                                                : ExitStatus::run_failed;
    }
    if (baseline_ && !failure) {
      compared_ = baseline_->compare(outcomes_, sampling_plan(options()).interval_confidence());
      if (options().format != OutputFormat::table || options().quiet) {
        note(compared_.regressed ? one_line(compared_.text.text()) : "");
      }
    }
    for (auto& outcome : outcomes_) {
      auto folder = results_folder(place_of_run(experiment_, *invocation_, outcome.result.scenario));
      if (!folder) {
        return refuse(folder.error());
      }
      outcome.folder = std::move(*folder);
      if (auto written = write_results(description, outcome, parameters()); !written) {
        return refuse(written.error());
      }
    }
    print(description);
    return failure ? report_failure(*failure) : status();
  }

  /// Stops at the first scenario that fails. The error is that of the store.
  Expected<std::optional<ScenarioFailure>> execute_all(LogFile* log) {
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
        ReplicationSet set = take_set(scenario, log == nullptr ? nullptr : &log->events());
        auto result =
            replicate(set, log != nullptr, [&](std::size_t done, std::size_t all) { progress.show(what, done, all); });
        if (!result) {
          return tl::unexpected(result.error());
        }
        for (const auto& text : set.notes()) {
          note(text);
        }
        auto closing = invocation_->setup().closing(*result);
        const double wall_s = clock.seconds() + prepared_[scenario].wall_s;
        outcomes_.push_back({summary, std::move(*result), {}, {}, wall_s, std::move(closing), set.notes()});
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

  [[nodiscard]] RunDescription describe() const {
    std::vector<std::string> words{environment_.program};
    words.insert(words.end(), arguments_.begin(), arguments_.end());
    return {.experiment = experiment_.name(),
            .command_line = shell_quoted(words),
            .config_hash = invocation_->config_hash(),
            .fingerprint_of = std::string(to_text(options().fingerprint)),
            .targets = invocation_->targets().source,
            .arrivals = options().arrivals,
            .faults = options().faults,
            .inputs = invocation_->inputs(),
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
    out_ << Page("{} · seed {} · configuration {}\n\n", experiment_.name(), options().seed,
                 short_text(description.config_hash));
    for (const auto& outcome : outcomes_) {
      out_ << scenario_table(outcome, colours());
    }
    out_ << compared_.text << closing_line(outcomes_, colours());
  }

  void note(const Printable& text) {
    if (!text.empty()) {
      err_ << Page("{}: {}\n", experiment_.name(), text);
    }
  }

  [[nodiscard]] ExitStatus status() const {
    const auto counts = count_verdicts(outcomes_);
    if (counts.missed > 0 || compared_.regressed || (options().strict && counts.degraded > 0)) {
      return ExitStatus::target_missed;
    }
    return counts.inconclusive > 0 || !compared_.compared ? ExitStatus::inconclusive : ExitStatus::targets_met;
  }

  /// A scenario whose first replication was run to know what it reports.
  struct Prepared {
    std::optional<ReplicationSet> set;
    double wall_s = 0.0;
  };

  const Experiment& experiment_;
  std::vector<std::string> arguments_;
  Terminal out_;
  Terminal err_;
  Environment environment_;
  InputFiles files_;
  std::unique_ptr<Invocation> invocation_;
  std::vector<std::filesystem::path> folders_;  // that this run writes
  std::map<std::size_t, Prepared> prepared_;
  std::optional<Baseline> baseline_;
  BaselineReport compared_;
  std::optional<std::string> program_;  // a hash of the executable
  std::vector<ScenarioOutcome> outcomes_;
};

PreparedRun::PreparedRun(const Experiment& experiment, const std::vector<std::string>& arguments, std::ostream& out,
                         std::ostream& err, const Environment& environment, const InputFiles& files)
    : name_(experiment.name()),
      out_(out),
      err_(err),
      runner_(std::make_unique<Runner>(experiment, arguments, out, err, environment, files)) {
  ended_ = guarded([&] { return runner_->prepare(); });
}

PreparedRun::~PreparedRun() = default;

int PreparedRun::run() {
  if (!ended_) {
    ended_ = guarded([&] { return Ended(runner_->run()); });
  }
  if (auto printed = finish_output(out_); !printed) {
    Terminal(err_) << Page("{}: {}\n", name_, printed.error().message);
    return status_without_output(static_cast<int>(*ended_));
  }
  return static_cast<int>(*ended_);
}

std::vector<ScenarioOutcome> PreparedRun::take_outcomes() { return runner_->take_outcomes(); }

/// A bug ends with a line and its status.
std::optional<ExitStatus> PreparedRun::guarded(const std::function<Ended()>& step) {
  try {
    return step();
  } catch (const std::exception& failure) {
    Terminal(err_) << Page("{}: {}\n", name_, failure.what());
    return ExitStatus::run_failed;
  }
}

int run(const Experiment& experiment, int argc, const char* const* argv) {
  const Environment environment = environment_of_process(argc, argv);
  if (environment.event_stream.empty()) {
    guard_standard_streams();
  }
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  return run(experiment, arguments, std::cout, std::cerr, environment);
}

int run(const Experiment& experiment, const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err,
        const Environment& environment) {
  return PreparedRun(experiment, arguments, out, err, environment).run();
}

}  // namespace sim::harness
