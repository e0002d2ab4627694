#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/harness/experiment/work_estimate.hpp"
#include "libsim/harness/run/event_sink.hpp"
#include "libsim/harness/run/scenario_result.hpp"
#include "libsim/kernel/fingerprint.hpp"
#include "libsim/sim.hpp"

namespace sim::harness {

/// What is kept of a replication: all, or only what the scenario reports.
enum class Detail { all, reports };

/// `all` or `reports`.
[[nodiscard]] constexpr std::string_view to_text(Detail detail) { return detail == Detail::all ? "all" : "reports"; }

/// How one replication of a scenario is to be run.
struct RunSettings {
  std::uint64_t seed = 1;
  std::uint32_t replication = 0;
  FingerprintOf fingerprint = FingerprintOf::names;
  EventSink* events = nullptr;  ///< sees all events; null: nobody
  Detail detail = Detail::all;
  std::optional<WorkLimits> limits = WorkLimits{};  ///< none: as long as it takes
};

/// One replication of a scenario, as the scenario sees it: it makes simulations, runs them, and reports metrics.
///
///     void kill(sim::harness::ScenarioRun& run, const Config& config) {
///       sim::Simulation& simulation = run.simulation("idle");
///       … spawn, run, measure …
///       run.report("recovery_time", "s", sim::to_seconds(recovery), 1);
///     }
///
/// What the actors measured, the fingerprint and the totals are collected when the scenario returns.
class ScenarioRun {
 public:
  explicit ScenarioRun(RunSettings settings);
  ScenarioRun(const ScenarioRun&) = delete;
  ScenarioRun& operator=(const ScenarioRun&) = delete;
  ~ScenarioRun();

  [[nodiscard]] std::uint64_t seed() const { return settings_.seed; }
  [[nodiscard]] std::uint32_t replication() const { return settings_.replication; }

  /// A new simulation with the seed, the replication and the observers of this run. It lives until the scenario has
  /// returned. A scenario may make several, each with its own label; all of them draw from the same random streams.
  Simulation& simulation(std::string_view label = "main");

  /// A metric of the scenario, for the table, the results folder and the targets. `samples` observations stand behind
  /// the value; where there are none, or the value is not finite, there was nothing to measure: the metric is `none`,
  /// and no target on it is met. Each metric is reported once (asserted).
  void report(std::string_view metric, std::string_view unit, double value, std::uint64_t samples = 1);

  /// The same for a metric that says which share of things had some property, in `percent`: `part` of `whole` of them,
  /// of which none is counted twice. Over replications its interval keeps a width where a mean would have none.
  void report_share(std::string_view metric, std::uint64_t part, std::uint64_t whole);

  /// The same for a metric whose interval follows from this replication alone, as from batch means: from its standard
  /// error and its samples, at whatever confidence the user asks for.
  void report_interval(std::string_view metric, std::string_view unit, const Interval& interval, std::uint64_t samples);

  /// Declares that `account.whole` is the sum of `account.parts`, all of them reported already: asserted to hold
  /// exactly, and shown as one line instead of a row each. Where the whole is 0, so are the parts, and not `none`.
  void report_account(Account account);

  /// Checks Little's law in a run that began empty: `number_integral` is the number of them in the system over time, in
  /// entities × seconds, and `sum_of_times` the seconds that they spent there, those still inside up to now included.
  /// They may differ by rounding only; a larger gap becomes a warning. The check is worth as much as the two observers
  /// are apart: a gauge of the system and the clocks of its clients, say.
  void check_littles_law(std::string_view what, double number_integral, double sum_of_times);

  /// Checks that a system which is meant to be in a steady state is: warns when `levels`, such as the times of its
  /// requests in the order of their arrival, grow over the run (`growth_of_run`). Fewer than 100 levels tell nothing.
  /// Only numbers (asserted).
  void check_steady(std::string_view what, std::span<const double> levels);

  /// A text for the results folder, such as a report for people or other programs. The name is that of a file in the
  /// folder, in lower case, given once, and not that of a file which all scenarios have (asserted).
  void attach(std::string_view file_name, std::string text);

  /// Something that the user should know, as one line.
  void warn(std::string text);

  /// What a simulation with nothing else left waits for beyond the end of virtual time, as one line; empty: for
  /// nothing. For the harness, when the scenario has failed: that is why.
  [[nodiscard]] std::string beyond_the_end() const;

  /// Everything that came out. For the harness, after the scenario has returned.
  [[nodiscard]] Replication collect();

 private:
  /// The observer is destroyed after the simulation that calls it.
  struct Stage {
    std::string label;
    std::unique_ptr<EventObserver> observer;
    std::unique_ptr<Simulation> simulation;
  };

  void add(Report report);
  [[nodiscard]] Simulation::Config config_of_simulation() const;

  RunSettings settings_;
  std::vector<Stage> stages_;
  Replication replication_;
};

}  // namespace sim::harness
