#include "libsim/testing/run_scenario.hpp"

#include <fmt/format.h>

#include <sstream>
#include <stdexcept>

#include "libsim/harness/experiment/sample_files.hpp"
#include "libsim/harness/run/event_log.hpp"
#include "libsim/harness/run/replication_set.hpp"
#include "libsim/text/nearest_name.hpp"
#include "libsim/text/quoting.hpp"

namespace sim::testing {

namespace {

void demand(const Expected<void>& done) {
  if (!done) {
    throw std::invalid_argument(done.error().message);
  }
}

void set_all(const std::vector<std::pair<std::string, std::string>>& values, const harness::Parameters& parameters,
             harness::SampleFiles& files) {
  for (const auto& [name, value] : values) {
    harness::Parameter* parameter = parameters.find(name);
    if (parameter == nullptr) {
      throw std::invalid_argument(
          fmt::format("unknown parameter {}{}", shown(name), did_you_mean(name, parameters.names())));
    }
    demand(harness::set_parameter(*parameter, value, files, fmt::format("{} = {}", name, shown(value))));
  }
}

ScenarioResult execute_with(const harness::Experiment& experiment, std::string_view scenario, const RunOptions& options,
                            harness::EventSink* events) {
  const auto index = experiment.scenario_index(scenario);
  if (!index) {
    throw std::invalid_argument(index.error().message);
  }
  const auto setup = experiment.set_up();
  harness::SampleFiles files;
  set_all(options.parameters, setup->parameters(), files);
  if (!options.arrivals.empty()) {
    if (!experiment.arrival_columns()) {
      throw std::invalid_argument(fmt::format("experiment {} takes no recorded arrivals", experiment.name()));
    }
    setup->store(options.arrivals);
  }
  if (!options.faults.empty()) {
    if (!experiment.takes_faults()) {
      throw std::invalid_argument(fmt::format("experiment {} takes no faults", experiment.name()));
    }
    demand(files.files().read(options.faults, settings_bytes_max).and_then([&](const InputFile& file) {
      return setup->read_faults(file);
    }));
  }
  demand(setup->read_files(files));
  demand(setup->validate());
  const harness::RunSettings settings{.seed = options.seed,
                                      .replication = 0,
                                      .fingerprint = options.fingerprint,
                                      .events = events,
                                      .detail = harness::Detail::all};
  harness::ReplicationSet replications(experiment, *setup, *index, settings);
  demand(harness::extend({{&replications, options.replications}}, 1));
  if (replications.failure()) {
    throw *replications.failure();
  }
  return replications.result();
}

}  // namespace

ScenarioResult run_scenario(const harness::Experiment& experiment, std::string_view scenario,
                            const RunOptions& options) {
  return execute_with(experiment, scenario, options, nullptr);
}

ScenarioResult run_scenario(const harness::Experiment& experiment, std::string_view scenario, const RunOptions& options,
                            harness::EventSink& events) {
  return execute_with(experiment, scenario, options, &events);
}

std::string trace_scenario(const harness::Experiment& experiment, std::string_view scenario, std::uint64_t lines_max,
                           const RunOptions& options, std::string_view actors) {
  std::ostringstream text;
  harness::EventLog log(text, harness::ActorFilter(std::string(actors)), lines_max);
  log.begin_scenario(std::string(scenario));
  static_cast<void>(execute_with(experiment, scenario, options, &log));
  return text.str();
}

}  // namespace sim::testing
