#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/files/input_files.hpp"
#include "libsim/harness/experiment/arrivals.hpp"
#include "libsim/harness/experiment/parameters.hpp"
#include "libsim/harness/experiment/sample_files.hpp"
#include "libsim/harness/experiment/scenario_run.hpp"
#include "libsim/harness/experiment/work_estimate.hpp"
#include "libsim/harness/run/scenario_result.hpp"

namespace sim::harness {

/// A scripted run of a model.
template <class Config>
struct Scenario {
  std::string name;
  std::string summary;  ///< one line
  std::function<void(ScenarioRun& run, const Config& config)> script;
};

/// How an experiment takes recorded arrivals (`--arrivals FILE.csv`).
template <class Config>
struct ArrivalsInto {
  ArrivalColumns columns;
  std::function<void(Config& config, Arrivals arrivals)> store;
};

/// A model as something to run from the command line: its configuration and its scenarios.
///
///     sim::harness::Experiment experiment() {
///       return sim::harness::Definition<Config>{
///           .name = "sessions",
///           .summary = "chat sessions that share containers",
///           .describe = describe,
///           .scenarios = {{"load", "100 sessions, one message each", load}, {"kill", "a container is killed", kill}}};
///     }
template <class Config>
struct Definition {
  std::string name;     ///< as in the table of targets
  std::string summary;  ///< one line

  /// Declares the parameters, bound to the members of a configuration.
  std::function<void(Parameters& parameters, Config& config)> describe;

  std::vector<Scenario<Config>> scenarios;

  /// Refuses combinations of values that contradict each other; the error names the parameters. Optional.
  std::function<Expected<void>(const Config& config)> validate = {};

  /// Offers `--arrivals`. Optional.
  std::optional<ArrivalsInto<Config>> arrivals = std::nullopt;

  /// Offers `--faults`: reads a schedule of faults into the configuration, which `validate` then sees. Optional.
  std::function<Expected<void>(Config& config, const InputFile& file)> faults = {};

  /// Reads the files that parameters name into the configuration, which `validate` then sees. A model comes to the
  /// content of a file in no other way. Optional.
  std::function<Expected<void>(Config& config, SampleFiles& files)> read_files = {};

  /// About how many events a scenario has, so that what is too long is refused before it begins unless the user gives
  /// `--long`. Optional: what turns out to be too long is ended then.
  std::function<std::optional<WorkEstimate>(std::string_view scenario, const Config& config)> estimate = {};

  /// A text over all replications of a scenario, shown below its table and kept in its results folder, such as a
  /// comparison with theory. No text: nothing. Optional.
  std::function<Attachment(const ScenarioResult& result, const Config& config)> closing = {};

  /// A table of targets as CSV text, in place of the one that is built into the library. Optional.
  std::string targets_csv = {};
};

/// One configuration of an experiment: a value for each parameter, and the scenarios that read them.
class Setup {
 public:
  Setup() = default;
  Setup(const Setup&) = delete;
  Setup& operator=(const Setup&) = delete;
  virtual ~Setup() = default;

  [[nodiscard]] Parameters& parameters() { return parameters_; }
  [[nodiscard]] const Parameters& parameters() const { return parameters_; }

  [[nodiscard]] virtual Expected<void> validate() const = 0;
  virtual void store(Arrivals arrivals) = 0;
  [[nodiscard]] virtual Expected<void> read_faults(const InputFile& file) = 0;
  /// Those that parameters name.
  [[nodiscard]] virtual Expected<void> read_files(SampleFiles& files) = 0;
  virtual void run(std::size_t scenario, ScenarioRun& run) const = 0;
  /// Nothing where the experiment cannot tell.
  [[nodiscard]] virtual std::optional<WorkEstimate> estimate(std::size_t scenario) const = 0;
  /// What the experiment says of all replications together.
  [[nodiscard]] virtual Attachment closing(const ScenarioResult& result) const = 0;

 protected:
  Parameters parameters_;
};

namespace detail {

template <class Config>
class SetupOf final : public Setup {
 public:
  explicit SetupOf(const Definition<Config>& definition) : definition_(definition) {
    if (definition_.describe) {
      definition_.describe(parameters_, config_);
    }
  }

  [[nodiscard]] Expected<void> validate() const override {
    return definition_.validate ? definition_.validate(config_) : Expected<void>{};
  }
  void store(Arrivals arrivals) override { definition_.arrivals->store(config_, std::move(arrivals)); }
  [[nodiscard]] Expected<void> read_faults(const InputFile& file) override { return definition_.faults(config_, file); }
  [[nodiscard]] Expected<void> read_files(SampleFiles& files) override {
    return definition_.read_files ? definition_.read_files(config_, files) : Expected<void>{};
  }
  void run(std::size_t scenario, ScenarioRun& run) const override {
    definition_.scenarios[scenario].script(run, config_);
  }
  [[nodiscard]] std::optional<WorkEstimate> estimate(std::size_t scenario) const override {
    return definition_.estimate ? definition_.estimate(definition_.scenarios[scenario].name, config_) : std::nullopt;
  }
  [[nodiscard]] Attachment closing(const ScenarioResult& result) const override {
    return definition_.closing ? definition_.closing(result, config_) : Attachment{};
  }

 private:
  const Definition<Config>& definition_;
  Config config_;
};

}  // namespace detail

/// A model that can be run from the command line (`run` in `runner.hpp`) and by tests (`libsim/testing.hpp`). A value.
class Experiment {
 public:
  /// The name of a scenario and what it does in one line.
  struct ScenarioSummary {
    std::string name;
    std::string summary;
  };

  template <class Config>
  Experiment(Definition<Config> definition)  // NOLINT(google-explicit-constructor): a definition is an experiment
      : name_(definition.name), summary_(definition.summary), targets_csv_(definition.targets_csv) {
    for (const auto& scenario : definition.scenarios) {
      scenarios_.push_back({scenario.name, scenario.summary});
    }
    takes_faults_ = static_cast<bool>(definition.faults);
    if (definition.arrivals) {
      arrival_columns_ = definition.arrivals->columns;
    }
    set_up_ = [definition = std::make_shared<const Definition<Config>>(std::move(definition))] {
      return std::make_unique<detail::SetupOf<Config>>(*definition);
    };
  }

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] const std::string& summary() const { return summary_; }
  [[nodiscard]] const std::vector<ScenarioSummary>& scenarios() const { return scenarios_; }
  [[nodiscard]] const std::string& targets_csv() const { return targets_csv_; }

  /// The columns of recorded arrivals, if the experiment takes any.
  [[nodiscard]] const std::optional<ArrivalColumns>& arrival_columns() const { return arrival_columns_; }

  [[nodiscard]] bool takes_faults() const { return takes_faults_; }

  [[nodiscard]] std::vector<std::string> scenario_names() const;

  /// The position of a scenario; the error names the nearest one.
  [[nodiscard]] Expected<std::size_t> scenario_index(std::string_view scenario) const;

  /// A configuration with the defaults. The experiment outlives it. Throws an `AssertionFailure` for a flawed
  /// declaration: of a parameter, or of two scenarios with one name.
  [[nodiscard]] std::unique_ptr<Setup> set_up() const;

 private:
  std::string name_;
  std::string summary_;
  std::vector<ScenarioSummary> scenarios_;
  std::string targets_csv_;
  std::optional<ArrivalColumns> arrival_columns_;
  bool takes_faults_ = false;
  std::function<std::unique_ptr<Setup>()> set_up_;
};

}  // namespace sim::harness
