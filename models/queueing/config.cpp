#include "models/queueing/config.hpp"

#include <fmt/format.h>

#include "libsim/failure.hpp"
#include "libsim/text/quoting.hpp"
#include "models/queueing/warm_up.hpp"

namespace sim::models::queueing {

namespace {

Expected<void> has_finite_mean(std::string_view parameter, const Distribution& distribution) {
  const double mean_s = distribution.mean_s();
  return mean_s > 0.0 && mean_s < 1e9
             ? Expected<void>{}
             : unexpected(fmt::format("--{} {}: expected times with a mean above 0 and below 1e9 s, for the length of "
                                      "the run follows from it",
                                      parameter, to_text(distribution)));
}

Expected<void> validate_station(const Config& config) {
  if (auto rule = parse_warm_up(config.warm_up); !rule) {
    return unexpected(fmt::format("--warm-up {}: {}", shown(config.warm_up), rule.error().message));
  }
  if (config.capacity > 0 && config.capacity < config.servers) {
    return unexpected(
        fmt::format("--capacity {}: expected 0 for no limit, or at least as many as --servers, which is {}",
                    config.capacity, config.servers));
  }
  if (config.discipline == Discipline::ps && has_patience(config)) {
    return unexpected(fmt::format("--patience {}: expected 0s with --discipline ps, under which nobody waits",
                                  to_text(config.patience)));
  }
  if (auto classes = parse_classes(config.priority.shares, config.priority.services, config.service); !classes) {
    return tl::unexpected(classes.error());
  }
  if (config.sources > 0 && config.discipline == Discipline::priority) {
    return unexpected("--sources: expected 0 with --discipline priority, whose classes have arrivals of their own");
  }
  if (auto finite = has_finite_mean("arrival", config.arrival); !finite) {
    return finite;
  }
  return has_finite_mean("service", config.service);
}

Expected<void> validate_files(const Config& config) {
  if (auto network = read_network(config.network, open_example()); !network) {
    return tl::unexpected(network.error());
  } else if (auto open = is_open(*network); !open) {
    return open;
  }
  if (auto network = read_network(config.closed_network, closed_example()); !network) {
    return tl::unexpected(network.error());
  } else if (auto closed = takes_customers(*network, config.closed_think_time); !closed) {
    return closed;
  }
  for (const std::string& file : {config.interarrivals, config.services}) {
    if (auto times = read_times(file); !times) {
      return tl::unexpected(times.error());
    }
  }
  return {};
}

}  // namespace

bool has_patience(const Config& config) { return config.patience.mean_s() > 0.0; }

std::vector<JobClass> classes_of(const Config& config) {
  if (config.discipline != Discipline::priority) {
    return {{.share = 1.0, .service = config.service}};
  }
  auto classes = parse_classes(config.priority.shares, config.priority.services, config.service);
  check(classes.has_value(), "the classes have been validated");
  return *classes;
}

Trace trace_of(const Config& config) {
  Trace trace;
  if (config.interarrivals.empty() && config.services.empty()) {
    trace = example_trace(config.trace_example);
  } else {
    const auto interarrivals = read_times(config.interarrivals);
    const auto services = read_times(config.services);
    check(interarrivals.has_value() && services.has_value(), "the files of a trace have been validated");
    trace.interarrivals = *interarrivals;
    trace.services = *services;
  }
  if (config.trace_end > 0s) {
    trace.end = config.trace_end;
  }
  return trace;
}

Expected<void> validate(const Config& config) {
  const auto station = validate_station(config);
  return station ? validate_files(config) : station;
}

std::vector<std::string> input_files(const Config& config) {
  std::vector<std::string> files;
  for (const auto& file : {config.network, config.closed_network, config.interarrivals, config.services}) {
    if (!file.empty()) {
      files.push_back(file);
    }
  }
  return files;
}

}  // namespace sim::models::queueing
