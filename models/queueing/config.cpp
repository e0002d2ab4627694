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
  if (auto classes = parse_classes(config.priority.shares, config.files.class_services, config.service); !classes) {
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

Expected<void> read_network_into(Network& network, const std::string& path, harness::SampleFiles& files) {
  return path.empty() ? Expected<void>{}
                      : read_network(path, files).map([&](Network read) { network = std::move(read); });
}

Expected<void> read_times_into(std::vector<Duration>& times, const std::string& path, harness::SampleFiles& files) {
  return read_times(path, files.files()).map([&](std::vector<Duration> read) { times = std::move(read); });
}

}  // namespace

bool has_patience(const Config& config) { return config.patience.mean_s() > 0.0; }

std::vector<JobClass> classes_of(const Config& config) {
  if (config.discipline != Discipline::priority) {
    return {{.share = 1.0, .service = config.service}};
  }
  auto classes = parse_classes(config.priority.shares, config.files.class_services, config.service);
  check(classes.has_value(), "the classes have been validated");
  return *classes;
}

Trace trace_of(const Config& config) {
  Trace trace;
  if (config.interarrivals.empty() && config.services.empty()) {
    trace = example_trace(config.trace_example);
  } else {
    trace.interarrivals = config.files.interarrivals;
    trace.services = config.files.services;
  }
  if (config.trace_end > 0s) {
    trace.end = config.trace_end;
  }
  return trace;
}

Expected<void> read_files(Config& config, harness::SampleFiles& files) {
  return read_network_into(config.files.network, config.network, files)
      .and_then([&] { return read_network_into(config.files.closed_network, config.closed_network, files); })
      .and_then([&] { return read_times_into(config.files.interarrivals, config.interarrivals, files); })
      .and_then([&] { return read_times_into(config.files.services, config.services, files); })
      .and_then([&] { return parse_class_services(config.priority.services, files); })
      .map([&](std::vector<Distribution> services) { config.files.class_services = std::move(services); });
}

Expected<void> validate(const Config& config) {
  return validate_station(config).and_then([&] { return is_open(config.files.network); }).and_then([&] {
    return takes_customers(config.files.closed_network, config.closed_think_time);
  });
}

}  // namespace sim::models::queueing
