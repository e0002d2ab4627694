#include "libsim/harness/cli/options.hpp"

#include <limits>

namespace sim::harness {

namespace {

constexpr std::uint32_t replications_max = 1'000'000;
constexpr std::uint32_t jobs_max = 1'024;

void declare_run(Parameters& flags, Options& options, FileFlags files) {
  flags.add("scenario", options.scenario).not_empty().placeholder("NAME|all").meaning("scenario to run");
  flags.add("seed", options.seed)
      .placeholder("N")
      .range(0, std::numeric_limits<std::uint64_t>::max())
      .meaning("seed of all random streams");
  flags.add("replications", options.replications)
      .placeholder("N")
      .range(1, replications_max)
      .meaning("independent runs of each scenario; metrics are then means with intervals");
  flags.add("jobs", options.jobs)
      .placeholder("N")
      .range(0, jobs_max)
      .meaning("replications that run at once; 0: one per processor. Results are the same for any number");
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
        .meaning("inject faults from a CSV file: time,target,fault,parameters,duration");
  }
  flags.add("long", options.is_long).meaning("run also what takes more than about a minute, which else is refused");
  flags.add("strict", options.strict).meaning("exit with 1 for degraded targets too");
}

void declare_precision(Parameters& flags, Options& options) {
  flags.add("confidence", options.confidence)
      .placeholder("P")
      .range(0.5, 0.9999)
      .meaning("confidence of all intervals");
  flags.add("precision", options.precision)
      .placeholder("P")
      .range(0, 1)
      .meaning("replicate until the half-width of each interval is this share of its mean, and verdicts are certain");
  flags.add("replications-max", options.replications_max)
      .placeholder("N")
      .range(1, replications_max)
      .meaning("most replications for --precision and for searches");
  flags.add("metric", options.metrics)
      .placeholder("NAME…")
      .meaning("metrics of which precision is asked and which studies show; default: those with targets");
  flags.add("baseline", options.baseline)
      .not_empty()
      .placeholder("DIR")
      .meaning("compare with the results in this folder; exit with 1 for a significant regression");
  flags.add("no-cache", options.no_cache).meaning("run everything anew, also replications that are stored already");
}

void declare_study(Parameters& flags, StudyOptions& study) {
  flags.add("sweep", study.sweep)
      .placeholder("PARAMETER=VALUES…")
      .meaning("run all combinations: containers=2:20:2, rate=1:1000:x10, sessions=50,100,200");
  flags.add("sample", study.sample)
      .not_empty()
      .placeholder("lhs:N")
      .meaning("run N points of a Latin hypercube over the axes of --sweep instead of all combinations");
  flags.add("where", study.where)
      .placeholder("CONDITION…")
      .meaning("only points that fulfil it, as in \"containers <= sessions\"");
  flags.add("compare", study.compare)
      .placeholder("A.ini B.ini|PARAMETER=A,B")
      .meaning("compare two configurations over the same random numbers");
  flags.add("find-min", study.find_min)
      .not_empty()
      .placeholder("PARAMETER")
      .meaning("search the least value that meets --subject-to; candidates from --sweep PARAMETER=…, else its range");
  flags.add("find-max", study.find_max)
      .not_empty()
      .placeholder("PARAMETER")
      .meaning("search the greatest value that meets --subject-to");
  flags.add("subject-to", study.subject_to)
      .placeholder("targets|METRIC<VALUE…")
      .meaning("what has to hold, with confidence: all targets, or as in \"message_time_p99 < 15 s\"");
  flags.add("minimize", study.minimize)
      .not_empty()
      .placeholder("METRIC")
      .meaning("the point of --sweep with the least mean of this metric, such as cost, that meets --subject-to");
  flags.add("pareto-against", study.pareto_against)
      .not_empty()
      .placeholder("METRIC")
      .meaning("show the Pareto front of --minimize against this metric");
  flags
      .add(
          "sensitivity", study.sensitivity,
          {{"none", Sensitivity::none}, {"one-at-a-time", Sensitivity::one_at_a_time}, {"morris", Sensitivity::morris}})
      .placeholder("one-at-a-time|morris")
      .meaning("which parameters matter, over the ranges of --sweep PARAMETER=FIRST:LAST");
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

void declare_flags(Parameters& flags, Options& options, FileFlags files) {
  declare_run(flags, options, files);
  declare_precision(flags, options);
  declare_study(flags, options.study);
  declare_output(flags, options);
  declare_actions(flags, options);
}

}  // namespace sim::harness
