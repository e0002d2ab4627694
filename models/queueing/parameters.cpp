#include "models/queueing/config.hpp"

namespace sim::models::queueing {

namespace {

using harness::Parameters;

constexpr const char* default_load = "a load of 80 %, the usual example of textbooks";

void describe_station(Parameters& parameters, Config& config) {
  parameters.add("arrival", config.arrival).meaning("time between two arrivals at the station").source(default_load);
  parameters.add("service", config.service).meaning("time that a server takes for a job").source(default_load);
  parameters.add("servers", config.servers)
      .unit("servers")
      .range(1, 100'000)
      .meaning("servers of the station, which share one line")
      .source("the simplest station");
  parameters.add("capacity", config.capacity)
      .unit("jobs")
      .range(0, 1'000'000)
      .meaning("jobs in line and in service, further ones are lost; 0: no limit")
      .source("the simplest station");
  parameters
      .add("discipline", config.discipline,
           {{"fifo", Discipline::fifo},
            {"lifo", Discipline::lifo},
            {"siro", Discipline::siro},
            {"ps", Discipline::ps},
            {"sjf", Discipline::sjf},
            {"srpt", Discipline::srpt},
            {"priority", Discipline::priority}})
      .meaning(
          "who is next: the oldest, the youngest, anyone, nobody (all share the servers), the shortest, the "
          "shortest even if a longer one is in service, the most urgent")
      .source("the usual one");
  parameters.add("patience", config.patience)
      .meaning("how long a job waits for its service to begin before it gives up; 0s: for ever")
      .source("the simplest station");
}

void describe_priorities(Parameters& parameters, Config::Priority& priority) {
  parameters.add("priority.shares", priority.shares)
      .not_empty()
      .meaning("shares of the classes in the arrivals, the most urgent first, with --discipline priority")
      .source("Ciw's test of priorities: arrivals of 0.2/s and 0.6/s");
  parameters.add("priority.services", priority.services)
      .meaning("service times of the classes, separated by semicolons; empty: --service for all")
      .source("the simplest station");
  parameters.add("priority.preemptive", priority.preemptive)
      .meaning("an urgent arrival takes the server of a less urgent job, which goes on later")
      .source("the simplest station");
}

void describe_customers(Parameters& parameters, Config& config) {
  parameters.add("sources", config.sources)
      .unit("customers")
      .range(0, 100'000)
      .meaning("customers of a finite source in place of --arrival: each thinks, comes, is served; 0: none")
      .source("0: arrivals from outside");
  parameters.add("think_time", config.think_time)
      .meaning("how long such a customer thinks before it comes again")
      .source("the repairman's problem: a machine that fails every 10 s and is repaired in 1 s");
}

void describe_networks(Parameters& parameters, Config& config) {
  parameters.add("network", config.network)
      .placeholder("FILE.csv")
      .meaning("stations, arrivals and ways of the scenario network; empty: a desk and an archive in a row")
      .source("a tandem of loads of 80 % and 64 %");
  parameters.add("closed.network", config.closed_network)
      .placeholder("FILE.csv")
      .meaning("stations and ways of the scenario closed; empty: a processor and two disks")
      .source("Lazowska et al., Quantitative System Performance (1984): demands of 0.605, 2.1 and 1.35 s");
  parameters.add("closed.customers", config.closed_customers)
      .unit("customers")
      .range(1, 100'000)
      .meaning("customers of the closed network, who come to its first station")
      .source("just below the knee of the built-in network");
  parameters.add("closed.think_time", config.closed_think_time)
      .meaning("how long a customer thinks between two rounds; 0s: not at all")
      .source("Lazowska et al. (1984): terminals with a think time of 15 s");
}

void describe_trace(Parameters& parameters, Config& config) {
  parameters
      .add("trace.example", config.trace_example,
           {{"checkout", TraceExample::checkout}, {"single_server", TraceExample::single_server}})
      .meaning("published trace of the scenario trace, unless files are given")
      .source("Banks et al. (2001), example 2.1; Law (2015), section 1.4.2");
  parameters.add("interarrivals", config.interarrivals)
      .placeholder("FILE.csv")
      .meaning("times between arrivals of the scenario trace, in seconds, the first from the start; empty: drawn")
      .source("an example is built in");
  parameters.add("services", config.services)
      .placeholder("FILE.csv")
      .meaning("service times of the scenario trace in the order of arrival; empty: drawn")
      .source("an example is built in");
  parameters.add("trace.end", config.trace_end)
      .meaning("end of the time averages of the scenario trace; 0s: when the last job has left")
      .source("a trace is over when everybody has left");
}

}  // namespace

void describe(Parameters& parameters, Config& config) {
  describe_station(parameters, config);
  describe_priorities(parameters, config.priority);
  describe_customers(parameters, config);
  describe_networks(parameters, config);
  describe_trace(parameters, config);
  parameters.add("measured_jobs", config.jobs)
      .unit("jobs")
      .range(1, 10'000'000)
      .meaning("arrivals within the time that is measured, at the mean; a trace is measured as a whole")
      .source("the mean wait at a load of 80 % then varies by about 5 %");
  parameters.add("warm-up", config.warm_up)
      .not_empty()
      .placeholder("auto|TIME|JOBS|none")
      .meaning(
          "what is not measured after an empty start: a time, a number of jobs, or what MSER-5 drops of a pilot run")
      .source("a tenth of the measured ones");
}

}  // namespace sim::models::queueing
