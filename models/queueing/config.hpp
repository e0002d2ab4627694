#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/harness/experiment/parameters.hpp"
#include "libsim/harness/experiment/sample_files.hpp"
#include "libsim/harness/experiment/work_estimate.hpp"
#include "libsim/random/distribution.hpp"
#include "models/queueing/exact_times.hpp"
#include "models/queueing/network_file.hpp"
#include "models/queueing/priority_classes.hpp"

namespace sim::models::queueing {

/// Who is served next at the station.
enum class Discipline { fifo, lifo, siro, ps, sjf, srpt, priority };

/// Everything that can be set about the experiment.
struct Config {
  // The station, of the scenarios station and trace.
  Distribution arrival = exponential(1250ms);  ///< time between two arrivals
  Distribution service = exponential(1s);
  std::uint32_t servers = 1;
  std::uint64_t capacity = 0;  ///< jobs in line and in service; 0: no limit
  Discipline discipline = Discipline::fifo;
  Distribution patience = constant(0s);  ///< how long a job waits for its service to begin; 0: for ever

  struct Priority {
    std::string shares = "0.25 0.75";  ///< of the classes, the most urgent first
    std::string services;              ///< of the classes, separated by `;`; empty: `service` for all
    bool preemptive = false;
  } priority;

  std::uint32_t sources = 0;  ///< customers of a finite source; 0: arrivals from outside
  Distribution think_time = exponential(10s);

  // Networks.
  std::string network;         ///< a file; empty: the built-in one
  std::string closed_network;  ///< the same
  std::uint32_t closed_customers = 10;
  Distribution closed_think_time = exponential(15s);

  // The trace.
  TraceExample trace_example = TraceExample::checkout;
  std::string interarrivals;  ///< a file; with `services` empty too: the example
  std::string services;
  Duration trace_end = 0s;  ///< of the time averages; 0: when everybody has left

  std::uint64_t jobs = 50'000;   ///< measured in a replication
  std::string warm_up = "5000";  ///< what comes before them: see `WarmUpRule`

  /// What the files say that are named above, once `read_files` has read them.
  struct Files {
    Network network = open_network();
    Network closed_network = queueing::closed_network();
    std::vector<Duration> interarrivals;
    std::vector<Duration> services;
    std::vector<Distribution> class_services;  ///< `priority.services`, which may name files; none: `service` for all
  } files;
};

/// Whether jobs lose patience at all.
[[nodiscard]] bool has_patience(const Config& config);

/// One class with `service`, unless the discipline is priority. The texts of the priorities are valid (asserted).
[[nodiscard]] std::vector<JobClass> classes_of(const Config& config);

/// The exact times of the scenario trace.
[[nodiscard]] Trace trace_of(const Config& config);

/// Declares every parameter, bound to `config`.
void describe(harness::Parameters& parameters, Config& config);

/// Reads the files that the configuration names into it. The error has file, line and what was expected.
[[nodiscard]] Expected<void> read_files(Config& config, harness::SampleFiles& files);

/// Refuses values that contradict each other, and networks that nobody can leave.
[[nodiscard]] Expected<void> validate(const Config& config);

/// About how many events a scenario has.
[[nodiscard]] std::optional<harness::WorkEstimate> estimate(std::string_view scenario, const Config& config);

}  // namespace sim::models::queueing
