#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/harness/command_line.hpp"
#include "libsim/harness/experiment.hpp"
#include "libsim/harness/options.hpp"
#include "libsim/harness/sample_files.hpp"
#include "libsim/harness/target.hpp"

namespace sim::harness {

/// One call of an experiment's program, with all its input read and checked. Flags and parameters refer to members, so
/// it stays where it is.
class Invocation {
 public:
  /// Reads the command line and all files that it names. The error is one line for the user; a flaw of the experiment
  /// itself throws an `AssertionFailure`. The experiment outlives the invocation.
  [[nodiscard]] static Expected<std::unique_ptr<Invocation>> read(const Experiment& experiment,
                                                                  const std::vector<std::string>& arguments);

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

  /// Hashes of the contents of all files that shape the run.
  [[nodiscard]] std::map<std::string, std::uint32_t> input_hashes() const;

  /// Eight hexadecimal digits that stand for this configuration.
  [[nodiscard]] std::string config_hash() const;

  /// The same for a study: what is studied counts, how many replications and how surely does not, so that a study that
  /// is made more precise keeps its folder.
  [[nodiscard]] std::string study_hash() const;

  /// The arguments that run just one scenario, up to one replication of it, in the same configuration.
  [[nodiscard]] std::vector<std::string> reproducing_arguments(const std::string& scenario,
                                                               std::uint32_t replication) const;

  /// The arguments of the same scenarios in a configuration that differs in these parameters, or that reads another
  /// INI file where one is named. The error says which parameter the command line gives already.
  [[nodiscard]] Expected<std::vector<std::string>> arguments_with(
      const std::vector<std::pair<std::string, std::string>>& parameters, const std::string& config = {}) const;

  /// Whether the user only asked for information.
  [[nodiscard]] bool is_listing() const;

 private:
  [[nodiscard]] std::vector<std::string> given_arguments() const;
  explicit Invocation(const Experiment& experiment);
  Expected<void> read_all(const std::vector<std::string>& arguments);
  Expected<void> choose_scenarios();
  Expected<void> check_lengths() const;
  Expected<void> take_arrivals();
  Expected<void> take_faults();
  Expected<void> take_hashes();
  Expected<void> take_targets();
  Expected<void> check_targets(const std::set<std::string>& experiments) const;

  const Experiment& experiment_;
  Options options_;
  Parameters flags_;
  std::unique_ptr<Setup> setup_;
  SampleFiles sample_files_;
  std::vector<GivenFlag> given_;
  std::vector<std::size_t> scenarios_;
  TargetTable targets_;
  std::uint32_t arrivals_hash_ = 0;
  std::uint32_t faults_hash_ = 0;
  std::map<std::string, std::uint32_t> file_hashes_;  // of what the model reads, and of files to compare
};

}  // namespace sim::harness
