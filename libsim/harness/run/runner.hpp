#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

#include "libsim/harness/cli/environment.hpp"
#include "libsim/harness/cli/exit_status.hpp"
#include "libsim/harness/experiment/experiment.hpp"
#include "libsim/harness/report/scenario_outcome.hpp"

namespace sim::harness {

/// The whole program of an experiment: `int main(int argc, char** argv) { return sim::harness::run(experiment(), argc,
/// argv); }`.
int run(const Experiment& experiment, int argc, const char* const* argv);

/// The same with everything around it given, for tests. `arguments` are those after the program.
int run(const Experiment& experiment, const std::vector<std::string>& arguments, std::ostream& out, std::ostream& err,
        const Environment& environment);

/// One call in two steps, for who runs several experiments: all input of all of them can be checked before any of them
/// writes anything.
class PreparedRun {
 public:
  /// Reads and checks all input, and writes nothing. What another run has read already comes from `files`. The
  /// experiment and the streams outlive the run.
  PreparedRun(const Experiment& experiment, const std::vector<std::string>& arguments, std::ostream& out,
              std::ostream& err, const Environment& environment, const InputFiles& files = {});
  PreparedRun(const PreparedRun&) = delete;
  PreparedRun& operator=(const PreparedRun&) = delete;
  ~PreparedRun();

  /// The status, where there is nothing left to run: the input was refused, or a listing printed.
  [[nodiscard]] std::optional<ExitStatus> ended() const { return ended_; }

  /// Runs what is left to run, and returns the status of the program.
  int run();

  /// What ran to its end, judged.
  [[nodiscard]] std::vector<ScenarioOutcome> take_outcomes();

 private:
  class Runner;
  std::optional<ExitStatus> guarded(const std::function<std::optional<ExitStatus>()>& step);

  std::string name_;
  std::ostream& out_;
  std::ostream& err_;
  std::unique_ptr<Runner> runner_;
  std::optional<ExitStatus> ended_;
};

}  // namespace sim::harness
