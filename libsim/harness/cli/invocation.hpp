#pragma once

#include <cstdint>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/files/content_hash.hpp"
#include "libsim/files/input_files.hpp"
#include "libsim/harness/cli/command_line.hpp"
#include "libsim/harness/cli/config_hash.hpp"
#include "libsim/harness/cli/options.hpp"
#include "libsim/harness/experiment/experiment.hpp"
#include "libsim/harness/experiment/sample_files.hpp"
#include "libsim/harness/judge/target.hpp"

namespace sim::harness {

/// One call of an experiment's program, with all its input read and checked. Flags and parameters refer to members, so
/// it stays where it is.
class Invocation {
 public:
  /// Reads the command line and all files that it names. The error is one line for the user; a flaw of the experiment
  /// itself throws an `AssertionFailure`. The experiment outlives the invocation.
  [[nodiscard]] static Expected<std::unique_ptr<Invocation>> read(const Experiment& experiment,
                                                                  const std::vector<std::string>& arguments);

  /// The same with files that another invocation of this call may have read already.
  [[nodiscard]] static Expected<std::unique_ptr<Invocation>> read(const Experiment& experiment,
                                                                  const std::vector<std::string>& arguments,
                                                                  const InputFiles& files);

  Invocation(const Invocation&) = delete;
  Invocation& operator=(const Invocation&) = delete;

  [[nodiscard]] const Options& options() const { return options_; }
  [[nodiscard]] const Parameters& flags() const { return flags_; }
  [[nodiscard]] const Setup& setup() const { return *setup_; }
  [[nodiscard]] const TargetTable& targets() const { return targets_; }

  /// The scenarios to run, as positions in the experiment.
  [[nodiscard]] const std::vector<std::size_t>& scenarios() const { return scenarios_; }

  /// How the value of a flag was given, for messages: `--out DIR` or `FILE.ini: out = DIR`.
  [[nodiscard]] std::string place_of(const std::string& flag) const;

  /// Where the content of all input comes from.
  [[nodiscard]] const InputFiles& files() const { return flag_files_; }

  /// The files that shape what is run.
  [[nodiscard]] std::vector<InputHash> run_inputs() const;

  /// The same, and those that shape what is said of it.
  [[nodiscard]] std::vector<InputHash> inputs() const;

  /// All that makes the results of a scenario what they are.
  [[nodiscard]] ContentHash config_hash() const;

  /// The same for a study: what is studied counts, how many replications does not, so that a study that is made more
  /// precise keeps its folder.
  [[nodiscard]] ContentHash study_hash() const;

  /// The arguments that run just one scenario, up to one replication of it, in the same configuration.
  [[nodiscard]] std::vector<std::string> reproducing_arguments(const std::string& scenario,
                                                               std::uint32_t replication) const;

  /// The arguments of the same scenarios in a configuration that differs in these parameters, or that reads another
  /// INI file where one is named. The error says which parameter the command line gives already.
  [[nodiscard]] Expected<std::vector<std::string>> arguments_with(
      const std::vector<std::pair<std::string, std::string>>& parameters, const std::string& config = {}) const;

  /// Gives parameters other values, as a study will at one of its points. The error says why that is not valid.
  [[nodiscard]] Expected<void> try_values(const std::vector<std::pair<std::string, std::string>>& parameters);

  /// Refuses a scenario that would take too long, unless the user has asked for it.
  [[nodiscard]] Expected<void> check_lengths() const;

  /// Whether the user only asked for information.
  [[nodiscard]] bool is_listing() const;

 private:
  [[nodiscard]] std::vector<std::string> given_arguments() const;
  [[nodiscard]] Configuration configuration() const;
  /// The files that parameters name, and those that these flags name.
  [[nodiscard]] std::vector<InputHash> inputs_of(const std::vector<std::pair<std::string, std::string>>& flags) const;
  Invocation(const Experiment& experiment, const InputFiles& files);
  Expected<void> read_all(const std::vector<std::string>& arguments);
  Expected<void> choose_scenarios();
  Expected<void> take_arrivals();
  Expected<void> take_faults();
  Expected<void> take_compared();
  Expected<void> take_targets();
  Expected<void> check_targets(const std::set<std::string>& experiments) const;

  const Experiment& experiment_;
  Options options_;
  Parameters flags_;
  std::unique_ptr<Setup> setup_;
  InputFiles flag_files_;        // those that flags of the harness name
  SampleFiles parameter_files_;  // and those that parameters name
  std::vector<GivenFlag> given_;
  std::vector<std::size_t> scenarios_;
  TargetTable targets_;
};

}  // namespace sim::harness
