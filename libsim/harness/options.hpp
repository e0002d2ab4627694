#pragma once

#include <cstdint>
#include <string>

#include "libsim/harness/parameters.hpp"
#include "libsim/kernel/fingerprint.hpp"

namespace sim::harness {

/// What is printed on the standard output.
enum class OutputFormat { table, csv, json };

/// The flags that every experiment has, with their defaults.
struct Options {
  std::string scenario = "all";
  std::uint64_t seed = 1;
  std::uint32_t replications = 1;
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

/// Which files of data an experiment reads.
struct InputFiles {
  bool arrivals = false;
  bool faults = false;
};

/// Declares the flags as parameters bound to `options`, so that they are read, refused and listed in the same way. A
/// switch among them takes no value on the command line. `--arrivals` and `--faults` are there only for experiments
/// that read them.
void declare_flags(Parameters& flags, Options& options, InputFiles files);

}  // namespace sim::harness
