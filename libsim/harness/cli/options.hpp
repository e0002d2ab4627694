#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "libsim/harness/experiment/parameters.hpp"
#include "libsim/kernel/fingerprint.hpp"
#include "libsim/statistics/interval.hpp"

namespace sim::harness {

/// What is printed on the standard output.
enum class OutputFormat { table, csv, json };

/// `names` or `payload`.
[[nodiscard]] constexpr std::string_view to_text(FingerprintOf fingerprint) {
  return fingerprint == FingerprintOf::payload ? "payload" : "names";
}

/// Which parameters a sensitivity study varies, and how.
enum class Sensitivity { none, one_at_a_time, morris };

/// The flags that make a run a study of many configurations.
struct StudyOptions {
  std::vector<std::string> sweep;       ///< axes, as in `containers=2:20:2`
  std::string sample;                   ///< `lhs:200`; empty: the full grid
  std::vector<std::string> where;       ///< conditions on the points
  std::vector<std::string> compare;     ///< two INI files, or one `parameter=a,b`
  std::string find_max;                 ///< a parameter
  std::string find_min;                 ///< a parameter
  std::vector<std::string> subject_to;  ///< requirements of metrics; the word `targets` stands for all targets
  std::string minimize;                 ///< a metric
  std::string pareto_against;           ///< a metric
  Sensitivity sensitivity = Sensitivity::none;

  /// Whether there is more than one configuration to run.
  [[nodiscard]] bool is_study() const {
    return !sweep.empty() || !compare.empty() || !find_max.empty() || !find_min.empty() || !minimize.empty() ||
           sensitivity != Sensitivity::none;
  }
};

/// The flags that every experiment has, with their defaults.
struct Options {
  std::string scenario = "all";
  std::uint64_t seed = 1;
  std::uint32_t replications = 1;
  std::uint32_t replications_max = 1'000;
  std::uint32_t jobs = 0;  ///< 0: as many as the machine has processors
  double confidence = confidence_default;
  double precision = 0.0;  ///< relative half-width that is to be reached; 0: none
  std::vector<std::string>
      metrics;           ///< of which precision is asked, and which a study shows; empty: those with targets
  std::string baseline;  ///< a folder of results; empty: none
  bool no_cache = false;
  bool is_long = false;  ///< runs beyond `WorkLimits` too
  StudyOptions study;
  std::string out = "results";
  std::string config;  ///< empty: none; also for the files below
  std::string targets;
  std::string arrivals;
  std::string faults;
  std::string log;
  std::string log_filter;
  OutputFormat format = OutputFormat::table;
  FingerprintOf fingerprint = FingerprintOf::names;
  bool strict = false;
  bool quiet = false;
  bool check_determinism = false;
  bool list_parameters = false;
  bool list_scenarios = false;
  bool help = false;
  bool version = false;
};

/// Which flags for files of data an experiment has.
struct FileFlags {
  bool arrivals = false;
  bool faults = false;
};

/// Declares the flags as parameters bound to `options`, so that they are read, refused and listed in the same way. A
/// switch among them takes no value on the command line. `--arrivals` and `--faults` are there only for experiments
/// that read them.
void declare_flags(Parameters& flags, Options& options, FileFlags files);

}  // namespace sim::harness
