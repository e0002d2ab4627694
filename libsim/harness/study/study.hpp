#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libsim/expected.hpp"
#include "libsim/harness/cli/exit_status.hpp"
#include "libsim/harness/cli/invocation.hpp"
#include "libsim/harness/experiment/experiment.hpp"
#include "libsim/harness/run/progress.hpp"
#include "libsim/harness/run/sampler.hpp"
#include "libsim/harness/study/study_folder.hpp"
#include "libsim/harness/study/study_point.hpp"
#include "libsim/study/axis.hpp"
#include "libsim/text/page.hpp"

namespace sim::harness {

/// A point that did not come to its end, and what runs just that again.
struct PointFailure {
  Printable label;
  ScenarioFailure failure;
  std::vector<std::string> arguments;
};

/// What a study gave, besides the rows that it put into its folder.
struct StudyReport {
  std::string kind;  ///< the first part of the folder's name
  Page text;         ///< for people
  std::string rows;  ///< the file with the rows that matter most, for programs
  ExitStatus status = ExitStatus::targets_met;
  double interval_confidence = confidence_default;  ///< of the intervals in text and files
  std::vector<PointFailure> failures = {};          ///< whatever else the study found
  std::vector<std::string> notes = {};              ///< such as of a store that was repaired
};

/// What all kinds of studies need: the configuration as given, and points that differ from it.
class Study {
 public:
  /// All of them outlive the study. `program` is a hash of the executable, empty where no replications are stored.
  Study(const Experiment& experiment, const Invocation& base, const std::string& program, StudyFolder& folder,
        Progress& progress);

  [[nodiscard]] const Experiment& experiment() const { return experiment_; }
  [[nodiscard]] const Invocation& base() const { return base_; }
  [[nodiscard]] const std::string& program() const { return program_; }
  [[nodiscard]] const Options& options() const { return base_.options(); }
  [[nodiscard]] const SamplingPlan& plan() const { return plan_; }
  [[nodiscard]] const std::vector<Target>& targets() const { return base_.targets().rows; }

  /// As many replications as the user gave, or else `otherwise`.
  void replicate_at_least(std::uint32_t otherwise);

  /// A parameter and its values, as a flag gives them. The error is one line for the user: wrong syntax, or an unknown
  /// parameter.
  [[nodiscard]] Expected<study::AxisSpec> axis(const std::string& flag, const std::string& text) const;

  /// The axes of `--sweep`. The error is one line for the user: wrong syntax, an unknown parameter, and whatever the
  /// parameter refuses.
  [[nodiscard]] Expected<std::vector<study::AxisSpec>> axes() const;

  /// A configuration that differs in these values.
  [[nodiscard]] Expected<std::unique_ptr<StudyPoint>> point(study::Point values) const;
  [[nodiscard]] Expected<StudyPoints> points(std::span<const study::Point> values) const;

  /// Whether all of these points can be run: one or more, which differ in the same parameters. Makes none of them, as
  /// to read command line and files again for each of very many would take longer than to run them.
  [[nodiscard]] Expected<void> check_points(std::span<const study::Point> points) const;

  /// Whether points with all of these values of a parameter are valid, which are one or more. One that would take too
  /// long is: a search may never come to it.
  [[nodiscard]] Expected<void> check_values(const std::string& parameter, const std::vector<std::string>& values) const;

  /// Runs the first replication at all of the points, and writes nothing.
  void rehearse(const StudyPoints& points) const;

  /// Runs what the plan asks for at all of the points. An error where one of them needs `--long`, or a store fails.
  [[nodiscard]] Expected<void> run(const StudyPoints& points, const Printable& what);

  /// Runs replications until each of the sets has as many.
  [[nodiscard]] Expected<void> run(const std::vector<ReplicationSet*>& sets, std::uint32_t replications,
                                   const Printable& what);

  /// Adds rows to a file of the results.
  [[nodiscard]] Expected<void> write(const OutputFile& rows) { return folder_.append(rows); }

  /// From now on intervals are shown at this confidence, which decided.
  void show_at(double confidence) {
    plan_.confidence = confidence;
    plan_.precision = 0.0;
  }

  /// A result over all replications so far.
  [[nodiscard]] ScenarioResult result(const ReplicationSet& set) const {
    return set.result(plan_.interval_confidence());
  }

  /// The metrics of a result that the user wants to see: those of `--metric`, or else those with targets, or else all.
  [[nodiscard]] std::vector<Estimate> shown_metrics(const ScenarioResult& result) const;

  /// An error when `--metric`, or another flag that names a metric, names one that no scenario of the point reports.
  /// Can be asked before anything runs; of a point that fails it says nothing.
  [[nodiscard]] Expected<void> check_metrics(StudyPoint& point) const;

 private:
  /// A configuration that differs in these values, to try others on.
  [[nodiscard]] Expected<std::unique_ptr<Invocation>> trial(const study::Point& point) const;

  const Experiment& experiment_;
  const Invocation& base_;
  const std::string& program_;
  StudyFolder& folder_;
  Progress& progress_;
  SamplingPlan plan_;
};

/// Adds what the points say beside their results: those that did not come to their end make the status that of a failed
/// run.
void add_notes(const StudyPoints& points, StudyReport& report);

/// An estimate as in `6.14 ± 0.05`, or without what is not known.
[[nodiscard]] std::string with_half_width(double mean, const std::optional<double>& half_width);
[[nodiscard]] std::string with_half_width(const Estimate& estimate);

/// A metric of a scenario, one value for each replication that reports it.
[[nodiscard]] std::vector<double> values_of(const ReplicationSet& set, const std::string& metric);

}  // namespace sim::harness
