#include "libsim/harness/options.hpp"

#include <limits>

namespace sim::harness {

namespace {

constexpr std::uint32_t replications_max = 1'000'000;

void declare_run(Parameters& flags, Options& options, InputFiles files) {
  flags.add("scenario", options.scenario).not_empty().placeholder("NAME|all").meaning("scenario to run");
  flags.add("seed", options.seed)
      .placeholder("N")
      .range(0, std::numeric_limits<std::uint64_t>::max())
      .meaning("seed of all random streams");
  flags.add("replications", options.replications)
      .placeholder("N")
      .range(1, replications_max)
      .meaning("independent runs of each scenario; metrics are then means with 95 % intervals");
  flags.add("config", options.config)
      .not_empty()
      .placeholder("FILE.ini")
      .meaning("read flags and parameters; the command line wins");
  flags.add("targets", options.targets)
      .not_empty()
      .placeholder("FILE.csv")
      .meaning("judge by these targets instead of the built-in ones");
  if (files.arrivals) {
    flags.add("arrivals", options.arrivals)
        .not_empty()
        .placeholder("FILE.csv")
        .meaning("replay the arrivals of a recorded trace");
  }
  if (files.faults) {
    flags.add("faults", options.faults)
        .not_empty()
        .placeholder("FILE.csv")
        .meaning("let these faults happen: time,target,fault,parameters,duration");
  }
  flags.add("strict", options.strict).meaning("exit with 1 for degraded targets too");
}

void declare_output(Parameters& flags, Options& options) {
  flags.add("out", options.out).not_empty().placeholder("DIR").meaning("folder for the results");
  flags
      .add("format", options.format,
           {{"table", OutputFormat::table}, {"csv", OutputFormat::csv}, {"json", OutputFormat::json}})
      .placeholder("table|csv|json")
      .meaning("what the standard output is for: people or programs");
  flags.add("log", options.log)
      .not_empty()
      .placeholder("FILE")
      .meaning("write all events as text: virtual time, actor, message, sender");
  flags.add("log-filter", options.log_filter)
      .not_empty()
      .placeholder("ACTOR")
      .meaning("log only what this actor receives; a * at the end stands for any rest of the name");
  flags.add("fingerprint", options.fingerprint, {{"names", FingerprintOf::names}, {"payload", FingerprintOf::payload}})
      .placeholder("names|payload")
      .meaning("what the fingerprint covers besides the times: names of actors and messages, or contents too");
  flags.add("quiet", options.quiet).meaning("print no table and no progress, only errors");
}

void declare_actions(Parameters& flags, Options& options) {
  flags.add("check-determinism", options.check_determinism)
      .meaning("run twice in processes with different memory layouts and compare every event; no results are written");
  flags.add("list-parameters", options.list_parameters).meaning("list all parameters and stop");
  flags.add("list-scenarios", options.list_scenarios).meaning("list all scenarios and stop");
  flags.add("help", options.help).meaning("print this help and stop");
  flags.add("version", options.version).meaning("print the version and stop");
}

}  // namespace

void declare_flags(Parameters& flags, Options& options, InputFiles files) {
  declare_run(flags, options, files);
  declare_output(flags, options);
  declare_actions(flags, options);
}

}  // namespace sim::harness
